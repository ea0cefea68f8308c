/* A borrowed reference that is an argument of another call right away. */
#include <Python.h>

static PyObject *
repr_of(PyObject *self, PyObject *args)
{
    PyObject *list;

    if (!PyArg_ParseTuple(args, "O!", &PyList_Type, &list)) {
        return NULL;
    }
    if (PyList_GET_SIZE(list) == 0) {
        Py_RETURN_NONE;
    }
    return PyObject_Repr(PyList_GET_ITEM(list, 0));  /* fix: safe */
}

static PyObject *
total_length(PyObject *self, PyObject *args)
{
    PyObject *list;
    Py_ssize_t i, length, total = 0;

    if (!PyArg_ParseTuple(args, "O!", &PyList_Type, &list)) {
        return NULL;
    }
    for (i = 0; i < PyList_GET_SIZE(list); i++) {
        length = PyObject_Length(PyList_GET_ITEM(list, i));  /* fix: safe */
        if (length < 0) {
            return NULL;
        }
        total += length;
    }
    return PyLong_FromSsize_t(total);
}

static PyObject *
is_true(PyObject *self, PyObject *args)
{
    PyObject *list;

    if (!PyArg_ParseTuple(args, "O!", &PyList_Type, &list)) {
        return NULL;
    }
    if (PyList_GET_SIZE(list) < 2) {
        PyErr_SetString(PyExc_ValueError, "too short");
        return NULL;
    }
    int truth = PyObject_IsTrue(PyList_GET_ITEM(list, 1));  /* fix: safe */
    if (truth < 0) {
        return NULL;
    }
    return PyBool_FromLong(truth);
}

static PyObject *
joined(PyObject *self, PyObject *args)
{
    PyObject *list;

    if (!PyArg_ParseTuple(args, "O!", &PyList_Type, &list)) {
        return NULL;
    }
    if (PyList_GET_SIZE(list) < 2) {
        PyErr_SetString(PyExc_ValueError, "too short");
        return NULL;
    }
    PyObject *sum = PyNumber_Add(PyList_GET_ITEM(list, 0), PyList_GET_ITEM(list, 1));  /* fix: safe, safe */
    if (sum == NULL) {
        return NULL;
    }
    return sum;
}

static PyMethodDef methods[] = {
    {"repr_of", repr_of, METH_VARARGS, NULL},
    {"total_length", total_length, METH_VARARGS, NULL},
    {"is_true", is_true, METH_VARARGS, NULL},
    {"joined", joined, METH_VARARGS, NULL},
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
