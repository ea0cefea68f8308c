#include <Python.h>

static PyObject *twice(PyObject *Py_UNUSED(module), PyObject *arg)
{
    return PyNumber_Add(arg, arg);
}

static PyMethodDef methods[] = {
    {"twice", twice, METH_O, "twice(x)"},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot noslots_slots[] = {
#ifdef Py_GIL_DISABLED
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL}
};

static struct PyModuleDef definition = {  /* expect: gil-slot-missing */
    PyModuleDef_HEAD_INIT,
    "noslots",
    "A module with nothing to execute.",
    0,
    methods,
    noslots_slots,
    NULL,
    NULL,
    NULL,
};

PyMODINIT_FUNC
PyInit_noslots(void)
{
    return PyModuleDef_Init(&definition);
}
