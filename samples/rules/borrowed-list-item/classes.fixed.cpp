#include <Python.h>

#include <string>

/* Newer Python API, for the Pythons that lack it. */
#if PY_VERSION_HEX < 0x030D0000 && !defined(PyList_GetItemRef)
static inline PyObject *
PyList_GetItemRef(PyObject *list, Py_ssize_t index)
{
    PyObject *item;
    if (!PyList_Check(list)) {
        PyErr_SetString(PyExc_TypeError, "expected a list");
        return NULL;
    }
    item = PyList_GetItem(list, index);
    Py_XINCREF(item);
    return item;
}
#define PyList_GetItemRef PyList_GetItemRef
#endif
/* End of newer Python API. */

namespace {

struct Table {
    PyObject_HEAD
    PyObject *rows;
};

PyObject *table_row_bad(Table *self, PyObject *arg)
{
    const Py_ssize_t i = PyLong_AsSsize_t(arg);

    if (i < 0 || i >= PyList_GET_SIZE(self->rows))
        return PyErr_Format(PyExc_IndexError, "no row %zd", i);
    PyObject *row = PyList_GetItemRef(self->rows, i);  // expect: borrowed-list-item
    if (row == nullptr) {
        return nullptr;
    }
    return row;
}

PyObject *table_names_bad(Table *self, PyObject *)
{
    std::string names;

    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(self->rows); i++) {
        PyObject *element = PyList_GetItemRef(self->rows, i);
        if (element == nullptr) {
            return nullptr;
        }
        const char *name = PyUnicode_AsUTF8(element);  // expect: borrowed-list-item
        if (name == nullptr) {
            Py_DECREF(element);
            return nullptr;
        }
        names += name;
        Py_DECREF(element);
    }
    return PyUnicode_FromStringAndSize(names.data(), static_cast<Py_ssize_t>(names.size()));
}

PyObject *join_bad(PyObject *, PyObject *list)
{
    if (!PyList_Check(list) || PyList_GET_SIZE(list) < 2)
        return PyUnicode_FromString("");
    PyObject *element = PyList_GetItemRef(list, 0);
    if (element == nullptr) {
        return nullptr;
    }
    PyObject *entry = PyList_GetItemRef(list, 1);
    if (entry == nullptr) {
        Py_DECREF(element);
        return nullptr;
    }
    PyObject *result = PyUnicode_Concat(element,    // expect: borrowed-list-item
                            entry);   // expect: borrowed-list-item
    Py_DECREF(entry);
    Py_DECREF(element);
    return result;
}

PyObject *strong_ok(PyObject *, PyObject *list)
{
    PyObject *item = PyList_GetItemRef(list, 0);
    PyObject *text = item == nullptr ? nullptr : PyObject_Str(item);

    Py_XDECREF(item);
    return text;
}

PyObject *snapshot_ok(PyObject *, PyObject *arg)
{
    PyObject *list = PySequence_List(arg);

    if (list == nullptr)
        return nullptr;
    auto n = PyList_GET_SIZE(list);
    PyObject *result = n == 0 ? Py_NewRef(Py_None) : PyObject_Repr(PyList_GET_ITEM(list, n - 1));
    Py_DECREF(list);
    return result;
}

PyObject *table_length_ok(Table *self, PyObject *)
{
    return PyLong_FromSsize_t(PyList_GET_SIZE(self->rows));
}

PyObject *table_new(PyTypeObject *type, PyObject *, PyObject *)
{
    auto *self = reinterpret_cast<Table *>(type->tp_alloc(type, 0));

    if (self == nullptr)
        return nullptr;
    self->rows = PyList_New(0);
    if (self->rows == nullptr) {
        Py_DECREF(self);
        return nullptr;
    }
    return reinterpret_cast<PyObject *>(self);
}

PyObject *table_add_ok(Table *self, PyObject *row)
{
    return PyList_Append(self->rows, row) < 0 ? nullptr : Py_NewRef(Py_None);
}

PyMethodDef table_methods[] = {
    {"add", reinterpret_cast<PyCFunction>(table_add_ok), METH_O, nullptr},
    {"row", reinterpret_cast<PyCFunction>(table_row_bad), METH_O, nullptr},
    {"names", reinterpret_cast<PyCFunction>(table_names_bad), METH_NOARGS, nullptr},
    {"length", (PyCFunction)table_length_ok, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

PyType_Slot table_slots[] = {
    {Py_tp_new, reinterpret_cast<void *>(table_new)},
    {Py_tp_methods, table_methods},
    {0, nullptr},
};

PyType_Spec table_spec = {"sample.Table", sizeof(Table), 0, Py_TPFLAGS_DEFAULT, table_slots};

PyMethodDef sample_methods[] = {
    {"join", join_bad, METH_O, nullptr},
    {"strong", strong_ok, METH_O, nullptr},
    {"snapshot", snapshot_ok, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace
