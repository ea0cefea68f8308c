#include <Python.h>

static int module_exec(PyObject *module)
{
    return PyModule_AddIntConstant(module, "answer", 42);
}

PyModuleDef_Slot shared_slots[] = {
    {Py_mod_exec, module_exec},
#ifdef Py_GIL_DISABLED
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};
