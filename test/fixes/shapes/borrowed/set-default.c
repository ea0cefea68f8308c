/* PyDict_SetDefault, whose value is borrowed. */
#include <Python.h>

static PyObject *
interned(PyObject *self, PyObject *args)
{
    PyObject *dict, *key, *value;

    if (!PyArg_ParseTuple(args, "O!OO", &PyDict_Type, &dict, &key, &value)) {
        return NULL;
    }
    PyObject *found = PyDict_SetDefault(dict, key, value);  /* fix: safe */
    if (found == NULL) {
        return NULL;
    }
    Py_INCREF(found);
    return found;
}

static PyObject *
shown(PyObject *self, PyObject *args)
{
    PyObject *dict, *key, *value;

    if (!PyArg_ParseTuple(args, "O!OO", &PyDict_Type, &dict, &key, &value)) {
        return NULL;
    }
    value = PyDict_SetDefault(dict, key, value);  /* fix: safe */
    if (value == NULL) {
        return NULL;
    }
    return PyObject_Repr(value);
}

static PyObject *
inserted(PyObject *self, PyObject *args)
{
    PyObject *dict, *key, *value;

    if (!PyArg_ParseTuple(args, "O!OO", &PyDict_Type, &dict, &key, &value)) {
        return NULL;
    }
    if (PyDict_SetDefault(dict, key, value) == NULL) {  /* fix: safe */
        return NULL;
    }
    return PyLong_FromSsize_t(PyDict_Size(dict));
}

static PyMethodDef methods[] = {
    {"interned", interned, METH_VARARGS, NULL},
    {"shown", shown, METH_VARARGS, NULL},
    {"inserted", inserted, METH_VARARGS, NULL},
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
