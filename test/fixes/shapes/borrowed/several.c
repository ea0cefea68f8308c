/* Several borrowed variables in one function, and one variable for several references. */
#include <Python.h>

static PyObject *
merged(PyObject *self, PyObject *args)
{
    PyObject *list, *dict, *key;

    if (!PyArg_ParseTuple(args, "O!O!O", &PyList_Type, &list, &PyDict_Type, &dict, &key)) {
        return NULL;
    }
    PyObject *item = PyList_GetItem(list, 0);  /* fix: safe */
    if (item == NULL) {
        return NULL;
    }
    PyObject *value = PyDict_GetItemWithError(dict, key);  /* fix: safe */
    if (value == NULL) {
        if (PyErr_Occurred()) {
            return NULL;
        }
        return PyObject_Repr(item);
    }
    PyObject *other = PyDict_GetItemWithError(dict, item);  /* fix: safe */
    if (other == NULL) {
        if (PyErr_Occurred()) {
            return NULL;
        }
        return PyTuple_Pack(2, item, value);
    }
    return PyTuple_Pack(3, item, value, other);
}

static PyObject *
reused(PyObject *self, PyObject *args)
{
    PyObject *dict, *value;
    long first, second;

    if (!PyArg_ParseTuple(args, "O!", &PyDict_Type, &dict)) {
        return NULL;
    }
    value = PyDict_GetItemString(dict, "first");  /* fix: safe */
    if (value == NULL) {
        PyErr_SetString(PyExc_KeyError, "first");
        return NULL;
    }
    first = PyLong_AsLong(value);
    if (first == -1 && PyErr_Occurred()) {
        return NULL;
    }
    value = PyDict_GetItemString(dict, "second");  /* fix: safe */
    if (value == NULL) {
        PyErr_SetString(PyExc_KeyError, "second");
        return NULL;
    }
    second = PyLong_AsLong(value);
    if (second == -1 && PyErr_Occurred()) {
        return NULL;
    }
    return PyLong_FromLong(first + second);
}

static PyObject *
either(PyObject *self, PyObject *args)
{
    PyObject *dict, *value;

    if (!PyArg_ParseTuple(args, "O!", &PyDict_Type, &dict)) {
        return NULL;
    }
    value = PyDict_GetItemString(dict, "first");  /* fix: safe */
    if (value == NULL) {
        value = PyDict_GetItemString(dict, "second");  /* fix: safe */
    }
    if (value == NULL) {
        Py_RETURN_NONE;
    }
    return PyObject_Repr(value);
}

static PyMethodDef methods[] = {
    {"merged", merged, METH_VARARGS, NULL},
    {"reused", reused, METH_VARARGS, NULL},
    {"either", either, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
#ifdef Py_mod_gil
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "shape", NULL, 0, methods, slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC
PyInit_shape(void)
{
    return PyModuleDef_Init(&definition);
}
