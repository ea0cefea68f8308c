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
    .m_name = "helper",
    .m_size = 0,
    .m_methods = methods,
};

static void declare(PyObject *module)
{
#ifdef Py_GIL_DISABLED
    PyUnstable_Module_SetGIL(module, Py_MOD_GIL_NOT_USED);
#else
    (void)module;
#endif
}

PyMODINIT_FUNC PyInit_helper(void)
{
    PyObject *module = PyModule_Create(&definition);

    if (module != NULL)
        declare(module);
    return module;
}
