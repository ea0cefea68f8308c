/* Borrowed references in the heads of loops, and loops that hold one over the iterations. */
#include <Python.h>

static PyObject *
until_none(PyObject *self, PyObject *args)
{
    PyObject *list, *item;
    Py_ssize_t i;

    if (!PyArg_ParseTuple(args, "O!", &PyList_Type, &list)) {
        return NULL;
    }
    for (i = 0; i < PyList_GET_SIZE(list) && PyList_GET_ITEM(list, i) != Py_None; i++) {  /* fix: withheld */
    }
    item = i > 0 ? PyList_GetItem(list, i - 1) : Py_None;  /* fix: safe */
    if (item == NULL) {
        return NULL;
    }
    return PyObject_Repr(item);
}

static PyObject *
depth(PyObject *self, PyObject *args)
{
    PyObject *dict, *inner;
    long levels = 0;

    if (!PyArg_ParseTuple(args, "O!", &PyDict_Type, &dict)) {
        return NULL;
    }
    while ((inner = PyDict_GetItemString(dict, "inner")) != NULL) {  /* fix: withheld */
        if (!PyDict_Check(inner)) {
            PyErr_SetString(PyExc_TypeError, "not a dict inside");
            return NULL;
        }
        dict = inner;
        levels++;
    }
    return PyLong_FromLong(levels);
}

static PyObject *
largest(PyObject *self, PyObject *args)
{
    PyObject *list, *best = NULL;

    if (!PyArg_ParseTuple(args, "O!", &PyList_Type, &list)) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
        PyObject *item = PyList_GetItem(list, i);  /* fix: withheld */
        if (item == NULL) {
            return NULL;
        }
        int larger = best == NULL ? 1 : PyObject_RichCompareBool(item, best, Py_GT);
        if (larger < 0) {
            return NULL;
        }
        if (larger) {
            best = item;
        }
    }
    if (best == NULL) {
        PyErr_SetString(PyExc_ValueError, "empty");
        return NULL;
    }
    Py_INCREF(best);
    return best;
}

static PyObject *
first_of_kind(PyObject *self, PyObject *args)
{
    PyObject *list, *kind, *item = NULL;
    Py_ssize_t i = 0;

    if (!PyArg_ParseTuple(args, "O!O!", &PyList_Type, &list, &PyType_Type, &kind)) {
        return NULL;
    }
    do {
        if (i >= PyList_GET_SIZE(list)) {
            Py_RETURN_NONE;
        }
        item = PyList_GetItem(list, i++);  /* fix: withheld */
        if (item == NULL) {
            return NULL;
        }
    } while (!PyObject_TypeCheck(item, (PyTypeObject *)kind));
    return PyObject_Repr(item);
}

static PyMethodDef methods[] = {
    {"until_none", until_none, METH_VARARGS, NULL},
    {"depth", depth, METH_VARARGS, NULL},
    {"largest", largest, METH_VARARGS, NULL},
    {"first_of_kind", first_of_kind, METH_VARARGS, NULL},
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
