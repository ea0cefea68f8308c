/* ungil-sample: fix=review */
#include <Python.h>

/* Newer Python API, for the Pythons that lack it. */
#if PY_VERSION_HEX < 0x030D0000 && !defined(PyDict_SetDefaultRef)
static inline int
PyDict_SetDefaultRef(PyObject *dict, PyObject *key, PyObject *default_value, PyObject **result)
{
    PyObject *item = PyDict_GetItemWithError(dict, key);
    int status = item != NULL;
    if (item == NULL && !PyErr_Occurred()) {
        item = PyDict_SetDefault(dict, key, default_value);
    }
    if (item == NULL) {
        status = -1;
    }
    if (result != NULL) {
        Py_XINCREF(item);
        *result = item;
    }
    return status;
}
#define PyDict_SetDefaultRef PyDict_SetDefaultRef
#endif
/* End of newer Python API. */

extern void sample_wait(void);

typedef struct {
    PyObject_HEAD
    PyObject *table;            /* dict, set by tp_new */
    PyObject *queue;            /* list, set by tp_new */
    PyObject *seen;             /* set, set by tp_new */
} Store;

static PyObject *store_new(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwds))
{
    Store *self = (Store *)type->tp_alloc(type, 0);

    if (self == NULL)
        return NULL;
    self->table = PyDict_New();
    if (self->table == NULL) {
        Py_DECREF(self);
        return NULL;
    }
    self->queue = PyList_New(0);
    if (self->queue == NULL) {
        Py_DECREF(self);
        return NULL;
    }
    self->seen = PySet_New(NULL);
    if (self->seen == NULL) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static void store_dealloc(Store *self)
{
    PyTypeObject *type = Py_TYPE(self);

    Py_XDECREF(self->table);
    Py_XDECREF(self->queue);
    Py_XDECREF(self->seen);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static PyObject *store_get_bad(Store *self, PyObject *key)
{
    PyObject *value;

    if (PyDict_GetItemRef(self->table, key, &value) != 0)  /* expect: check-then-act */
        return value;
    value = PyList_New(0);
    if (value != NULL && PyDict_SetDefaultRef(self->table, key, value, NULL) < 0)
        Py_CLEAR(value);
    return value;
}

static PyObject *store_register_bad(Store *self, PyObject *args)
{
    PyObject *key, *value;
    int known;

    if (!PyArg_ParseTuple(args, "OO", &key, &value))
        return NULL;
    known = PyDict_Contains(self->table, key);  /* expect: check-then-act */
    if (known < 0)
        return NULL;
    if (known)
        return PyErr_Format(PyExc_KeyError, "%R is registered", key);
    if (PyDict_SetDefaultRef(self->table, key, value, NULL) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *store_count_bad(Store *self, PyObject *key)
{
    PyObject *old, *count;
    int rc;

    if (PyDict_GetItemRef(self->table, key, &old) < 0)  /* expect: check-then-act */
        return NULL;
    count = PyLong_FromLong(old == NULL ? 1 : PyLong_AsLong(old) + 1);
    Py_XDECREF(old);
    if (count == NULL)
        return NULL;
    rc = PyDict_SetItem(self->table, key, count);
    Py_DECREF(count);
    return rc < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *store_once_bad(Store *self, PyObject *item)
{
    int known = PySet_Contains(self->seen, item);  /* expect: check-then-act */

    if (known == 0 && PySet_Add(self->seen, item) < 0)
        return NULL;
    return known < 0 ? NULL : PyBool_FromLong(!known);
}

static PyObject *store_pop_bad(Store *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *last;
    Py_ssize_t n = PyList_GET_SIZE(self->queue);  /* expect: check-then-act */

    if (n == 0)
        return PyErr_Format(PyExc_IndexError, "empty");
    last = PyList_GetItemRef(self->queue, n - 1);
    if (last != NULL && PyList_SetSlice(self->queue, n - 1, n, NULL) < 0)
        Py_CLEAR(last);
    return last;
}

static PyObject *store_setdefault_ok(Store *self, PyObject *key)
{
    PyObject *fresh = PyList_New(0), *value = NULL;

    if (fresh == NULL)
        return NULL;
    if (PyDict_SetDefaultRef(self->table, key, fresh, &value) < 0)
        value = NULL;
    Py_DECREF(fresh);
    return value;
}

static PyObject *store_section_ok(Store *self, PyObject *key)
{
    int known;

    Py_BEGIN_CRITICAL_SECTION(self->table);
    known = PyDict_Contains(self->table, key);
    if (known == 0 && PyDict_SetItem(self->table, key, Py_None) < 0)
        known = -1;
    Py_END_CRITICAL_SECTION();
    return known < 0 ? NULL : PyBool_FromLong(known);
}

static PyObject *store_lookup_ok(Store *self, PyObject *key)
{
    PyObject *value;

    if (PyDict_GetItemRef(self->table, key, &value) < 0)
        return NULL;
    return value != NULL ? value : Py_NewRef(Py_None);
}

static PyObject *store_push_ok(Store *self, PyObject *item)
{
    if (PyList_Append(self->queue, item) < 0)
        return NULL;
    return PyLong_FromSsize_t(PyList_GET_SIZE(self->queue));
}

/* Looking into one dict and writing another. */
static PyObject *store_copy_ok(Store *self, PyObject *key)
{
    PyObject *value, *result = PyDict_New();

    if (result == NULL || PyDict_GetItemRef(self->table, key, &value) < 0) {
        Py_XDECREF(result);
        return NULL;
    }
    if (value != NULL && PyDict_SetItem(result, key, value) < 0)
        Py_CLEAR(result);
    Py_XDECREF(value);
    return result;
}

static PyObject *unique_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *seen = PySet_New(NULL), *iterator = PyObject_GetIter(arg), *item;
    int known = 0;

    while (seen != NULL && iterator != NULL && known >= 0 && (item = PyIter_Next(iterator)) != NULL) {
        known = PySet_Contains(seen, item);
        if (known == 0)
            known = PySet_Add(seen, item);
        Py_DECREF(item);
    }
    Py_XDECREF(iterator);
    if (PyErr_Occurred())
        Py_CLEAR(seen);
    return seen;
}

static PyObject *keywords_ok(PyObject *Py_UNUSED(module), PyObject *args, PyObject *kwargs)
{
    if (kwargs != NULL && PyDict_ContainsString(kwargs, "strict") == 0
        && PyDict_SetItemString(kwargs, "strict", Py_True) < 0)
        return NULL;
    return PyTuple_Pack(2, args, kwargs != NULL ? kwargs : Py_None);
}

/* The section is given up while the thread is detached: what the lookup said may no longer be true. */
static PyObject *store_fetch_bad(Store *self, PyObject *name)
{
    int found, result = 0;

    Py_BEGIN_CRITICAL_SECTION(self);
    found = PyDict_Contains(self->table, name);  /* expect: check-then-act */
    if (found == 0) {
        Py_BEGIN_ALLOW_THREADS
        sample_wait();
        Py_END_ALLOW_THREADS
        result = PyDict_SetDefaultRef(self->table, name, Py_None, NULL) < 0 ? -1 : 0;
    }
    Py_END_CRITICAL_SECTION();
    if (found < 0 || result < 0)
        return NULL;
    Py_RETURN_NONE;
}

/* Waiting comes first, the two steps follow without a break. */
static PyObject *store_prefetch_ok(Store *self, PyObject *name)
{
    int found, result = 0;

    Py_BEGIN_CRITICAL_SECTION(self);
    Py_BEGIN_ALLOW_THREADS
    sample_wait();
    Py_END_ALLOW_THREADS
    found = PyDict_Contains(self->table, name);
    if (found == 0)
        result = PyDict_SetItem(self->table, name, Py_None);
    Py_END_CRITICAL_SECTION();
    if (found < 0 || result < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyMethodDef store_methods[] = {
    {"store_get", (PyCFunction)store_get_bad, METH_O, NULL},
    {"store_register", (PyCFunction)store_register_bad, METH_VARARGS, NULL},
    {"store_count", (PyCFunction)store_count_bad, METH_O, NULL},
    {"store_once", (PyCFunction)store_once_bad, METH_O, NULL},
    {"store_pop", (PyCFunction)store_pop_bad, METH_NOARGS, NULL},
    {"store_setdefault", (PyCFunction)store_setdefault_ok, METH_O, NULL},
    {"store_section", (PyCFunction)store_section_ok, METH_O, NULL},
    {"store_fetch", (PyCFunction)store_fetch_bad, METH_O, NULL},
    {"store_prefetch", (PyCFunction)store_prefetch_ok, METH_O, NULL},
    {"store_lookup", (PyCFunction)store_lookup_ok, METH_O, NULL},
    {"store_push", (PyCFunction)store_push_ok, METH_O, NULL},
    {"store_copy", (PyCFunction)store_copy_ok, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot store_slots[] = {
    {Py_tp_new, store_new},
    {Py_tp_dealloc, store_dealloc},
    {Py_tp_methods, store_methods},
    {0, NULL},
};

static PyType_Spec store_spec = {
    .name = "sample.Store",
    .basicsize = sizeof(Store),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = store_slots,
};

static PyMethodDef sample_methods[] = {
    {"unique", unique_ok, METH_O, NULL},
    {"keywords", (PyCFunction)(void (*)(void))keywords_ok, METH_VARARGS | METH_KEYWORDS, NULL},
    {NULL, NULL, 0, NULL},
};
