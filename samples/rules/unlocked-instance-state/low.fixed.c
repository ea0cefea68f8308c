/* ungil-sample: risk=low */
#include <Python.h>

/* Newer Python API, for the Pythons that lack it. */
#if PY_VERSION_HEX < 0x030D0000 && !defined(Py_BEGIN_CRITICAL_SECTION)
#define Py_BEGIN_CRITICAL_SECTION(op) {
#define Py_END_CRITICAL_SECTION() }
#define Py_BEGIN_CRITICAL_SECTION2(a, b) {
#define Py_END_CRITICAL_SECTION2() }
#endif
/* End of newer Python API. */

/* A second call of __init__, and a getter that may see a number a moment too late. */

typedef struct {
    PyObject_HEAD
    long width;                 /* written by tp_init only */
    long height;                /* written by a method in a critical section */
} Rectangle;

static int rectangle_init_bad(Rectangle *self, PyObject *args, PyObject *Py_UNUSED(kwds))  /* expect: unlocked-instance-state */
{
    int result;
    Py_BEGIN_CRITICAL_SECTION(self);
    result = PyArg_ParseTuple(args, "l", &self->width) ? 0 : -1;
    Py_END_CRITICAL_SECTION();
    return result;
}

static PyObject *rectangle_width_ok(Rectangle *self, PyObject *Py_UNUSED(ignored))
{
    return PyLong_FromLong(self->width);
}

static PyObject *rectangle_grow_ok(Rectangle *self, PyObject *arg)
{
    long n = PyLong_AsLong(arg);

    Py_BEGIN_CRITICAL_SECTION(self);
    self->height += n;
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static PyObject *rectangle_height_bad(Rectangle *self, PyObject *Py_UNUSED(ignored))  /* expect: unlocked-instance-state */
{
    PyObject *result;
    Py_BEGIN_CRITICAL_SECTION(self);
    result = PyLong_FromLong(self->height);
    Py_END_CRITICAL_SECTION();
    return result;
}

static PyObject *rectangle_twice_bad(Rectangle *self, PyObject *Py_UNUSED(ignored))  /* expect: unlocked-instance-state */
{
    PyObject *result;
    Py_BEGIN_CRITICAL_SECTION(self);
    result = PyLong_FromLong(2 * self->height);
    Py_END_CRITICAL_SECTION();
    return result;
}

static PyObject *rectangle_locked_ok(Rectangle *self, PyObject *Py_UNUSED(ignored))
{
    long height;

    Py_BEGIN_CRITICAL_SECTION(self);
    height = self->height;
    Py_END_CRITICAL_SECTION();
    return PyLong_FromLong(height);
}

static PyMethodDef rectangle_methods[] = {
    {"rectangle_width", (PyCFunction)rectangle_width_ok, METH_NOARGS, NULL},
    {"rectangle_grow", (PyCFunction)rectangle_grow_ok, METH_O, NULL},
    {"rectangle_height", (PyCFunction)rectangle_height_bad, METH_NOARGS, NULL},
    {"rectangle_twice", (PyCFunction)rectangle_twice_bad, METH_NOARGS, NULL},
    {"rectangle_locked", (PyCFunction)rectangle_locked_ok, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot rectangle_slots[] = {
    {Py_tp_init, rectangle_init_bad},
    {Py_tp_methods, rectangle_methods},
    {0, NULL},
};

static PyType_Spec rectangle_spec = {
    .name = "sample.Rectangle",
    .basicsize = sizeof(Rectangle),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = rectangle_slots,
};
