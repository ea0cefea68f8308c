#include <Python.h>

#include <vector>

// Objects that own one reference: what is put into them is what they give back.

// A library's class; its methods are elsewhere.
class Owner {
public:
    explicit Owner(PyObject *object);
    ~Owner();
    bool operator!() const;
    PyObject *get() const;
    PyObject *release();

private:
    PyObject *object_;
};

namespace {

PyObject *squares_ok(PyObject *, PyObject *arg)
{
    std::vector<long> numbers;

    for (long n = PyLong_AsLong(arg); n > 0; --n)
        numbers.push_back(n * n);
    Owner result(PyTuple_New(numbers.size()));
    if (!result)
        return nullptr;
    for (size_t i = 0; i < numbers.size(); ++i) {
        PyObject *number = PyLong_FromLong(numbers[i]);
        if (number == nullptr)
            return nullptr;
        PyTuple_SET_ITEM(result.get(), i, number);
    }
    return result.release();
}

PyObject *replace_bad(PyObject *, PyObject *arg)
{
    Owner list(PyObject_GetAttrString(arg, "items"));

    if (!list || !PyList_CheckExact(list.get()) || PyList_GET_SIZE(list.get()) == 0)
        return nullptr;
    PyList_SET_ITEM(list.get(), 0, Py_NewRef(Py_None));  // expect: unlocked-item-store
    Py_RETURN_NONE;
}

PyMethodDef sample_methods[] = {
    {"squares", squares_ok, METH_O, nullptr},
    {"replace", replace_bad, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace
