#include <Python.h>

/* Newer Python API, for the Pythons that lack it. */
#if PY_VERSION_HEX < 0x030D0000 && !defined(Py_BEGIN_CRITICAL_SECTION)
#define Py_BEGIN_CRITICAL_SECTION(op) {
#define Py_END_CRITICAL_SECTION() }
#define Py_BEGIN_CRITICAL_SECTION2(a, b) {
#define Py_END_CRITICAL_SECTION2() }
#endif
/* End of newer Python API. */

/* Operations on two instances need both locks. */

typedef struct {
    PyObject_HEAD
    double *values;
    Py_ssize_t n;
} Vector;

static PyTypeObject *Vector_Type;               /* by the exec function */

static void vector_dealloc(Vector *self)
{
    PyTypeObject *type = Py_TYPE(self);

    PyMem_Free(self->values);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static int vector_assign_lock_held(Vector *self, const Vector *other)
{
    double *values = PyMem_Malloc((size_t)(other->n + 1) * sizeof(double));

    if (values == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t i = 0; i < other->n; i++)
        values[i] = other->values[i];
    PyMem_Free(self->values);
    self->values = values;
    self->n = other->n;
    return 0;
}

static PyObject *vector_dot_bad(Vector *self, PyObject *arg)  /* expect: unlocked-instance-state */
{
    Vector *other = (Vector *)arg;
    double sum = 0.0;

    if (!PyObject_TypeCheck(arg, Vector_Type))
        return PyErr_Format(PyExc_TypeError, "expected a Vector");
    Py_BEGIN_CRITICAL_SECTION2(self, arg);
    for (Py_ssize_t i = 0; i < self->n && i < other->n; i++)
        sum += self->values[i] * other->values[i];
    Py_END_CRITICAL_SECTION2();
    return PyFloat_FromDouble(sum);
}

/* Only one of the two is locked. */
static PyObject *vector_copy_from_bad(Vector *self, PyObject *arg)  /* expect: unlocked-instance-state */
{
    Vector *other = (Vector *)arg;
    double *values;
    Py_ssize_t i, n;

    if (!PyObject_TypeCheck(arg, Vector_Type))
        return PyErr_Format(PyExc_TypeError, "expected a Vector");
    Py_BEGIN_CRITICAL_SECTION2(self, arg);
    n = other->n;
    values = PyMem_Malloc((size_t)(n + 1) * sizeof(double));
    if (values != NULL) {
        for (i = 0; i < n; i++)
            values[i] = other->values[i];
        PyMem_Free(self->values);
        self->values = values;
        self->n = n;
    }
    Py_END_CRITICAL_SECTION2();
    return values == NULL ? PyErr_NoMemory() : Py_NewRef(Py_None);
}

static PyObject *vector_swap_bad_lock_held(Vector *self, PyObject *arg)  /* expect: unlocked-instance-state */
{
    Vector *other = (Vector *)arg;
    double *values = self->values;
    Py_ssize_t n = self->n;

    if (!PyObject_TypeCheck(arg, Vector_Type))
        return PyErr_Format(PyExc_TypeError, "expected a Vector");
    self->values = other->values;
    self->n = other->n;
    other->values = values;
    other->n = n;
    Py_RETURN_NONE;
}

static PyObject *vector_swap_bad(Vector *self, PyObject *arg)
{
    PyObject *result;
    Py_BEGIN_CRITICAL_SECTION2(self, arg);
    result = vector_swap_bad_lock_held(self, arg);
    Py_END_CRITICAL_SECTION2();
    return result;
}

static PyObject *vector_assign_ok(Vector *self, PyObject *arg)
{
    int rc;

    if (!PyObject_TypeCheck(arg, Vector_Type))
        return PyErr_Format(PyExc_TypeError, "expected a Vector");
    Py_BEGIN_CRITICAL_SECTION2(self, arg);
    rc = vector_assign_lock_held(self, (Vector *)arg);
    Py_END_CRITICAL_SECTION2();
    return rc < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *vector_equal_ok(Vector *self, PyObject *arg)
{
    Vector *other = (Vector *)arg;
    int equal;

    if (!PyObject_TypeCheck(arg, Vector_Type))
        Py_RETURN_FALSE;
    Py_BEGIN_CRITICAL_SECTION2(self, other);
    equal = self->n == other->n;
    for (Py_ssize_t i = 0; equal && i < self->n; i++)
        equal = self->values[i] == other->values[i];
    Py_END_CRITICAL_SECTION2();
    return PyBool_FromLong(equal);
}

/* The new one is private, the old one locked. */
static PyObject *vector_copy_ok(Vector *self, PyObject *Py_UNUSED(ignored))
{
    Vector *copy = (Vector *)Vector_Type->tp_alloc(Vector_Type, 0);
    int rc;

    if (copy == NULL)
        return NULL;
    Py_BEGIN_CRITICAL_SECTION(self);
    rc = vector_assign_lock_held(copy, self);
    Py_END_CRITICAL_SECTION();
    if (rc < 0)
        Py_CLEAR(copy);
    return (PyObject *)copy;
}

static PyMethodDef vector_methods[] = {
    {"vector_dot", (PyCFunction)vector_dot_bad, METH_O, NULL},
    {"vector_copy_from", (PyCFunction)vector_copy_from_bad, METH_O, NULL},
    {"vector_swap", (PyCFunction)vector_swap_bad, METH_O, NULL},
    {"vector_assign", (PyCFunction)vector_assign_ok, METH_O, NULL},
    {"vector_equal", (PyCFunction)vector_equal_ok, METH_O, NULL},
    {"vector_copy", (PyCFunction)vector_copy_ok, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot vector_slots[] = {
    {Py_tp_dealloc, vector_dealloc},
    {Py_tp_methods, vector_methods},
    {0, NULL},
};

static PyType_Spec vector_spec = {
    .name = "sample.Vector",
    .basicsize = sizeof(Vector),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = vector_slots,
};

static int sample_exec(PyObject *module)
{
    Vector_Type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &vector_spec, NULL);
    return Vector_Type == NULL ? -1 : PyModule_AddType(module, Vector_Type);
}

static PyModuleDef_Slot sample_slots[] = {
    {Py_mod_exec, sample_exec},
#ifdef Py_GIL_DISABLED
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static struct PyModuleDef sample_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "sample",
    .m_slots = sample_slots,
};

PyMODINIT_FUNC PyInit_sample(void)
{
    return PyModuleDef_Init(&sample_module);
}
