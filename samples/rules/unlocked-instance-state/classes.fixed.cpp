#include <Python.h>

#include <atomic>
#include <mutex>
#include <vector>

/* Newer Python API, for the Pythons that lack it. */
#if PY_VERSION_HEX < 0x030D0000 && !defined(Py_BEGIN_CRITICAL_SECTION)
#define Py_BEGIN_CRITICAL_SECTION(op) {
#define Py_END_CRITICAL_SECTION() }
#define Py_BEGIN_CRITICAL_SECTION2(a, b) {
#define Py_END_CRITICAL_SECTION2() }
#endif
/* End of newer Python API. */

// A C++ object behind a Python object.

namespace {

struct Series {
    PyObject_HEAD
    std::vector<double> *points;
    long version;
    std::atomic<long> reads;
    std::mutex *mutex;          // set by tp_new
    std::vector<double> *safe;  // used under the mutex

    static PyObject *push_bad(Series *self, PyObject *arg)  // expect: unlocked-instance-state
    {
        Py_BEGIN_CRITICAL_SECTION(self);
        self->points->push_back(PyFloat_AsDouble(arg));
        self->version++;
        Py_END_CRITICAL_SECTION();
        Py_RETURN_NONE;
    }

    static PyObject *last_bad_lock_held(Series *self, PyObject *)  // expect: unlocked-instance-state
    {
        if (self->points->empty())
            Py_RETURN_NONE;
        return PyFloat_FromDouble(self->points->back());
    }

    static PyObject *last_bad(Series *self, PyObject *arg1)
    {
        PyObject *result;
        Py_BEGIN_CRITICAL_SECTION(self);
        result = last_bad_lock_held(self, arg1);
        Py_END_CRITICAL_SECTION();
        return result;
    }
};

static PyObject *series_clear_bad_lock_held(Series *self, PyObject *)  // expect: unlocked-instance-state
{
    auto *old = self->points;

    self->points = new std::vector<double>();
    self->version = 0;
    delete old;
    Py_RETURN_NONE;
}

PyObject *series_clear_bad(Series *self, PyObject *arg1)
{
    PyObject *result;
    Py_BEGIN_CRITICAL_SECTION(self);
    result = series_clear_bad_lock_held(self, arg1);
    Py_END_CRITICAL_SECTION();
    return result;
}

PyObject *series_reads_ok(Series *self, PyObject *)
{
    return PyLong_FromLong(++self->reads);
}

PyObject *series_push_ok(Series *self, PyObject *arg)
{
    const double value = PyFloat_AsDouble(arg);

    Py_BEGIN_ALLOW_THREADS
    {
        const std::lock_guard<std::mutex> guard(*self->mutex);
        self->safe->push_back(value);
    }
    Py_END_ALLOW_THREADS
    Py_RETURN_NONE;
}

PyObject *series_first_ok(Series *self, PyObject *)
{
    double value;

    Py_BEGIN_ALLOW_THREADS
    {
        const std::lock_guard<std::mutex> guard(*self->mutex);
        value = self->safe->empty() ? 0.0 : self->safe->front();
    }
    Py_END_ALLOW_THREADS
    return PyFloat_FromDouble(value);
}

PyObject *series_new(PyTypeObject *type, PyObject *, PyObject *)
{
    auto *self = reinterpret_cast<Series *>(type->tp_alloc(type, 0));

    if (self == nullptr)
        return nullptr;
    self->points = new std::vector<double>();
    self->safe = new std::vector<double>();
    self->mutex = new std::mutex();
    return reinterpret_cast<PyObject *>(self);
}

void series_dealloc(Series *self)
{
    PyTypeObject *type = Py_TYPE(self);

    delete self->points;
    delete self->safe;
    delete self->mutex;
    type->tp_free(reinterpret_cast<PyObject *>(self));
    Py_DECREF(type);
}

PyMethodDef series_methods[] = {
    {"push", reinterpret_cast<PyCFunction>(Series::push_bad), METH_O, nullptr},
    {"last", reinterpret_cast<PyCFunction>(&Series::last_bad), METH_NOARGS, nullptr},
    {"clear", (PyCFunction)series_clear_bad, METH_NOARGS, nullptr},
    {"reads", (PyCFunction)series_reads_ok, METH_NOARGS, nullptr},
    {"push_safe", (PyCFunction)series_push_ok, METH_O, nullptr},
    {"first", (PyCFunction)series_first_ok, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

PyType_Slot series_slots[] = {
    {Py_tp_new, reinterpret_cast<void *>(series_new)},
    {Py_tp_dealloc, reinterpret_cast<void *>(series_dealloc)},
    {Py_tp_methods, series_methods},
    {0, nullptr},
};

PyType_Spec series_spec = {"sample.Series", sizeof(Series), 0, Py_TPFLAGS_DEFAULT, series_slots};

}  // namespace
