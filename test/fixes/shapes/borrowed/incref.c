/* Borrowed references that the function makes strong right away. */
#include <Python.h>

static PyObject *
taken(PyObject *self, PyObject *args)
{
    PyObject *list, *item;
    Py_ssize_t index;

    if (!PyArg_ParseTuple(args, "O!n", &PyList_Type, &list, &index)) {
        return NULL;
    }
    item = PyList_GetItem(list, index);  /* fix: safe */
    if (item == NULL) {
        return NULL;
    }
    Py_INCREF(item);
    return item;
}

static PyObject *
taken_or_null(PyObject *self, PyObject *args)
{
    PyObject *list, *item;
    Py_ssize_t index;

    if (!PyArg_ParseTuple(args, "O!n", &PyList_Type, &list, &index)) {
        return NULL;
    }
    item = PyList_GetItem(list, index);  /* fix: safe */
    Py_XINCREF(item);
    return item;
}

static PyObject *
with_default(PyObject *self, PyObject *args)
{
    PyObject *dict, *key, *fallback;

    if (!PyArg_ParseTuple(args, "O!OO", &PyDict_Type, &dict, &key, &fallback)) {
        return NULL;
    }
    PyObject *value = PyDict_GetItemWithError(dict, key);  /* fix: safe */
    if (value == NULL) {
        if (PyErr_Occurred()) {
            return NULL;
        }
        value = fallback;
    }
    Py_INCREF(value);
    return value;
}

static PyObject *
or_error(PyObject *self, PyObject *args)
{
    PyObject *dict, *key;

    if (!PyArg_ParseTuple(args, "O!O", &PyDict_Type, &dict, &key)) {
        return NULL;
    }
    PyObject *value = PyDict_GetItem(dict, key);  /* fix: safe */
    if (value == NULL) {
        PyErr_SetObject(PyExc_KeyError, key);
        return NULL;
    }
    Py_INCREF(value);
    return value;
}

static PyObject *
held(PyObject *self, PyObject *args)
{
    PyObject *dict, *key, *value, *text;

    if (!PyArg_ParseTuple(args, "O!O", &PyDict_Type, &dict, &key)) {
        return NULL;
    }
    value = PyDict_GetItem(dict, key);  /* fix: safe */
    Py_XINCREF(value);
    if (value == NULL) {
        Py_RETURN_NONE;
    }
    text = PyObject_Repr(value);
    Py_DECREF(value);
    return text;
}

/* An exception says that there is no reference of its own, which no single path shows. */
static PyObject *
kept(PyObject *self, PyObject *args)
{
    PyObject *dict, *key, *value, *text;

    if (!PyArg_ParseTuple(args, "O!O", &PyDict_Type, &dict, &key)) {
        return NULL;
    }
    value = PyDict_GetItemWithError(dict, key);  /* fix: safe */
    if (value != NULL) {
        Py_INCREF(value);
    }
    else if (!PyErr_Occurred()) {
        value = PyList_New(0);
    }
    if (PyErr_Occurred()) {
        return NULL;
    }
    text = PyObject_Repr(value);
    Py_DECREF(value);
    return text;
}

static PyMethodDef methods[] = {
    {"taken", taken, METH_VARARGS, NULL},
    {"taken_or_null", taken_or_null, METH_VARARGS, NULL},
    {"with_default", with_default, METH_VARARGS, NULL},
    {"or_error", or_error, METH_VARARGS, NULL},
    {"held", held, METH_VARARGS, NULL},
    {"kept", kept, METH_VARARGS, NULL},
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
