/* Borrowed references in C++. */
#include <Python.h>

namespace {

class Owner {
public:
    explicit Owner(PyObject *object) : object_(object) { Py_XINCREF(object_); }
    ~Owner() { Py_XDECREF(object_); }
    PyObject *get() const { return object_; }
    Owner(const Owner &) = delete;
    Owner &operator=(const Owner &) = delete;

private:
    PyObject *object_;
};

PyObject *
described(PyObject *, PyObject *args)
{
    PyObject *dict, *key;

    if (!PyArg_ParseTuple(args, "O!O", &PyDict_Type, &dict, &key)) {
        return nullptr;
    }
    PyObject *value = PyDict_GetItemWithError(dict, key);  /* fix: safe */
    if (value == nullptr) {
        if (!PyErr_Occurred()) {
            PyErr_SetObject(PyExc_KeyError, key);
        }
        return nullptr;
    }
    auto text = PyObject_Repr(value);
    return text;
}

PyObject *
total(PyObject *, PyObject *list)
{
    if (!PyList_Check(list)) {
        PyErr_SetString(PyExc_TypeError, "a list is needed");
        return nullptr;
    }
    long sum = 0;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); ++i) {
        PyObject *item = PyList_GetItem(list, i);  /* fix: safe */
        if (!item)
            return nullptr;
        const long number = PyLong_AsLong(item);
        if (number == -1 && PyErr_Occurred())
            return nullptr;
        sum += number;
    }
    return PyLong_FromLong(sum);
}

PyObject *
first(PyObject *, PyObject *list)
{
    Owner copy(list);
    if (!PyList_Check(copy.get())) {
        PyErr_SetString(PyExc_TypeError, "a list is needed");
        return nullptr;
    }
    if (PyObject *item = PyList_GetItem(list, 0)) {  /* fix: withheld */
        return PyObject_Str(item);
    }
    return nullptr;
}

}  // namespace

/* As in the library of that name. */
namespace cppy {

inline PyObject *
xincref(PyObject *object)
{
    Py_XINCREF(object);
    return object;
}

class ptr {
public:
    explicit ptr(PyObject *object) : object_(object) {}
    ~ptr() { Py_XDECREF(object_); }
    bool operator!() const { return object_ == nullptr; }
    PyObject *get() const { return object_; }
    ptr(const ptr &) = delete;
    ptr &operator=(const ptr &) = delete;

private:
    PyObject *object_;
};

}  // namespace cppy

static PyObject *
owned(PyObject *, PyObject *args)
{
    PyObject *dict, *key;

    if (!PyArg_ParseTuple(args, "O!O", &PyDict_Type, &dict, &key)) {
        return nullptr;
    }
    cppy::ptr value(cppy::xincref(PyDict_GetItem(dict, key)));  /* fix: safe */
    if (!value) {
        Py_RETURN_NONE;
    }
    return PyObject_Repr(value.get());
}

static PyObject *
owned_item(PyObject *, PyObject *list)
{
    cppy::ptr item(cppy::xincref(PyList_GetItem(list, 0)));  /* fix: safe */
    if (!item) {
        return nullptr;
    }
    return PyObject_Repr(item.get());
}

extern "C" {

static PyMethodDef methods[] = {
    {"described", described, METH_VARARGS, NULL},
    {"total", total, METH_O, NULL},
    {"first", first, METH_O, NULL},
    {"owned", owned, METH_VARARGS, NULL},
    {"owned_item", owned_item, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
#ifdef Py_mod_gil
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "shape", NULL, 0, methods, slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC
PyInit_shape(void)
{
    return PyModuleDef_Init(&definition);
}
}
