#include <Python.h>

#include <mutex>

namespace {

std::mutex mutex;
PyMutex quick;
long total = 0;

PyObject *add_bad(PyObject *, PyObject *arg)
{
    const long n = PyLong_AsLong(arg);
    bool full = false;

    Py_BEGIN_ALLOW_THREADS
    mutex.lock();  // expect: lock-leak
    if (total + n > 1000) {
        full = true;
    }
    else {
        total += n;
        mutex.unlock();
    }
    Py_END_ALLOW_THREADS
    return PyBool_FromLong(full);
}

PyObject *peek_bad(PyObject *, PyObject *arg)
{
    PyMutex_Lock(&quick);  // expect: lock-leak
    if (arg == Py_None)
        Py_RETURN_NONE;
    PyMutex_Unlock(&quick);
    return Py_NewRef(arg);
}

PyObject *guard_ok(PyObject *, PyObject *arg)
{
    const long n = PyLong_AsLong(arg);
    bool full = false;

    Py_BEGIN_ALLOW_THREADS
    {
        const std::lock_guard<std::mutex> guard(mutex);
        full = total + n > 1000;
        if (!full)
            total += n;
    }
    Py_END_ALLOW_THREADS
    return PyBool_FromLong(full);
}

PyObject *unique_ok(PyObject *, PyObject *)
{
    long result;

    Py_BEGIN_ALLOW_THREADS
    {
        std::unique_lock<std::mutex> lock(mutex);
        result = total;
        lock.unlock();
    }
    Py_END_ALLOW_THREADS
    return PyLong_FromLong(result);
}

PyObject *plain_ok(PyObject *, PyObject *arg)
{
    PyMutex_Lock(&quick);
    const bool none = arg == Py_None;
    PyMutex_Unlock(&quick);
    return PyBool_FromLong(none);
}

PyMethodDef sample_methods[] = {
    {"add", add_bad, METH_O, nullptr},
    {"peek", peek_bad, METH_O, nullptr},
    {"guard", guard_ok, METH_O, nullptr},
    {"unique", unique_ok, METH_NOARGS, nullptr},
    {"plain", plain_ok, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace
