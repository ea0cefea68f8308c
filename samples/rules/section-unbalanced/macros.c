/* ungil-sample: build=gil */
#include <Python.h>

/* With the GIL the macros are braces, and braces match here. */

typedef struct {
    PyObject_HEAD
    long value;
} Meter;

static PyObject *meter_two_bad(Meter *self, PyObject *other)
{
    Py_BEGIN_CRITICAL_SECTION2(self, other);  /* expect: section-unbalanced */
    self->value++;
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static PyObject *meter_one_bad(Meter *self, PyObject *Py_UNUSED(ignored))
{
    Py_BEGIN_CRITICAL_SECTION(self);  /* expect: section-unbalanced */
    self->value--;
    Py_END_CRITICAL_SECTION2();
    Py_RETURN_NONE;
}

static PyObject *meter_scope_bad(Meter *self, PyObject *arg)
{
    long n = PyLong_AsLong(arg);

    if (n != 0) {
        Py_BEGIN_CRITICAL_SECTION(self);  /* expect: section-unbalanced */
        self->value = n;
    }
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static PyObject *meter_ok(Meter *self, PyObject *other)
{
    long value;

    Py_BEGIN_CRITICAL_SECTION2(self, other);
    value = ++self->value;
    Py_END_CRITICAL_SECTION2();
    return PyLong_FromLong(value);
}

static PyObject *meter_scope_ok(Meter *self, PyObject *arg)
{
    long n = PyLong_AsLong(arg);

    if (n != 0) {
        Py_BEGIN_CRITICAL_SECTION(self);
        self->value = n;
        Py_END_CRITICAL_SECTION();
    }
    Py_RETURN_NONE;
}

static PyObject *meter_sequence_ok(Meter *self, PyObject *other)
{
    Py_BEGIN_CRITICAL_SECTION(self);
    self->value++;
    Py_END_CRITICAL_SECTION();
    Py_BEGIN_CRITICAL_SECTION(other);
    Py_INCREF(other);
    Py_END_CRITICAL_SECTION();
    return other;
}

static PyMethodDef meter_methods[] = {
    {"meter_two", (PyCFunction)meter_two_bad, METH_O, NULL},
    {"meter_one", (PyCFunction)meter_one_bad, METH_NOARGS, NULL},
    {"meter_scope", (PyCFunction)meter_scope_bad, METH_O, NULL},
    {"meter", (PyCFunction)meter_ok, METH_O, NULL},
    {"meter_scope", (PyCFunction)meter_scope_ok, METH_O, NULL},
    {"meter_sequence", (PyCFunction)meter_sequence_ok, METH_O, NULL},
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
