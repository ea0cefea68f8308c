/* ungil-sample: risk=info */
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
    .m_name = "designated",
    .m_size = -1,
    .m_methods = methods,
};

PyMODINIT_FUNC PyInit_designated(void)
{
    PyObject *module = PyModule_Create(&definition);  /* expect: module-state-global */

    if (module == NULL)
        return NULL;
#ifdef Py_GIL_DISABLED
    PyUnstable_Module_SetGIL(module, Py_MOD_GIL_NOT_USED);
#endif
    return module;
}
