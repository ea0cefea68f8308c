#include <Python.h>

/* Newer Python API, for the Pythons that lack it. */
#if PY_VERSION_HEX < 0x030D0000 && !defined(PyImport_AddModuleRef)
static inline PyObject *
PyImport_AddModuleRef(const char *name)
{
    PyObject *module = PyImport_AddModule(name);
    Py_XINCREF(module);
    return module;
}
#define PyImport_AddModuleRef PyImport_AddModuleRef
#endif
/* End of newer Python API. */

static PyObject *run_in_main_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *main = PyImport_AddModuleRef("__main__");  /* expect: borrowed-module */
    PyObject *result;

    if (main == NULL)
        return NULL;
    result = PyObject_GetAttr(main, arg);
    Py_DECREF(main);
    return result;
}

static PyObject *counter_bad(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyObject *settings;

    settings = PyImport_AddModuleRef("sample_settings");  /* expect: borrowed-module */
    if (!settings)
        return NULL;
    return settings;
}

static PyObject *by_object_bad(PyObject *Py_UNUSED(module), PyObject *name)
{
    PyObject *found = PyImport_AddModuleObject(name);  /* expect: borrowed-module */

    return Py_XNewRef(found);
}

static PyObject *namespace_bad(PyObject *Py_UNUSED(module), PyObject *source)
{
    const char *text = PyUnicode_AsUTF8(source);
    PyObject *scope;
    PyObject *item;
    PyObject *result;

    if (text == NULL)
        return NULL;
    item = PyImport_AddModuleRef("__main__");
    scope = PyModule_GetDict(item);  /* expect: borrowed-module */
    result = PyRun_String(text, Py_eval_input, scope, scope);
    Py_XDECREF(item);
    return result;
}

static PyObject *strong_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyObject *main = PyImport_AddModuleRef("__main__"), *name;

    if (main == NULL)
        return NULL;
    name = PyModule_GetNameObject(main);
    Py_DECREF(main);
    return name;
}

static PyObject *imported_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyObject *math = PyImport_ImportModule("math"), *pi;

    if (math == NULL)
        return NULL;
    pi = PyObject_GetAttrString(math, "pi");
    Py_DECREF(math);
    return pi;
}

static PyObject *if_loaded_ok(PyObject *Py_UNUSED(module), PyObject *name)
{
    PyObject *found = PyImport_GetModule(name);

    if (found == NULL && !PyErr_Occurred())
        Py_RETURN_NONE;
    return found;
}

static PyObject *versions_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
#if PY_VERSION_HEX < 0x030D00A1
    return Py_XNewRef(PyImport_AddModule("__main__"));
#else
    return PyImport_AddModuleRef("__main__");
#endif
}

static PyMethodDef sample_methods[] = {
    {"run_in_main", run_in_main_bad, METH_O, NULL},
    {"counter", counter_bad, METH_NOARGS, NULL},
    {"by_object", by_object_bad, METH_O, NULL},
    {"namespace", namespace_bad, METH_O, NULL},
    {"strong", strong_ok, METH_NOARGS, NULL},
    {"imported", imported_ok, METH_NOARGS, NULL},
    {"if_loaded", if_loaded_ok, METH_O, NULL},
    {"versions", versions_ok, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
