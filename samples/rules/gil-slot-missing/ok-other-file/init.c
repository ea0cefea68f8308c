#include <Python.h>

extern PyModuleDef_Slot shared_slots[];

static PyObject *twice(PyObject *Py_UNUSED(module), PyObject *arg)
{
    return PyNumber_Add(arg, arg);
}

static PyMethodDef methods[] = {
    {"twice", twice, METH_O, "twice(x)"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "otherfile",
    .m_methods = methods,
    .m_slots = shared_slots,
};

PyMODINIT_FUNC PyInit_otherfile(void)
{
    return PyModuleDef_Init(&definition);
}
