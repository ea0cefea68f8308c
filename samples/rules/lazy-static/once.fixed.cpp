#include <Python.h>

#include <atomic>
#include <memory>
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

struct Engine {
    int threads = 1;
    int run(int n) const { return n * threads; }
};

Engine *engine = nullptr;  // expect: lazy-static
std::unique_ptr<Engine> spare;
std::once_flag spare_flag;
std::atomic<Engine *> shared{nullptr};

PyObject *run_bad(PyObject *, PyObject *arg)
{
    if (engine == nullptr)
        engine = new Engine();
    return PyLong_FromLong(engine->run(static_cast<int>(PyLong_AsLong(arg))));
}

PyObject *local_bad(PyObject *, PyObject *)
{
    static PyObject *cached = nullptr;  // expect: lazy-static
    static PyMutex cached_mutex;

    PyMutex_Lock(&cached_mutex);
    if (cached == nullptr)
        cached = PyUnicode_FromString("cached");
    PyMutex_Unlock(&cached_mutex);
    return Py_XNewRef(cached);
}

// The compiler guards the initialiser of a function's static.
PyObject *magic_ok(PyObject *, PyObject *arg)
{
    static const Engine own = Engine();

    return PyLong_FromLong(own.run(static_cast<int>(PyLong_AsLong(arg))));
}

PyObject *once_ok(PyObject *, PyObject *arg)
{
    std::call_once(spare_flag, [] { spare = std::make_unique<Engine>(); });
    return PyLong_FromLong(spare->run(static_cast<int>(PyLong_AsLong(arg))));
}

PyObject *atomic_ok(PyObject *, PyObject *)
{
    Engine *seen = shared.load(std::memory_order_acquire);

    if (seen == nullptr) {
        auto *fresh = new Engine();
        if (shared.compare_exchange_strong(seen, fresh))
            seen = fresh;
        else
            delete fresh;
    }
    return PyLong_FromLong(seen->threads);
}

PyMethodDef sample_methods[] = {
    {"run", run_bad, METH_O, nullptr},
    {"local", local_bad, METH_NOARGS, nullptr},
    {"magic", magic_ok, METH_O, nullptr},
    {"once", once_ok, METH_O, nullptr},
    {"atomic", atomic_ok, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace
