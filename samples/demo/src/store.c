#include "eventdeck.h"

#include <structmember.h>

#define DEFAULT_CAPACITY 64

static unsigned long long events_total;

static PyObject *
none_list(Py_ssize_t n)
{
    Py_ssize_t i;
    PyObject *list = PyList_New(n);

    if (list == NULL)
        return NULL;
    for (i = 0; i < n; i++) {
        Py_INCREF(Py_None);
        PyList_SET_ITEM(list, i, Py_None);
    }
    return list;
}

static PyObject *
store_new(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwds))
{
    StoreObject *self = (StoreObject *)type->tp_alloc(type, 0);

    if (self == NULL)
        return NULL;
    self->capacity = DEFAULT_CAPACITY;
    self->slots = none_list(self->capacity);
    self->index = PyDict_New();
    self->counts = PyDict_New();
    self->subscribers = PyList_New(0);
    self->label = PyUnicode_FromString("store");
    if (self->slots == NULL || self->index == NULL || self->counts == NULL
        || self->subscribers == NULL || self->label == NULL) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static int
store_set_capacity(StoreObject *self, Py_ssize_t capacity)
{
    Py_ssize_t i, keep, skip;
    PyObject *slots, *old;

    if (capacity < 1) {
        PyErr_SetString(PyExc_ValueError, "capacity must be positive");
        return -1;
    }
    slots = none_list(capacity);
    if (slots == NULL)
        return -1;
    keep = self->length < capacity ? self->length : capacity;
    skip = self->length - keep;
    PyDict_Clear(self->index);
    for (i = 0; i < keep; i++) {
        PyObject *event = STORE_EVENT(self, skip + i);
        PyObject *where = PyLong_FromSsize_t(i);

        if (where == NULL
            || PyDict_SetItem(self->index, PyTuple_GET_ITEM(event, 1), where) < 0) {
            Py_XDECREF(where);
            Py_DECREF(slots);
            return -1;
        }
        Py_DECREF(where);
        Py_INCREF(event);
        PyList_SetItem(slots, i, event);
    }
    old = self->slots;
    self->slots = slots;
    self->capacity = capacity;
    self->head = 0;
    self->length = keep;
    Py_DECREF(old);
    return 0;
}

static int
store_init(StoreObject *self, PyObject *args, PyObject *kwds)
{
    static char *keywords[] = {"capacity", "label", NULL};
    Py_ssize_t capacity = DEFAULT_CAPACITY;
    PyObject *label = NULL;

    if (!PyArg_ParseTupleAndKeywords(args, kwds, "|nU:Store", keywords, &capacity, &label))
        return -1;
    if (label != NULL) {
        Py_INCREF(label);
        Py_XSETREF(self->label, label);
    }
    if (capacity != self->capacity)
        return store_set_capacity(self, capacity);
    return 0;
}

static int
store_traverse(StoreObject *self, visitproc visit, void *arg)
{
    Py_VISIT(self->slots);
    Py_VISIT(self->index);
    Py_VISIT(self->counts);
    Py_VISIT(self->subscribers);
    Py_VISIT(self->on_evict);
    return 0;
}

static int
store_clear_refs(StoreObject *self)
{
    Py_CLEAR(self->slots);
    Py_CLEAR(self->index);
    Py_CLEAR(self->counts);
    Py_CLEAR(self->subscribers);
    Py_CLEAR(self->on_evict);
    Py_CLEAR(self->label);
    return 0;
}

static void
store_dealloc(StoreObject *self)
{
    PyObject_GC_UnTrack(self);
    store_clear_refs(self);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

/* Tell every subscriber about an event; the first exception ends the round. */
static int
store_notify(StoreObject *self, PyObject *event)
{
    Py_ssize_t i;

    if (self->notifying)
        return 0;
    self->notifying = 1;
    for (i = 0; i < PyList_GET_SIZE(self->subscribers); i++) {
        PyObject *callback = PyList_GET_ITEM(self->subscribers, i);
        PyObject *result = PyObject_CallFunctionObjArgs(callback, event, NULL);

        if (result == NULL) {
            PyErr_WriteUnraisable(callback);
            self->notifying = 0;
            return -1;
        }
        Py_DECREF(result);
    }
    self->notifying = 0;
    return 0;
}

static int
store_evict(StoreObject *self)
{
    PyObject *event = STORE_EVENT(self, 0);
    PyObject *result;

    if (self->on_evict != NULL) {
        Py_INCREF(event);
        result = PyObject_CallFunctionObjArgs(self->on_evict, event, NULL);
        Py_DECREF(event);
        if (result == NULL)
            return -1;
        Py_DECREF(result);
    }
    self->head = (self->head + 1) % self->capacity;
    self->length--;
    return 0;
}

PyDoc_STRVAR(store_append_doc,
"append(name, payload=None) -> int\n\n"
"Add an event and return its serial number. The oldest event is evicted\n"
"when the store is full.");

static PyObject *
store_append(StoreObject *self, PyObject *args, PyObject *kwds)
{
    static char *keywords[] = {"name", "payload", NULL};
    PyObject *name, *payload = Py_None, *event, *where;
    Py_ssize_t slot;

    if (!PyArg_ParseTupleAndKeywords(args, kwds, "U|O:append", keywords, &name, &payload))
        return NULL;
    if (self->length == self->capacity && store_evict(self) < 0)
        return NULL;

    event = Py_BuildValue("(KOO)", self->serial, name, payload);
    if (event == NULL)
        return NULL;
    slot = STORE_SLOT(self, self->length);
    where = PyLong_FromSsize_t(slot);
    if (where == NULL || PyDict_SetItem(self->index, name, where) < 0) {
        Py_XDECREF(where);
        Py_DECREF(event);
        return NULL;
    }
    Py_DECREF(where);
    if (deck_bump(self->counts, name) < 0) {
        Py_DECREF(event);
        return NULL;
    }
    Py_INCREF(event);
    PyList_SetItem(self->slots, slot, event);
    self->length++;
    self->serial++;
    events_total++;

    if (store_notify(self, event) < 0)
        deck_warn("a subscriber failed");
    Py_DECREF(event);
    return PyLong_FromUnsignedLongLong(self->serial - 1);
}

static PyObject *
store_item(StoreObject *self, Py_ssize_t i)
{
    PyObject *event;

    if (i < 0 || i >= self->length) {
        PyErr_SetString(PyExc_IndexError, "event index out of range");
        return NULL;
    }
    event = STORE_EVENT(self, i);
    Py_INCREF(event);
    return event;
}

static Py_ssize_t
store_length(StoreObject *self)
{
    return self->length;
}

static PyObject *
store_latest(StoreObject *self, PyObject *args)
{
    PyObject *name, *fallback = Py_None, *where, *event;
    Py_ssize_t slot;

    if (!PyArg_ParseTuple(args, "U|O:latest", &name, &fallback))
        return NULL;
    where = PyDict_GetItemWithError(self->index, name);
    if (where == NULL) {
        if (PyErr_Occurred())
            return NULL;
        Py_INCREF(fallback);
        return fallback;
    }
    slot = PyLong_AsSsize_t(where);
    if (slot < 0)
        return NULL;
    event = PyList_GetItem(self->slots, slot);
    Py_XINCREF(event);
    return event;
}

static PyObject *
store_totals(StoreObject *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *key, *value, *row, *rows = PyList_New(0);
    Py_ssize_t pos = 0;

    if (rows == NULL)
        return NULL;
    while (PyDict_Next(self->counts, &pos, &key, &value)) {
        row = PyTuple_Pack(2, key, value);
        if (row == NULL || PyList_Append(rows, row) < 0) {
            Py_XDECREF(row);
            Py_DECREF(rows);
            return NULL;
        }
        Py_DECREF(row);
    }
    if (PyList_Sort(rows) < 0) {
        Py_DECREF(rows);
        return NULL;
    }
    return rows;
}

static PyObject *
store_subscribe(StoreObject *self, PyObject *callback)
{
    if (!PyCallable_Check(callback)) {
        PyErr_SetString(PyExc_TypeError, "a subscriber must be callable");
        return NULL;
    }
    if (PyList_Append(self->subscribers, callback) < 0)
        return NULL;
    Py_RETURN_NONE;
}

/* configure(**options): only the options given are changed. */
static PyObject *
store_configure(StoreObject *self, PyObject *args, PyObject *kwds)
{
    PyObject *key, *value;
    Py_ssize_t pos = 0, capacity = -1;

    if (!PyArg_ParseTuple(args, ":configure"))
        return NULL;
    if (kwds == NULL)
        Py_RETURN_NONE;
    while (PyDict_Next(kwds, &pos, &key, &value)) {
        if (PyUnicode_CompareWithASCIIString(key, "capacity") != 0
            && PyUnicode_CompareWithASCIIString(key, "label") != 0) {
            PyErr_Format(PyExc_TypeError, "unknown option %R", key);
            return NULL;
        }
    }
    value = PyDict_GetItemString(kwds, "label");
    if (value != NULL) {
        Py_INCREF(value);
        Py_XSETREF(self->label, value);
    }
    if (deck_option_ssize(kwds, "capacity", &capacity) < 0)
        return NULL;
    if (capacity != -1 && store_set_capacity(self, capacity) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *
store_clear(StoreObject *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *slots = none_list(self->capacity);

    if (slots == NULL)
        return NULL;
    Py_SETREF(self->slots, slots);
    PyDict_Clear(self->index);
    self->head = 0;
    self->length = 0;
    Py_RETURN_NONE;
}

static PyObject *
store_get_on_evict(StoreObject *self, void *Py_UNUSED(closure))
{
    if (self->on_evict == NULL)
        Py_RETURN_NONE;
    Py_INCREF(self->on_evict);
    return self->on_evict;
}

static int
store_set_on_evict(StoreObject *self, PyObject *value, void *Py_UNUSED(closure))
{
    PyObject *old = self->on_evict;

    if (value == NULL || value == Py_None) {
        self->on_evict = NULL;
    }
    else {
        Py_INCREF(value);
        self->on_evict = value;
    }
    Py_XDECREF(old);
    return 0;
}

static PyObject *
store_get_capacity(StoreObject *self, void *Py_UNUSED(closure))
{
    return PyLong_FromSsize_t(self->capacity);
}

static PyObject *
store_get_events_total(PyObject *Py_UNUSED(self), void *Py_UNUSED(closure))
{
    return PyLong_FromUnsignedLongLong(events_total);
}

static PyObject *
store_repr(StoreObject *self)
{
    return PyUnicode_FromFormat("<Store %R: %zd of %zd>", self->label, self->length, self->capacity);
}

static PyMethodDef store_methods[] = {
    {"append", (PyCFunction)(void (*)(void))store_append, METH_VARARGS | METH_KEYWORDS, store_append_doc},
    {"latest", (PyCFunction)store_latest, METH_VARARGS, "latest(name, default=None)"},
    {"totals", (PyCFunction)store_totals, METH_NOARGS, "totals() -> sorted list of (name, count)"},
    {"subscribe", (PyCFunction)store_subscribe, METH_O, "subscribe(callable)"},
    {"configure", (PyCFunction)(void (*)(void))store_configure, METH_VARARGS | METH_KEYWORDS, "configure(**options)"},
    {"clear", (PyCFunction)store_clear, METH_NOARGS, "clear()"},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef store_getset[] = {
    {"on_evict", (getter)store_get_on_evict, (setter)store_set_on_evict, "called with each evicted event", NULL},
    {"capacity", (getter)store_get_capacity, NULL, NULL, NULL},
    {"events_total", store_get_events_total, NULL, "events appended to all stores", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef store_members[] = {
    {"label", T_OBJECT_EX, offsetof(StoreObject, label), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PySequenceMethods store_as_sequence = {
    .sq_length = (lenfunc)store_length,
    .sq_item = (ssizeargfunc)store_item,
};

PyTypeObject Store_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "eventdeck._deck.Store",
    .tp_doc = "Store(capacity=64, label='store')",
    .tp_basicsize = sizeof(StoreObject),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .tp_new = store_new,
    .tp_init = (initproc)store_init,
    .tp_dealloc = (destructor)store_dealloc,
    .tp_traverse = (traverseproc)store_traverse,
    .tp_clear = (inquiry)store_clear_refs,
    .tp_repr = (reprfunc)store_repr,
    .tp_iter = (getiterfunc)cursor_new,
    .tp_methods = store_methods,
    .tp_getset = store_getset,
    .tp_members = store_members,
    .tp_as_sequence = &store_as_sequence,
};
