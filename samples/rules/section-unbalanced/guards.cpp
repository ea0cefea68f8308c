// ungil-sample: build=ft
#include <Python.h>

// The two halves of a guard class: one begins, the other ends.

namespace {

class Guard_ok {
public:
    explicit Guard_ok(PyObject *object) { PyCriticalSection_Begin(&section_, object); }
    ~Guard_ok() { PyCriticalSection_End(&section_); }

private:
    PyCriticalSection section_;
};

}  // namespace

PyObject *count_ok(PyObject *, PyObject *list)
{
    Guard_ok guard(list);
    return PyLong_FromSsize_t(PyList_Size(list));
}

PyObject *count_bad(PyObject *, PyObject *list)
{
    PyCriticalSection section;
    PyCriticalSection_Begin(&section, list);  // expect: section-unbalanced
    return PyLong_FromSsize_t(PyList_Size(list));
}
