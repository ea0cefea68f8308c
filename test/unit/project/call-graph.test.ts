import { describe, expect, it } from "vitest";
import { fn, indexOf } from "./index-of.ts";

const MODULE = (init: string) => `
  static struct PyModuleDef def = { PyModuleDef_HEAD_INIT, "t", NULL, -1, methods };
  PyMODINIT_FUNC PyInit_t(void) { ${init} return PyModule_Create(&def); }`;

async function concurrency(text: string, names: string[]) {
  const index = await indexOf({ "t.c": `#include <Python.h>\n${text}` });
  return Object.fromEntries(names.map((name) => [name, index.functions[fn(index, name)].concurrency]));
}

describe("when functions run", () => {
  it("what only the init function reaches is init-only, what a method reaches too is not", async () => {
    const text = `
      static int table[8];
      static void fill_one(int i) { table[i] = i; }
      static void fill(void) { for (int i = 0; i < 8; i++) fill_one(i); }
      static void both(void) { }
      static void nobody(void) { }
      static PyObject *f(PyObject *m, PyObject *a) { both(); return NULL; }
      static PyMethodDef methods[] = {{"f", f, METH_O}, {NULL}};
      ${MODULE("fill(); both();")}`;
    expect(await concurrency(text, ["fill", "fill_one", "both", "nobody", "f", "PyInit_t"])).toEqual({
      fill: "init-only",
      fill_one: "init-only",
      both: "concurrent",
      nobody: "unknown",
      f: "concurrent",
      PyInit_t: "init-only",
    });
  });

  it("a helper that dead or exported code calls as well is not init-only", async () => {
    const text = `
      static void shared(void) { }
      void exported(void) { shared(); }
      static PyMethodDef methods[] = {{NULL}};
      ${MODULE("shared();")}`;
    expect(await concurrency(text, ["shared", "exported"])).toEqual({ shared: "unknown", exported: "unknown" });
  });

  it("callbacks: destructors and threads run any time, once and sort callbacks with their caller", async () => {
    const text = `
      static void gone(PyObject *capsule) { }
      static void worker(void *arg) { }
      static void once(void) { }
      static int compare(const void *a, const void *b) { return 0; }
      static int convert(PyObject *o, void *p) { return 1; }
      static void stored(void) { }
      static void (*hook)(void);
      static PyObject *f(PyObject *m, PyObject *a) {
        int x; if (!PyArg_ParseTuple(a, "O&", convert, &x)) return NULL;
        PyThread_start_new_thread(worker, NULL);
        return PyCapsule_New(m, "x", gone);
      }
      static PyMethodDef methods[] = {{"f", f, METH_VARARGS}, {NULL}};
      static pthread_once_t flag = PTHREAD_ONCE_INIT;
      ${MODULE("pthread_once(&flag, once); qsort(0, 0, 0, compare); hook = stored;")}`;
    expect(await concurrency(text, ["gone", "worker", "once", "compare", "convert", "stored"])).toEqual({
      gone: "concurrent",
      worker: "concurrent",
      once: "init-only",
      compare: "init-only",
      convert: "concurrent",
      stored: "concurrent",
    });
    const index = await indexOf({ "t.c": `#include <Python.h>\n${text}` });
    expect(index.entriesOf(fn(index, "gone"))).toMatchObject([{ kind: "capsule-destructor", exclusivity: "dying" }]);
    expect(index.entriesOf(fn(index, "worker"))).toMatchObject([
      { kind: "callback", name: "PyThread_start_new_thread" },
    ]);
    expect(index.functions[fn(index, "stored")].addressTaken).toBe(true);
  });

  it("a private table of functions is called by who reads it", async () => {
    const text = `
      static int step_a(void) { return 0; }
      static int step_b(void) { return 0; }
      static int (*steps[])(void) = { step_a, step_b, NULL };
      static void run_steps(void) { for (int i = 0; steps[i]; i++) steps[i](); }
      static PyMethodDef methods[] = {{NULL}};
      ${MODULE("run_steps();")}`;
    expect(await concurrency(text, ["step_a", "run_steps"])).toEqual({ step_a: "init-only", run_steps: "init-only" });
  });

  it("slots of types are entries however the type is readied", async () => {
    const text = `
      static PyObject *spare[4];
      static void thing_dealloc(PyObject *self) { spare[0] = self; }
      static PyTypeObject Thing_Type = { PyVarObject_HEAD_INIT(NULL, 0) .tp_name = "t.Thing", .tp_dealloc = thing_dealloc };
      static PyMethodDef methods[] = {{NULL}};
      ${MODULE("if (PyType_Ready(&Thing_Type) < 0) return NULL;")}`;
    expect(await concurrency(text, ["thing_dealloc"])).toEqual({ thing_dealloc: "concurrent" });
  });
});

describe("calls", () => {
  const text = `#include <Python.h>
    static int leaf(int n) { return n; }
    static int odd(int n);
    static int even(int n) { return n == 0 ? 1 : odd(n - 1); }
    static int odd(int n) { return n == 0 ? 0 : even(n - 1); }
    static int top(int n) { return even(n) + leaf(n); }
    static PyObject *f(PyObject *m, PyObject *a) { return PyLong_FromLong(top(3)); }
    static PyMethodDef methods[] = {{"f", f, METH_O}, {NULL}};
    ${MODULE("")}`;

  it("components come callees first", async () => {
    const index = await indexOf({ "t.c": text });
    const order = index.bottomUp.map((component) => component.map((id) => index.functions[id].name).join("+"));
    expect(order.indexOf("even+odd")).toBeGreaterThanOrEqual(0);
    expect(order.indexOf("leaf")).toBeLessThan(order.indexOf("top"));
    expect(order.indexOf("even+odd")).toBeLessThan(order.indexOf("top"));
    expect(order.indexOf("top")).toBeLessThan(order.indexOf("f"));
    expect(index.bottomUp.flat()).toHaveLength(index.functions.length);
  });

  it("paths and entries that reach a function", async () => {
    const index = await indexOf({ "t.c": text });
    const name = (id: number) => index.functions[id].name;
    expect(index.callPath(fn(index, "f"), fn(index, "odd")).map(name)).toEqual(["f", "top", "even", "odd"]);
    expect(index.callPath(fn(index, "leaf"), fn(index, "f"))).toEqual([]);
    expect(index.entryFunctionsReaching(fn(index, "leaf")).map(name)).toEqual(["f"]);
    expect(index.callers(fn(index, "even")).map((edge) => name(edge.function))).toEqual(["odd", "top"]);
  });

  it("statics of one name in different files stay apart, also function-scope ones", async () => {
    const index = await indexOf({
      "a.c": `static int counter; static int helper(void) { return counter; }
        int a_tick(void) { static int seen; seen++; counter++; return helper(); }`,
      "b.c": `static int counter; static int helper(void) { return counter; } int b_tick(void) { return helper(); }`,
    });
    const a = index.resolveGlobal("a.c", "counter");
    const b = index.resolveGlobal("b.c", "counter");
    if (a.kind !== "static" || b.kind !== "static") throw new Error("both are statics");
    expect(a.id).not.toBe(b.id);
    const names = (ids: readonly number[]) =>
      ids.map((id) => `${index.functions[id].file}:${index.functions[id].name}`);
    expect(names(index.static(a.id).writers)).toEqual(["a.c:a_tick"]);
    expect(names(index.static(b.id).writers)).toEqual([]);
    expect(names(index.static(b.id).readers)).toEqual(["b.c:helper"]);
    expect(index.functions[index.resolveFunction("b.c", "helper")!].file).toBe("b.c");
    expect(index.resolveGlobal("a.c", "seen", "a_tick").kind).toBe("static");
    expect(index.resolveGlobal("a.c", "seen").kind).toBe("external");
  });

  it("an extern declaration is the variable of the file that defines it", async () => {
    const index = await indexOf({
      "state.h": "extern PyObject *registry;",
      "state.c": `#include <Python.h>\n#include "state.h"\nPyObject *registry = NULL;`,
      "use.c": `#include <Python.h>\n#include "state.h"\nvoid reset(void) { registry = NULL; }`,
    });
    const state = index.resolveGlobal("use.c", "registry");
    if (state.kind !== "static") throw new Error("a static");
    expect(index.static(state.id)).toMatchObject({ file: "state.c", role: "state" });
    expect(index.static(state.id).writers).toEqual([fn(index, "reset")]);
    expect(index.static(state.id).declarations.map((d) => d.file)).toEqual(["state.c", "state.h"]);
  });

  it("sees through a macro that makes internals static in single-file builds", async () => {
    const index = await indexOf({
      "all.h": `#if defined(SINGLE_FILE)
        # define INTERNAL static
        #else
        # define INTERNAL
        #endif
        INTERNAL int shared_step(int n);
        extern PyObject *shared_state;`,
      "one.c": `#include <Python.h>
#include "all.h"
        INTERNAL PyObject *shared_state = NULL;
        INTERNAL int shared_step(int n) { return n; }`,
      "two.c": `#include <Python.h>
#include "all.h"
        int go(void) { shared_state = NULL; return shared_step(1); }`,
      "three.c": "static int shared_step(int n) { return 0; } int other(void) { return shared_step(2); }",
    });
    const go = fn(index, "go");
    expect(index.callees(go).map((edge) => index.functions[edge.function].file)).toEqual(["one.c"]);
    const state = index.resolveGlobal("two.c", "shared_state");
    expect(state.kind === "static" && index.static(state.id)).toMatchObject({ file: "one.c", writers: [go] });
    expect(index.callees(fn(index, "other")).map((edge) => index.functions[edge.function].file)).toEqual(["three.c"]);
  });

  it("one definition for each platform: all are meant", async () => {
    const index = await indexOf({
      "mac/api.h": "PyObject *disk_use(PyObject *m, PyObject *a);",
      "bsd/api.h": "PyObject *disk_use(PyObject *m, PyObject *a);",
      "mac/disk.c": "#include <Python.h>\nPyObject *disk_use(PyObject *m, PyObject *a) { return NULL; }",
      "bsd/disk.c": "#include <Python.h>\nPyObject *disk_use(PyObject *m, PyObject *a) { return NULL; }",
      "module.c": `#include <Python.h>
        #ifdef __APPLE__
        #include "mac/api.h"
        #else
        #include "bsd/api.h"
        #endif
        static PyMethodDef methods[] = {{"disk_use", disk_use, METH_VARARGS}, {NULL}};
        ${MODULE("")}`,
    });
    expect(index.entries.filter((e) => e.name === "disk_use").map((e) => index.functions[e.function].file)).toEqual([
      "bsd/disk.c",
      "mac/disk.c",
    ]);
  });

  it("tells tables and locks from state", async () => {
    const index = await indexOf({
      "t.c": `#include <Python.h>
        static PyMutex lock; static PyThread_type_lock old; static char *names[] = {"a", "b", NULL};
        static PyObject *cache; static int (*hook)(void); static PyMethodDef methods[] = {{NULL}};`,
    });
    const roles = Object.fromEntries(index.statics.map((s) => [s.facts.name, s.role]));
    expect(roles).toMatchObject({
      lock: "lock",
      old: "lock",
      names: "keyword-list",
      cache: "state",
      methods: "method-table",
    });
  });

  it("does not depend on the order of the files", async () => {
    const files = { "a.c": "int f(void) { return 1; }", "b.c": "int f(void); int g(void) { return f(); }" };
    const forward = await indexOf(files);
    const backward = await indexOf(Object.fromEntries(Object.entries(files).reverse()));
    expect(backward.functions.map((f) => f.name)).toEqual(forward.functions.map((f) => f.name));
    expect(backward.bottomUp).toEqual(forward.bottomUp);
  });
});
