#include <Python.h>

#include <algorithm>
#include <vector>

namespace {

PyObject *find_bad(PyObject *, PyObject *list)
{
    PyObject *result = nullptr;
    int leave = 0;
    Py_BEGIN_CRITICAL_SECTION(list);
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
        if (PyList_GET_ITEM(list, i) == Py_None) {
            result = PyLong_FromSsize_t(i);  // expect: section-escape
            leave = 1;
            break;
        }
    }
    Py_END_CRITICAL_SECTION();
    if (leave) {
        return result;
    }
    return PyLong_FromLong(-1);
}

PyObject *first_bad(PyObject *, PyObject *list)
{
    PyObject *item = nullptr;
    int leave = 0;

    Py_BEGIN_CRITICAL_SECTION(list);
    if (PyList_GET_SIZE(list) == 0) {
        leave = 1;  // expect: section-escape
        goto end_section;
    }
    item = Py_NewRef(PyList_GET_ITEM(list, 0));
    end_section:;
    Py_END_CRITICAL_SECTION();
    if (leave) {
        goto empty;
    }
    return item;

empty:
    return Py_NewRef(Py_None);
}

PyObject *twice_bad(PyObject *, PyObject *args)
{
    PyObject *a, *b;

    if (!PyArg_ParseTuple(args, "OO", &a, &b))
        return nullptr;
    int leave = 0;
    Py_BEGIN_CRITICAL_SECTION2(a, b);
    if (a == b)
        leave = 1;  // expect: section-escape
    Py_END_CRITICAL_SECTION2();
    if (leave) {
        Py_RETURN_TRUE;
    }
    Py_RETURN_FALSE;
}

// The return leaves the lambda, not the section.
PyObject *lambda_ok(PyObject *, PyObject *list)
{
    Py_ssize_t n = 0;

    Py_BEGIN_CRITICAL_SECTION(list);
    const auto is_none = [](PyObject *item) {
        return item == Py_None;
    };
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++)
        n += is_none(PyList_GET_ITEM(list, i));
    Py_END_CRITICAL_SECTION();
    return PyLong_FromSsize_t(n);
}

PyObject *found_ok(PyObject *, PyObject *list)
{
    Py_ssize_t found = -1;

    Py_BEGIN_CRITICAL_SECTION(list);
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
        if (PyList_GET_ITEM(list, i) == Py_None) {
            found = i;
            break;
        }
    }
    Py_END_CRITICAL_SECTION();
    return PyLong_FromSsize_t(found);
}

PyObject *after_ok(PyObject *, PyObject *list)
{
    bool any;

    Py_BEGIN_CRITICAL_SECTION(list);
    any = PyList_GET_SIZE(list) > 0;
    Py_END_CRITICAL_SECTION();
    if (!any)
        return nullptr;
    Py_RETURN_NONE;
}

PyMethodDef sample_methods[] = {
    {"find", find_bad, METH_O, nullptr},
    {"first", first_bad, METH_O, nullptr},
    {"twice", twice_bad, METH_VARARGS, nullptr},
    {"lambda", lambda_ok, METH_O, nullptr},
    {"found", found_ok, METH_O, nullptr},
    {"after", after_ok, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace
