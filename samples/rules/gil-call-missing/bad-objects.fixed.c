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
    .m_name = "objects",
    .m_size = 0,
    .m_methods = methods,
};

PyMODINIT_FUNC PyInit_objects(void)
{
    PyObject *module, *error;

    module = PyModule_Create(&definition);  /* expect: gil-call-missing */
    if (module == NULL)
        return NULL;
#ifdef Py_GIL_DISABLED
    PyUnstable_Module_SetGIL(module, Py_MOD_GIL_NOT_USED);
#endif
    error = PyErr_NewException("objects.Error", NULL, NULL);
    if (error == NULL || PyModule_AddObjectRef(module, "Error", error) < 0) {
        Py_XDECREF(error);
        Py_DECREF(module);
        return NULL;
    }
    Py_DECREF(error);
    return module;
}
