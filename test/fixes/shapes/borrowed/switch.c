/* Borrowed references that are used in and around a switch. */
#include <Python.h>

static PyObject *
handled(PyObject *self, PyObject *args)
{
    PyObject *list, *item;
    Py_ssize_t index;
    int how;

    if (!PyArg_ParseTuple(args, "O!ni", &PyList_Type, &list, &index, &how)) {
        return NULL;
    }
    item = PyList_GetItem(list, index);  /* fix: safe */
    if (item == NULL) {
        return NULL;
    }
    switch (how) {
    case 0:
        return PyObject_Repr(item);
    case 1:
        return PyObject_Str(item);
    case 2: {
        Py_ssize_t length = PyObject_Length(item);
        if (length < 0) {
            return NULL;
        }
        return PyLong_FromSsize_t(length);
    }
    case 3:
        break;
    default:
        PyErr_SetString(PyExc_ValueError, "how?");
        return NULL;
    }
    return PyObject_Type(item);
}

static PyObject *
picked(PyObject *self, PyObject *args)
{
    PyObject *list, *dict, *value, *result;
    int which;

    if (!PyArg_ParseTuple(args, "O!O!i", &PyList_Type, &list, &PyDict_Type, &dict, &which)) {
        return NULL;
    }
    switch (which) {
    case 0:
        value = PyList_GetItem(list, 0);  /* fix: safe */
        if (value == NULL) {
            return NULL;
        }
        result = PyObject_Repr(value);
        break;
    case 1:
        value = PyDict_GetItemString(dict, "key");  /* fix: safe */
        if (value == NULL) {
            PyErr_SetString(PyExc_KeyError, "key");
            return NULL;
        }
        result = PyObject_Repr(value);
        break;
    default:
        result = PyUnicode_FromString("neither");
        break;
    }
    return result;
}

static PyMethodDef methods[] = {
    {"handled", handled, METH_VARARGS, NULL},
    {"picked", picked, METH_VARARGS, NULL},
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
