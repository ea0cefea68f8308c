/* ungil-shape: c89 */
/* A borrowed reference assigned to a variable that was declared before. */
#include <Python.h>

static PyObject *
first_and_last(PyObject *self, PyObject *list)
{
    PyObject *first, *last, *pair;
    Py_ssize_t size;

    if (!PyList_Check(list)) {
        PyErr_SetString(PyExc_TypeError, "a list is needed");
        return NULL;
    }
    size = PyList_GET_SIZE(list);
    if (size == 0) {
        PyErr_SetString(PyExc_ValueError, "empty");
        return NULL;
    }
    first = PyList_GetItem(list, 0);  /* fix: safe */
    if (first == NULL)
        return NULL;
    last = PyList_GetItem(list, size - 1);  /* fix: safe */
    if (last == NULL)
        return NULL;
    pair = PyTuple_Pack(2, first, last);
    return pair;
}

static PyObject *
size_of(PyObject *self, PyObject *args)
{
    PyObject *dict, *key, *value;
    Py_ssize_t size;

    if (!PyArg_ParseTuple(args, "OO", &dict, &key))
        return NULL;
    if (!PyDict_Check(dict)) {
        PyErr_SetString(PyExc_TypeError, "a dict is needed");
        return NULL;
    }
    value = PyDict_GetItem(dict, key);  /* fix: safe */
    if (value == NULL) {
        PyErr_SetObject(PyExc_KeyError, key);
        return NULL;
    }
    size = PyObject_Size(value);
    if (size == -1)
        return NULL;
    return PyLong_FromSsize_t(size);
}

static PyObject *
strict(PyObject *self, PyObject *args)
{
    PyObject *dict, *key, *value;

    if (!PyArg_ParseTuple(args, "O!O", &PyDict_Type, &dict, &key))
        return NULL;
    value = PyDict_GetItemWithError(dict, key);  /* fix: safe */
    if (value == NULL && PyErr_Occurred())
        return NULL;
    if (value == NULL)
        Py_RETURN_NONE;
    return PyObject_Repr(value);
}

static PyMethodDef methods[] = {
    {"first_and_last", first_and_last, METH_O, NULL},
    {"size_of", size_of, METH_VARARGS, NULL},
    {"strict", strict, METH_VARARGS, NULL},
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
