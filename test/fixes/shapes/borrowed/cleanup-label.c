/* ungil-shape: c89 */
/* Borrowed references in functions that clean up at a label. */
#include <Python.h>

static PyObject *
described(PyObject *self, PyObject *args)
{
    PyObject *dict, *key;
    PyObject *name = NULL, *result = NULL;
    PyObject *value;

    if (!PyArg_ParseTuple(args, "O!O", &PyDict_Type, &dict, &key))
        return NULL;
    name = PyObject_Str(key);
    if (name == NULL)
        goto done;
    value = PyDict_GetItemWithError(dict, key);  /* fix: safe */
    if (value == NULL) {
        if (!PyErr_Occurred())
            PyErr_SetObject(PyExc_KeyError, key);
        goto done;
    }
    if (value == Py_None) {
        PyErr_SetString(PyExc_ValueError, "None");
        goto done;
    }
    result = PyUnicode_FromFormat("%U: %R", name, value);
done:
    Py_XDECREF(name);
    return result;
}

static PyObject *
combined(PyObject *self, PyObject *args)
{
    PyObject *list, *dict;
    PyObject *item, *value, *pair = NULL;

    if (!PyArg_ParseTuple(args, "O!O!", &PyList_Type, &list, &PyDict_Type, &dict)) {
        return NULL;
    }
    item = PyList_GetItem(list, 0);  /* fix: safe */
    if (item == NULL) {
        goto error;
    }
    value = PyDict_GetItem(dict, item);  /* fix: safe */
    if (value == NULL) {
        PyErr_SetString(PyExc_LookupError, "no value");
        goto error;
    }
    pair = PyTuple_Pack(2, item, value);
    if (pair == NULL) {
        goto error;
    }
    return pair;

error:
    Py_XDECREF(pair);
    return NULL;
}

static PyObject *
longest(PyObject *self, PyObject *list)
{
    PyObject *item;
    Py_ssize_t i, length, best = -1;
    PyObject *copy;

    copy = PySequence_Tuple(list);
    if (copy == NULL)
        return NULL;
    if (!PyList_Check(list)) {
        PyErr_SetString(PyExc_TypeError, "a list is needed");
        goto fail;
    }
    for (i = 0; i < PyTuple_GET_SIZE(copy); i++) {
        item = PyList_GetItem(list, i);  /* fix: safe */
        if (item == NULL)
            goto fail;
        if (item == Py_None)
            continue;
        length = PyObject_Length(item);
        if (length < 0)
            goto fail;
        if (length > best)
            best = length;
        if (length > 10)
            break;
    }
    Py_DECREF(copy);
    return PyLong_FromSsize_t(best);
fail:
    Py_DECREF(copy);
    return NULL;
}

static PyMethodDef methods[] = {
    {"described", described, METH_VARARGS, NULL},
    {"combined", combined, METH_VARARGS, NULL},
    {"longest", longest, METH_O, NULL},
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
