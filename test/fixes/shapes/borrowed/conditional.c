/* Borrowed references in conditional expressions and behind && and ||. */
#include <Python.h>

static PyObject *
either(PyObject *self, PyObject *args)
{
    PyObject *dict, *fallback, *key;

    if (!PyArg_ParseTuple(args, "O!O!O", &PyDict_Type, &dict, &PyDict_Type, &fallback, &key)) {
        return NULL;
    }
    if (PyDict_GetItem(dict, key) != NULL || PyDict_GetItem(fallback, key) != NULL) {  /* fix: safe, safe */
        Py_RETURN_TRUE;
    }
    Py_RETURN_FALSE;
}

static PyObject *
chosen(PyObject *self, PyObject *args)
{
    PyObject *list;
    int last;

    if (!PyArg_ParseTuple(args, "O!p", &PyList_Type, &list, &last)) {
        return NULL;
    }
    PyObject *item = last ? PyList_GetItem(list, PyList_GET_SIZE(list) - 1) : PyList_GetItem(list, 0);  /* fix: safe, also */
    if (item == NULL) {
        return NULL;
    }
    return PyObject_Repr(item);
}

static PyObject *
or_none(PyObject *self, PyObject *args)
{
    PyObject *dict, *key;

    if (!PyArg_ParseTuple(args, "O!O", &PyDict_Type, &dict, &key)) {
        return NULL;
    }
    PyObject *value = PyDict_GetItem(dict, key);  /* fix: safe */
    value = value ? value : Py_None;
    return PyObject_Repr(value);
}

static PyObject *
is_text(PyObject *self, PyObject *args)
{
    PyObject *list, *item;
    Py_ssize_t index;

    if (!PyArg_ParseTuple(args, "O!n", &PyList_Type, &list, &index)) {
        return NULL;
    }
    if ((item = PyList_GetItem(list, index)) == NULL || !PyUnicode_Check(item)) {  /* fix: safe */
        if (PyErr_Occurred()) {
            return NULL;
        }
        Py_RETURN_FALSE;
    }
    return PyBool_FromLong(PyUnicode_GetLength(item) > 0);
}

static PyMethodDef methods[] = {
    {"either", either, METH_VARARGS, NULL},
    {"chosen", chosen, METH_VARARGS, NULL},
    {"or_none", or_none, METH_VARARGS, NULL},
    {"is_text", is_text, METH_VARARGS, NULL},
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
