/* Borrowed references that are compared with NULL and not used. */
#include <Python.h>

static PyObject *
has(PyObject *self, PyObject *args)
{
    PyObject *dict, *key;

    if (!PyArg_ParseTuple(args, "O!O", &PyDict_Type, &dict, &key)) {
        return NULL;
    }
    if (PyDict_GetItem(dict, key) != NULL) {  /* fix: safe */
        Py_RETURN_TRUE;
    }
    Py_RETURN_FALSE;
}

static PyObject *
lacks(PyObject *self, PyObject *args)
{
    PyObject *dict;
    const char *name;

    if (!PyArg_ParseTuple(args, "O!s", &PyDict_Type, &dict, &name)) {
        return NULL;
    }
    if (!PyDict_GetItemString(dict, name)) {  /* fix: safe */
        Py_RETURN_TRUE;
    }
    Py_RETURN_FALSE;
}

static PyObject *
add(PyObject *self, PyObject *args)
{
    PyObject *dict, *key, *value;

    if (!PyArg_ParseTuple(args, "O!OO", &PyDict_Type, &dict, &key, &value)) {
        return NULL;
    }
    if (PyDict_GetItemWithError(dict, key) == NULL) {  /* fix: safe */
        if (PyErr_Occurred()) {
            return NULL;
        }
        return PyUnicode_FromFormat("%S is new", key);
    }
    return PyUnicode_FromFormat("%S is there", key);
}

static PyMethodDef methods[] = {
    {"has", has, METH_VARARGS, NULL},
    {"lacks", lacks, METH_VARARGS, NULL},
    {"add", add, METH_VARARGS, NULL},
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
