#include <Python.h>

#include <mutex>
#include <shared_mutex>

namespace {

std::mutex cache_mutex;
std::shared_mutex index_mutex;
std::recursive_mutex tree_mutex;

PyObject *guard_bad(PyObject *, PyObject *arg)
{
    const std::lock_guard<std::mutex> guard(cache_mutex);  // expect: blocking-while-attached

    return PyObject_Str(arg);
}

PyObject *unique_bad(PyObject *, PyObject *arg)
{
    std::unique_lock<std::shared_mutex> lock(index_mutex);  // expect: blocking-while-attached
    PyObject *result = PyObject_Repr(arg);

    lock.unlock();
    return result;
}

PyObject *member_bad(PyObject *, PyObject *arg)
{
    tree_mutex.lock();  // expect: blocking-while-attached
    PyObject *result = PyObject_Type(arg);
    tree_mutex.unlock();
    return result;
}

PyObject *guard_ok(PyObject *, PyObject *arg)
{
    long n = PyLong_AsLong(arg);

    Py_BEGIN_ALLOW_THREADS
    {
        const std::lock_guard<std::mutex> guard(cache_mutex);
        n *= 2;
    }
    Py_END_ALLOW_THREADS
    return PyLong_FromLong(n);
}

PyObject *try_ok(PyObject *, PyObject *arg)
{
    std::unique_lock<std::mutex> lock(cache_mutex, std::try_to_lock);

    return lock.owns_lock() ? PyObject_Str(arg) : Py_NewRef(Py_None);
}

PyObject *deferred_ok(PyObject *, PyObject *arg)
{
    std::unique_lock<std::mutex> lock(cache_mutex, std::defer_lock);

    Py_BEGIN_ALLOW_THREADS
    lock.lock();
    Py_END_ALLOW_THREADS
    return PyLong_FromLong(arg != Py_None);
}

PyMethodDef sample_methods[] = {
    {"guard", guard_bad, METH_O, nullptr},
    {"unique", unique_bad, METH_O, nullptr},
    {"member", member_bad, METH_O, nullptr},
    {"guarded", guard_ok, METH_O, nullptr},
    {"try", try_ok, METH_O, nullptr},
    {"deferred", deferred_ok, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace
