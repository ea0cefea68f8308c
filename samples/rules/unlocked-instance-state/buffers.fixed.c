#include <Python.h>

#include <string.h>

/* Newer Python API, for the Pythons that lack it. */
#if PY_VERSION_HEX < 0x030D0000 && !defined(Py_BEGIN_CRITICAL_SECTION)
#define Py_BEGIN_CRITICAL_SECTION(op) {
#define Py_END_CRITICAL_SECTION() }
#define Py_BEGIN_CRITICAL_SECTION2(a, b) {
#define Py_END_CRITICAL_SECTION2() }
#endif
/* End of newer Python API. */

/* A pointer and its size: one method moves the block while another walks it. */

typedef struct {
    PyObject_HEAD
    double *data;
    Py_ssize_t used, room;
    int exports;
} Samples;

static PyObject *samples_new(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwds))
{
    Samples *self = (Samples *)type->tp_alloc(type, 0);

    if (self == NULL)
        return NULL;
    self->room = 8;
    self->data = PyMem_Calloc(8, sizeof(double));
    if (self->data == NULL) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    return (PyObject *)self;
}

static void samples_dealloc(Samples *self)
{
    PyTypeObject *type = Py_TYPE(self);

    PyMem_Free(self->data);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static PyObject *samples_append_bad_lock_held(Samples *self, PyObject *arg)  /* expect: unlocked-instance-state */
{
    double value = PyFloat_AsDouble(arg);

    if (value == -1.0 && PyErr_Occurred())
        return NULL;
    if (self->used == self->room) {
        double *data = PyMem_Realloc(self->data, 2 * (size_t)self->room * sizeof(double));

        if (data == NULL)
            return PyErr_NoMemory();
        self->data = data;
        self->room *= 2;
    }
    self->data[self->used++] = value;
    Py_RETURN_NONE;
}

static PyObject *samples_append_bad(Samples *self, PyObject *arg)
{
    PyObject *result;
    Py_BEGIN_CRITICAL_SECTION(self);
    result = samples_append_bad_lock_held(self, arg);
    Py_END_CRITICAL_SECTION();
    return result;
}

static PyObject *samples_item_bad_lock_held(Samples *self, Py_ssize_t i)  /* expect: unlocked-instance-state */
{
    if (i < 0 || i >= self->used)
        return PyErr_Format(PyExc_IndexError, "sample index out of range");
    return PyFloat_FromDouble(self->data[i]);
}

static PyObject *samples_item_bad(Samples *self, Py_ssize_t i)
{
    PyObject *result;
    Py_BEGIN_CRITICAL_SECTION(self);
    result = samples_item_bad_lock_held(self, i);
    Py_END_CRITICAL_SECTION();
    return result;
}

static PyObject *samples_sum_bad(Samples *self, PyObject *Py_UNUSED(ignored))  /* expect: unlocked-instance-state */
{
    double sum = 0.0;

    Py_BEGIN_CRITICAL_SECTION(self);
    for (Py_ssize_t i = 0; i < self->used; i++)
        sum += self->data[i];
    Py_END_CRITICAL_SECTION();
    return PyFloat_FromDouble(sum);
}

static PyObject *samples_reset_bad(Samples *self, PyObject *Py_UNUSED(ignored))  /* expect: unlocked-instance-state */
{
    Py_BEGIN_CRITICAL_SECTION(self);
    memset(self->data, 0, (size_t)self->used * sizeof(double));
    self->used = 0;
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static int samples_getbuffer_bad_lock_held(Samples *self, Py_buffer *view,
                                           int flags)  /* expect: unlocked-instance-state */
{
    Py_ssize_t bytes = self->used * (Py_ssize_t)sizeof(double);

    if (PyBuffer_FillInfo(view, (PyObject *)self, self->data, bytes, 1, flags) < 0)
        return -1;
    self->exports++;
    return 0;
}

static int samples_getbuffer_bad(Samples *self, Py_buffer *view, int flags)
{
    int result;
    Py_BEGIN_CRITICAL_SECTION(self);
    result = samples_getbuffer_bad_lock_held(self, view, flags);
    Py_END_CRITICAL_SECTION();
    return result;
}

static void samples_releasebuffer_bad(Samples *self, Py_buffer *Py_UNUSED(view))  /* expect: unlocked-instance-state */
{
    Py_BEGIN_CRITICAL_SECTION(self);
    self->exports--;
    Py_END_CRITICAL_SECTION();
}

static PyObject *samples_mean_ok(Samples *self, PyObject *Py_UNUSED(ignored))
{
    double sum = 0.0;
    Py_ssize_t n;

    Py_BEGIN_CRITICAL_SECTION(self);
    n = self->used;
    for (Py_ssize_t i = 0; i < n; i++)
        sum += self->data[i];
    Py_END_CRITICAL_SECTION();
    return n == 0 ? Py_NewRef(Py_None) : PyFloat_FromDouble(sum / (double)n);
}

static int samples_reserve_lock_held(Samples *self, Py_ssize_t room)
{
    double *data;

    if (room <= self->room)
        return 0;
    data = PyMem_Realloc(self->data, (size_t)room * sizeof(double));
    if (data == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    self->data = data;
    self->room = room;
    return 0;
}

static PyObject *samples_reserve_ok(Samples *self, PyObject *arg)
{
    Py_ssize_t room = PyLong_AsSsize_t(arg);
    int rc;

    Py_BEGIN_CRITICAL_SECTION(self);
    rc = samples_reserve_lock_held(self, room);
    Py_END_CRITICAL_SECTION();
    return rc < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *samples_size_ok(Samples *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    return PyLong_FromSize_t(sizeof(Samples));
}

static PyMethodDef samples_methods[] = {
    {"samples_append", (PyCFunction)samples_append_bad, METH_O, NULL},
    {"samples_sum", (PyCFunction)samples_sum_bad, METH_NOARGS, NULL},
    {"samples_reset", (PyCFunction)samples_reset_bad, METH_NOARGS, NULL},
    {"samples_mean", (PyCFunction)samples_mean_ok, METH_NOARGS, NULL},
    {"samples_reserve", (PyCFunction)samples_reserve_ok, METH_O, NULL},
    {"samples_size", (PyCFunction)samples_size_ok, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot samples_slots[] = {
    {Py_tp_new, samples_new},
    {Py_tp_dealloc, samples_dealloc},
    {Py_sq_item, samples_item_bad},
    {Py_bf_getbuffer, samples_getbuffer_bad},
    {Py_bf_releasebuffer, samples_releasebuffer_bad},
    {Py_tp_methods, samples_methods},
    {0, NULL},
};

static PyType_Spec samples_spec = {
    .name = "sample.Samples",
    .basicsize = sizeof(Samples),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = samples_slots,
};
