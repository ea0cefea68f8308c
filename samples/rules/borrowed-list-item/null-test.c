/* ungil-sample: risk=low */
#include <Python.h>

/* Only whether there is an item matters; the reference itself is never used. */

static PyObject *has_third_bad(PyObject *Py_UNUSED(module), PyObject *list)
{
    if (PyList_GetItem(list, 2) == NULL) {  /* expect: borrowed-list-item */
        PyErr_Clear();
        Py_RETURN_FALSE;
    }
    Py_RETURN_TRUE;
}

static PyObject *is_filled_bad(PyObject *Py_UNUSED(module), PyObject *list)
{
    PyObject *first;

    if (!PyList_Check(list) || PyList_GET_SIZE(list) == 0)
        Py_RETURN_NONE;
    first = PyList_GET_ITEM(list, 0);  /* expect: borrowed-list-item */
    return PyBool_FromLong(first != NULL);
}

static PyObject *has_first_ok(PyObject *Py_UNUSED(module), PyObject *list)
{
    return PyBool_FromLong(PyList_Check(list) && PyList_GET_SIZE(list) > 0);
}

static PyMethodDef sample_methods[] = {
    {"has_third", has_third_bad, METH_O, NULL},
    {"is_filled", is_filled_bad, METH_O, NULL},
    {"has_first", has_first_ok, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
