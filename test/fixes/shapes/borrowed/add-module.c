/* Modules by name. */
#include <Python.h>

static PyObject *
name_of(PyObject *self, PyObject *args)
{
    const char *name;
    PyObject *module;

    if (!PyArg_ParseTuple(args, "s", &name)) {
        return NULL;
    }
    module = PyImport_AddModule(name);  /* fix: safe */
    if (module == NULL) {
        return NULL;
    }
    return PyObject_GetAttrString(module, "__name__");
}

static PyObject *
module_of(PyObject *self, PyObject *args)
{
    const char *name;

    if (!PyArg_ParseTuple(args, "s", &name)) {
        return NULL;
    }
    PyObject *module = PyImport_AddModule(name);  /* fix: safe */
    Py_XINCREF(module);
    return module;
}

static PyObject *
has_attribute(PyObject *self, PyObject *args)
{
    const char *name, *attribute;

    if (!PyArg_ParseTuple(args, "ss", &name, &attribute)) {
        return NULL;
    }
    PyObject *module = PyImport_AddModule(name);  /* fix: safe */
    if (!module) {
        return NULL;
    }
    PyObject *dict = PyModule_GetDict(module);
    PyObject *value = PyDict_GetItemString(dict, attribute);  /* fix: safe */
    return PyBool_FromLong(value != NULL);
}

static PyMethodDef methods[] = {
    {"name_of", name_of, METH_VARARGS, NULL},
    {"module_of", module_of, METH_VARARGS, NULL},
    {"has_attribute", has_attribute, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
#ifdef Py_mod_gil
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "shape", NULL, 0, methods, slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC
PyInit_shape(void)
{
    return PyModuleDef_Init(&definition);
}
