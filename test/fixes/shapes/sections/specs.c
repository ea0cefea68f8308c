/* A type made from a spec: methods that are declared before, comparisons of two objects, iteration. */
#include <Python.h>

typedef struct {
    PyObject_HEAD
    Py_ssize_t low;
    Py_ssize_t high;
} Range;

static PyObject *range_widen(Range *self, PyObject *args);
static PyObject *range_richcompare(PyObject *a, PyObject *b, int op);

static int
range_init(PyObject *op, PyObject *args, PyObject *kwargs)  /* fix: safe */
{
    Range *self = (Range *)op;
    Py_ssize_t low, high;

    if (!PyArg_ParseTuple(args, "nn", &low, &high)) {
        return -1;
    }
    if (low > high) {
        PyErr_SetString(PyExc_ValueError, "low above high");
        return -1;
    }
    self->low = low;
    self->high = high;
    return 0;
}

static void
range_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);

    release(self);
#if PY_VERSION_HEX >= 0x03080000
    Py_DECREF(type);
#endif
}

static PyObject *
range_widen(Range *self, PyObject *args)  /* fix: safe */
{
    Py_ssize_t by = 1;

    if (!PyArg_ParseTuple(args, "|n", &by)) {
        return NULL;
    }
    if (self->low - by > self->high + by) {
        PyErr_SetString(PyExc_ValueError, "too narrow");
        return NULL;
    }
    self->low -= by;
    self->high += by;
    Py_INCREF(self);
    return (PyObject *)self;
}

static PyObject *
range_next(PyObject *op)  /* fix: safe */
{
    Range *self = (Range *)op;

    if (self->low >= self->high) {
        return NULL;
    }
    return PyLong_FromSsize_t(self->low++);
}

static PyObject *
range_union(PyObject *op, PyObject *other)  /* fix: safe */
{
    Range *self = (Range *)op;
    Range *right;

    if (Py_TYPE(other) != Py_TYPE(op)) {
        PyErr_SetString(PyExc_TypeError, "another range is needed");
        return NULL;
    }
    right = (Range *)other;
    if (right->low < self->low) {
        self->low = right->low;
    }
    if (right->high > self->high) {
        self->high = right->high;
    }
    Py_RETURN_NONE;
}

static PyObject *
range_richcompare(PyObject *a, PyObject *b, int op)  /* fix: safe */
{
    int same;

    if (Py_TYPE(a) != Py_TYPE(b) || (op != Py_EQ && op != Py_NE)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    same = ((Range *)a)->low == ((Range *)b)->low && ((Range *)a)->high == ((Range *)b)->high;
    return PyBool_FromLong(op == Py_EQ ? same : !same);
}

static PyObject *
range_repr(PyObject *op)  /* fix: safe */
{
    Range *self = (Range *)op;

    return PyUnicode_FromFormat("Range(%zd, %zd)", self->low, self->high);
}

static PyMethodDef range_methods[] = {
    {"widen", (PyCFunction)range_widen, METH_VARARGS, NULL},
    {"union", range_union, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot range_slots[] = {
    {Py_tp_dealloc, (void *)range_dealloc},
    {Py_tp_init, (void *)range_init},
    {Py_tp_methods, range_methods},
    {Py_tp_iter, (void *)PyObject_SelfIter},
    {Py_tp_iternext, (void *)range_next},
    {Py_tp_repr, (void *)range_repr},
    {Py_tp_richcompare, (void *)range_richcompare},
    {0, NULL},
};

static PyType_Spec range_spec = {
    "shape.Range", sizeof(Range), 0, Py_TPFLAGS_DEFAULT, range_slots,
};

static int
module_exec(PyObject *module)
{
    PyObject *type = PyType_FromSpec(&range_spec);

    if (type == NULL) {
        return -1;
    }
    if (PyModule_AddObject(module, "Range", type) < 0) {
        Py_DECREF(type);
        return -1;
    }
    return 0;
}

static PyMethodDef methods[] = {

    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)module_exec},
#ifdef Py_mod_gil
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "shape", NULL, 0, methods, slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC
PyInit_shape(void)
{
    return PyModuleDef_Init(&definition);
}
