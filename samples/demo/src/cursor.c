#include "eventdeck.h"

/* Iterates over a store as (position, event) pairs. Cursors are short-lived and
   made in hot loops, so a few dead ones are kept for the next caller. */

#define POOL_SIZE 8

typedef struct {
    PyObject_HEAD
    StoreObject *store;
    Py_ssize_t position;
    PyObject *pair;             /* handed out again when nobody kept it */
} CursorObject;

static CursorObject *pool[POOL_SIZE];
static int pool_used = 0;

PyObject *
cursor_new(StoreObject *store)
{
    CursorObject *self;

    if (pool_used > 0) {
        self = pool[--pool_used];
        (void)PyObject_Init((PyObject *)self, &Cursor_Type);
    }
    else {
        self = PyObject_New(CursorObject, &Cursor_Type);
        if (self == NULL)
            return NULL;
    }
    Py_INCREF(store);
    self->store = store;
    self->position = 0;
    self->pair = PyTuple_Pack(2, Py_None, Py_None);
    if (self->pair == NULL) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static void
cursor_dealloc(CursorObject *self)
{
    Py_XDECREF(self->store);
    Py_XDECREF(self->pair);
    if (pool_used < POOL_SIZE)
        pool[pool_used++] = self;
    else
        PyObject_Free(self);
}

void
cursor_clear_pool(void)
{
    while (pool_used > 0)
        PyObject_Free(pool[--pool_used]);
}

static PyObject *
cursor_next(CursorObject *self)
{
    PyObject *position, *event, *pair, *old;

    if (self->position >= self->store->length)
        return NULL;
    position = PyLong_FromSsize_t(self->position);
    if (position == NULL)
        return NULL;
    event = STORE_EVENT(self->store, self->position);
    Py_INCREF(event);
    self->position++;

    pair = self->pair;
    if (Py_REFCNT(pair) == 1) {
        Py_INCREF(pair);
        old = PyTuple_GET_ITEM(pair, 0);
        PyTuple_SET_ITEM(pair, 0, position);
        Py_DECREF(old);
        old = PyTuple_GET_ITEM(pair, 1);
        PyTuple_SET_ITEM(pair, 1, event);
        Py_DECREF(old);
        return pair;
    }
    pair = PyTuple_New(2);
    if (pair == NULL) {
        Py_DECREF(position);
        Py_DECREF(event);
        return NULL;
    }
    PyTuple_SET_ITEM(pair, 0, position);
    PyTuple_SET_ITEM(pair, 1, event);
    return pair;
}

static PyObject *
cursor_rewind(CursorObject *self, PyObject *Py_UNUSED(ignored))
{
    self->position = 0;
    Py_RETURN_NONE;
}

static PyMethodDef cursor_methods[] = {
    {"rewind", (PyCFunction)cursor_rewind, METH_NOARGS, "rewind()"},
    {NULL, NULL, 0, NULL},
};

PyTypeObject Cursor_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "eventdeck._deck.Cursor",
    .tp_basicsize = sizeof(CursorObject),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_dealloc = (destructor)cursor_dealloc,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = (iternextfunc)cursor_next,
    .tp_methods = cursor_methods,
};
