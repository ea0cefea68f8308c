/* Borrowed references in functions that leave early, with and without braces. */
#include <Python.h>

static PyObject *
classified(PyObject *self, PyObject *args)
{
    PyObject *dict, *key;

    if (!PyArg_ParseTuple(args, "O!O", &PyDict_Type, &dict, &key))
        return NULL;
    PyObject *value = PyDict_GetItem(dict, key);  /* fix: safe */
    if (value == NULL)
        return PyUnicode_FromString("missing");
    if (value == Py_None)
        return PyUnicode_FromString("none");
    if (PyUnicode_Check(value)) {
        if (PyUnicode_GetLength(value) == 0)
            return PyUnicode_FromString("empty");
        return PyUnicode_FromString("text");
    }
    else if (PyLong_Check(value))
        return PyUnicode_FromString("number");
    int truth = PyObject_IsTrue(value);
    if (truth < 0)
        return NULL;
    return PyUnicode_FromString(truth ? "true" : "false");
}

static int
check(PyObject *list, Py_ssize_t index)
{
    PyObject *item = PyList_GetItem(list, index);  /* fix: safe */
    if (!item)
        return -1;
    if (PyBytes_Check(item))
        return 1;
    if (PyUnicode_Check(item))
        return 2;
    PyErr_SetString(PyExc_TypeError, "text or bytes");
    return -1;
}

static PyObject *
checked(PyObject *self, PyObject *args)
{
    PyObject *list;
    Py_ssize_t index;

    if (!PyArg_ParseTuple(args, "O!n", &PyList_Type, &list, &index))
        return NULL;
    int kind = check(list, index);
    if (kind < 0)
        return NULL;
    return PyLong_FromLong(kind);
}

static PyMethodDef methods[] = {
    {"classified", classified, METH_VARARGS, NULL},
    {"checked", checked, METH_VARARGS, NULL},
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
