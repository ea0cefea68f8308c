// ungil-sample: build=ft
#include <Python.h>

#include "locking.h"

/* Newer Python API, for the Pythons that lack it. */
#if PY_VERSION_HEX < 0x030D0000 && !defined(Py_BEGIN_CRITICAL_SECTION)
#define Py_BEGIN_CRITICAL_SECTION(op) {
#define Py_END_CRITICAL_SECTION() }
#define Py_BEGIN_CRITICAL_SECTION2(a, b) {
#define Py_END_CRITICAL_SECTION2() }
#endif
/* End of newer Python API. */

// Locks behind classes of the project's own: the constructor takes, the destructor releases.

namespace {

struct Gauge {
    PyObject_HEAD
    PyObject *label;
    double *samples;
    Py_ssize_t used;
    PyMutex mutex;
};

PyObject *gauge_label_ok(Gauge *self, PyObject *)
{
    locking::ObjectSection section(reinterpret_cast<PyObject *>(self));
    if (self->label == nullptr) {
        self->label = PyUnicode_FromString("gauge");
        if (self->label == nullptr)
            return nullptr;
    }
    Py_INCREF(self->label);
    return self->label;
}

PyObject *gauge_relabel_bad(Gauge *self, PyObject *value)  // expect: unlocked-instance-state
{
    {
        locking::ObjectSection section(reinterpret_cast<PyObject *>(self));
        if (self->label == value)
            Py_RETURN_NONE;
    }
    PyObject *old = self->label;
    Py_INCREF(value);
    self->label = value;
    Py_XDECREF(old);
    Py_RETURN_NONE;
}

PyObject *gauge_reset_ok(Gauge *self, PyObject *)
{
    locking::MutexHold hold(self->mutex);
    PyMem_Free(self->samples);
    self->samples = nullptr;
    self->used = 0;
    Py_RETURN_NONE;
}

PyObject *gauge_drop_bad(Gauge *self, PyObject *)  // expect: unlocked-instance-state
{
    Py_BEGIN_CRITICAL_SECTION(self);
    PyMem_Free(self->samples);
    self->samples = nullptr;
    self->used = 0;
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

PyMethodDef gauge_methods[] = {
    {"label", (PyCFunction)gauge_label_ok, METH_NOARGS, nullptr},
    {"relabel", (PyCFunction)gauge_relabel_bad, METH_O, nullptr},
    {"reset", (PyCFunction)gauge_reset_ok, METH_NOARGS, nullptr},
    {"drop", (PyCFunction)gauge_drop_bad, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

PyType_Slot gauge_slots[] = {
    {Py_tp_methods, gauge_methods},
    {0, nullptr},
};

PyType_Spec gauge_spec = {"sample.Gauge", sizeof(Gauge), 0, Py_TPFLAGS_DEFAULT, gauge_slots};

}  // namespace
