// ungil-sample: fix=review
#include <Python.h>

#include <mutex>

/* Newer Python API, for the Pythons that lack it. */
#if PY_VERSION_HEX < 0x030D0000 && !defined(PyMutex)
/* The GIL does the work of the lock. */
typedef struct { unsigned char _bits; } PyMutex;

static inline void
PyMutex_Lock(PyMutex *m)
{
    (void)m;
}

static inline void
PyMutex_Unlock(PyMutex *m)
{
    (void)m;
}
#define PyMutex PyMutex
#endif
/* End of newer Python API. */

namespace {

PyObject *on_progress = nullptr;  // expect: global-object
static PyMutex on_progress_mutex;

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
    PyMutex_Lock(&on_progress_mutex);
    PyObject *old = on_progress;
    on_progress = callback;
    PyMutex_Unlock(&on_progress_mutex);
    Py_XDECREF(old);
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
