// ungil-sample: fix=review
#include <Python.h>

#include <atomic>
#include <mutex>
#include <string>
#include <vector>

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

std::atomic<int> open_files{0};  // expect: global-mutable
std::vector<double> history;  // expect: global-mutable
std::string last_name;  // expect: global-mutable
static PyMutex last_name_mutex;

std::atomic<int> live{0};
std::mutex totals_mutex;
long total = 0;
constexpr int limit = 10;
thread_local std::vector<int> scratch;

class Counter {
public:
    static int made;  // defined below
    int id;
    Counter() : id(made++) {}
};

int Counter::made = 0;  // expect: global-mutable

PyObject *open_bad(PyObject *, PyObject *)
{
    return PyLong_FromLong(++open_files);
}

PyObject *record_bad(PyObject *, PyObject *arg)
{
    history.push_back(PyFloat_AsDouble(arg));
    return PyLong_FromSize_t(history.size());
}

PyObject *rename_bad(PyObject *, PyObject *arg)
{
    const char *name = PyUnicode_AsUTF8(arg);

    if (name == nullptr)
        return nullptr;
    PyMutex_Lock(&last_name_mutex);
    last_name = name;
    PyMutex_Unlock(&last_name_mutex);
    Py_RETURN_NONE;
}

PyObject *make_bad(PyObject *, PyObject *)
{
    Counter counter;

    return PyLong_FromLong(counter.id + Counter::made);
}

PyObject *live_ok(PyObject *, PyObject *)
{
    return PyLong_FromLong(++live);
}

PyObject *total_ok(PyObject *, PyObject *arg)
{
    const long n = PyLong_AsLong(arg);
    long result;

    Py_BEGIN_ALLOW_THREADS
    {
        const std::lock_guard<std::mutex> guard(totals_mutex);
        total += n < limit ? n : limit;
        result = total;
    }
    Py_END_ALLOW_THREADS
    return PyLong_FromLong(result);
}

PyObject *scratch_ok(PyObject *, PyObject *arg)
{
    scratch.clear();
    scratch.push_back(PyObject_IsTrue(arg));
    return PyLong_FromSize_t(scratch.size());
}

PyMethodDef sample_methods[] = {
    {"open", open_bad, METH_NOARGS, nullptr},
    {"record", record_bad, METH_O, nullptr},
    {"rename", rename_bad, METH_O, nullptr},
    {"make", make_bad, METH_NOARGS, nullptr},
    {"live", live_ok, METH_NOARGS, nullptr},
    {"total", total_ok, METH_O, nullptr},
    {"scratch", scratch_ok, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

PyModuleDef_Slot sample_slots[] = {
#ifdef Py_GIL_DISABLED
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, nullptr},
};

PyModuleDef sample_module = {
    PyModuleDef_HEAD_INIT, "sample", nullptr, 0, sample_methods, sample_slots, nullptr, nullptr, nullptr,
};

}  // namespace

PyMODINIT_FUNC
PyInit_sample()
{
    return PyModuleDef_Init(&sample_module);
}
