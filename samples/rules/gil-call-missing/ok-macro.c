#include <Python.h>

#ifdef Py_GIL_DISABLED
#define NO_GIL_NEEDED(module) PyUnstable_Module_SetGIL(module, Py_MOD_GIL_NOT_USED)
#else
#define NO_GIL_NEEDED(module) ((void)0)
#endif

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
    .m_name = "macro",
    .m_size = 0,
    .m_methods = methods,
};

PyMODINIT_FUNC PyInit_macro(void)
{
    PyObject *module = PyModule_Create(&definition);

    if (module == NULL)
        return NULL;
    NO_GIL_NEEDED(module);
    return module;
}
