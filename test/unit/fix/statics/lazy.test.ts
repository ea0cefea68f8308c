import { describe, expect, it } from "vitest";
import { fixTexts } from "../../../fixes/fix-text.ts";

const MODULE = `
static PyMethodDef methods[] = {{"f", f, METH_NOARGS, NULL}, {NULL}};
static struct PyModuleDef def = {PyModuleDef_HEAD_INIT, "m", NULL, 0, methods};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&def); }
`;

/** The body of \`f\` after fixing, with what the fixes were. */
async function fixed(body: string, level: "safe" | "review" = "review", before = "") {
  const text = `#include <Python.h>
${before}
static PyObject *
f(PyObject *self, PyObject *unused)
{
${body}
}
${MODULE}`;
  const result = await fixTexts({ "m.c": text }, { level, select: ["lazy-static"], minPython: 13 });
  const out = result.texts["m.c"];
  const start = out.indexOf("{", out.indexOf("f(PyObject *self"));
  const { applied, left } = result;
  return { body: out.slice(start + 2, out.indexOf("\n}\n", start)), text: out, applied, left };
}

const INTERNED = `    static PyObject *name = NULL;

    if (name == NULL) {
        name = PyUnicode_InternFromString("spam");
        if (name == NULL)
            return NULL;
    }
    return PyObject_GetAttr(self, name);`;

describe("lazyFixes", () => {
  it("holds a mutex from the test to the assignment and releases it before every exit", async () => {
    const { body, applied } = await fixed(INTERNED, "safe");
    expect(body).toBe(`    static PyObject *name = NULL;
    static PyMutex name_mutex;

    PyMutex_Lock(&name_mutex);
    if (name == NULL) {
        name = PyUnicode_InternFromString("spam");
        if (name == NULL) {
            PyMutex_Unlock(&name_mutex);
            return NULL;
        }
    }
    PyMutex_Unlock(&name_mutex);
    return PyObject_GetAttr(self, name);`);
    expect(applied[0]).toMatchObject({ level: "safe", review: [] });
  });

  it("makes the value without the lock if that can run Python code, and publishes it", async () => {
    const { body, applied } = await fixed(`    static PyObject *loads = NULL;

    if (loads == NULL) {
        loads = PyImport_ImportModule("tables");
        if (loads == NULL)
            return NULL;
    }
    return PyObject_CallMethod(loads, "loads", "s", "1");`);
    expect(applied[0]).toMatchObject({ level: "review" });
    expect(body).toBe(`    static PyObject *cached_loads = NULL;
    static PyMutex loads_mutex;

    PyMutex_Lock(&loads_mutex);
    PyObject *loads = cached_loads;
    PyMutex_Unlock(&loads_mutex);
    if (loads == NULL) {
        loads = PyImport_ImportModule("tables");
        if (loads == NULL)
            return NULL;
        PyMutex_Lock(&loads_mutex);
        PyObject *other = loads;
        if (cached_loads == NULL) {
            cached_loads = loads;
            other = NULL;
        }
        loads = cached_loads;
        PyMutex_Unlock(&loads_mutex);
        Py_XDECREF(other);
    }
    return PyObject_CallMethod(loads, "loads", "s", "1");`);
  });

  it("leaves a static alone that is used outside the block of its test", async () => {
    const { applied, left } = await fixed(
      `    switch (PyObject_Size(self)) {
    case 1:
        if (!error)
            error = PyImport_ImportModule("errors");
        PyErr_SetString(error, "one");
        break;
    default:
        if (!error)
            error = PyImport_ImportModule("errors");
        PyErr_SetString(error, "more");
    }
    return NULL;`,
      "review",
      "static PyObject *error;",
    );
    expect(applied).toEqual([]);
    expect(left[0]).toMatchObject({ level: "manual" });
  });

  it("tests several values under one lock", async () => {
    const { body, left } = await fixed(`    static PyObject *open = NULL;
    static PyObject *close = NULL;

    if (open == NULL)
        open = PyUnicode_InternFromString("(");
    if (close == NULL) {
        close = PyUnicode_InternFromString(")");
        if (close == NULL)
            return NULL;
    }
    return PyObject_CallFunctionObjArgs(self, open, close, NULL);`);
    expect(left).toEqual([]);
    expect(body).toContain(`    PyMutex_Lock(&open_mutex);
    if (open == NULL)
        open = PyUnicode_InternFromString("(");
    if (close == NULL) {
        close = PyUnicode_InternFromString(")");
        if (close == NULL) {
            PyMutex_Unlock(&open_mutex);
            return NULL;
        }
    }
    PyMutex_Unlock(&open_mutex);
    return`);
    expect(body).not.toContain("close_mutex");
  });

  it("evaluates a result that uses the static before it unlocks", async () => {
    const { body } = await fixed(`    static long n;
    if (n == 0) {
        n = compute();
        return PyLong_FromLong(n);
    }
    Py_RETURN_NONE;`);
    expect(body).toContain(`        PyObject *result = PyLong_FromLong(n);
        PyMutex_Unlock(&n_mutex);
        return result;`);
  });
});
