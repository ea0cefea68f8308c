#include <Python.h>

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
    .m_name = "create2",
    .m_size = -1,
    .m_methods = methods,
};

PyMODINIT_FUNC PyInit_create2(void)
{
    PyObject *module = PyModule_Create2(&definition, PYTHON_API_VERSION);  /* expect: gil-call-missing */
#ifdef Py_GIL_DISABLED
    if (module != NULL) {
        PyUnstable_Module_SetGIL(module, Py_MOD_GIL_NOT_USED);
    }
#endif

    if (module != NULL && PyModule_AddStringConstant(module, "__version__", "2.0") < 0)
        Py_CLEAR(module);
    return module;
}
