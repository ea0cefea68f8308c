typedef struct { PyObject_HEAD PyMutex mutex; PyThread_type_lock lock; PyObject *items; } Box;

PyObject *section(Box *self, PyObject *other)
{
    PyObject *r = NULL;
    Py_BEGIN_CRITICAL_SECTION2(self, other);
    if (self->items == NULL)
        goto done;
    r = Py_NewRef(self->items);
done:
    Py_END_CRITICAL_SECTION2();
    return r;
}

void explicit_section(PyObject *op)
{
    PyCriticalSection cs;
    PyCriticalSection_Begin(&cs, op);
    touch(op);
    PyCriticalSection_End(&cs);
}

int mutexes(Box *self)
{
    PyMutex_Lock(&self->mutex);
    PyMutex_Unlock(&self->mutex);
    if (!PyThread_acquire_lock(self->lock, NOWAIT_LOCK)) {
        Py_BEGIN_ALLOW_THREADS
        PyThread_acquire_lock(self->lock, WAIT_LOCK);
        Py_END_ALLOW_THREADS
    }
    PyThread_release_lock(self->lock);
    return pthread_mutex_trylock(&global_mutex) == 0;
}

void states(void)
{
    PyThreadState *save = PyEval_SaveThread();
    PyGILState_STATE g;
    PyEval_RestoreThread(save);
    g = PyGILState_Ensure();
    PyGILState_Release(g);
    PyThreadState_Swap(NULL);
    PyThreadState_Swap(save);
}

PyObject *replaced(Box *self, PyObject *value)
{
    PyObject *local = value;
    Py_CLEAR(self->items);
    Py_XSETREF(self->items, Py_NewRef(value));
    Py_SETREF(local, NULL);
    Py_RETURN_NONE;
}

int traverse(Box *self, visitproc visit, void *arg)
{
    Py_VISIT(self->items);
    return 0;
}
