// ungil-sample: fix=review
#include <Python.h>

#include <mutex>

namespace {

PyObject *on_progress = nullptr;  // expect: global-object

class Logger {
public:
    static PyObject *sink;  // a class static, defined below
    static void set_sink_bad(PyObject *target)
    {
        PyObject *old = sink;
        sink = Py_XNewRef(target);
        Py_XDECREF(old);
    }
};

PyObject *Logger::sink = nullptr;  // expect: global-object

std::mutex level_mutex;
PyObject *level = nullptr;

PyObject *set_progress_bad(PyObject *, PyObject *callback)
{
    Py_XINCREF(callback);
    Py_XDECREF(on_progress);
    on_progress = callback;
    Py_RETURN_NONE;
}

PyObject *set_sink(PyObject *, PyObject *target)
{
    Logger::set_sink_bad(target);
    Py_RETURN_NONE;
}

PyObject *set_level_ok(PyObject *, PyObject *value)
{
    PyObject *old;

    Py_BEGIN_ALLOW_THREADS
    level_mutex.lock();
    Py_END_ALLOW_THREADS
    old = level;
    level = Py_NewRef(value);
    level_mutex.unlock();
    Py_XDECREF(old);
    Py_RETURN_NONE;
}

PyObject *encoding_ok(PyObject *, PyObject *)
{
    static PyObject *const name = PyUnicode_InternFromString("utf-8");

    return Py_XNewRef(name);
}

thread_local PyObject *active = nullptr;

PyObject *activate_ok(PyObject *, PyObject *value)
{
    PyObject *old = active;

    active = Py_NewRef(value);
    Py_XDECREF(old);
    Py_RETURN_NONE;
}

PyMethodDef sample_methods[] = {
    {"set_progress", set_progress_bad, METH_O, nullptr},
    {"set_sink", set_sink, METH_O, nullptr},
    {"set_level", set_level_ok, METH_O, nullptr},
    {"encoding", encoding_ok, METH_NOARGS, nullptr},
    {"activate", activate_ok, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace
