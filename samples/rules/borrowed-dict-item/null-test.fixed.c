/* ungil-sample: risk=low */
#include <Python.h>

/* Newer Python API, for the Pythons that lack it. */
#if PY_VERSION_HEX < 0x030D0000 && !defined(PyDict_GetItemRef)
static inline int
PyDict_GetItemRef(PyObject *dict, PyObject *key, PyObject **result)
{
    PyObject *item = PyDict_GetItemWithError(dict, key);
    *result = item;
    if (item == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    Py_INCREF(item);
    return 1;
}
#define PyDict_GetItemRef PyDict_GetItemRef
#endif

#if PY_VERSION_HEX < 0x030D0000 && !defined(PyDict_GetItemStringRef)
static inline int
PyDict_GetItemStringRef(PyObject *dict, const char *key, PyObject **result)
{
    PyObject *item, *name = PyUnicode_FromString(key);
    if (name == NULL) {
        *result = NULL;
        return -1;
    }
    item = PyDict_GetItemWithError(dict, name);
    Py_XINCREF(item);
    Py_DECREF(name);
    *result = item;
    if (item == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    return 1;
}
#define PyDict_GetItemStringRef PyDict_GetItemStringRef
#endif
/* End of newer Python API. */

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
    PyObject *element;
    int found;
    found = PyDict_GetItemRef(self->known, key, &element);
    if (found < 0) {
        PyErr_Clear();
    }
    Py_XDECREF(element);
    if (found > 0)  /* expect: borrowed-dict-item */
        Py_RETURN_TRUE;
    Py_RETURN_FALSE;
}

static PyObject *has_key_bad(PyObject *Py_UNUSED(module), PyObject *dict)
{
    PyObject *element;
    int found;
    found = PyDict_GetItemStringRef(dict, "key", &element);
    if (found < 0) {
        PyErr_Clear();
    }
    Py_XDECREF(element);
    return PyBool_FromLong(found > 0);  /* expect: borrowed-dict-item */
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
