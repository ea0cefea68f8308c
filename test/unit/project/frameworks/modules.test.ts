import { describe, expect, it } from "vitest";
import { indexOf } from "../index-of.ts";

/** `framework name declared line` of every module. */
async function modules(files: Record<string, string>): Promise<string[]> {
  const index = await indexOf(files);
  return index.modules.map(({ framework, name, declared, file, start }) => {
    const starts = index.metadataFile(file)?.lineStarts ?? [];
    return `${framework} ${name} ${declared} ${file}:${starts.filter((at) => at <= start).length}`;
  });
}

const cargo = (requirement: string) => `[dependencies]\npyo3 = ${requirement}\n`;
const LIB = "use pyo3::prelude::*;\n#[pymodule]\nfn words(m: &Bound<'_, PyModule>) -> PyResult<()> { Ok(()) }\n";

async function pyo3(requirement: string, lib = LIB, lock?: string): Promise<string> {
  const [found] = await modules({
    "Cargo.toml": cargo(requirement),
    "src/lib.rs": lib,
    ...(lock === undefined ? {} : { "Cargo.lock": `[[package]]\nname = "pyo3"\nversion = "${lock}"\n` }),
  });
  return found.split(" ")[2];
}

describe("PyO3", () => {
  it.each([
    ['"0.22"', "no"],
    ['"0.27.2"', "no"],
    ['"^0.27"', "no"],
    ['{ version = "0.25", features = ["abi3"] }', "no"],
    ['">=0.23, <0.28"', "no"],
    ['"=0.27.1"', "no"],
    ['"0.28"', "yes"],
    ['">=0.28"', "yes"],
    ['"1"', "yes"],
    ['"1.4"', "yes"],
    ['">=0.23"', "unknown"],
    ['"*"', "unknown"],
    ['{ path = "../pyo3" }', "unknown"],
  ])("a bare attribute with pyo3 = %s: %s", async (requirement, declared) => {
    expect(await pyo3(requirement)).toBe(declared);
  });

  it("the lock file decides where the manifest leaves it open", async () => {
    expect(await pyo3('">=0.23"', LIB, "0.27.0")).toBe("no");
    expect(await pyo3('">=0.23"', LIB, "0.29.2")).toBe("yes");
    expect(await pyo3('"0.28"', LIB, "0.27.0")).toBe("yes");
  });

  it("options stand in the attribute, in the one beside it, or in the body", async () => {
    const lib = (attribute: string, body = "Ok(())") =>
      `${attribute}\npub fn words(m: &Bound<'_, PyModule>) -> PyResult<()> { ${body} }\n`;
    expect(await pyo3('"0.25"', lib("#[pymodule(gil_used = false)]"))).toBe("yes");
    expect(await pyo3('"0.25"', lib("#[pyo3::pymodule(gil_used=false)]"))).toBe("yes");
    expect(await pyo3('"0.25"', lib("#[pymodule]\n#[pyo3(gil_used = false)]"))).toBe("yes");
    expect(await pyo3('"0.25"', lib('#[cfg_attr(feature = "py", pymodule(gil_used = false))]'))).toBe("yes");
    expect(await pyo3('"0.25"', lib("#[pymodule]", "m.gil_used(false)?; Ok(())"))).toBe("yes");
    expect(await pyo3('"0.25"', lib("#[pymodule]", "// m.gil_used(false)?;\nOk(())"))).toBe("no");
    expect(await pyo3('"0.28"', lib("#[pymodule(gil_used = true)]"))).toBe("used");
  });

  it("names: of the item, or as the option says; places: the attribute", async () => {
    const lib = `// #[pymodule] fn old() {}\nconst S: &str = "#[pymodule] fn text() {}";\n
/* /* #[pymodule] */ #[pymodule] fn nested() {} */
const R: &str = r#"a " #[pymodule] fn raw() {}"#;
fn life<'a>(c: &'a str) -> char { '"' }
#[allow(unused)]
#[pymodule]
#[pyo3(name = "_words")]
pub(crate) fn words(m: &Bound<PyModule>) -> PyResult<()> { Ok(()) }
`;
    expect(await modules({ "Cargo.toml": cargo('"0.25"'), "src/lib.rs": lib })).toEqual([
      "pyo3 _words no src/lib.rs:8",
    ]);
  });

  it("submodules are made by the module around them", async () => {
    const lib = `#[pymodule(submodule)] fn first(m: &M) {}
#[pymodule] fn second(m: &M) {}
#[pymodule] mod outer { #[pymodule] mod third { } }
fn fill(m: &M) { m.add_wrapped(wrap_pymodule!(crate::second)) }`;
    expect(await modules({ "Cargo.toml": cargo('"0.25"'), "lib.rs": lib })).toEqual(["pyo3 outer no lib.rs:3"]);
  });

  it("a member of a workspace takes the workspace's version, a neighbour's manifest does not count", async () => {
    const files = {
      "Cargo.toml": '[workspace.dependencies]\npyo3 = "0.26"\n',
      "a/Cargo.toml": "[dependencies]\npyo3 = { workspace = true }\n",
      "a/src/lib.rs": LIB,
      "b/Cargo.toml": '[dependencies.py]\npackage = "pyo3"\nversion = "0.28"\n',
      "b/src/lib.rs": LIB,
      "c/Cargo.toml": "[dependencies\n",
      "c/src/lib.rs": LIB,
    };
    expect(await modules(files)).toEqual([
      "pyo3 words no a/src/lib.rs:2",
      "pyo3 words yes b/src/lib.rs:2",
      "pyo3 words unknown c/src/lib.rs:2",
    ]);
  });

  it("an init function by hand declares with the slot or the call, anywhere in its crate", async () => {
    const init = 'pub unsafe extern "C" fn PyInit_tally() -> *mut PyObject { init() }\n';
    const of = async (rest: string, other = "") =>
      (await modules({ "Cargo.toml": "", "lib.rs": `${rest}\n${init}`, "slots.rs": other }))[0];
    expect(await of("")).toBe("pyo3-ffi tally no lib.rs:2");
    expect(await of("use ffi::{Py_mod_gil, Py_MOD_GIL_NOT_USED};")).toBe("pyo3-ffi tally no lib.rs:2");
    expect(await of("", "fn slots() { slot(Py_mod_gil, ffi::Py_MOD_GIL_NOT_USED) }")).toBe(
      "pyo3-ffi tally yes lib.rs:2",
    );
    expect(await of("", "fn slots() { slot(Py_mod_gil, ffi::Py_MOD_GIL_USED) }")).toBe("pyo3-ffi tally used lib.rs:2");
  });

  it("text that is cut off is read to its end", async () => {
    for (const cut of [
      "#[",
      "#[pymodule",
      "#[pymodule]",
      "#[pymodule(",
      "#[pymodule] fn",
      "#[pymodule] fn x(",
      '"\\',
      'r#"',
      "/*",
    ])
      await expect(modules({ "lib.rs": `#[pymodule] fn a(m: &M) {}\n${cut}` })).resolves.toContain(
        "pyo3 a unknown lib.rs:1",
      );
  });
});

describe("SWIG", () => {
  const swig = async (files: Record<string, string>, text = "%module tides\n") =>
    modules({ "src/tides.i": text, ...files });

  it("declares on its command line", async () => {
    const setup = (options: string) => ({ "setup.py": `Extension("_tides", ["src/tides.i"], swig_opts=[${options}])` });
    expect(await swig(setup('"-c++"'))).toEqual(["swig _tides no src/tides.i:1"]);
    expect(await swig(setup('"-c++", "-nogil"'))).toEqual(["swig _tides yes src/tides.i:1"]);
    expect(await swig(setup('"-nogil-checks"'))).toEqual(["swig _tides no src/tides.i:1"]);
    expect(await swig(setup('"-c++"'), "%module tides\n%begin %{\n#define SWIGPYTHON_NOGIL\n%}\n")).toEqual([
      "swig _tides yes src/tides.i:1",
    ]);
  });

  it("without a build file that runs it for Python nothing can be told", async () => {
    expect(await swig({})).toEqual(["swig _tides unknown src/tides.i:1"]);
    expect(await swig({ "CMakeLists.txt": "swig_add_library(tides LANGUAGE java SOURCES src/tides.i)" })).toEqual([
      "swig _tides unknown src/tides.i:1",
    ]);
    expect(await swig({ "CMakeLists.txt": "swig_add_library(tides LANGUAGE python SOURCES src/tides.i)" })).toEqual([
      "swig _tides no src/tides.i:1",
    ]);
  });

  it("preprocessed C, comments, literal code and included interfaces make no module", async () => {
    const files = {
      "setup.py": "swig_opts",
      "src/inner.i": "%module inner\n",
      "src/main.i": '# 1 "main.c"\nint main(void);\n',
    };
    const text =
      '/*\n%module old\n*/\n%{\n%module code\n%}\n%modulefoo x\n%module(directors="1", threads="1") tides\n%include <inner.i>\n';
    expect(await swig(files, text)).toEqual(["swig _tides no src/tides.i:8"]);
  });
});

describe("SIP and f2py", () => {
  it("SIP has nothing to declare with", async () => {
    const files = {
      "a.sip": "%Module(name=toys.kites, version=1)\n",
      "b.sip": "%Module plain 0\n",
      "c.sip": "class C { };\n",
    };
    expect(await modules(files)).toEqual(["sip kites no a.sip:1", "sip plain no b.sip:1"]);
  });

  it("f2py takes the name from the block and the option from the build files", async () => {
    const pyf =
      "python module heat__user__routines\nend python module heat__user__routines\nPYTHON MODULE heat\nend python module heat\n";
    expect(await modules({ "x.pyf": pyf })).toEqual(["f2py heat no x.pyf:3"]);
    const option = (words: string) => ({ "x.pyf.src": pyf, "meson.build": `command: ['f2py', '${words}']` });
    expect(await modules(option("--freethreading-compatible"))).toEqual(["f2py heat yes x.pyf.src:3"]);
    expect(await modules(option("--no-freethreading-compatible"))).toEqual(["f2py heat no x.pyf.src:3"]);
  });
});

describe("Cython", () => {
  const cython = async (files: Record<string, string>) =>
    (await modules({ "pkg/fast.pyx": "def f(): pass\n", ...files })).map((m) => m.split(" ")[2]);

  it.each([
    ["compiler_directives={'freethreading_compatible': True}", "yes"],
    ["compiler_directives={\n  'freethreading_compatible':\n True}", "yes"],
    ["directives['freethreading_compatible'] = True", "yes"],
    ["directives.setdefault('freethreading_compatible', True)", "yes"],
    ["dict(freethreading_compatible=True)", "yes"],
    ["args += ['-Xfreethreading_compatible=True']", "yes"],
    ["args += ['-X', 'freethreading_compatible=1']", "yes"],
    ["{'freethreading_compatible': False}", "no"],
    ["{'freethreading_compatible': is_free_threaded}", "unknown"],
    ["# {'freethreading_compatible': True}", "no"],
    ["x = '#' + str({'freethreading_compatible': True})", "yes"],
    ["{'freethreading_compatible': False}\n{'freethreading_compatible': True}", "yes"],
  ])("%s in a build file: %s", async (text, declared) => {
    expect(await cython({ "setup.py": text })).toEqual([declared]);
  });

  it("the header counts only before the code, the header of the .pxd too", async () => {
    const line = "# cython: language_level=3, freethreading_compatible = True\n";
    expect(await cython({ "pkg/fast.pyx": `#!/usr/bin/cython\n\n${line}` })).toEqual(["yes"]);
    expect(await cython({ "pkg/fast.pyx": `import os\n${line}` })).toEqual(["no"]);
    expect(await cython({ "pkg/fast.pyx": "# freethreading_compatible=True is for later\n" })).toEqual(["no"]);
    expect(await cython({ "pkg/fast.pxd": line })).toEqual(["yes"]);
    expect(await cython({ "pkg/other.pxd": line })).toEqual(["no"]);
  });

  it("the header outweighs the build files, the nearest of which outweighs the others", async () => {
    const yes = "freethreading_compatible=True";
    const no = "freethreading_compatible=False";
    expect(await cython({ "pkg/fast.pyx": `# cython: ${no}\n`, "setup.py": yes })).toEqual(["no"]);
    expect(await cython({ "pkg/meson.build": no, "meson.build": yes })).toEqual(["no"]);
    expect(await cython({ "pkg/meson.build": yes, "meson.build": no })).toEqual(["yes"]);
    expect(await cython({ "../setup.py": no, "../../setup.py": yes })).toEqual(["no"]);
    expect(await cython({ "../setup.py": yes })).toEqual(["yes"]);
  });

  it("another project of the same tree says nothing of this one, another folder of this one does", async () => {
    const yes = "freethreading_compatible=True";
    expect(await cython({ "pkg/setup.py": "", "other/setup.py": yes })).toEqual(["no"]);
    expect(await cython({ "setup.py": "", "tools/cython_build.py": yes })).toEqual(["yes"]);
  });

  it("templates are modules unless their output is there; included files are none", async () => {
    const found = await modules({
      "a.pyx.in": "",
      "b.templ.pyx": "",
      "c.pyx.tp": "",
      "c.pyx": 'include "d.pyx"\n',
      "d.pyx": "",
    });
    expect(found).toEqual(["cython a no a.pyx.in:1", "cython b no b.templ.pyx:1", "cython c no c.pyx:1"]);
  });
});

describe("nanobind", () => {
  const nanobind = async (cmake: string, files: Record<string, string> = {}) => {
    const text = '#include <nanobind/nanobind.h>\nNB_MODULE(t, m) { m.doc() = "x"; }';
    return (await modules({ "t.cpp": text, "CMakeLists.txt": cmake, ...files }))[0].split(" ")[2];
  };

  it("the option may be in a comment, behind a variable, or written as the macro that it defines", async () => {
    expect(await nanobind("# nanobind_add_module(t FREE_THREADED t.cpp)\nnanobind_add_module(t t.cpp)")).toBe("no");
    expect(await nanobind("nanobind_add_module (t FREE_THREADED t.cpp)")).toBe("yes");
    const variable = (name: string) => `\${${name}}`;
    expect(await nanobind(`set(OPTIONS FREE_THREADED)\nnanobind_add_module(t ${variable("OPTIONS")} t.cpp)`)).toBe(
      "unknown",
    );
    expect(await nanobind(`nanobind_add_module(t ${variable("SOURCES")})`)).toBe("no");
    expect(await nanobind("", { "meson.build": "cpp_args: ['-DNB_FREE_THREADED']" })).toBe("yes");
  });
});

describe("hostile sources", () => {
  const many = (piece: string) => piece.repeat(200_000);
  it.each<[string, Record<string, string>]>([
    ["attributes in attributes", { "a.rs": `#[pymodule] ${many("#[cfg_attr(")}` }],
    ["items in items", { "a.rs": many("#[pymodule] mod a { ") }],
    ["items without a block", { "a.rs": many("#[pymodule] fn a ") }],
    ["wrapped without an end", { "a.rs": many("wrap_pymodule!(pymodule::") }],
    ["init functions", { "a.rs": many("fn PyInit_a Py_MOD_GIL_NOT_USED_ ") }],
    ["a line of directives", { "a.pyx": "", "setup.py": many("freethreading_compatible=False ") }],
    ["a line of options", { "a.i": "%module a", "setup.py": `#${many(" -nogil swig")}` }],
    ["a line of modules", { "a.i": many("%module ") }],
    ["comments without an end", { "a.i": many("/*\n%module ") }],
    ["calls without an end", { "a.cpp": "NB_MODULE(t, m) { }", "CMakeLists.txt": many("nanobind_add_module(t ") }],
    ["python modules", { "a.pyf": many("python module ") }],
  ])(
    "%s take no long time",
    async (_, files) => {
      await expect(modules(files)).resolves.toBeDefined();
    },
    5000,
  );
});
