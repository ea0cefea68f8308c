#include <Python.h>

namespace {

PyMutex cache_lock, index_lock, log_lock;
long cached = 0, indexed = 0, logged = 0;

void note(long n)
{
    PyMutex_Lock(&log_lock);
    logged += n;
    PyMutex_Unlock(&log_lock);
}

void index_one()
{
    PyMutex_Lock(&index_lock);
    indexed++;
    PyMutex_Unlock(&index_lock);
}

PyObject *store(PyObject *, PyObject *)
{
    PyMutex_Lock(&cache_lock);
    cached++;
    index_one();
    PyMutex_Unlock(&cache_lock);
    Py_RETURN_NONE;
}

PyObject *rebuild_bad(PyObject *, PyObject *)
{
    PyMutex_Lock(&index_lock);
    indexed = 0;
    PyMutex_Lock(&cache_lock);  // expect: lock-order
    cached = 0;
    PyMutex_Unlock(&cache_lock);
    PyMutex_Unlock(&index_lock);
    Py_RETURN_NONE;
}

PyObject *clear_ok(PyObject *, PyObject *)
{
    PyMutex_Lock(&cache_lock);
    const long n = cached;
    cached = 0;
    note(n);
    PyMutex_Unlock(&cache_lock);
    return PyLong_FromLong(n);
}

PyObject *report_ok(PyObject *, PyObject *)
{
    note(1);
    PyMutex_Lock(&cache_lock);
    const long n = cached;
    PyMutex_Unlock(&cache_lock);
    return PyLong_FromLong(n);
}

PyObject *logged_ok(PyObject *, PyObject *)
{
    PyMutex_Lock(&log_lock);
    const long n = logged;
    PyMutex_Unlock(&log_lock);
    return PyLong_FromLong(n);
}

PyMethodDef sample_methods[] = {
    {"store", store, METH_NOARGS, nullptr},
    {"rebuild", rebuild_bad, METH_NOARGS, nullptr},
    {"clear", clear_ok, METH_NOARGS, nullptr},
    {"report", report_ok, METH_NOARGS, nullptr},
    {"logged", logged_ok, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace
