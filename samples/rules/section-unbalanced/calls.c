#include <Python.h>

/* The same with the function forms, which the compiler does not pair. */

typedef struct {
    PyObject_HEAD
    long value;
} Meter;

static PyObject *meter_set_bad(Meter *self, PyObject *arg)
{
    long n = PyLong_AsLong(arg);
#ifdef Py_GIL_DISABLED
    PyCriticalSection section;

    PyCriticalSection_Begin(&section, (PyObject *)self);  /* expect: section-unbalanced */
#endif
    self->value = n;
    Py_RETURN_NONE;
}

static PyObject *meter_set_ok(Meter *self, PyObject *arg)
{
    long n = PyLong_AsLong(arg);
#ifdef Py_GIL_DISABLED
    PyCriticalSection section;

    PyCriticalSection_Begin(&section, (PyObject *)self);
#endif
    self->value = n;
#ifdef Py_GIL_DISABLED
    PyCriticalSection_End(&section);
#endif
    Py_RETURN_NONE;
}

static PyMethodDef meter_methods[] = {
    {"meter_set", (PyCFunction)meter_set_bad, METH_O, NULL},
    {"meter_set", (PyCFunction)meter_set_ok, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot meter_slots[] = {
    {Py_tp_methods, meter_methods},
    {0, NULL},
};

static PyType_Spec meter_spec = {
    .name = "sample.Meter",
    .basicsize = sizeof(Meter),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = meter_slots,
};
