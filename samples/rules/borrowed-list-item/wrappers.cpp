#include <Python.h>

// Thin wrappers, as C++ extensions have them.

namespace {

class Ref {
public:
    explicit Ref(PyObject *object) : object_(object) {}
    ~Ref() { Py_XDECREF(object_); }
    Ref(const Ref &) = delete;
    Ref &operator=(const Ref &) = delete;
    PyObject *get() const { return object_; }

private:
    PyObject *object_;
};

PyObject *first_bad(PyObject *, PyObject *arg)
{
    const Ref list(PyObject_GetAttrString(arg, "items"));

    if (list.get() == nullptr || !PyList_Check(list.get()) || PyList_GET_SIZE(list.get()) == 0)
        return nullptr;
    return PyObject_Str(PyList_GET_ITEM(list.get(), 0));  // expect: borrowed-list-item
}

PyObject *strong_ok(PyObject *, PyObject *list)
{
    const Ref item(PyList_GetItemRef(list, 0));

    return item.get() == nullptr ? nullptr : PyObject_Str(item.get());
}

PyObject *snapshot_ok(PyObject *, PyObject *arg)
{
    const Ref list(PySequence_List(arg));

    if (list.get() == nullptr)
        return nullptr;
    auto n = PyList_GET_SIZE(list.get());
    return n == 0 ? Py_NewRef(Py_None) : PyObject_Repr(PyList_GET_ITEM(list.get(), n - 1));
}

PyMethodDef sample_methods[] = {
    {"first", first_bad, METH_O, nullptr},
    {"strong", strong_ok, METH_O, nullptr},
    {"snapshot", snapshot_ok, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace
