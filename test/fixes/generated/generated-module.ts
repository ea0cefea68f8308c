/** A generated module: what every one begins with (its objects, the functions that the generated ones call), functions, tables. */
import { FunctionWriter } from "./generator.ts";

const HEAD = `#include <Python.h>
#include <string.h>

#if PY_VERSION_HEX < 0x030A0000
#define Py_NewRef(o) (Py_INCREF(o), (PyObject *)(o))
#define Py_XNewRef(o) (Py_XINCREF(o), (PyObject *)(o))
#endif

#define LOOK_UP(key) PyDict_GetItem(table, (key))

struct pair {
    PyObject *left;
    PyObject *right;
};

static PyObject *table, *key_a, *key_b, *key_missing, *scratch, *ref_alive, *ref_dead;

static inline PyObject *
lent(PyObject *key)
{
    return PyDict_GetItem(table, key);
}

static long
number(PyObject *value)
{
    if (value == NULL)
        return 7;
    if (PyLong_Check(value))
        return PyLong_AsLong(value) % 11;
    return PyUnicode_Check(value) ? 3 : 4;
}

static int
refuse(PyObject *value)
{
    if (PyUnicode_Check(value) && PyUnicode_GET_LENGTH(value) > 12) {
        PyErr_SetString(PyExc_ValueError, "too long");
        return -1;
    }
    return 0;
}

static PyObject *
set_table(PyObject *Py_UNUSED(self), PyObject *arg)
{
    PyObject *old = table;

    if (!PyDict_Check(arg)) {
        PyErr_SetString(PyExc_TypeError, "a dict is wanted");
        return NULL;
    }
    Py_INCREF(arg);
    table = arg;
    Py_XDECREF(old);
    Py_RETURN_NONE;
}
`;

/** An extension module `name` with one function (`f0`, `f1`, ...) for each seed, and `set_table`. */
export function generateModule(name: string, seeds: readonly number[]): string {
  const functions = seeds.map((seed, n) => new FunctionWriter(seed).write(`f${n}`));
  const rows = seeds.map((_, n) => `    {"f${n}", f${n}, METH_O, NULL},`);
  return `${HEAD}
${functions.join("\n\n")}

static PyMethodDef methods[] = {
${rows.join("\n")}
    {"set_table", set_table, METH_O, NULL},
    {NULL, NULL, 0, NULL}
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "${name}", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC
PyInit_${name}(void)
{
    PyObject *passing;

    key_a = PyUnicode_InternFromString("a");
    key_b = PyUnicode_InternFromString("b");
    key_missing = PyUnicode_InternFromString("missing");
    table = PyDict_New();
    scratch = PyDict_New();
    ref_alive = PyWeakref_NewRef((PyObject *)&PyDict_Type, NULL);
    passing = PySet_New(NULL);
    ref_dead = PyWeakref_NewRef(passing, NULL);
    Py_CLEAR(passing);
    return PyModule_Create(&module);
}
`;
}
