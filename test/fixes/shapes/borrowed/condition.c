/* A borrowed reference assigned inside a condition. */
#include <Python.h>

static PyObject *
in_if(PyObject *self, PyObject *args)
{
    PyObject *dict, *key, *value;

    if (!PyArg_ParseTuple(args, "O!O", &PyDict_Type, &dict, &key)) {
        return NULL;
    }
    if ((value = PyDict_GetItem(dict, key)) != NULL) {  /* fix: safe */
        return PyObject_Repr(value);
    }
    Py_RETURN_NONE;
}

static PyObject *
in_if_not(PyObject *self, PyObject *args)
{
    PyObject *dict, *key, *value;

    if (!PyArg_ParseTuple(args, "O!O", &PyDict_Type, &dict, &key)) {
        return NULL;
    }
    if (!(value = PyDict_GetItemWithError(dict, key))) {  /* fix: safe */
        if (!PyErr_Occurred()) {
            PyErr_SetObject(PyExc_LookupError, key);
        }
        return NULL;
    }
    return PyObject_Repr(value);
}

static PyObject *
in_and(PyObject *self, PyObject *args)
{
    PyObject *dict, *key, *value;

    if (!PyArg_ParseTuple(args, "OO", &dict, &key)) {
        return NULL;
    }
    if (PyDict_Check(dict) && (value = PyDict_GetItem(dict, key)) != NULL) {  /* fix: safe */
        return PyObject_Repr(value);
    }
    return PyLong_FromLong(-1);
}

static PyObject *
in_else_if(PyObject *self, PyObject *args)
{
    PyObject *dict, *key, *value;

    if (!PyArg_ParseTuple(args, "OO", &dict, &key)) {
        return NULL;
    }
    if (!PyDict_Check(dict)) {
        PyErr_SetString(PyExc_TypeError, "a dict is needed");
        return NULL;
    }
    else if ((value = PyDict_GetItem(dict, key)) == NULL) {  /* fix: safe */
        return PyUnicode_FromString("missing");
    }
    else {
        return PyObject_Repr(value);
    }
}

static PyObject *
list_in_if(PyObject *self, PyObject *args)
{
    PyObject *list, *item;
    Py_ssize_t index;

    if (!PyArg_ParseTuple(args, "O!n", &PyList_Type, &list, &index)) {
        return NULL;
    }
    if ((item = PyList_GetItem(list, index)) == NULL) {  /* fix: safe */
        return NULL;
    }
    return PyObject_Repr(item);
}

static PyMethodDef methods[] = {
    {"in_if", in_if, METH_VARARGS, NULL},
    {"in_if_not", in_if_not, METH_VARARGS, NULL},
    {"in_and", in_and, METH_VARARGS, NULL},
    {"in_else_if", in_else_if, METH_VARARGS, NULL},
    {"list_in_if", list_in_if, METH_VARARGS, NULL},
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
