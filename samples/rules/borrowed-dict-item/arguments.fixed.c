#include <Python.h>

/* Newer Python API, for the Pythons that lack it. */
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
/* End of newer Python API. */

/* Dicts that the caller passed in, and the private one that the interpreter makes for keyword arguments. */

static PyObject *option_bad(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *options, *value;
    const char *key;

    if (!PyArg_ParseTuple(args, "O!s", &PyDict_Type, &options, &key))
        return NULL;
    if (PyDict_GetItemStringRef(options, key, &value) < 0) {
        PyErr_Clear();
    }
    return value != NULL ? value : Py_NewRef(Py_None);
}

static PyObject *width_bad(PyObject *Py_UNUSED(module), PyObject *style)
{
    PyObject *width;
    long n;

    if (!PyDict_Check(style))
        return PyErr_Format(PyExc_TypeError, "style must be a dict");
    if (PyDict_GetItemStringRef(style, "width", &width) < 0) {
        PyErr_Clear();
    }
    if (width == NULL)
        return PyLong_FromLong(80);
    n = PyLong_AsLong(width);
    Py_DECREF(width);
    if (n == -1 && PyErr_Occurred())
        return NULL;
    return PyLong_FromLong(n);
}

static int get_flag(PyObject *dict, PyObject *key)
{
    PyObject *value;  /* expect: borrowed-dict-item */
    int result;
    (void)PyDict_GetItemRef(dict, key, &value);

    if (value == NULL)
        return PyErr_Occurred() ? -1 : 0;
    result = PyObject_IsTrue(value);
    Py_DECREF(value);
    return result;
}

static PyObject *flags_helper_ok(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *dict, *key;
    int flag;

    if (!PyArg_ParseTuple(args, "OO", &dict, &key))
        return NULL;
    flag = get_flag(dict, key);
    return flag < 0 ? NULL : PyBool_FromLong(flag);
}

static int get_option(PyObject *kwargs, const char *name, long *out)
{
    PyObject *value = PyDict_GetItemString(kwargs, name);

    if (value == NULL)
        return 0;
    *out = PyLong_AsLong(value);
    return *out == -1 && PyErr_Occurred() ? -1 : 0;
}

static PyObject *keyword_ok(PyObject *Py_UNUSED(module), PyObject *args, PyObject *kwargs)
{
    PyObject *callback = NULL;

    if (kwargs != NULL) {
        callback = PyDict_GetItemString(kwargs, "callback");
        if (callback != NULL && !PyCallable_Check(callback))
            return PyErr_Format(PyExc_TypeError, "callback must be callable");
    }
    if (callback == NULL)
        Py_RETURN_NONE;
    return PyObject_CallObject(callback, args);
}

/* Every caller of get_option() passes its own keyword arguments. */
static PyObject *keyword_helper_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(args), PyObject *kwargs)
{
    long width = 80, height = 25;

    if (kwargs != NULL && (get_option(kwargs, "width", &width) < 0 || get_option(kwargs, "height", &height) < 0))
        return NULL;
    return Py_BuildValue("(ll)", width, height);
}

static PyObject *fresh_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *counts = PyDict_New(), *iterator = PyObject_GetIter(arg), *item, *number;

    while (counts != NULL && iterator != NULL && (item = PyIter_Next(iterator)) != NULL) {
        PyObject *old = PyDict_GetItemWithError(counts, item);

        number = old == NULL ? PyLong_FromLong(1) : PyLong_FromLong(PyLong_AsLong(old) + 1);
        if (number == NULL || PyDict_SetItem(counts, item, number) < 0)
            Py_CLEAR(counts);
        Py_XDECREF(number);
        Py_DECREF(item);
    }
    Py_XDECREF(iterator);
    if (PyErr_Occurred())
        Py_CLEAR(counts);
    return counts;
}

static PyObject *proxy_ok(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *pairs = PyDict_New(), *key, *value;

    if (pairs == NULL || !PyArg_ParseTuple(args, "OO", &key, &value)) {
        Py_XDECREF(pairs);
        return NULL;
    }
    if (PyDict_SetDefault(pairs, key, value) == NULL)
        Py_CLEAR(pairs);
    return pairs;
}

/* The caller gets a dict that was private until now. */
static PyObject *merged_ok(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *first, *second, *both, *kind;

    if (!PyArg_ParseTuple(args, "O!O!", &PyDict_Type, &first, &PyDict_Type, &second))
        return NULL;
    both = PyDict_Copy(first);
    if (both == NULL)
        return NULL;
    if (PyDict_Update(both, second) < 0) {
        Py_DECREF(both);
        return NULL;
    }
    kind = PyDict_GetItemString(both, "kind");
    if (kind != NULL && !PyUnicode_Check(kind)) {
        Py_DECREF(both);
        return PyErr_Format(PyExc_TypeError, "kind must be a str");
    }
    return both;
}

static PyObject *fallback_ok(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *dict, *key, *value;

    if (!PyArg_ParseTuple(args, "OO", &dict, &key))
        return NULL;
#if defined(Py_GIL_DISABLED)
    if (PyDict_GetItemRef(dict, key, &value) < 0)
        return NULL;
#else
    value = PyDict_GetItemWithError(dict, key);
    if (value == NULL && PyErr_Occurred())
        return NULL;
    Py_XINCREF(value);
#endif
    return value != NULL ? value : Py_NewRef(Py_None);
}

static PyMethodDef sample_methods[] = {
    {"option", option_bad, METH_VARARGS, NULL},
    {"width", width_bad, METH_O, NULL},
    {"flags_helper", flags_helper_ok, METH_VARARGS, NULL},
    {"keyword", (PyCFunction)(void (*)(void))keyword_ok, METH_VARARGS | METH_KEYWORDS, NULL},
    {"keyword_helper", (PyCFunction)(void (*)(void))keyword_helper_ok, METH_VARARGS | METH_KEYWORDS, NULL},
    {"fresh", fresh_ok, METH_O, NULL},
    {"proxy", proxy_ok, METH_VARARGS, NULL},
    {"merged", merged_ok, METH_VARARGS, NULL},
    {"fallback", fallback_ok, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
