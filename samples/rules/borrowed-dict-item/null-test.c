/* ungil-sample: risk=low */
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *known;
} Names;

static PyObject *names_new(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwds))
{
    Names *self = (Names *)type->tp_alloc(type, 0);

    if (self == NULL)
        return NULL;
    self->known = PyDict_New();
    if (self->known == NULL) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static PyObject *names_has_bad(Names *self, PyObject *key)
{
    if (PyDict_GetItem(self->known, key))  /* expect: borrowed-dict-item */
        Py_RETURN_TRUE;
    Py_RETURN_FALSE;
}

static PyObject *has_key_bad(PyObject *Py_UNUSED(module), PyObject *dict)
{
    return PyBool_FromLong(PyDict_GetItemString(dict, "key") != NULL);  /* expect: borrowed-dict-item */
}

static PyObject *names_contains_ok(Names *self, PyObject *key)
{
    int found = PyDict_Contains(self->known, key);

    return found < 0 ? NULL : PyBool_FromLong(found);
}

static PyMethodDef names_methods[] = {
    {"names_has", (PyCFunction)names_has_bad, METH_O, NULL},
    {"names_contains", (PyCFunction)names_contains_ok, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot names_slots[] = {
    {Py_tp_new, names_new},
    {Py_sq_contains, names_contains_ok},
    {Py_tp_methods, names_methods},
    {0, NULL},
};

static PyType_Spec names_spec = {
    .name = "sample.Names",
    .basicsize = sizeof(Names),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = names_slots,
};

static PyMethodDef sample_methods[] = {
    {"has_key", has_key_bad, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
