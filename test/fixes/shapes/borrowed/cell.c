/* The content of a cell. */
#include <Python.h>

static PyObject *
content(PyObject *self, PyObject *cell)
{
    if (!PyCell_Check(cell)) {
        PyErr_SetString(PyExc_TypeError, "a cell is needed");
        return NULL;
    }
    PyObject *value = PyCell_GET(cell);  /* fix: safe */
    if (value == NULL) {
        PyErr_SetString(PyExc_ValueError, "empty");
        return NULL;
    }
    return PyObject_Repr(value);
}

static PyObject *
taken(PyObject *self, PyObject *cell)
{
    if (!PyCell_Check(cell)) {
        PyErr_SetString(PyExc_TypeError, "a cell is needed");
        return NULL;
    }
    PyObject *value = PyCell_GET(cell);  /* fix: safe */
    if (value == NULL) {
        Py_RETURN_NONE;
    }
    Py_INCREF(value);
    return value;
}

static PyMethodDef methods[] = {
    {"content", content, METH_O, NULL},
    {"taken", taken, METH_O, NULL},
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
