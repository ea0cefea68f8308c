import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readPackaging } from "../../../../src/project/packaging/packaging.ts";
import { at, PYPROJECT, packagingOf, treeOf } from "./packaging-tree.ts";

const CLASSIFIER = "Programming Language :: Python :: Free Threading :: 2 - Beta";

describe("what metadata states", () => {
  it("in pyproject.toml, setup.cfg and setup.py, not in comments", () => {
    const packaging = packagingOf({
      "pyproject.toml": `${PYPROJECT}requires-python = ">=3.9,<3.14"\nclassifiers = [\n  # "${CLASSIFIER}",\n  "${CLASSIFIER}",\n]\n`,
      "setup.cfg": `[metadata]\nclassifiers =\n    License :: OSI Approved\n    ${CLASSIFIER}\n[options]\npython_requires = >=3.8\n`,
      "setup.py": `setup(\n  python_requires='>=3.7',\n  classifiers=['${CLASSIFIER}'])\n`,
    });
    expect(packaging.classifiers.map(at)).toEqual(["pyproject.toml:9", "setup.cfg:4", "setup.py:3"]);
    expect(packaging.otherClassifier).toMatchObject({ file: "setup.cfg", line: 3 });
    expect(packaging.requiresPython.map((r) => `${at(r)} ${r.specifier}`)).toEqual([
      "pyproject.toml:6 >=3.9,<3.14",
      "setup.cfg:6 >=3.8",
      "setup.py:2 >=3.7",
    ]);
    expect(packaging.name).toBe("lamp");
  });

  it("setup.py is read, never run", () => {
    const folder = treeOf({ "setup.py": "open('ran', 'w')\nname = compute()\nraise SystemExit\n" });
    const packaging = readPackaging(folder);
    expect(packaging).toMatchObject({ manifests: ["setup.py"], problems: [] });
    expect(packaging.name).toBeUndefined();
    expect(existsSync(join(folder, "ran"))).toBe(false);
  });

  it("a broken or binary file is a problem", () => {
    const broken = packagingOf({ "pyproject.toml": '[project]\nname = "x\n', "setup.py": "\0\0\0\0" });
    expect(broken.problems.map((p) => `${p.file} ${p.kind} ${p.line ?? ""}`)).toEqual([
      "pyproject.toml parse-error 2",
      "setup.py binary ",
    ]);
    const latin = packagingOf({
      "setup.py": Buffer.from("author = 'J\xf6rg'\r\npython_requires='>=3.9'\r\n", "latin1"),
    });
    expect(latin.requiresPython.map(at)).toEqual(["setup.py:2"]);
  });
});

describe("the package of an audited folder", () => {
  it("is the nearest one above it in the work tree, with CI from the top", () => {
    const top = treeOf({
      ".github/workflows/ci.yml": "jobs:\n  a:\n    steps: [{ run: pytest }]\n",
      "pkg/pyproject.toml": PYPROJECT,
      "pkg/src/x.c": "",
      "pyproject.toml": "[tool.black]\nline-length = 100\n",
    });
    mkdirSync(join(top, ".git"));
    const packaging = readPackaging(join(top, "pkg/src"));
    expect(packaging.manifests).toEqual(["../pyproject.toml"]);
    expect(packaging.systems).toEqual(["GitHub Actions"]);
    // The top holds settings of tools alone: the package below it is the one.
    expect(readPackaging(top).manifests).toEqual(["pkg/pyproject.toml"]);
    writeFileSync(join(top, "setup.py"), "");
    expect(readPackaging(top).manifests).toEqual(["pyproject.toml", "setup.py"]);
  });

  it("may be missing", () => {
    expect(readPackaging(treeOf({ "x.c": "" }))).toMatchObject({ manifests: [], systems: [], files: [] });
  });
});

describe("hostile files", () => {
  it("are read in time, and not beyond the project", () => {
    const started = performance.now();
    const top = treeOf({
      "outside.yml": "jobs: { a: { steps: [{ run: pytest 3.14t }] } }\n",
      "outside.sh": "pytest\n",
    });
    const evil = {
      "p/pyproject.toml": `${PYPROJECT}[dependency-groups]\na = ["x ${">=1 ".repeat(200)}!"]\n`,
      "p/setup.py": `${"\n".repeat(400_000)}x = 1\n`,
      "p/setup.cfg": `[a]\nb${" ".repeat(400_000)}\n`,
      "p/.github/workflows/deep.yml": "[".repeat(200_000),
      "p/.github/workflows/long.yml": `jobs:\n  a:\n    steps:\n      - run: ${"make ".repeat(100_000)}\n`,
      "p/.github/workflows/open.yml": `jobs:\n  w:\n    steps:\n      - uses: pypa/cibuildwheel@v3.1\n        env: { CIBW_BUILD: '${"$" + "{{ "}${"${{".repeat(50_000)}' }\n`,
      "p/.github/workflows/out.yml":
        "jobs:\n  a:\n    uses: ./../outside.yml\n  b:\n    steps: [{ run: bash ../outside.sh }, { with: { python: 3.14t } }]\n",
    };
    for (const [name, text] of Object.entries(evil)) {
      mkdirSync(join(top, name, ".."), { recursive: true });
      writeFileSync(join(top, name), text);
    }
    const packaging = readPackaging(join(top, "p"));
    expect(packaging.files.some((f) => f.includes("outside"))).toBe(false);
    expect(packaging.jobs.flatMap((j) => j.tests)).toEqual([]);
    expect(packaging.problems.map((p) => `${p.file} ${p.kind}`)).toEqual([".github/workflows/deep.yml parse-error"]);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

describe("requirements", () => {
  it("of the build and of tests", () => {
    const { requirements } = packagingOf({
      "pyproject.toml":
        '[build-system]\nrequires = ["Cython >=3.1 , <4; python_version > \'3\'", "pybind11[global]~=2.13"]\n[dependency-groups]\ntest = ["pytest-run-parallel"]\n',
      "setup.py": "setup(setup_requires=['cffi>=1.17.0'])\n",
      "requirements-build.txt": "nanobind==2.1  # pinned\n-r other.txt\n",
      "Cargo.toml": '[dependencies]\npyo3 = { version = "0.28", features = ["abi3-py39"] }\n',
    });
    expect(requirements.map((r) => `${at(r)} ${r.name} ${r.specifier} ${r.build}`)).toEqual([
      "pyproject.toml:2 cython >=3.1,<4 true",
      "pyproject.toml:2 pybind11 ~=2.13 true",
      "pyproject.toml:4 pytest-run-parallel  false",
      "setup.py:1 cffi >=1.17.0 true",
      "Cargo.toml:2 pyo3 ^0.28 true",
      "requirements-build.txt:1 nanobind ==2.1 true",
    ]);
  });
});

describe("the limited API", () => {
  it.each([
    ["setup.py", "Extension('x', py_limited_api=True)"],
    ["setup.py", "define_macros=[('Py_LIMITED_API', '0x03090000')]"],
    ["setup.cfg", "[bdist_wheel]\npy_limited_api = cp39"],
    ["pyproject.toml", `${PYPROJECT}[tool.scikit-build]\nwheel.py-api = "cp39"`],
    ["pyproject.toml", `${PYPROJECT}[tool.meson-python]\nlimited-api = true`],
    ["pyproject.toml", `${PYPROJECT}[tool.distutils.bdist_wheel]\npy_limited_api = "cp39"`],
    ["src/meson.build", "py.extension_module('x', limited_api: '3.9')"],
    ["CMakeLists.txt", "nanobind_add_module(x STABLE_ABI x.cpp)"],
  ])("is asked for in %s: %s", (file, text) => {
    const { abi3 } = packagingOf({ [file]: `${text}\n` });
    expect(abi3).toMatchObject([{ file, guarded: false }]);
    const asks = `# free-threaded builds have none\nif sysconfig.get_config_var("Py_GIL_DISABLED"): pass\n`;
    expect(packagingOf({ [file]: `${text}\n`, "build_it.py": asks }).abi3).toMatchObject([{ guarded: true }]);
  });

  it.each([
    ["setup.py", "Extension('x', py_limited_api=False)\n# py_limited_api=True"],
    ["meson.build", "project(default_options: ['python.allow_limited_api=false'])\nx(limited_api: '3.9')"],
    ["pyproject.toml", `${PYPROJECT}[tool.meson-python]\nlimited-api = false`],
  ])("is not asked for in %s: %s", (file, text) => {
    expect(packagingOf({ [file]: `${text}\n` }).abi3).toEqual([]);
  });
});
