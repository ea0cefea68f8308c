/* Slots on one line. */
#include <Python.h>

static PyObject *
answer(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    return PyLong_FromLong(42);
}

static PyMethodDef methods[] = {
    {"answer", answer, METH_NOARGS, "The answer."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = { {0, NULL} };  /* fix: safe */

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "shape", "A module.", 0, methods, slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC
PyInit_shape(void) { return PyModuleDef_Init(&definition); }
