import { describe, expect, it } from "vitest";
import { fn, indexOf } from "./index-of.ts";

const DEF = `#include <Python.h>
static PyObject *f(PyObject *m, PyObject *a) { return NULL; }
static PyMethodDef methods[] = {{"f", f, METH_O}, {NULL}};
static int setup(PyObject *m) { return 0; }
`;

const single = (body: string, size = "-1") => `${DEF}
static struct PyModuleDef def = { PyModuleDef_HEAD_INIT, .m_name = "t", .m_size = ${size}, .m_methods = methods };
PyMODINIT_FUNC PyInit_t(void) { PyObject *m = PyModule_Create(&def); if (m == NULL) return NULL; ${body} return m; }`;

const multi = (slots: string) => `${DEF}
static PyModuleDef_Slot slots[] = { {Py_mod_exec, setup}, ${slots} {0, NULL} };
static struct PyModuleDef def = { PyModuleDef_HEAD_INIT, "t", NULL, 0, methods, slots };
PyMODINIT_FUNC PyInit_t(void) { return PyModuleDef_Init(&def); }`;

async function module(files: Record<string, string>) {
  const index = await indexOf(files);
  expect(index.modules).toHaveLength(1);
  return { index, module: index.modules[0] };
}

describe("modules with an init function", () => {
  it("single phase, undeclared", async () => {
    const { index, module: m } = await module({ "t.c": single("") });
    expect(m).toMatchObject({
      name: "t",
      phase: "single",
      declared: "no",
      stateSize: "-1",
      evidence: [],
      files: ["t.c"],
    });
    expect(m.createCall).toMatchObject({ api: "PyModule_Create", function: fn(index, "PyInit_t") });
    expect(index.entriesOf(fn(index, "f"))).toMatchObject([{ kind: "module-method", module: 0 }]);
  });

  it("blanks in a designator do not matter", async () => {
    const { module: m } = await module({ "t.c": single("").replaceAll(" .m_", " . m_") });
    expect(m.stateSize).toBe("-1");
    expect(m.methods).toHaveLength(1);
  });

  it("single phase, declared by the call", async () => {
    const { module: m } = await module({ "t.c": single("PyUnstable_Module_SetGIL(m, Py_MOD_GIL_NOT_USED);") });
    expect(m.declared).toBe("yes");
    expect(m.evidence).toHaveLength(1);
  });

  it("a call that says the GIL is used declares that", async () => {
    const { module: m } = await module({ "t.c": single("PyUnstable_Module_SetGIL(m, Py_MOD_GIL_USED);") });
    expect(m.declared).toBe("used");
  });

  it("declared by a helper of another file and by a project macro", async () => {
    const helper = await module({
      "compat.h": "PyObject *declare(PyObject *m);",
      "compat.c": `#include <Python.h>
        #include "compat.h"
        PyObject *declare(PyObject *m) { PyUnstable_Module_SetGIL(m, Py_MOD_GIL_NOT_USED); return m; }`,
      "t.c": single("declare(m);").replace("#include <Python.h>", '#include <Python.h>\n#include "compat.h"'),
    });
    expect(helper.module.declared).toBe("yes");
    const macro = await module({
      "compat.h": "#define DECLARE(m) PyUnstable_Module_SetGIL((m), Py_MOD_GIL_NOT_USED)",
      "t.c": single("DECLARE(m);").replace("#include <Python.h>", '#include <Python.h>\n#include "compat.h"'),
    });
    expect(macro.module.declared).toBe("yes");
  });

  it("multi-phase with and without the slot", async () => {
    expect((await module({ "t.c": multi("") })).module).toMatchObject({
      phase: "multi",
      declared: "no",
      stateSize: "0",
    });
    const { index, module: m } = await module({ "t.c": multi("{Py_mod_gil, Py_MOD_GIL_NOT_USED},") });
    expect(m.declared).toBe("yes");
    expect(m.slotRows.map((row) => row.slot)).toEqual(["Py_mod_exec", "Py_mod_gil"]);
    expect(index.entriesOf(fn(index, "setup"))).toMatchObject([{ kind: "module-exec", selfParam: 0 }]);
    expect((await module({ "t.c": multi("{Py_mod_gil, Py_MOD_GIL_USED},") })).module.declared).toBe("used");
  });

  it("the slot behind a macro of a header", async () => {
    const { module: m } = await module({
      "compat.h": `#if PY_VERSION_HEX >= 0x030D0000
        # define GIL_SLOT {Py_mod_gil, Py_MOD_GIL_NOT_USED},
        #else
        # define GIL_SLOT
        #endif`,
      "t.c": multi("GIL_SLOT").replace("#include <Python.h>", '#include <Python.h>\n#include "compat.h"'),
    });
    expect(m.declared).toBe("yes");
  });

  it("a call of the setter in the exec function of a multi-phase module declares nothing", async () => {
    const text = multi("").replace("return 0;", "PyUnstable_Module_SetGIL(m, Py_MOD_GIL_NOT_USED); return 0;");
    expect((await module({ "t.c": text })).module.declared).toBe("no");
  });

  it("slots and definition set by assignment, definition handed to a helper", async () => {
    const { index, module: m } = await module({
      "t.c": `${DEF}
        static PyModuleDef_Slot slots[] = { {Py_mod_exec, NULL}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL} };
        static struct PyModuleDef def = { .m_base = PyModuleDef_HEAD_INIT, .m_slots = slots };
        PyObject *make(const char *name, PyMethodDef *methods, int (*exec)(PyObject *)) {
          slots[0].value = (void *)exec;
          def.m_name = name;
          def.m_methods = methods;
          return PyModuleDef_Init(&def);
        }
        PyMODINIT_FUNC PyInit_t(void) { return make("t", methods, setup); }`,
    });
    expect(m).toMatchObject({ phase: "multi", declared: "yes" });
    expect(index.entriesOf(fn(index, "f"))).toMatchObject([{ kind: "module-method" }]);
    expect(index.isInitOnly(fn(index, "setup"))).toBe(true);
  });

  it("the export hook of 3.15", async () => {
    const { module: m } = await module({
      "t.c": `${DEF}
        static PySlot slots[] = {
          PySlot_DATA(Py_mod_name, "t"), PySlot_FUNC(Py_mod_exec, setup), PySlot_DATA(Py_mod_methods, methods),
          PySlot_DATA(Py_mod_gil, Py_MOD_GIL_NOT_USED), PySlot_END };
        PyMODEXPORT_FUNC PyModExport_t(void) { return slots; }`,
    });
    expect(m).toMatchObject({ name: "t", phase: "export", declared: "yes" });
    expect(m.methods).toHaveLength(1);
  });

  it("an init function whose name is a macro", async () => {
    const { module: m } = await module({
      "t.c": `${DEF}
        #define PASTE(n) PyInit_ ## n
        #define INIT PASTE(t)
        static struct PyModuleDef def = { PyModuleDef_HEAD_INIT, "t", NULL, -1, methods };
        PyMODINIT_FUNC INIT(void) { return PyModule_Create(&def); }`,
    });
    expect(m.name).toBe("t");
  });
});

describe("modules of frameworks", () => {
  it("pybind11 declares in the macro", async () => {
    const open = "#include <pybind11/pybind11.h>\nnamespace py = pybind11;\n";
    const plain = await module({ "t.cpp": `${open}PYBIND11_MODULE(t, m) { m.doc() = "x"; }` });
    expect(plain.module).toMatchObject({ name: "t", phase: "framework", framework: "pybind11", declared: "no" });
    const free = await module({ "t.cpp": `${open}PYBIND11_MODULE(t, m, py::mod_gil_not_used()) { m.doc() = "x"; }` });
    expect(free.module.declared).toBe("yes");
    const not = await module({ "t.cpp": `${open}PYBIND11_MODULE(t, m, py::mod_gil_not_used(false)) { }` });
    expect(not.module.declared).toBe("used");
  });

  it("functions, methods and lambdas that are bound are ways in", async () => {
    const { index } = await module({
      "t.cpp": `#include <pybind11/pybind11.h>
        namespace py = pybind11;
        struct Tank { int level; void fill(int n) { level += n; } };
        static int total;
        int add(int a) { total += a; return total; }
        void start() { }
        PYBIND11_MODULE(t, m) {
          start();
          m.def("add", &add);
          m.def("peek", []() { return total; });
          py::class_<Tank>(m, "Tank").def("fill", &Tank::fill);
        }`,
    });
    const kinds = (name: string) => index.entriesOf(fn(index, name)).map((entry) => entry.kind);
    expect(kinds("add")).toEqual(["framework"]);
    expect(kinds("PYBIND11_MODULE::lambda#1")).toEqual(["framework"]);
    expect(index.entriesOf(fn(index, "Tank::fill"))).toMatchObject([
      { kind: "framework", thisIsSelf: true, struct: index.structNamed("t.cpp", "Tank") },
    ]);
    expect(index.functions[fn(index, "add")].concurrency).toBe("concurrent");
    expect(index.functions[fn(index, "start")].concurrency).toBe("init-only");
  });

  it("nanobind declares in CMake", async () => {
    const text = '#include <nanobind/nanobind.h>\nNB_MODULE(t, m) { m.doc() = "x"; }';
    expect((await module({ "t.cpp": text })).module.declared).toBe("unknown");
    const cmake = (options: string) => ({
      "t.cpp": text,
      "CMakeLists.txt": `nanobind_add_module(t ${options} t.cpp)\n`,
    });
    expect((await module(cmake("STABLE_ABI"))).module.declared).toBe("no");
    expect((await module(cmake("FREE_THREADED"))).module.declared).toBe("yes");
  });

  it("Cython declares in the source or in the build configuration", async () => {
    expect((await module({ "t.pyx": "def f(): pass\n" })).module).toMatchObject({
      framework: "cython",
      declared: "no",
    });
    expect((await module({ "t.pyx": "# cython: freethreading_compatible=True\n" })).module.declared).toBe("yes");
    expect((await module({ "t.pyx": "# cython: freethreading_compatible=False\n" })).module.declared).toBe("no");
    const build = await module({
      "t.pyx": "",
      "setup.py": "cythonize(x, compiler_directives={'freethreading_compatible': True})",
    });
    expect(build.module.declared).toBe("yes");
  });
});

describe("files of modules", () => {
  const made = (name: string, body: string) => `#include "api.h"
static PyObject *go(PyObject *m, PyObject *a) { ${body} }
static PyMethodDef methods[] = {{"go", go, METH_O}, {NULL}};
static struct PyModuleDef def = { PyModuleDef_HEAD_INIT, "${name}", NULL, 0, methods };
PyMODINIT_FUNC PyInit_${name}(void) { return PyModuleDef_Init(&def); }`;

  it("what one module provides for others is its own; what both use without it is shared", async () => {
    const index = await indexOf({
      "api.h": "#include <Python.h>\nPyObject *api_make(void);\nvoid log_it(void);\n",
      "api.c": '#include "api.h"\nPyObject *api_make(void) { note_made(); return NULL; }',
      "log.c": '#include "api.h"\nvoid log_it(void) { }',
      "core.c": `${made("core", "log_it(); return api_make();")}\nvoid note_made(void) { }`,
      "user.c": made("user", "return api_make();"),
      "other.c": made("other", "log_it(); return NULL;"),
    });
    expect(Object.fromEntries(index.modules.map((m) => [m.name, m.files]))).toEqual({
      core: ["api.c", "core.c", "log.c"],
      other: ["log.c", "other.c"],
      user: ["user.c"],
    });
  });
});
