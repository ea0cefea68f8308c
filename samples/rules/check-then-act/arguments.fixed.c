/* ungil-sample: risk=low fix=review */
#include <Python.h>

/* Newer Python API, for the Pythons that lack it. */
#if PY_VERSION_HEX < 0x030D0000 && !defined(PyDict_SetDefaultRef)
static inline int
PyDict_SetDefaultRef(PyObject *dict, PyObject *key, PyObject *default_value, PyObject **result)
{
    PyObject *item = PyDict_GetItemWithError(dict, key);
    int status = item != NULL;
    if (item == NULL && !PyErr_Occurred()) {
        item = PyDict_SetDefault(dict, key, default_value);
    }
    if (item == NULL) {
        status = -1;
    }
    if (result != NULL) {
        Py_XINCREF(item);
        *result = item;
    }
    return status;
}
#define PyDict_SetDefaultRef PyDict_SetDefaultRef
#endif
/* End of newer Python API. */

/* Containers of the caller, who may well be the only one to have them. */

static PyObject *setdefault_bad(PyObject *Py_UNUSED(module), PyObject *dict)
{
    int known;

    if (!PyDict_Check(dict))
        return PyErr_Format(PyExc_TypeError, "expected a dict");
    known = PyDict_ContainsString(dict, "version");  /* expect: check-then-act */
    if (known == 0)
        known = PyDict_SetItemString(dict, "version", Py_None);
    return known < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *remember_bad(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *memo, *key, *value;

    if (!PyArg_ParseTuple(args, "O!O", &PyDict_Type, &memo, &key))
        return NULL;
    if (PyDict_GetItemRef(memo, key, &value) != 0)  /* expect: check-then-act */
        return value;
    value = PyObject_Repr(key);
    if (value != NULL && PyDict_SetDefaultRef(memo, key, value, NULL) < 0)
        Py_CLEAR(value);
    return value;
}

static PyObject *add_once_bad(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *set, *item;
    int known;

    if (!PyArg_ParseTuple(args, "O!O", &PySet_Type, &set, &item))
        return NULL;
    known = PySet_Contains(set, item);  /* expect: check-then-act */
    if (known == 0)
        known = PySet_Add(set, item);
    return known < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *locked_ok(PyObject *Py_UNUSED(module), PyObject *dict)
{
    int known;

    Py_BEGIN_CRITICAL_SECTION(dict);
    known = PyDict_ContainsString(dict, "version");
    if (known == 0)
        known = PyDict_SetItemString(dict, "version", Py_None);
    Py_END_CRITICAL_SECTION();
    return known < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *setdefault_ok(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *memo, *key, *value;

    if (!PyArg_ParseTuple(args, "O!O", &PyDict_Type, &memo, &key))
        return NULL;
    return PyDict_SetDefaultRef(memo, key, Py_None, &value) < 0 ? NULL : value;
}

static PyObject *copied_ok(PyObject *Py_UNUSED(module), PyObject *dict)
{
    PyObject *copy = PyDict_Copy(dict);

    if (copy == NULL)
        return NULL;
    if (PyDict_ContainsString(copy, "version") == 0 && PyDict_SetItemString(copy, "version", Py_None) < 0)
        Py_CLEAR(copy);
    return copy;
}

static PyMethodDef sample_methods[] = {
    {"setdefault", setdefault_bad, METH_O, NULL},
    {"remember", remember_bad, METH_VARARGS, NULL},
    {"add_once", add_once_bad, METH_VARARGS, NULL},
    {"locked", locked_ok, METH_O, NULL},
    {"setdefault_ref", setdefault_ok, METH_VARARGS, NULL},
    {"copied", copied_ok, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
