/* Lookups that swallow errors, with an exception that is pending, and with keys that raise. */
#include <Python.h>

static PyObject *
while_pending(PyObject *self, PyObject *args)
{
    PyObject *dict, *key, *value;

    if (!PyArg_ParseTuple(args, "O!O", &PyDict_Type, &dict, &key)) {
        return NULL;
    }
    PyErr_SetString(PyExc_RuntimeError, "pending");
    value = PyDict_GetItem(dict, key);  /* fix: withheld */
    if (value != NULL) {
        PyErr_Clear();
        return PyObject_Repr(value);
    }
    return PyErr_Occurred() ? NULL : PyUnicode_FromString("lost");
}

static PyObject *
name_while_pending(PyObject *self, PyObject *args)
{
    PyObject *dict, *value;
    const char *name;

    if (!PyArg_ParseTuple(args, "O!s", &PyDict_Type, &dict, &name)) {
        return NULL;
    }
    PyErr_SetString(PyExc_RuntimeError, "pending");
    value = PyDict_GetItemString(dict, name);  /* fix: safe */
    if (value != NULL) {
        PyErr_Clear();
        return PyObject_Repr(value);
    }
    return PyErr_Occurred() ? NULL : PyUnicode_FromString("lost");
}

static PyObject *
is_pending(PyObject *self, PyObject *args)
{
    PyObject *dict, *key, *value;

    if (!PyArg_ParseTuple(args, "O!O", &PyDict_Type, &dict, &key)) {
        return NULL;
    }
    value = PyDict_GetItem(dict, key);  /* fix: safe */
    if (value == NULL) {
        return PyBool_FromLong(PyErr_Occurred() != NULL);
    }
    return PyObject_Repr(value);
}

static PyObject *
after_failed_call(PyObject *self, PyObject *args)
{
    PyObject *dict, *key, *value, *converted;

    if (!PyArg_ParseTuple(args, "O!O", &PyDict_Type, &dict, &key)) {
        return NULL;
    }
    converted = PyNumber_Long(key);
    if (converted == NULL) {
        value = PyDict_GetItem(dict, key);  /* fix: withheld */
        if (value == NULL) {
            return PyErr_Occurred() ? NULL : PyUnicode_FromString("lost");
        }
        PyErr_Clear();
        return PyObject_Repr(value);
    }
    return converted;
}

static PyMethodDef methods[] = {
    {"while_pending", while_pending, METH_VARARGS, NULL},
    {"name_while_pending", name_while_pending, METH_VARARGS, NULL},
    {"is_pending", is_pending, METH_VARARGS, NULL},
    {"after_failed_call", after_failed_call, METH_VARARGS, NULL},
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
