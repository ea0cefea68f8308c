#include <Python.h>

namespace {

PyObject *twice(PyObject *, PyObject *arg) { return PyNumber_Add(arg, arg); }

PyMethodDef methods[] = {
    {"twice", twice, METH_O, "twice(x)"},
    {nullptr, nullptr, 0, nullptr},
};

int module_exec(PyObject *module) { return PyModule_AddStringConstant(module, "language", "C++"); }

PyModuleDef_Slot slots[] = {  // expect: gil-slot-missing
    {Py_mod_exec, reinterpret_cast<void *>(module_exec)},
#ifdef Py_GIL_DISABLED
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, nullptr},
};

PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "plus", nullptr, 0, methods, slots, nullptr, nullptr, nullptr,
};

}  // namespace

PyMODINIT_FUNC PyInit_plus()
{
    return PyModuleDef_Init(&definition);
}
