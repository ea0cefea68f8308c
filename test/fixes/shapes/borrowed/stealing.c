/* Borrowed references that are handed to calls that steal them. */
#include <Python.h>

static PyObject *
pair(PyObject *self, PyObject *args)
{
    PyObject *list, *item, *result;

    if (!PyArg_ParseTuple(args, "O!", &PyList_Type, &list)) {
        return NULL;
    }
    item = PyList_GetItem(list, 0);  /* fix: safe */
    if (item == NULL) {
        return NULL;
    }
    result = PyTuple_New(2);
    if (result == NULL) {
        return NULL;
    }
    Py_INCREF(item);
    PyTuple_SET_ITEM(result, 0, item);
    Py_INCREF(Py_None);
    PyTuple_SET_ITEM(result, 1, Py_None);
    return result;
}

static PyObject *
copied(PyObject *self, PyObject *args)
{
    PyObject *list, *copy;
    Py_ssize_t i, size;

    if (!PyArg_ParseTuple(args, "O!", &PyList_Type, &list)) {
        return NULL;
    }
    size = PyList_GET_SIZE(list);
    copy = PyList_New(size);
    if (copy == NULL) {
        return NULL;
    }
    for (i = 0; i < size; i++) {
        PyObject *item = PyList_GET_ITEM(list, i);  /* fix: safe */
        Py_INCREF(item);
        PyList_SET_ITEM(copy, i, item);
    }
    return copy;
}

static PyObject *
selected(PyObject *self, PyObject *args)
{
    PyObject *dict, *keys, *result;

    if (!PyArg_ParseTuple(args, "O!O!", &PyDict_Type, &dict, &PyTuple_Type, &keys)) {
        return NULL;
    }
    result = PyTuple_New(PyTuple_GET_SIZE(keys));
    if (result == NULL) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(keys); i++) {
        PyObject *value = PyDict_GetItemWithError(dict, PyTuple_GET_ITEM(keys, i));  /* fix: safe */
        if (value == NULL) {
            if (!PyErr_Occurred()) {
                PyErr_SetObject(PyExc_KeyError, PyTuple_GET_ITEM(keys, i));
            }
            Py_DECREF(result);
            return NULL;
        }
        Py_INCREF(value);
        PyTuple_SET_ITEM(result, i, value);
    }
    return result;
}

static PyObject *
replaced(PyObject *self, PyObject *args)
{
    PyObject *list, *target, *item;

    if (!PyArg_ParseTuple(args, "O!O!", &PyList_Type, &list, &PyList_Type, &target)) {
        return NULL;
    }
    item = PyList_GetItem(list, 0);  /* fix: safe */
    if (item == NULL) {
        return NULL;
    }
    Py_INCREF(item);
    if (PyList_SetItem(target, 0, item) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"pair", pair, METH_VARARGS, NULL},
    {"copied", copied, METH_VARARGS, NULL},
    {"selected", selected, METH_VARARGS, NULL},
    {"replaced", replaced, METH_VARARGS, NULL},
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
