/* ungil-sample: fix=review */
#include <Python.h>

/* Newer Python API, for the Pythons that lack it. */
#if PY_VERSION_HEX < 0x030D0000 && !defined(Py_BEGIN_CRITICAL_SECTION)
#define Py_BEGIN_CRITICAL_SECTION(op) {
#define Py_END_CRITICAL_SECTION() }
#define Py_BEGIN_CRITICAL_SECTION2(a, b) {
#define Py_END_CRITICAL_SECTION2() }
#endif
/* End of newer Python API. */

/* The outer section may be suspended while the inner one waits. */

typedef struct {
    PyObject_HEAD
    long balance;
} Purse;

static PyTypeObject *Purse_Type;                /* by the exec function */

static PyObject *purse_move_bad(Purse *self, PyObject *arg)
{
    Purse *other = (Purse *)arg;

    if (!PyObject_TypeCheck(arg, Purse_Type))
        return PyErr_Format(PyExc_TypeError, "expected a Purse");
    Py_BEGIN_CRITICAL_SECTION2(self, other);
     /* expect: section-nested */
    other->balance += self->balance;
    self->balance = 0;
    Py_END_CRITICAL_SECTION2();
    Py_RETURN_NONE;
}

static PyObject *purse_compare_bad(Purse *self, PyObject *arg)
{
    int more = 0;

    if (!PyObject_TypeCheck(arg, Purse_Type))
        return PyErr_Format(PyExc_TypeError, "expected a Purse");
    Py_BEGIN_CRITICAL_SECTION2(self, arg);
    if (self->balance > 0) {
         /* expect: section-nested */
        more = self->balance > ((Purse *)arg)->balance;
    }
    Py_END_CRITICAL_SECTION2();
    return PyBool_FromLong(more);
}

static PyObject *purse_split_bad(Purse *self, PyObject *arg)
{
    Purse *other = (Purse *)arg;
    long half;

    if (!PyObject_TypeCheck(arg, Purse_Type))
        return PyErr_Format(PyExc_TypeError, "expected a Purse");
    Py_BEGIN_CRITICAL_SECTION2(other, self);
    half = other->balance / 2;
     /* expect: section-nested */
    self->balance += half;
    other->balance -= half;
    Py_END_CRITICAL_SECTION2();
    return PyLong_FromLong(half);
}

static PyObject *purse_move_ok(Purse *self, PyObject *arg)
{
    Purse *other = (Purse *)arg;

    if (!PyObject_TypeCheck(arg, Purse_Type))
        return PyErr_Format(PyExc_TypeError, "expected a Purse");
    Py_BEGIN_CRITICAL_SECTION2(self, other);
    other->balance += self->balance;
    self->balance = 0;
    Py_END_CRITICAL_SECTION2();
    Py_RETURN_NONE;
}

static PyObject *purse_one_after_other_ok(Purse *self, PyObject *arg)
{
    Purse *other = (Purse *)arg;
    long taken;

    if (!PyObject_TypeCheck(arg, Purse_Type))
        return PyErr_Format(PyExc_TypeError, "expected a Purse");
    Py_BEGIN_CRITICAL_SECTION(self);
    taken = self->balance;
    self->balance = 0;
    Py_END_CRITICAL_SECTION();
    Py_BEGIN_CRITICAL_SECTION(other);
    other->balance += taken;
    Py_END_CRITICAL_SECTION();
    return PyLong_FromLong(taken);
}

static PyObject *purse_double_ok(Purse *self, PyObject *Py_UNUSED(ignored))
{
    long balance;

    Py_BEGIN_CRITICAL_SECTION(self);
    self->balance *= 2;
    balance = self->balance;
    Py_END_CRITICAL_SECTION();
    return PyLong_FromLong(balance);
}

static PyMethodDef purse_methods[] = {
    {"purse_move", (PyCFunction)purse_move_bad, METH_O, NULL},
    {"purse_compare", (PyCFunction)purse_compare_bad, METH_O, NULL},
    {"purse_split", (PyCFunction)purse_split_bad, METH_O, NULL},
    {"purse_move", (PyCFunction)purse_move_ok, METH_O, NULL},
    {"purse_one_after_other", (PyCFunction)purse_one_after_other_ok, METH_O, NULL},
    {"purse_double", (PyCFunction)purse_double_ok, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot purse_slots[] = {
    {Py_tp_methods, purse_methods},
    {0, NULL},
};

static PyType_Spec purse_spec = {
    .name = "sample.Purse",
    .basicsize = sizeof(Purse),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = purse_slots,
};

static int sample_exec(PyObject *module)
{
    Purse_Type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &purse_spec, NULL);
    return Purse_Type == NULL ? -1 : PyModule_AddType(module, Purse_Type);
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
