import { describe, expect, it } from "vitest";
import undeclared from "../../../../rules/module/framework-gil-undeclared.ts";
import { cythonDirective } from "../../../../src/fix/module/cython.ts";
import { applyEdits } from "../../../../src/text/edits.ts";
import { fixTexts } from "../../../fixes/fix-text.ts";

const LINE = "# cython: freethreading_compatible=True\n";

function directed(text: string): string {
  return applyEdits(text, [cythonDirective(text)]);
}

describe("cythonDirective", () => {
  it("stands first, or after the directives that are there", () => {
    expect(directed("import os\n")).toBe(`${LINE}import os\n`);
    expect(directed("# About.\n\nimport os\n")).toBe(`${LINE}# About.\n\nimport os\n`);
    const directives = "# About.\n# cython: language_level=3\n";
    expect(directed(`${directives}\nimport os\n`)).toBe(`${directives}${LINE}\nimport os\n`);
  });

  it("is spaced as they are", () => {
    expect(directed("#cython: binding = True\n")).toBe(
      "#cython: binding = True\n#cython: freethreading_compatible = True\n",
    );
  });

  it("leaves the interpreter and the encoding in front", () => {
    const head = "#!python\n# -*- coding: utf-8 -*-\n";
    expect(directed(`${head}x = 1\n`)).toBe(`${head}${LINE}x = 1\n`);
  });

  it("does not take a later comment for a directive", () => {
    const text = "x = 1\n# cython: binding=True\n";
    expect(directed(text)).toBe(LINE + text);
  });
});

describe("declareFramework", () => {
  const pybind =
    '#include <pybind11/pybind11.h>\nnamespace py = pybind11;\n\nPYBIND11_MODULE(m, mod) {\n    mod.doc() = "m";\n}\n';

  it("adds an argument for pybind11", async () => {
    const { texts, applied } = await fixTexts({ "m.cpp": pybind }, { rules: [undeclared] });
    expect(texts["m.cpp"]).toBe(pybind.replace("mod)", "mod, py::mod_gil_not_used())"));
    expect(applied[0].level).toBe("safe");
    const qualified = pybind.replace("namespace py = pybind11;\n", "");
    const other = await fixTexts({ "m.cpp": qualified }, { rules: [undeclared] });
    expect(other.texts["m.cpp"]).toBe(qualified.replace("mod)", "mod, pybind11::mod_gil_not_used())"));
  });

  it("asks for a look where an older pybind11 is allowed", async () => {
    const toml = '[build-system]\nrequires = ["setuptools", "pybind11>=2.10.4"]\n';
    const { files, left } = await fixTexts({ "m.cpp": pybind, "pyproject.toml": toml }, { rules: [undeclared] });
    expect(files).toEqual([]);
    expect(left[0]).toMatchObject({ level: "review" });
    expect(left[0].reason).toContain("before 2.13");
  });

  it("sets Cython's directive", async () => {
    const { texts } = await fixTexts({ "m.pyx": "import os\n" }, { rules: [undeclared] });
    expect(texts["m.pyx"]).toBe(`${LINE}import os\n`);
  });

  it("sets PyO3's option", async () => {
    const rust =
      "use pyo3::prelude::*;\n\n#[pymodule]\nfn m(_m: &Bound<'_, PyModule>) -> PyResult<()> {\n    Ok(())\n}\n";
    const cargo = '[package]\nname = "m"\nversion = "0.1.0"\n\n[dependencies]\npyo3 = "0.25"\n';
    const { texts } = await fixTexts({ "src/lib.rs": rust, "Cargo.toml": cargo }, { rules: [undeclared] });
    expect(texts["src/lib.rs"]).toBe(rust.replace("#[pymodule]", "#[pymodule(gil_used = false)]"));
    const old = await fixTexts(
      { "src/lib.rs": rust, "Cargo.toml": cargo.replace("0.25", "0.21") },
      { rules: [undeclared] },
    );
    expect(old.files).toEqual([]);
    expect(old.left[0].level).toBe("review");
  });

  it("says what is to be done in build files", async () => {
    const files = {
      "m.cpp": "#include <nanobind/nanobind.h>\n\nNB_MODULE(m, mod) {\n}\n",
      "CMakeLists.txt": "nanobind_add_module(m m.cpp)\n",
    };
    const { left } = await fixTexts(files, { rules: [undeclared] });
    expect(left[0]).toMatchObject({ level: "manual", recipe: [expect.stringContaining("FREE_THREADED")] });
  });
});
