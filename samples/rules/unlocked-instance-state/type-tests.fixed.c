#include <Python.h>

/* Newer Python API, for the Pythons that lack it. */
#if PY_VERSION_HEX < 0x030D0000 && !defined(Py_BEGIN_CRITICAL_SECTION)
#define Py_BEGIN_CRITICAL_SECTION(op) {
#define Py_END_CRITICAL_SECTION() }
#define Py_BEGIN_CRITICAL_SECTION2(a, b) {
#define Py_END_CRITICAL_SECTION2() }
#endif
/* End of newer Python API. */

/* A helper that asks for the class of an argument again, after its caller has taken the locked way for that class. */

typedef struct {
    PyObject_HEAD
    long *items;
    Py_ssize_t used;
} Tally;

extern PyTypeObject *tally_type;

#define Tally_Check(op) PyObject_TypeCheck((op), tally_type)

static int tally_resize(Tally *self, Py_ssize_t used)
{
    long *items = PyMem_Realloc(self->items, used * sizeof(long));

    if (items == NULL)
        return -1;
    self->items = items;
    self->used = used;
    return 0;
}

static long tally_sum_of(PyObject *object)
{
    Py_ssize_t i;
    long sum = 0;

    if (Tally_Check(object)) {
        Tally *other = (Tally *)object;
        for (i = 0; i < other->used; i++)
            sum += other->items[i];
        return sum;
    }
    return PyLong_AsLong(object);
}

static long tally_total_bad(PyObject *object)  /* expect: unlocked-instance-state */
{
    Py_ssize_t i;
    long sum = 0;

    if (Tally_Check(object)) {
        Tally *other = (Tally *)object;
        Py_BEGIN_CRITICAL_SECTION(object);
        for (i = 0; i < other->used; i++)
            sum += other->items[i];
        Py_END_CRITICAL_SECTION();
        return sum;
    }
    return PyLong_AsLong(object);
}

static PyObject *tally_push_ok(Tally *self, PyObject *value)
{
    int failed;

    Py_BEGIN_CRITICAL_SECTION(self);
    failed = tally_resize(self, self->used + 1);
    Py_END_CRITICAL_SECTION();
    return failed ? NULL : Py_NewRef(value);
}

static PyObject *tally_plus_ok(PyObject *Py_UNUSED(self), PyObject *other)
{
    long sum;

    if (Tally_Check(other)) {
        Py_BEGIN_CRITICAL_SECTION(other);
        sum = tally_sum_of(other);
        Py_END_CRITICAL_SECTION();
    }
    else {
        sum = tally_sum_of(other);
    }
    return PyLong_FromLong(sum);
}

static PyObject *tally_minus(PyObject *Py_UNUSED(self), PyObject *other)
{
    if (PyFloat_Check(other))
        return PyFloat_FromDouble(-PyFloat_AsDouble(other));
    return PyLong_FromLong(-tally_total_bad(other));
}

static PyMethodDef tally_methods[] = {
    {"push", (PyCFunction)tally_push_ok, METH_O, NULL},
    {"plus", tally_plus_ok, METH_O, NULL},
    {"minus", tally_minus, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot tally_slots[] = {
    {Py_tp_methods, tally_methods},
    {0, NULL},
};

PyType_Spec tally_spec = {"sample.Tally", sizeof(Tally), 0, Py_TPFLAGS_DEFAULT, tally_slots};
