#include <Python.h>

#include <cstdlib>
#include <cstring>

namespace {

PyObject *new_free_bad(PyObject *, PyObject *)
{
    char *text = new char[32];

    std::strcpy(text, "text");
    PyObject *result = PyUnicode_FromString(text);
    std::free(text);  // expect: mismatched-free
    return result;
}

PyObject *malloc_delete_bad(PyObject *, PyObject *)
{
    int *numbers = static_cast<int *>(PyMem_Malloc(sizeof(int) * 4));

    if (numbers == nullptr)
        return PyErr_NoMemory();
    numbers[0] = 4;
    PyObject *result = PyLong_FromLong(numbers[0]);
    delete[] numbers;  // expect: mismatched-free
    return result;
}

PyObject *duplicate_bad(PyObject *, PyObject *arg)
{
    const char *text = PyUnicode_AsUTF8(arg);
    char *copy = text == nullptr ? nullptr : strdup(text);

    if (copy == nullptr)
        return nullptr;
    free(copy);  // expect: mismatched-free
    Py_RETURN_NONE;
}

PyObject *new_delete_ok(PyObject *, PyObject *)
{
    double *values = new double[8]();
    PyObject *result = PyFloat_FromDouble(values[3]);

    delete[] values;
    return result;
}

PyObject *malloc_free_ok(PyObject *, PyObject *arg)
{
    const char *text = PyUnicode_AsUTF8(arg);
    char *copy = text == nullptr ? nullptr : strdup(text);
    PyObject *result = copy == nullptr ? nullptr : PyUnicode_FromString(copy);

    free(copy);
    return result;
}

PyObject *mem_ok(PyObject *, PyObject *)
{
    auto *block = PyMem_Calloc(4, 4);

    PyMem_Free(block);
    Py_RETURN_NONE;
}

PyMethodDef sample_methods[] = {
    {"new_free", new_free_bad, METH_NOARGS, nullptr},
    {"malloc_delete", malloc_delete_bad, METH_NOARGS, nullptr},
    {"duplicate", duplicate_bad, METH_O, nullptr},
    {"new_delete", new_delete_ok, METH_NOARGS, nullptr},
    {"malloc_free", malloc_free_ok, METH_O, nullptr},
    {"mem", mem_ok, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace
