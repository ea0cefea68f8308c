/* Loops over a dict that other threads may change. */
#include <Python.h>

static PyObject *
sum(PyObject *self, PyObject *dict)
{
    PyObject *key, *value;
    Py_ssize_t position = 0;
    long total = 0;

    if (!PyDict_Check(dict)) {
        PyErr_SetString(PyExc_TypeError, "a dict is needed");
        return NULL;
    }
    while (PyDict_Next(dict, &position, &key, &value)) {  /* fix: safe */
        long number = PyLong_AsLong(value);
        if (number == -1 && PyErr_Occurred()) {
            return NULL;
        }
        total += number;
    }
    return PyLong_FromLong(total);
}

static PyObject *
find(PyObject *self, PyObject *args)
{
    PyObject *dict, *wanted, *key, *value;
    Py_ssize_t position = 0;
    PyObject *found = NULL;

    if (!PyArg_ParseTuple(args, "O!O", &PyDict_Type, &dict, &wanted)) {
        return NULL;
    }
    while (PyDict_Next(dict, &position, &key, &value)) {  /* fix: safe */
        if (value == wanted) {
            found = key;
            Py_INCREF(found);
            break;
        }
    }
    if (found == NULL) {
        Py_RETURN_NONE;
    }
    return found;
}

static PyObject *
texts(PyObject *self, PyObject *args)
{
    PyObject *dict, *key, *value;
    Py_ssize_t position = 0;
    PyObject *list = PyList_New(0);

    if (list == NULL) {
        return NULL;
    }
    if (!PyArg_ParseTuple(args, "O!", &PyDict_Type, &dict)) {
        goto error;
    }
    while (PyDict_Next(dict, &position, &key, &value)) {  /* fix: safe */
        if (!PyUnicode_Check(key)) {
            continue;
        }
        if (PyList_Append(list, value) < 0) {
            goto error;
        }
        if (PyUnicode_GetLength(key) > 8) {
            PyErr_SetString(PyExc_ValueError, "a long key");
            goto error;
        }
    }
    return list;

error:
    Py_DECREF(list);
    return NULL;
}

static PyMethodDef methods[] = {
    {"sum", sum, METH_O, NULL},
    {"find", find, METH_VARARGS, NULL},
    {"texts", texts, METH_VARARGS, NULL},
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
