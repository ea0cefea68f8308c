#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyMutex mutex;
    long value;
} Account;

static PyMutex names_lock, sizes_lock;
static long names, sizes;
static PyMutex audit_lock;
static long audited;
static PyMutex first_lock, second_lock;
static long first, second;

static PyObject *rename_all(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyMutex_Lock(&names_lock);
    PyMutex_Lock(&sizes_lock);
    names++;
    sizes++;
    PyMutex_Unlock(&sizes_lock);
    PyMutex_Unlock(&names_lock);
    Py_RETURN_NONE;
}

static PyObject *resize_all_bad(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyMutex_Lock(&sizes_lock);
    PyMutex_Lock(&names_lock);  /* expect: lock-order */
    sizes = names;
    PyMutex_Unlock(&names_lock);
    PyMutex_Unlock(&sizes_lock);
    Py_RETURN_NONE;
}

static PyObject *account_add(Account *self, PyObject *arg)
{
    long n = PyLong_AsLong(arg);

    PyMutex_Lock(&self->mutex);
    self->value += n;
    PyMutex_Lock(&audit_lock);
    audited += n;
    PyMutex_Unlock(&audit_lock);
    PyMutex_Unlock(&self->mutex);
    Py_RETURN_NONE;
}

static PyObject *account_audit_bad(Account *self, PyObject *Py_UNUSED(ignored))
{
    long difference;

    PyMutex_Lock(&audit_lock);
    PyMutex_Lock(&self->mutex);  /* expect: lock-order */
    difference = audited - self->value;
    PyMutex_Unlock(&self->mutex);
    PyMutex_Unlock(&audit_lock);
    return PyLong_FromLong(difference);
}

static PyObject *both_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyMutex_Lock(&first_lock);
    PyMutex_Lock(&second_lock);
    first++;
    second++;
    PyMutex_Unlock(&second_lock);
    PyMutex_Unlock(&first_lock);
    Py_RETURN_NONE;
}

static PyObject *same_order_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    long sum;

    PyMutex_Lock(&first_lock);
    PyMutex_Lock(&second_lock);
    sum = first + second;
    PyMutex_Unlock(&first_lock);
    PyMutex_Unlock(&second_lock);
    return PyLong_FromLong(sum);
}

/* One is released before the other is taken. */
static PyObject *one_by_one_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    long n;

    PyMutex_Lock(&second_lock);
    n = second;
    second = 0;
    PyMutex_Unlock(&second_lock);
    PyMutex_Lock(&first_lock);
    first += n;
    PyMutex_Unlock(&first_lock);
    return PyLong_FromLong(n);
}

static PyMethodDef account_methods[] = {
    {"account_add", (PyCFunction)account_add, METH_O, NULL},
    {"account_audit", (PyCFunction)account_audit_bad, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot account_slots[] = {
    {Py_nb_add, account_add},
    {Py_tp_methods, account_methods},
    {0, NULL},
};

static PyType_Spec account_spec = {
    .name = "sample.Account",
    .basicsize = sizeof(Account),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = account_slots,
};

static PyMethodDef sample_methods[] = {
    {"rename_all", rename_all, METH_NOARGS, NULL},
    {"resize_all", resize_all_bad, METH_NOARGS, NULL},
    {"both", both_ok, METH_NOARGS, NULL},
    {"same_order", same_order_ok, METH_NOARGS, NULL},
    {"one_by_one", one_by_one_ok, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
