/* ungil-sample: risk=low */
#include <Python.h>

/* Newer Python API, for the Pythons that lack it. */
#if PY_VERSION_HEX < 0x030D0000 && !defined(PyList_GetItemRef)
static inline PyObject *
PyList_GetItemRef(PyObject *list, Py_ssize_t index)
{
    PyObject *item;
    if (!PyList_Check(list)) {
        PyErr_SetString(PyExc_TypeError, "expected a list");
        return NULL;
    }
    item = PyList_GetItem(list, index);
    Py_XINCREF(item);
    return item;
}
#define PyList_GetItemRef PyList_GetItemRef
#endif
/* End of newer Python API. */

/* Only whether there is an item matters; the reference itself is never used. */

static PyObject *has_third_bad(PyObject *Py_UNUSED(module), PyObject *list)
{
    PyObject *element = PyList_GetItemRef(list, 2);
    if (element == NULL) {  /* expect: borrowed-list-item */
        PyErr_Clear();
        Py_RETURN_FALSE;
    }
    Py_DECREF(element);
    Py_RETURN_TRUE;
}

static PyObject *is_filled_bad(PyObject *Py_UNUSED(module), PyObject *list)
{
    PyObject *first;
    PyObject *result;

    if (!PyList_Check(list) || PyList_GET_SIZE(list) == 0)
        Py_RETURN_NONE;
    first = PyList_GetItemRef(list, 0);  /* expect: borrowed-list-item */
    result = PyBool_FromLong(first != NULL);
    Py_XDECREF(first);
    return result;
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
