/* ungil-shape: level=review */
/* Tests for the only reference, before an object is changed in place. */
#include <Python.h>

static PyObject *
extended(PyObject *self, PyObject *args)
{
    PyObject *list = PyList_New(0);
    PyObject *item;

    if (list == NULL) {
        return NULL;
    }
    if (!PyArg_ParseTuple(args, "O", &item)) {
        Py_DECREF(list);
        return NULL;
    }
    if (PyList_Append(list, item) < 0) {
        Py_DECREF(list);
        return NULL;
    }
    if (Py_REFCNT(list) == 1) {
        if (PyList_Append(list, Py_None) < 0) {
            Py_DECREF(list);
            return NULL;
        }
    }
    return list;
}

static PyObject *
is_only(PyObject *self, PyObject *value)
{
    if (Py_REFCNT(value) == 1) {  /* fix: review */
        Py_RETURN_TRUE;
    }
    Py_RETURN_FALSE;
}

static PyObject *
is_shared(PyObject *self, PyObject *value)
{
    return PyBool_FromLong(Py_REFCNT(value) != 1);
}

static PyMethodDef methods[] = {
    {"extended", extended, METH_VARARGS, NULL},
    {"is_only", is_only, METH_O, NULL},
    {"is_shared", is_shared, METH_O, NULL},
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
