#include <Python.h>

#include <setjmp.h>

typedef struct {
    PyObject_HEAD
    long value;
} Gauge;

static _Thread_local jmp_buf on_error;

#define RETURN_IF_NEGATIVE(n)                                           \
    do {                                                                \
        if ((n) < 0)                                                    \
            return PyErr_Format(PyExc_ValueError, "%ld is negative", n); \
    } while (0)

static PyObject *gauge_set_bad(Gauge *self, PyObject *arg)
{
    long n = PyLong_AsLong(arg);
    PyObject *result = NULL;
    int leave = 0;

    Py_BEGIN_CRITICAL_SECTION(self);
    if (n > 100) {
        result = PyErr_Format(PyExc_ValueError, "too much");  /* expect: section-escape */
        leave = 1;
        goto end_section;
    }
    self->value = n;
    end_section:;
    Py_END_CRITICAL_SECTION();
    if (leave) {
        return result;
    }
    Py_RETURN_NONE;
}

static PyObject *gauge_get_bad(Gauge *self, PyObject *Py_UNUSED(ignored))
{
    Py_BEGIN_CRITICAL_SECTION(self);
    return PyLong_FromLong(self->value);  /* expect: section-escape */
    Py_END_CRITICAL_SECTION();
}

static PyObject *gauge_add_bad(Gauge *self, PyObject *arg)
{
    long n;
    int failed = 0;

    Py_BEGIN_CRITICAL_SECTION(self);
    n = PyLong_AsLong(arg);
    if (n == -1 && PyErr_Occurred()) {
        failed = 1;  /* expect: section-escape */
        goto end_section;
    }
    self->value += n;
    end_section:;
    Py_END_CRITICAL_SECTION();
    if (failed) {
        goto error;
    }
    Py_RETURN_NONE;

error:
    return NULL;
}

static PyObject *gauge_until_bad(Gauge *self, PyObject *arg)
{
    long limit = PyLong_AsLong(arg), steps = 0;
    int leave = 0;

    for (;;) {
        leave = 0;
        Py_BEGIN_CRITICAL_SECTION(self);
        if (self->value >= limit) {
            leave = 1;  /* expect: section-escape */
            goto end_section;
        }
        self->value++;
        end_section:;
        Py_END_CRITICAL_SECTION();
        if (leave) {
            break;
        }
        steps++;
    }
    return PyLong_FromLong(steps);
}

static PyObject *gauge_odd_bad(Gauge *self, PyObject *args)
{
    Py_ssize_t i;

    for (i = 0; i < PyTuple_GET_SIZE(args); i++) {
        Py_BEGIN_CRITICAL_SECTION(self);
        if (self->value % 2 == 0)
            goto end_section;  /* expect: section-escape */
        self->value--;
        end_section:;
        Py_END_CRITICAL_SECTION();
    }
    Py_RETURN_NONE;
}

static PyObject *gauge_macro_bad(Gauge *self, PyObject *arg)
{
    long n = PyLong_AsLong(arg);

    Py_BEGIN_CRITICAL_SECTION(self);
    RETURN_IF_NEGATIVE(n);  /* expect: section-escape */
    self->value = n;
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static PyObject *gauge_none_bad(Gauge *self, PyObject *Py_UNUSED(ignored))
{
    Py_BEGIN_CRITICAL_SECTION(self);
    if (self->value == 0)
        goto end_section;  /* expect: section-escape */
    self->value = 0;
    end_section:;
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static PyObject *gauge_jump_bad(Gauge *self, PyObject *Py_UNUSED(ignored))
{
    Py_BEGIN_CRITICAL_SECTION(self);
    if (self->value < 0)
        longjmp(on_error, 1);  /* expect: section-escape */
    self->value--;
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static PyObject *gauge_result_ok(Gauge *self, PyObject *arg)
{
    long n = PyLong_AsLong(arg);
    PyObject *result = NULL;

    Py_BEGIN_CRITICAL_SECTION(self);
    if (n < 0) {
        PyErr_SetString(PyExc_ValueError, "negative");
        goto done;
    }
    self->value = n;
    result = Py_NewRef(Py_None);
done:
    ;
    Py_END_CRITICAL_SECTION();
    return result;
}

static PyObject *gauge_loop_ok(Gauge *self, PyObject *args)
{
    Py_BEGIN_CRITICAL_SECTION(self);
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(args); i++) {
        if (PyTuple_GET_ITEM(args, i) == Py_None)
            continue;
        if (PyTuple_GET_ITEM(args, i) == Py_False)
            break;
        self->value++;
    }
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static PyObject *gauge_switch_ok(Gauge *self, PyObject *arg)
{
    int mode = PyLong_AsInt(arg);

    Py_BEGIN_CRITICAL_SECTION(self);
    switch (mode) {
    case 0:
        self->value = 0;
        break;
    default:
        self->value *= 2;
        break;
    }
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static PyObject *gauge_before_ok(Gauge *self, PyObject *arg)
{
    long n = PyLong_AsLong(arg);

    if (n < 0)
        return PyErr_Format(PyExc_ValueError, "negative");
    Py_BEGIN_CRITICAL_SECTION(self);
    self->value = n;
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

/* The label stands behind the end. */
static PyObject *gauge_label_bad(Gauge *self, PyObject *arg)
{
    PyObject *result = NULL;
    long n;

    Py_BEGIN_CRITICAL_SECTION(self);
    n = PyLong_AsLong(arg);
    if (n < 0)
        goto end_section;  /* expect: section-escape */
    self->value = n;
    result = Py_NewRef(arg);
    end_section:;
    Py_END_CRITICAL_SECTION();
done:
    return result;
}

static PyMethodDef gauge_methods[] = {
    {"gauge_label", (PyCFunction)gauge_label_bad, METH_O, NULL},
    {"gauge_set", (PyCFunction)gauge_set_bad, METH_O, NULL},
    {"gauge_get", (PyCFunction)gauge_get_bad, METH_NOARGS, NULL},
    {"gauge_add", (PyCFunction)gauge_add_bad, METH_O, NULL},
    {"gauge_until", (PyCFunction)gauge_until_bad, METH_O, NULL},
    {"gauge_odd", (PyCFunction)gauge_odd_bad, METH_VARARGS, NULL},
    {"gauge_macro", (PyCFunction)gauge_macro_bad, METH_O, NULL},
    {"gauge_none", (PyCFunction)gauge_none_bad, METH_NOARGS, NULL},
    {"gauge_jump", (PyCFunction)gauge_jump_bad, METH_NOARGS, NULL},
    {"gauge_result", (PyCFunction)gauge_result_ok, METH_O, NULL},
    {"gauge_loop", (PyCFunction)gauge_loop_ok, METH_VARARGS, NULL},
    {"gauge_switch", (PyCFunction)gauge_switch_ok, METH_O, NULL},
    {"gauge_before", (PyCFunction)gauge_before_ok, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot gauge_slots[] = {
    {Py_nb_add, gauge_add_bad},
    {Py_tp_methods, gauge_methods},
    {0, NULL},
};

static PyType_Spec gauge_spec = {
    .name = "sample.Gauge",
    .basicsize = sizeof(Gauge),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = gauge_slots,
};
