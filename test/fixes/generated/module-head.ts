/** What every generated module begins with: its objects, and the functions that the generated ones call. */
export const HEAD = `#include <Python.h>
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
