/* Borrowed references in the head and in the body of loops. */
#include <Python.h>

static PyObject *
joined(PyObject *self, PyObject *list)
{
    if (!PyList_Check(list)) {
        PyErr_SetString(PyExc_TypeError, "a list is needed");
        return NULL;
    }
    Py_ssize_t total = 0;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
        PyObject *item = PyList_GetItem(list, i);  /* fix: safe */
        if (item == NULL) {
            return NULL;
        }
        if (item == Py_None) {
            continue;
        }
        if (!PyUnicode_Check(item)) {
            PyErr_Format(PyExc_TypeError, "item %zd is no text", i);
            return NULL;
        }
        if (PyUnicode_GetLength(item) == 0) {
            break;
        }
        total += PyUnicode_GetLength(item);
    }
    return PyLong_FromSsize_t(total);
}

static PyObject *
reassigned(PyObject *self, PyObject *args)
{
    PyObject *dict, *key, *value = NULL;
    Py_ssize_t steps = 0;

    if (!PyArg_ParseTuple(args, "O!O", &PyDict_Type, &dict, &key)) {
        return NULL;
    }
    while ((value = PyDict_GetItem(dict, key)) != NULL) {  /* fix: withheld */
        key = value;
        steps++;
        if (steps > 100) {
            PyErr_SetString(PyExc_RuntimeError, "a circle");
            return NULL;
        }
    }
    return PyLong_FromSsize_t(steps);
}

static PyObject *
counted(PyObject *self, PyObject *args)
{
    PyObject *list, *dict;
    PyObject *item, *value;
    Py_ssize_t i, found = 0;

    if (!PyArg_ParseTuple(args, "O!O!", &PyList_Type, &list, &PyDict_Type, &dict)) {
        return NULL;
    }
    for (i = 0; i < PyList_GET_SIZE(list); i++) {
        item = PyList_GET_ITEM(list, i);  /* fix: safe */
        value = PyDict_GetItemWithError(dict, item);  /* fix: safe */
        if (value == NULL) {
            if (PyErr_Occurred()) {
                return NULL;
            }
            continue;
        }
        int truth = PyObject_IsTrue(value);
        if (truth < 0) {
            return NULL;
        }
        found += truth;
    }
    return PyLong_FromSsize_t(found);
}

static PyMethodDef methods[] = {
    {"joined", joined, METH_O, NULL},
    {"reassigned", reassigned, METH_VARARGS, NULL},
    {"counted", counted, METH_VARARGS, NULL},
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
