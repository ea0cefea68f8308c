#include <Python.h>

#include <string>

/* Newer Python API, for the Pythons that lack it. */
#if PY_VERSION_HEX < 0x030D0000 && !defined(PyDict_GetItemRef)
static inline int
PyDict_GetItemRef(PyObject *dict, PyObject *key, PyObject **result)
{
    PyObject *item = PyDict_GetItemWithError(dict, key);
    *result = item;
    if (item == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    Py_INCREF(item);
    return 1;
}
#define PyDict_GetItemRef PyDict_GetItemRef
#endif

#if PY_VERSION_HEX < 0x030D0000 && !defined(PyDict_GetItemStringRef)
static inline int
PyDict_GetItemStringRef(PyObject *dict, const char *key, PyObject **result)
{
    PyObject *item, *name = PyUnicode_FromString(key);
    if (name == NULL) {
        *result = NULL;
        return -1;
    }
    item = PyDict_GetItemWithError(dict, name);
    Py_XINCREF(item);
    Py_DECREF(name);
    *result = item;
    if (item == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    return 1;
}
#define PyDict_GetItemStringRef PyDict_GetItemStringRef
#endif
/* End of newer Python API. */

namespace {

struct Settings {
    PyObject_HEAD
    PyObject *values;

    PyObject *find_bad(const std::string &name) const  // expect: borrowed-return
    {
        return PyDict_GetItemString(values, name.c_str());
    }
};

PyObject *settings_get_bad(Settings *self, PyObject *key)
{
    PyObject *value;  // expect: borrowed-dict-item
    if (PyDict_GetItemRef(self->values, key, &value) < 0) {
        PyErr_Clear();
    }

    if (value == nullptr)
        Py_RETURN_NONE;
    return value;
}

PyObject *settings_name(Settings *self, PyObject *)
{
    PyObject *value = self->find_bad("name");

    return Py_NewRef(value != nullptr ? value : Py_None);
}

PyObject *option_bad(PyObject *, PyObject *args)
{
    PyObject *options = nullptr;

    if (!PyArg_ParseTuple(args, "O!", &PyDict_Type, &options))
        return nullptr;
    PyObject *element = nullptr;
    if (auto *mode = (PyDict_GetItemStringRef(options, "mode", &element) < 0 ? PyErr_Clear() : (void)0, element)) {  // expect: borrowed-dict-item
        PyObject *result = PyObject_Str(mode);
        Py_XDECREF(element);
        return result;
    }
    Py_XDECREF(element);
    Py_RETURN_NONE;
}

PyObject *settings_strong_ok(Settings *self, PyObject *key)
{
    PyObject *value = nullptr;

    if (PyDict_GetItemRef(self->values, key, &value) < 0)
        return nullptr;
    return value != nullptr ? value : Py_NewRef(Py_None);
}

PyObject *settings_clear_ok(Settings *self, PyObject *)
{
    PyDict_Clear(self->values);
    Py_RETURN_NONE;
}

PyObject *keyword_ok(PyObject *, PyObject *args, PyObject *kwargs)
{
    PyObject *mode = kwargs == nullptr ? nullptr : PyDict_GetItemString(kwargs, "mode");

    return PyTuple_Pack(2, args, mode != nullptr ? mode : Py_None);
}

PyObject *settings_new(PyTypeObject *type, PyObject *, PyObject *)
{
    auto *self = reinterpret_cast<Settings *>(type->tp_alloc(type, 0));

    if (self == nullptr)
        return nullptr;
    self->values = PyDict_New();
    if (self->values == nullptr)
        Py_CLEAR(self);
    return reinterpret_cast<PyObject *>(self);
}

PyMethodDef settings_methods[] = {
    {"get", reinterpret_cast<PyCFunction>(settings_get_bad), METH_O, nullptr},
    {"name", reinterpret_cast<PyCFunction>(settings_name), METH_NOARGS, nullptr},
    {"clear", reinterpret_cast<PyCFunction>(settings_clear_ok), METH_NOARGS, nullptr},
    {"strong", (PyCFunction)settings_strong_ok, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

PyType_Slot settings_slots[] = {
    {Py_tp_new, reinterpret_cast<void *>(settings_new)},
    {Py_tp_methods, settings_methods},
    {0, nullptr},
};

PyType_Spec settings_spec = {"sample.Settings", sizeof(Settings), 0, Py_TPFLAGS_DEFAULT, settings_slots};

PyMethodDef sample_methods[] = {
    {"option", option_bad, METH_VARARGS, nullptr},
    {"keyword", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(keyword_ok)), METH_VARARGS | METH_KEYWORDS,
     nullptr},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace
