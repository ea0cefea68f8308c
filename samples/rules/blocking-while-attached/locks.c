#include <Python.h>
#include <pythread.h>

#include <pthread.h>

typedef struct {
    PyObject_HEAD
    PyThread_type_lock lock;    /* allocated by tp_new */
    pthread_mutex_t mutex;
    long value;
} Account;

static pthread_mutex_t table_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t names_lock = PTHREAD_RWLOCK_INITIALIZER;
static PyMutex quick_lock;

static PyObject *account_new(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwds))
{
    Account *self = (Account *)type->tp_alloc(type, 0);

    if (self == NULL)
        return NULL;
    self->lock = PyThread_allocate_lock();
    if (self->lock == NULL || pthread_mutex_init(&self->mutex, NULL) != 0) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    return (PyObject *)self;
}

static void account_dealloc(Account *self)
{
    PyTypeObject *type = Py_TYPE(self);

    if (self->lock != NULL)
        PyThread_free_lock(self->lock);
    pthread_mutex_destroy(&self->mutex);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static PyObject *account_add_bad(Account *self, PyObject *arg)
{
    long n;

    PyThread_acquire_lock(self->lock, WAIT_LOCK);  /* expect: blocking-while-attached */
    n = PyLong_AsLong(arg);     /* may call __index__ */
    self->value += n;
    n = self->value;
    PyThread_release_lock(self->lock);
    return n == -1 && PyErr_Occurred() ? NULL : PyLong_FromLong(n);
}

static PyObject *account_get_bad(Account *self, PyObject *Py_UNUSED(ignored))
{
    long n;
    int interrupted;

    PyThread_acquire_lock(self->lock, 1);  /* expect: blocking-while-attached */
    interrupted = PyErr_CheckSignals();
    n = self->value;
    PyThread_release_lock(self->lock);
    return interrupted < 0 ? NULL : PyLong_FromLong(n);
}

/* Nothing but a few lines of C happens under the lock: risk low. */
static PyObject *account_peek_ok(Account *self, PyObject *Py_UNUSED(ignored))
{
    long n;

    PyThread_acquire_lock(self->lock, WAIT_LOCK);
    n = self->value;
    PyThread_release_lock(self->lock);
    return PyLong_FromLong(n);
}

static PyObject *hash_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    Py_hash_t hash;

    pthread_mutex_lock(&table_mutex);  /* expect: blocking-while-attached */
    hash = PyObject_Hash(arg);
    pthread_mutex_unlock(&table_mutex);
    return hash == -1 ? NULL : PyLong_FromSsize_t(hash);
}

static PyObject *names_bad(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyObject *result;

    pthread_rwlock_rdlock(&names_lock);  /* expect: blocking-while-attached */
    result = PyUnicode_FromString("names");
    pthread_rwlock_unlock(&names_lock);
    return result;
}

static PyObject *account_add_ok(Account *self, PyObject *arg)
{
    long n = PyLong_AsLong(arg);

    Py_BEGIN_ALLOW_THREADS
    PyThread_acquire_lock(self->lock, WAIT_LOCK);
    Py_END_ALLOW_THREADS
    self->value += n;
    n = self->value;
    PyThread_release_lock(self->lock);
    return PyLong_FromLong(n);
}

static PyObject *account_try_ok(Account *self, PyObject *Py_UNUSED(ignored))
{
    long n;

    if (!PyThread_acquire_lock(self->lock, NOWAIT_LOCK))
        Py_RETURN_NONE;
    n = self->value;
    PyThread_release_lock(self->lock);
    return PyLong_FromLong(n);
}

static PyObject *account_reset_ok(Account *self, PyObject *Py_UNUSED(ignored))
{
    if (!PyThread_acquire_lock(self->lock, 0)) {
        Py_BEGIN_ALLOW_THREADS
        PyThread_acquire_lock(self->lock, 1);
        Py_END_ALLOW_THREADS
    }
    self->value = 0;
    PyThread_release_lock(self->lock);
    Py_RETURN_NONE;
}

static PyObject *detached_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    Py_BEGIN_ALLOW_THREADS
    pthread_mutex_lock(&table_mutex);
    pthread_mutex_unlock(&table_mutex);
    Py_END_ALLOW_THREADS
    Py_RETURN_NONE;
}

static PyObject *trylock_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    if (pthread_mutex_trylock(&table_mutex) != 0)
        Py_RETURN_FALSE;
    pthread_mutex_unlock(&table_mutex);
    Py_RETURN_TRUE;
}

/* PyMutex detaches by itself while it waits. */
static PyObject *pymutex_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    int truth;

    PyMutex_Lock(&quick_lock);
    truth = arg == Py_True;
    PyMutex_Unlock(&quick_lock);
    return PyBool_FromLong(truth);
}

static PyMethodDef account_methods[] = {
    {"peek", (PyCFunction)account_peek_ok, METH_NOARGS, NULL},
    {"account_add", (PyCFunction)account_add_bad, METH_O, NULL},
    {"account_get", (PyCFunction)account_get_bad, METH_NOARGS, NULL},
    {"account_add", (PyCFunction)account_add_ok, METH_O, NULL},
    {"account_try", (PyCFunction)account_try_ok, METH_NOARGS, NULL},
    {"account_reset", (PyCFunction)account_reset_ok, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot account_slots[] = {
    {Py_tp_new, account_new},
    {Py_tp_dealloc, account_dealloc},
    {Py_nb_add, account_add_bad},
    {Py_nb_add, account_add_ok},
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
    {"hash", hash_bad, METH_O, NULL},
    {"names", names_bad, METH_NOARGS, NULL},
    {"detached", detached_ok, METH_NOARGS, NULL},
    {"trylock", trylock_ok, METH_NOARGS, NULL},
    {"pymutex", pymutex_ok, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
