/* ungil-shape: level=review */
/* Counters, flags and scratch space that calls share. */
#include <Python.h>

static long calls;  /* fix: review */
static int verbose;  /* fix: review */
static char scratch[64];  /* fix: review */

static PyObject *
count(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    calls++;
    return PyBool_FromLong(calls > 0);
}

static PyObject *
set_verbose(PyObject *self, PyObject *value)
{
    int truth = PyObject_IsTrue(value);
    if (truth < 0) {
        return NULL;
    }
    verbose = truth;
    return PyLong_FromLong(verbose);
}

static PyObject *
hexed(PyObject *self, PyObject *value)
{
    long number = PyLong_AsLong(value);
    if (number == -1 && PyErr_Occurred()) {
        return NULL;
    }
    PyOS_snprintf(scratch, sizeof(scratch), "%lx", number);
    return PyUnicode_FromString(scratch);
}

static PyMethodDef methods[] = {
    {"count", count, METH_NOARGS, NULL},
    {"set_verbose", set_verbose, METH_O, NULL},
    {"hexed", hexed, METH_O, NULL},
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
