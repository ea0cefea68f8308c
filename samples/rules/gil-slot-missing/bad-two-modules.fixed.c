/* One of the two modules of the file declares. */
#include <Python.h>

static PyObject *twice(PyObject *Py_UNUSED(module), PyObject *arg)
{
    return PyNumber_Add(arg, arg);
}

static PyMethodDef methods[] = {
    {"twice", twice, METH_O, "twice(x)"},
    {NULL, NULL, 0, NULL},
};

static int module_exec(PyObject *module)
{
    return PyModule_AddIntConstant(module, "answer", 42);
}

static PyModuleDef_Slot one_slots[] = {
    {Py_mod_exec, module_exec},
#ifdef Py_GIL_DISABLED
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static PyModuleDef_Slot two_slots[] = {  /* expect: gil-slot-missing */
    {Py_mod_exec, module_exec},
#ifdef Py_GIL_DISABLED
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static struct PyModuleDef one = {
    PyModuleDef_HEAD_INIT, .m_name = "one", .m_methods = methods, .m_slots = one_slots,
};

static struct PyModuleDef two = {
    PyModuleDef_HEAD_INIT, .m_name = "two", .m_methods = methods, .m_slots = two_slots,
};

PyMODINIT_FUNC PyInit_one(void)
{
    return PyModuleDef_Init(&one);
}

PyMODINIT_FUNC PyInit_two(void)
{
    return PyModuleDef_Init(&two);
}
