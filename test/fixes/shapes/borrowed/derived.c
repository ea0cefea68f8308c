/* What is taken out of a borrowed reference is used after the last use of the reference itself. */
#include <Python.h>

static PyObject *
joined(PyObject *self, PyObject *args)
{
    PyObject *dict, *key, *value;
    const char *text;
    PyObject *prefix, *result;

    if (!PyArg_ParseTuple(args, "O!OU", &PyDict_Type, &dict, &key, &prefix)) {
        return NULL;
    }
    value = PyDict_GetItemWithError(dict, key);  /* fix: safe */
    if (value == NULL) {
        if (!PyErr_Occurred()) {
            PyErr_SetObject(PyExc_KeyError, key);
        }
        return NULL;
    }
    if (!PyUnicode_Check(value)) {
        PyErr_SetString(PyExc_TypeError, "text is needed");
        return NULL;
    }
    text = PyUnicode_AsUTF8(value);
    if (text == NULL) {
        return NULL;
    }
    result = PyUnicode_FromFormat("%U%s", prefix, text);
    return result;
}

static PyObject *
checksum(PyObject *self, PyObject *args)
{
    PyObject *list;
    unsigned long sum = 0;

    if (!PyArg_ParseTuple(args, "O!", &PyList_Type, &list)) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
        PyObject *item = PyList_GetItem(list, i);  /* fix: safe */
        if (item == NULL) {
            return NULL;
        }
        if (!PyBytes_Check(item)) {
            PyErr_SetString(PyExc_TypeError, "bytes are needed");
            return NULL;
        }
        const char *data = PyBytes_AS_STRING(item);
        Py_ssize_t size = PyBytes_GET_SIZE(item);
        for (Py_ssize_t j = 0; j < size; j++) {
            sum = sum * 31 + (unsigned char)data[j];
        }
    }
    return PyLong_FromUnsignedLong(sum);
}

static PyObject *
first_of_first(PyObject *self, PyObject *args)
{
    PyObject *list;

    if (!PyArg_ParseTuple(args, "O!", &PyList_Type, &list)) {
        return NULL;
    }
    PyObject *pair = PyList_GetItem(list, 0);  /* fix: safe */
    if (pair == NULL) {
        return NULL;
    }
    if (!PyTuple_Check(pair) || PyTuple_GET_SIZE(pair) == 0) {
        PyErr_SetString(PyExc_TypeError, "a tuple is needed");
        return NULL;
    }
    PyObject *first = PyTuple_GET_ITEM(pair, 0);
    return PyObject_Repr(first);
}

static PyMethodDef methods[] = {
    {"joined", joined, METH_VARARGS, NULL},
    {"checksum", checksum, METH_VARARGS, NULL},
    {"first_of_first", first_of_first, METH_VARARGS, NULL},
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
