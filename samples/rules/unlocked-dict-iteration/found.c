#include <Python.h>

/* What the loop found is used behind the section: with a reference of its own, and without one. */

typedef struct {
    PyObject_HEAD
    PyObject *names;            /* dict, set by tp_new */
} Registry;

static PyObject *registry_new(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwds))
{
    Registry *self = (Registry *)type->tp_alloc(type, 0);

    if (self == NULL)
        return NULL;
    self->names = PyDict_New();
    if (self->names == NULL) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static void registry_dealloc(Registry *self)
{
    PyTypeObject *type = Py_TYPE(self);

    Py_XDECREF(self->names);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static PyObject *registry_add(Registry *self, PyObject *name)
{
    if (PyDict_SetItem(self->names, name, Py_None) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *registry_find_ok(Registry *self, PyObject *wanted)
{
    PyObject *key, *value, *found = NULL;
    Py_ssize_t pos = 0;

    Py_BEGIN_CRITICAL_SECTION(self->names);
    while (PyDict_Next(self->names, &pos, &key, &value)) {
        if (value == wanted) {
            found = key;
            Py_INCREF(found);
            break;
        }
    }
    Py_END_CRITICAL_SECTION();
    if (found == NULL)
        Py_RETURN_NONE;
    return found;
}

static PyObject *registry_last_bad(Registry *self, PyObject *wanted)
{
    PyObject *key, *value, *found = NULL;
    Py_ssize_t pos = 0;

    Py_BEGIN_CRITICAL_SECTION(self->names);
    while (PyDict_Next(self->names, &pos, &key, &value)) {  /* expect: unlocked-dict-iteration */
        if (value == wanted)
            found = key;
    }
    Py_END_CRITICAL_SECTION();
    if (found == NULL)
        Py_RETURN_NONE;
    Py_INCREF(found);
    return found;
}

static PyMethodDef registry_methods[] = {
    {"add", (PyCFunction)registry_add, METH_O, NULL},
    {"find", (PyCFunction)registry_find_ok, METH_O, NULL},
    {"last", (PyCFunction)registry_last_bad, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot registry_slots[] = {
    {Py_tp_new, registry_new},
    {Py_tp_dealloc, registry_dealloc},
    {Py_tp_methods, registry_methods},
    {0, NULL},
};

static PyType_Spec registry_spec = {
    .name = "sample.Registry",
    .basicsize = sizeof(Registry),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = registry_slots,
};

static int sample_exec(PyObject *module)
{
    PyObject *type = PyType_FromModuleAndSpec(module, &registry_spec, NULL);
    int result = type == NULL ? -1 : PyModule_AddType(module, (PyTypeObject *)type);

    Py_XDECREF(type);
    return result;
}

static PyModuleDef_Slot sample_slots[] = {
    {Py_mod_exec, sample_exec},
#ifdef Py_GIL_DISABLED
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static struct PyModuleDef sample_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "sample",
    .m_slots = sample_slots,
};

PyMODINIT_FUNC PyInit_sample(void)
{
    return PyModuleDef_Init(&sample_module);
}
