#include <Python.h>

/* Newer Python API, for the Pythons that lack it. */
#if PY_VERSION_HEX < 0x030D0000 && !defined(Py_BEGIN_CRITICAL_SECTION)
#define Py_BEGIN_CRITICAL_SECTION(op) {
#define Py_END_CRITICAL_SECTION() }
#define Py_BEGIN_CRITICAL_SECTION2(a, b) {
#define Py_END_CRITICAL_SECTION2() }
#endif
/* End of newer Python API. */

extern "C" int _PySet_NextEntry(PyObject *set, Py_ssize_t *pos, PyObject **key, Py_hash_t *hash);

namespace {

PyObject *flags_bad(PyObject *, PyObject *set)
{
    PyObject *item;
    Py_ssize_t pos = 0;
    Py_hash_t hash = 0, all = 0;

    if (!PyAnySet_Check(set))
        return PyErr_Format(PyExc_TypeError, "expected a set");
    Py_BEGIN_CRITICAL_SECTION(set);
    while (_PySet_NextEntry(set, &pos, &item, &hash))  // expect: unlocked-dict-iteration
        all ^= hash;
    Py_END_CRITICAL_SECTION();
    return PyLong_FromSsize_t(all);
}

PyObject *longest_bad(PyObject *, PyObject *dict)
{
    PyObject *key = nullptr, *value = nullptr;
    Py_ssize_t longest = 0;

    if (!PyDict_CheckExact(dict))
        return nullptr;
    Py_BEGIN_CRITICAL_SECTION(dict);
    for (Py_ssize_t pos = 0; PyDict_Next(dict, &pos, &key, &value);) {  // expect: unlocked-dict-iteration
        if (PyUnicode_Check(key) && PyUnicode_GET_LENGTH(key) > longest)
            longest = PyUnicode_GET_LENGTH(key);
    }
    Py_END_CRITICAL_SECTION();
    return PyLong_FromSsize_t(longest);
}

PyObject *iterator_ok(PyObject *, PyObject *set)
{
    PyObject *iterator = PyObject_GetIter(set), *item;
    Py_ssize_t n = 0;

    while (iterator != nullptr && (item = PyIter_Next(iterator)) != nullptr) {
        n++;
        Py_DECREF(item);
    }
    Py_XDECREF(iterator);
    return PyErr_Occurred() ? nullptr : PyLong_FromSsize_t(n);
}

PyObject *locked_ok(PyObject *, PyObject *dict)
{
    PyObject *value;
    Py_ssize_t pos = 0, n = 0;

    Py_BEGIN_CRITICAL_SECTION(dict);
    while (PyDict_Next(dict, &pos, nullptr, &value))
        n += value != Py_None;
    Py_END_CRITICAL_SECTION();
    return PyLong_FromSsize_t(n);
}

PyObject *copied_ok(PyObject *, PyObject *dict)
{
    PyObject *items = PyMapping_Items(dict);
    Py_ssize_t n = items == nullptr ? -1 : PyList_GET_SIZE(items);

    Py_XDECREF(items);
    return n < 0 ? nullptr : PyLong_FromSsize_t(n);
}

PyMethodDef sample_methods[] = {
    {"flags", flags_bad, METH_O, nullptr},
    {"longest", longest_bad, METH_O, nullptr},
    {"iterator", iterator_ok, METH_O, nullptr},
    {"locked", locked_ok, METH_O, nullptr},
    {"copied", copied_ok, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace
