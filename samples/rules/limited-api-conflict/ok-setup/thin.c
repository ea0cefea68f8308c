#include <Python.h>

int thin_is_true(PyObject *value)
{
    return PyObject_IsTrue(value);
}
