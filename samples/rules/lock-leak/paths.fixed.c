#include <Python.h>

#include <pthread.h>

typedef struct {
    PyObject_HEAD
    PyMutex mutex;
    long value;
} Cell;

static PyMutex table_lock;
static const int table_is_shared = 1;
static PyThread_type_lock finished;    /* made by the exec function */
static pthread_mutex_t file_lock = PTHREAD_MUTEX_INITIALIZER;
static long table[10];

static PyObject *cell_set_bad(Cell *self, PyObject *arg)
{
    long n;

    PyMutex_Lock(&self->mutex);  /* expect: lock-leak */
    n = PyLong_AsLong(arg);
    if (n == -1 && PyErr_Occurred()) {
        PyMutex_Unlock(&self->mutex);
        return NULL;
    }
    self->value = n;
    PyMutex_Unlock(&self->mutex);
    Py_RETURN_NONE;
}

static PyObject *lookup_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    long i = PyLong_AsLong(arg), result;

    PyMutex_Lock(&table_lock);  /* expect: lock-leak */
    if (i < 0 || i >= 10)
        goto error;
    result = table[i]++;
    PyMutex_Unlock(&table_lock);
    return PyLong_FromLong(result);

error:
    PyErr_SetString(PyExc_IndexError, "no such row");
    PyMutex_Unlock(&table_lock);
    return NULL;
}

static PyObject *search_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    long wanted = PyLong_AsLong(arg);

    PyMutex_Lock(&table_lock);  /* expect: lock-leak */
    for (int i = 0; i < 10; i++) {
        if (table[i] == wanted)
            return PyLong_FromLong(i);
    }
    PyMutex_Unlock(&table_lock);
    Py_RETURN_NONE;
}

static PyObject *detached_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    long n = PyLong_AsLong(arg), old = 0;

    Py_BEGIN_ALLOW_THREADS
    pthread_mutex_lock(&file_lock);  /* expect: lock-leak */
    if (n >= 0) {
        old = n;
        pthread_mutex_unlock(&file_lock);
    }
    Py_END_ALLOW_THREADS
    return PyLong_FromLong(old);
}

static PyObject *cell_set_ok(Cell *self, PyObject *arg)
{
    PyObject *result = NULL;
    long n;

    PyMutex_Lock(&self->mutex);
    n = PyLong_AsLong(arg);
    if (n == -1 && PyErr_Occurred())
        goto done;
    self->value = n;
    result = Py_NewRef(Py_None);
done:
    PyMutex_Unlock(&self->mutex);
    return result;
}

static PyObject *every_path_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    long i = PyLong_AsLong(arg), result;

    PyMutex_Lock(&table_lock);
    if (i < 0 || i >= 10) {
        PyMutex_Unlock(&table_lock);
        return PyErr_Format(PyExc_IndexError, "no row %ld", i);
    }
    result = table[i];
    PyMutex_Unlock(&table_lock);
    return PyLong_FromLong(result);
}

static PyObject *try_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    if (pthread_mutex_trylock(&file_lock) != 0)
        Py_RETURN_FALSE;
    pthread_mutex_unlock(&file_lock);
    Py_RETURN_TRUE;
}

/* A pair of functions of the project: the lock outlives the first by design. */
static void cell_lock(Cell *self)
{
    PyMutex_Lock(&self->mutex);
}

static void cell_unlock(Cell *self)
{
    PyMutex_Unlock(&self->mutex);
}

static PyObject *cell_get_ok(Cell *self, PyObject *Py_UNUSED(ignored))
{
    long value;

    cell_lock(self);
    value = self->value;
    cell_unlock(self);
    return PyLong_FromLong(value);
}

static PyMethodDef cell_methods[] = {
    {"cell_set", (PyCFunction)cell_set_bad, METH_O, NULL},
    {"cell_set", (PyCFunction)cell_set_ok, METH_O, NULL},
    {"cell_get", (PyCFunction)cell_get_ok, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot cell_slots[] = {
    {Py_tp_methods, cell_methods},
    {0, NULL},
};

static PyType_Spec cell_spec = {
    .name = "sample.Cell",
    .basicsize = sizeof(Cell),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = cell_slots,
};

/* Taken and released on one condition: where it is false, nothing is held. */
static PyObject *guarded_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    long n = PyLong_AsLong(arg), result;

    if (table_is_shared)
        PyMutex_Lock(&table_lock);
    result = n < 0 ? -n : n;
    if (table_is_shared)
        PyMutex_Unlock(&table_lock);
    return PyLong_FromLong(result);
}

/* An event: the worker releases it. */
static void worker_finished(void)
{
    PyThread_release_lock(finished);
}

static PyObject *wait_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    if (arg == Py_None)
        worker_finished();
    Py_BEGIN_ALLOW_THREADS
    PyThread_acquire_lock(finished, WAIT_LOCK);
    Py_END_ALLOW_THREADS
    if (arg == Py_True)
        return Py_NewRef(arg);
    PyThread_release_lock(finished);
    Py_RETURN_NONE;
}

static PyMethodDef sample_methods[] = {
    {"guarded", guarded_ok, METH_O, NULL},
    {"wait", wait_ok, METH_O, NULL},
    {"lookup", lookup_bad, METH_O, NULL},
    {"search", search_bad, METH_O, NULL},
    {"detached", detached_bad, METH_O, NULL},
    {"every_path", every_path_ok, METH_O, NULL},
    {"try", try_ok, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
