/* A borrowed reference in a declaration with initialiser. */
#include <Python.h>

static PyObject *
checked(PyObject *self, PyObject *args)
{
    PyObject *list;
    Py_ssize_t index;

    if (!PyArg_ParseTuple(args, "O!n", &PyList_Type, &list, &index)) {
        return NULL;
    }
    PyObject *item = PyList_GetItem(list, index);  /* fix: safe */
    if (item == NULL) {
        return NULL;
    }
    return PyObject_Repr(item);
}

static PyObject *
length_of(PyObject *self, PyObject *args)
{
    PyObject *list;
    Py_ssize_t index;

    if (!PyArg_ParseTuple(args, "O!n", &PyList_Type, &list, &index)) {
        return NULL;
    }
    if (index < 0 || index >= PyList_GET_SIZE(list)) {
        PyErr_SetString(PyExc_IndexError, "no such item");
        return NULL;
    }
    PyObject *item = PyList_GET_ITEM(list, index);  /* fix: safe */
    Py_ssize_t length = PyObject_Length(item);
    if (length < 0) {
        return NULL;
    }
    return PyLong_FromSsize_t(length);
}

static PyObject *
looked_up(PyObject *self, PyObject *args)
{
    PyObject *dict, *key;

    if (!PyArg_ParseTuple(args, "O!O", &PyDict_Type, &dict, &key)) {
        return NULL;
    }
    PyObject *value = PyDict_GetItem(dict, key);  /* fix: safe */
    if (value == NULL) {
        return PyUnicode_FromString("missing");
    }
    return PyObject_Str(value);
}

static PyObject *
with_error(PyObject *self, PyObject *args)
{
    PyObject *dict, *key;

    if (!PyArg_ParseTuple(args, "O!O", &PyDict_Type, &dict, &key)) {
        return NULL;
    }
    PyObject *value = PyDict_GetItemWithError(dict, key);  /* fix: safe */
    if (value == NULL) {
        if (!PyErr_Occurred()) {
            PyErr_SetObject(PyExc_KeyError, key);
        }
        return NULL;
    }
    return PyObject_Str(value);
}

static PyObject *
by_name(PyObject *self, PyObject *args)
{
    PyObject *dict;
    const char *name;

    if (!PyArg_ParseTuple(args, "O!s", &PyDict_Type, &dict, &name)) {
        return NULL;
    }
    PyObject *value = PyDict_GetItemString(dict, name);  /* fix: safe */
    if (!value) {
        Py_RETURN_NONE;
    }
    return PyObject_Str(value);
}

static PyMethodDef methods[] = {
    {"checked", checked, METH_VARARGS, NULL},
    {"length_of", length_of, METH_VARARGS, NULL},
    {"looked_up", looked_up, METH_VARARGS, NULL},
    {"with_error", with_error, METH_VARARGS, NULL},
    {"by_name", by_name, METH_VARARGS, NULL},
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
