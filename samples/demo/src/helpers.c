#include "eventdeck.h"

/* tag -> canonical tag, so that equal tags share one str */
static PyObject *tag_names;

/* New in 1.4: how often deck_intern_tag() had to make an entry. */
static long tag_misses;

/* Value of a str key, or NULL without an exception. Returns a borrowed reference. */
PyObject *
deck_find(PyObject *mapping, const char *key)
{
    if (!PyDict_Check(mapping))
        return NULL;
    return PyDict_GetItemString(mapping, key);
}

/* Leaves *out alone if the option was not given. */
int
deck_option_ssize(PyObject *options, const char *key, Py_ssize_t *out)
{
    PyObject *value = PyDict_GetItemString(options, key);
    Py_ssize_t number;

    if (value == NULL)
        return 0;
    number = PyNumber_AsSsize_t(value, PyExc_OverflowError);
    if (number == -1 && PyErr_Occurred())
        return -1;
    *out = number;
    return 0;
}

int
deck_bump(PyObject *counts, PyObject *key)
{
    PyObject *old, *new;
    long n = 0;
    int rc;

    old = PyDict_GetItemWithError(counts, key);
    if (old != NULL) {
        n = PyLong_AsLong(old);
        if (n == -1 && PyErr_Occurred())
            return -1;
    }
    else if (PyErr_Occurred()) {
        return -1;
    }
    new = PyLong_FromLong(n + 1);
    if (new == NULL)
        return -1;
    rc = PyDict_SetItem(counts, key, new);
    Py_DECREF(new);
    return rc;
}

int
deck_init_tags(PyObject *module)
{
    if (tag_names == NULL) {
        tag_names = PyDict_New();
        if (tag_names == NULL)
            return -1;
    }
    Py_INCREF(tag_names);
    if (PyModule_AddObject(module, "_tags", tag_names) < 0) {
        Py_DECREF(tag_names);
        return -1;
    }
    return 0;
}

PyObject *
deck_intern_tag(PyObject *Py_UNUSED(module), PyObject *tag)
{
    PyObject *known;

    if (!PyUnicode_CheckExact(tag)) {
        PyErr_SetString(PyExc_TypeError, "a tag must be a str");
        return NULL;
    }
    known = PyDict_GetItemWithError(tag_names, tag);
    if (known == NULL) {
        if (PyErr_Occurred() || PyDict_SetItem(tag_names, tag, tag) < 0)
            return NULL;
        tag_misses++;
        known = tag;
    }
    Py_INCREF(known);
    return known;
}

/* pluck(records, key, default=None): the value of `key` in each dict of a list. */
PyObject *
deck_pluck(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *records, *fallback = Py_None, *result;
    const char *key;
    Py_ssize_t i, n;

    if (!PyArg_ParseTuple(args, "O!s|O:pluck", &PyList_Type, &records, &key, &fallback))
        return NULL;
    n = PyList_GET_SIZE(records);
    result = PyList_New(n);
    if (result == NULL)
        return NULL;
    for (i = 0; i < n; i++) {
        PyObject *value = deck_find(PyList_GET_ITEM(records, i), key);

        if (value == NULL)
            value = fallback;
        Py_INCREF(value);
        PyList_SET_ITEM(result, i, value);
    }
    return result;
}

/* count_by(items, key): how many items have each key(item). */
PyObject *
deck_count_by(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *items, *key, *fast, *result;
    Py_ssize_t i;

    if (!PyArg_ParseTuple(args, "OO:count_by", &items, &key))
        return NULL;
    fast = PySequence_Fast(items, "count_by() needs a sequence");
    if (fast == NULL)
        return NULL;
    result = PyDict_New();
    if (result == NULL) {
        Py_DECREF(fast);
        return NULL;
    }
    for (i = 0; i < PySequence_Fast_GET_SIZE(fast); i++) {
        PyObject *group = PyObject_CallFunctionObjArgs(key, PySequence_Fast_GET_ITEM(fast, i), NULL);

        if (group == NULL || deck_bump(result, group) < 0) {
            Py_XDECREF(group);
            Py_DECREF(fast);
            Py_DECREF(result);
            return NULL;
        }
        Py_DECREF(group);
    }
    Py_DECREF(fast);
    return result;
}

/* rows(*tuples): the tuples as lists of one length, padded with None. */
PyObject *
deck_rows(PyObject *Py_UNUSED(module), PyObject *args)
{
    Py_ssize_t i, width = 0, n = PyTuple_GET_SIZE(args);
    PyObject *rows = PyList_New(n);

    if (rows == NULL)
        return NULL;
    for (i = 0; i < n; i++) {
        PyObject *tuple = PyTuple_GET_ITEM(args, i);
        PyObject *row;

        if (!PyTuple_Check(tuple)) {
            PyErr_SetString(PyExc_TypeError, "rows() takes tuples");
            goto fail;
        }
        row = PySequence_List(tuple);
        if (row == NULL)
            goto fail;
        PyList_SET_ITEM(rows, i, row);
        if (PyTuple_GET_SIZE(tuple) > width)
            width = PyTuple_GET_SIZE(tuple);
    }
    for (i = 0; i < n; i++) {
        PyObject *row = PyList_GET_ITEM(rows, i);

        while (PyList_GET_SIZE(row) < width) {
            if (PyList_Append(row, Py_None) < 0)
                goto fail;
        }
    }
    return rows;

fail:
    Py_DECREF(rows);
    return NULL;
}

/* A line on sys.stderr, whatever state the interpreter is in. */
void
deck_warn(const char *text)
{
    PyObject *type, *value, *traceback, *file;

    PyErr_Fetch(&type, &value, &traceback);
    file = PySys_GetObject("stderr");
    if (file != NULL && file != Py_None) {
        if (PyFile_WriteString("eventdeck: ", file) < 0
            || PyFile_WriteString(text, file) < 0
            || PyFile_WriteString("\n", file) < 0)
            PyErr_Clear();
    }
    PyErr_Restore(type, value, traceback);
}
