import { describe, expect, it } from "vitest";
import { fixTexts } from "../../../fixes/fix-text.ts";

const METHODS = `static PyMethodDef methods[] = {{"f", f, METH_NOARGS, NULL}, {NULL}};`;

const MULTI = `${METHODS}

static int
exec(PyObject *m)
{
    if (PyModule_AddIntConstant(m, "LIMIT", 3) < 0) {
        return -1;
    }
    return 0;
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, exec}, {0, NULL}};
static struct PyModuleDef def = {PyModuleDef_HEAD_INIT, "m", NULL, 0, methods, slots};

PyMODINIT_FUNC
PyInit_m(void)
{
    return PyModuleDef_Init(&def);
}
`;

const SINGLE = `${METHODS}
static struct PyModuleDef def = {PyModuleDef_HEAD_INIT, "m", NULL, -1, methods};

PyMODINIT_FUNC
PyInit_m(void)
{
    PyObject *m = PyModule_Create(&def);
    if (m == NULL)
        return NULL;
    return m;
}
`;

/** The text after fixing `lazy-static`. */
async function fixed(code: string, module = SINGLE) {
  const text = `#include <Python.h>\n${code}\n${module}`;
  const { texts, applied, left } = await fixTexts(
    { "m.c": text },
    { level: "review", select: ["lazy-static"], minPython: 13 },
  );
  return { text: texts["m.c"], applied, left, before: text };
}

const DECIMAL = `
static PyObject *decimal;

static PyObject *
f(PyObject *self, PyObject *unused)
{
    if (decimal == NULL) {
        PyObject *module = PyImport_ImportModule("decimal");
        if (module == NULL) {
            return NULL;
        }
        decimal = PyObject_GetAttrString(module, "Decimal");
        Py_DECREF(module);
        if (decimal == NULL) {
            return NULL;
        }
    }
    return PyObject_CallNoArgs(decimal);
}
`;

describe("eagerFix", () => {
  it("moves the first use to the exec function, with its way out", async () => {
    const { text, applied, left } = await fixed(DECIMAL, MULTI);
    expect(left).toEqual([]);
    expect(applied).toMatchObject([{ level: "review", title: "make the value of `decimal` in `exec`" }]);
    expect(text).toContain(`f(PyObject *self, PyObject *unused)
{
    return PyObject_CallNoArgs(decimal);
}`);
    expect(text).toContain(`        return -1;
    }
    if (decimal == NULL) {
        PyObject *module = PyImport_ImportModule("decimal");
        if (module == NULL) {
            return -1;
        }
        decimal = PyObject_GetAttrString(module, "Decimal");
        Py_DECREF(module);
        if (decimal == NULL) {
            return -1;
        }
    }
    return 0;
}`);
  });

  it("moves a function's static to file level, and releases the module on failure", async () => {
    const { text, left } = await fixed(`
static PyObject *
f(PyObject *self, PyObject *arg)
{
    static PyObject *path = NULL;
    PyObject *os;

    if (!path) {
        os = PyImport_ImportModule("os");
        if (!os)
            return NULL;
        path = PyObject_GetAttrString(os, "path");
        Py_DECREF(os);
    }
    if (!path)
        return NULL;
    return PyObject_GetAttr(path, arg);
}
`);
    expect(left).toEqual([]);
    expect(text).toContain(`static PyObject *path;

static PyObject *
f(PyObject *self, PyObject *arg)
{
    return PyObject_GetAttr(path, arg);
}`);
    expect(text).toContain(`        return NULL;
    if (!path) {
        PyObject *os;
        os = PyImport_ImportModule("os");
        if (!os) {
            Py_DECREF(m);
            return NULL;
        }
        path = PyObject_GetAttrString(os, "path");
        Py_DECREF(os);
        if (path == NULL) {
            Py_DECREF(m);
            return NULL;
        }
    }
    return m;`);
  });

  it.each([
    ["an argument", 'x = PyObject_GetAttrString(self, "x");'],
    ["another package", 'x = PyImport_ImportModule("other.thing");'],
    ["this module itself", 'x = PyImport_ImportModule("_m");'],
    [
      "a failure that is no error",
      'x = PyImport_ImportModule("json");\n        if (!x) { PyErr_Clear(); Py_RETURN_NONE; }',
    ],
    ["a loop", "while (!x) x = PyDict_Copy(self);"],
    ["an early result", 'x = PyImport_ImportModule("json");\n        return PyObject_Str(x);'],
  ])("leaves %s where it is", async (_, body) => {
    const { applied } = await fixed(`
static PyObject *x;

static PyObject *
f(PyObject *self, PyObject *unused)
{
    if (x == NULL) {
        ${body}
        if (x == NULL)
            return NULL;
    }
    return PyObject_Str(x);
}
`);
    expect(applied.filter((a) => a.title.startsWith("make the value of `x` in `"))).toEqual([]);
  });

  it("leaves a value where it is that the initialisation uses", async () => {
    const { applied } = await fixed(
      `${DECIMAL}
`,
      MULTI.replace("return 0;", "Py_XDECREF(f(m, NULL));\n    return 0;"),
    );
    expect(applied.filter((a) => a.title.includes("`exec`"))).toEqual([]);
  });
});
