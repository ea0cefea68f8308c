#include <Python.h>

/* Newer Python API, for the Pythons that lack it. */
#if PY_VERSION_HEX < 0x030D0000 && !defined(Py_BEGIN_CRITICAL_SECTION)
#define Py_BEGIN_CRITICAL_SECTION(op) {
#define Py_END_CRITICAL_SECTION() }
#define Py_BEGIN_CRITICAL_SECTION2(a, b) {
#define Py_END_CRITICAL_SECTION2() }
#endif
/* End of newer Python API. */

typedef struct {
    PyObject_HEAD
    PyObject *list;             /* cleared at the end */
    Py_ssize_t index;
} Walker;

typedef struct {
    PyObject_HEAD
    PyObject *values;           /* tuple, set by tp_new */
    PyObject *cached;           /* str, made on first use */
    Py_ssize_t index;
} Cycle;

static PyObject *walker_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(kwds))
{
    PyObject *list;
    Walker *self;

    if (!PyArg_ParseTuple(args, "O!", &PyList_Type, &list))
        return NULL;
    self = (Walker *)type->tp_alloc(type, 0);
    if (self != NULL)
        self->list = Py_NewRef(list);
    return (PyObject *)self;
}

static void walker_dealloc(Walker *self)
{
    PyTypeObject *type = Py_TYPE(self);

    Py_XDECREF(self->list);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static PyObject *walker_iternext_bad(Walker *self)  /* expect: unlocked-instance-state */
{
    PyObject *item;

    if (self->list == NULL)
        return NULL;
    if (self->index < PyList_GET_SIZE(self->list)) {
        item = PyList_GetItemRef(self->list, self->index);
        self->index++;
        return item;
    }
    Py_CLEAR(self->list);
    return NULL;
}

static PyObject *walker_length_hint_bad(Walker *self, PyObject *Py_UNUSED(ignored))  /* expect: unlocked-instance-state */
{
    Py_ssize_t left = 0;

    Py_BEGIN_CRITICAL_SECTION(self);
    if (self->list != NULL)
        left = PyList_GET_SIZE(self->list) - self->index;
    Py_END_CRITICAL_SECTION();
    return PyLong_FromSsize_t(left);
}

static PyObject *cycle_new(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwds))
{
    Cycle *self = (Cycle *)type->tp_alloc(type, 0);

    if (self == NULL)
        return NULL;
    self->values = PyTuple_New(0);
    if (self->values == NULL) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static void cycle_dealloc(Cycle *self)
{
    PyTypeObject *type = Py_TYPE(self);

    Py_XDECREF(self->values);
    Py_XDECREF(self->cached);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static PyObject *cycle_iternext_ok(Cycle *self)
{
    PyObject *item = NULL;

    Py_BEGIN_CRITICAL_SECTION(self);
    if (PyTuple_GET_SIZE(self->values) > 0) {
        item = Py_NewRef(PyTuple_GET_ITEM(self->values, self->index));
        self->index = (self->index + 1) % PyTuple_GET_SIZE(self->values);
    }
    Py_END_CRITICAL_SECTION();
    return item;
}

static PyObject *cycle_position_ok(Cycle *self, PyObject *Py_UNUSED(ignored))
{
    Py_ssize_t index;

    Py_BEGIN_CRITICAL_SECTION(self);
    index = self->index;
    Py_END_CRITICAL_SECTION();
    return PyLong_FromSsize_t(index);
}

static PyObject *cycle_values_ok(Cycle *self, PyObject *Py_UNUSED(ignored))
{
    return Py_NewRef(self->values);
}

/* Filled on first use: two threads leak one, or free what the other returns. */
static PyObject *cycle_text_bad_lock_held(Cycle *self,
                                          PyObject *Py_UNUSED(ignored))  /* expect: unlocked-instance-state */
{
    if (self->cached == NULL) {
        self->cached = PyObject_Str(self->values);
        if (self->cached == NULL)
            return NULL;
    }
    return Py_NewRef(self->cached);
}

static PyObject *cycle_text_bad(Cycle *self, PyObject *ignored)
{
    PyObject *result;
    Py_BEGIN_CRITICAL_SECTION(self);
    result = cycle_text_bad_lock_held(self, ignored);
    Py_END_CRITICAL_SECTION();
    return result;
}

static PyMethodDef walker_methods[] = {
    {"walker_length_hint", (PyCFunction)walker_length_hint_bad, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot walker_slots[] = {
    {Py_tp_new, walker_new},
    {Py_tp_dealloc, walker_dealloc},
    {Py_tp_iternext, walker_iternext_bad},
    {Py_tp_iter, PyObject_SelfIter},
    {Py_tp_methods, walker_methods},
    {0, NULL},
};

static PyType_Spec walker_spec = {
    .name = "sample.Walker",
    .basicsize = sizeof(Walker),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = walker_slots,
};

static PyMethodDef cycle_methods[] = {
    {"cycle_position", (PyCFunction)cycle_position_ok, METH_NOARGS, NULL},
    {"cycle_values", (PyCFunction)cycle_values_ok, METH_NOARGS, NULL},
    {"cycle_text", (PyCFunction)cycle_text_bad, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot cycle_slots[] = {
    {Py_tp_new, cycle_new},
    {Py_tp_dealloc, cycle_dealloc},
    {Py_tp_iternext, cycle_iternext_ok},
    {Py_tp_iter, PyObject_SelfIter},
    {Py_tp_methods, cycle_methods},
    {0, NULL},
};

static PyType_Spec cycle_spec = {
    .name = "sample.Cycle",
    .basicsize = sizeof(Cycle),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = cycle_slots,
};
