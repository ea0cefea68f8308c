#include <Python.h>

#include <stdatomic.h>

/* Newer Python API, for the Pythons that lack it. */
#if PY_VERSION_HEX < 0x030D0000 && !defined(Py_BEGIN_CRITICAL_SECTION)
#define Py_BEGIN_CRITICAL_SECTION(op) {
#define Py_END_CRITICAL_SECTION() }
#define Py_BEGIN_CRITICAL_SECTION2(a, b) {
#define Py_END_CRITICAL_SECTION2() }
#endif
/* End of newer Python API. */

typedef struct {
    PyObject_HEAD
    long value;                 /* written without a lock */
    long limit;                 /* only tp_new writes it */
    long guarded;               /* always in a critical section */
    long mutexed;               /* always under the mutex */
    PyMutex mutex;
    atomic_long hits;
} Counter;

static PyTypeObject *Counter_Type;              /* by the exec function */

static PyObject *counter_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(kwds))
{
    Counter *self;
    long limit = 100;

    if (!PyArg_ParseTuple(args, "|l", &limit))
        return NULL;
    self = (Counter *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->value = 0;
    self->limit = limit;
    return (PyObject *)self;
}

static void counter_dealloc(Counter *self)
{
    PyTypeObject *type = Py_TYPE(self);

    self->value = 0;
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static PyObject *counter_add_bad(Counter *self, PyObject *arg)  /* expect: unlocked-instance-state */
{
    long n = PyLong_AsLong(arg);
    PyObject *result;

    if (n == -1 && PyErr_Occurred())
        return NULL;
    Py_BEGIN_CRITICAL_SECTION(self);
    self->value += n;
    if (self->value > self->limit)
        self->value = self->limit;
    result = PyLong_FromLong(self->value);
    Py_END_CRITICAL_SECTION();
    return result;
}

static PyObject *counter_reset_bad_lock_held(Counter *self,
                                             PyObject *Py_UNUSED(ignored))  /* expect: unlocked-instance-state */
{
    long old = self->value;

    self->value = 0;
    return PyLong_FromLong(old);
}

static PyObject *counter_reset_bad(Counter *self, PyObject *ignored)
{
    PyObject *result;
    Py_BEGIN_CRITICAL_SECTION(self);
    result = counter_reset_bad_lock_held(self, ignored);
    Py_END_CRITICAL_SECTION();
    return result;
}

static int counter_bump(Counter *self)
{
    if (self->value >= self->limit) {
        PyErr_SetString(PyExc_OverflowError, "limit reached");
        return -1;
    }
    self->value++;
    return 0;
}

/* The state is touched here and in the function that is called. */
static PyObject *counter_twice_bad(Counter *self, PyObject *Py_UNUSED(ignored))  /* expect: unlocked-instance-state */
{
    if (counter_bump(self) < 0 || counter_bump(self) < 0)
        return NULL;
    return PyLong_FromLong(self->value);
}

/* An instance that comes in as an argument. */
static PyObject *drain_bad(PyObject *Py_UNUSED(module), PyObject *arg)  /* expect: unlocked-instance-state */
{
    Counter *counter;
    long drained;

    if (!PyObject_TypeCheck(arg, Counter_Type))
        return PyErr_Format(PyExc_TypeError, "expected a Counter");
    counter = (Counter *)arg;
    Py_BEGIN_CRITICAL_SECTION(arg);
    drained = counter->value;
    counter->value -= drained;
    Py_END_CRITICAL_SECTION();
    return PyLong_FromLong(drained);
}

static PyObject *counter_limit_ok(Counter *self, PyObject *Py_UNUSED(ignored))
{
    return PyLong_FromLong(self->limit);
}

static PyObject *counter_guarded_add_ok(Counter *self, PyObject *arg)
{
    long n = PyLong_AsLong(arg), result;

    Py_BEGIN_CRITICAL_SECTION(self);
    self->guarded += n;
    result = self->guarded;
    Py_END_CRITICAL_SECTION();
    return PyLong_FromLong(result);
}

static long guarded_take_lock_held(Counter *self)
{
    long result = self->guarded;

    self->guarded = 0;
    return result;
}

static PyObject *counter_guarded_take_ok(Counter *self, PyObject *Py_UNUSED(ignored))
{
    long result;

    Py_BEGIN_CRITICAL_SECTION(self);
    result = guarded_take_lock_held(self);
    Py_END_CRITICAL_SECTION();
    return PyLong_FromLong(result);
}

static PyObject *counter_mutexed_ok(Counter *self, PyObject *Py_UNUSED(ignored))
{
    long result;

    PyMutex_Lock(&self->mutex);
    result = ++self->mutexed;
    PyMutex_Unlock(&self->mutex);
    return PyLong_FromLong(result);
}

static PyObject *counter_hit_ok(Counter *self, PyObject *Py_UNUSED(ignored))
{
    return PyLong_FromLong(atomic_fetch_add(&self->hits, 1));
}

static PyObject *guarded_drain_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    Counter *counter = (Counter *)arg;
    long drained;

    if (!PyObject_TypeCheck(arg, Counter_Type))
        return PyErr_Format(PyExc_TypeError, "expected a Counter");
    Py_BEGIN_CRITICAL_SECTION(counter);
    drained = counter->guarded;
    counter->guarded = 0;
    Py_END_CRITICAL_SECTION();
    return PyLong_FromLong(drained);
}

/* Nobody else has the object yet. */
static PyObject *make_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    Counter *counter = (Counter *)Counter_Type->tp_alloc(Counter_Type, 0);

    if (counter == NULL)
        return NULL;
    counter->value = PyLong_AsLong(arg);
    counter->limit = counter->value * 10;
    counter->guarded = 1;
    return (PyObject *)counter;
}

static PyMethodDef counter_methods[] = {
    {"counter_add", (PyCFunction)counter_add_bad, METH_O, NULL},
    {"counter_reset", (PyCFunction)counter_reset_bad, METH_NOARGS, NULL},
    {"counter_twice", (PyCFunction)counter_twice_bad, METH_NOARGS, NULL},
    {"counter_limit", (PyCFunction)counter_limit_ok, METH_NOARGS, NULL},
    {"counter_guarded_add", (PyCFunction)counter_guarded_add_ok, METH_O, NULL},
    {"counter_guarded_take", (PyCFunction)counter_guarded_take_ok, METH_NOARGS, NULL},
    {"counter_mutexed", (PyCFunction)counter_mutexed_ok, METH_NOARGS, NULL},
    {"counter_hit", (PyCFunction)counter_hit_ok, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot counter_slots[] = {
    {Py_tp_new, counter_new},
    {Py_tp_dealloc, counter_dealloc},
    {Py_nb_add, counter_add_bad},
    {Py_tp_methods, counter_methods},
    {0, NULL},
};

static PyType_Spec counter_spec = {
    .name = "sample.Counter",
    .basicsize = sizeof(Counter),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = counter_slots,
};

static int sample_exec(PyObject *module)
{
    Counter_Type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &counter_spec, NULL);
    return Counter_Type == NULL ? -1 : PyModule_AddType(module, Counter_Type);
}

static PyMethodDef sample_methods[] = {
    {"drain", drain_bad, METH_O, NULL},
    {"guarded_drain", guarded_drain_ok, METH_O, NULL},
    {"make", make_ok, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

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
    .m_methods = sample_methods,
    .m_slots = sample_slots,
};

PyMODINIT_FUNC PyInit_sample(void)
{
    return PyModuleDef_Init(&sample_module);
}
