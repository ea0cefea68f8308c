#include <Python.h>

static PyObject *twice(PyObject *, PyObject *arg)
{
    return PyNumber_Add(arg, arg);
}

static PyMethodDef methods[] = {{"twice", twice, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "classic", nullptr, 0, methods, nullptr, nullptr, nullptr, nullptr,
};

extern "C" PyMODINIT_FUNC PyInit_classic()
{
    PyObject *module = PyModule_Create(&definition);  // expect: gil-call-missing
#ifdef Py_GIL_DISABLED
    if (module != nullptr) {
        PyUnstable_Module_SetGIL(module, Py_MOD_GIL_NOT_USED);
    }
#endif

    return module;
}
