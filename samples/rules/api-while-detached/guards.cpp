#include <Python.h>

#include <cmath>
#include <vector>

namespace {

class Detached {
public:
    Detached() : state_(PyEval_SaveThread()) {}
    ~Detached() { PyEval_RestoreThread(state_); }
    Detached(const Detached &) = delete;
    Detached &operator=(const Detached &) = delete;

private:
    PyThreadState *state_;
};

PyObject *norm_bad(PyObject *, PyObject *args)
{
    double sum = 0.0;

    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t i = 0; i < 3; i++) {
        const double x = PyFloat_AsDouble(PyTuple_GetItem(args, i));  // expect: api-while-detached, api-while-detached
        sum += x * x;
    }
    Py_END_ALLOW_THREADS
    return PyFloat_FromDouble(std::sqrt(sum));
}

PyObject *append_bad(PyObject *, PyObject *list)
{
    PyThreadState *state = PyEval_SaveThread();
    PyObject *number = PyFloat_FromDouble(std::exp(1.0));  // expect: api-while-detached

    PyEval_RestoreThread(state);
    if (number == nullptr || PyList_Append(list, number) < 0)
        return nullptr;
    Py_DECREF(number);
    Py_RETURN_NONE;
}

PyObject *guard_ok(PyObject *, PyObject *arg)
{
    const double x = PyFloat_AsDouble(arg);
    double y;

    {
        const Detached detached;
        y = std::sin(x);
    }
    return PyFloat_FromDouble(y);
}

PyObject *values_ok(PyObject *, PyObject *args)
{
    std::vector<double> values;
    double sum = 0.0;

    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(args); i++)
        values.push_back(PyFloat_AsDouble(PyTuple_GET_ITEM(args, i)));
    Py_BEGIN_ALLOW_THREADS
    for (const double x : values)
        sum += x * x;
    Py_END_ALLOW_THREADS
    return PyFloat_FromDouble(std::sqrt(sum));
}

PyObject *none_ok(PyObject *, PyObject *)
{
    PyThreadState *state = PyEval_SaveThread();
    const double x = std::cos(1.0);

    PyEval_RestoreThread(state);
    return x > 0 ? Py_NewRef(Py_True) : Py_NewRef(Py_False);
}

PyMethodDef sample_methods[] = {
    {"norm", norm_bad, METH_VARARGS, nullptr},
    {"append", append_bad, METH_O, nullptr},
    {"guarded", guard_ok, METH_O, nullptr},
    {"values", values_ok, METH_VARARGS, nullptr},
    {"none", none_ok, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace
