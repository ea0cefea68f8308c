#include <Python.h>

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

/* Lists that the caller passed in: shared if the caller shares them. */

static PyObject *sum_list_bad(PyObject *Py_UNUSED(module), PyObject *list)
{
    long total = 0;

    if (!PyList_Check(list)) {
        PyErr_SetString(PyExc_TypeError, "expected a list");
        return NULL;
    }
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
        PyObject *item = PyList_GetItemRef(list, i);  /* expect: borrowed-list-item */
        if (item == NULL) {
            return NULL;
        }
        long value = PyLong_AsLong(item);
        Py_DECREF(item);

        if (value == -1 && PyErr_Occurred())
            return NULL;
        total += value;
    }
    return PyLong_FromLong(total);
}

static PyObject *parsed_bad(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *list, *item;
    Py_ssize_t index;

    if (!PyArg_ParseTuple(args, "O!n", &PyList_Type, &list, &index))
        return NULL;
    item = PyList_GetItemRef(list, index);  /* expect: borrowed-list-item */
    if (!item)
        return NULL;
    if (PyUnicode_Check(item)) {
        PyObject *result = PyUnicode_FromFormat("<%U>", item);
        Py_DECREF(item);
        return result;
    }
    Py_DECREF(item);
    Py_RETURN_NONE;
}

static PyObject *fast_argument_bad(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *element;
    PyObject *result;
    if (nargs != 1 || !PyList_CheckExact(args[0]) || PyList_GET_SIZE(args[0]) == 0)
        Py_RETURN_FALSE;
    element = PyList_GetItemRef(args[0], 0);
    if (element == NULL) {
        return NULL;
    }
    result = PyBool_FromLong(PyUnicode_Check(element));  /* expect: borrowed-list-item */
    Py_DECREF(element);
    return result;
}

static PyObject *keyword_value_bad(PyObject *Py_UNUSED(module), PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = {"columns", NULL};
    PyObject *columns = NULL;
    PyObject *element;
    PyObject *result;

    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O:keyword_value", keywords, &columns))
        return NULL;
    element = PyList_GetItemRef(columns, 0);
    result = PyObject_Str(element);  /* expect: borrowed-list-item */
    Py_XDECREF(element);
    return result;
}

static Py_ssize_t longest_in(PyObject *list)
{
    Py_ssize_t i, longest = 0;

    for (i = 0; i < PyList_GET_SIZE(list); i++) {
        Py_ssize_t n = PyObject_Length(PyList_GET_ITEM(list, i));  /* expect: borrowed-list-item */

        if (n > longest)
            longest = n;
    }
    return longest;
}

static PyObject *longest_helper_ok(PyObject *Py_UNUSED(module), PyObject *list)
{
    return PyLong_FromSsize_t(longest_in(list));
}

static PyObject *second_item(PyObject *pair)
{
    return PyList_GET_ITEM(pair, 1);
}

/* Every caller of second_item() passes a list that it has just made. */
static PyObject *private_helper_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *pair = PyList_New(2), *result;

    if (pair == NULL)
        return NULL;
    PyList_SET_ITEM(pair, 0, Py_NewRef(Py_None));
    PyList_SET_ITEM(pair, 1, Py_NewRef(arg));
    result = Py_NewRef(second_item(pair));
    Py_DECREF(pair);
    return result;
}

static PyObject *fresh_split_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *parts = PyUnicode_Split(arg, NULL, -1), *result;

    if (parts == NULL)
        return NULL;
    if (PyList_GET_SIZE(parts) > 0)
        result = Py_NewRef(PyList_GET_ITEM(parts, PyList_GET_SIZE(parts) - 1));
    else
        result = PyUnicode_New(0, 0);
    Py_DECREF(parts);
    return result;
}

static PyObject *fresh_copy_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *list = PySequence_List(arg), *sum = NULL, *next;
    Py_ssize_t i;

    if (list == NULL)
        return NULL;
    for (i = 0; i < PyList_GET_SIZE(list); i++) {
        PyObject *item = PyList_GET_ITEM(list, i);

        next = sum == NULL ? Py_NewRef(item) : PyNumber_Add(sum, item);
        Py_XDECREF(sum);
        sum = next;
        if (sum == NULL)
            break;
    }
    Py_DECREF(list);
    return sum == NULL && !PyErr_Occurred() ? PyLong_FromLong(0) : sum;
}

static PyObject *fresh_keys_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *keys = PyMapping_Keys(arg), *result = NULL;

    if (keys == NULL)
        return NULL;
    if (PyList_Sort(keys) == 0 && PyList_GET_SIZE(keys) > 0)
        result = Py_NewRef(PyList_GetItem(keys, 0));
    Py_DECREF(keys);
    if (result == NULL && !PyErr_Occurred())
        PyErr_SetString(PyExc_ValueError, "no keys");
    return result;
}

static PyObject *tuple_items_ok(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *first = PyTuple_GET_ITEM(args, 0);

    if (PyTuple_Check(first) && PyTuple_GET_SIZE(first) > 0)
        return PyObject_Repr(PyTuple_GET_ITEM(first, 0));
    return PyObject_Repr(first);
}

static PyObject *locked_loop_ok(PyObject *Py_UNUSED(module), PyObject *list)
{
    Py_ssize_t i, found = -1;

    if (!PyList_Check(list))
        return PyErr_Format(PyExc_TypeError, "expected a list");
    Py_BEGIN_CRITICAL_SECTION(list);
    for (i = 0; i < PyList_GET_SIZE(list); i++) {
        PyObject *item = PyList_GET_ITEM(list, i);

        if (PyLong_CheckExact(item)) {
            found = i;
            break;
        }
    }
    Py_END_CRITICAL_SECTION();
    return PyLong_FromSsize_t(found);
}

static PyObject *dead_branch_ok(PyObject *Py_UNUSED(module), PyObject *list)
{
#ifndef Py_GIL_DISABLED
    if (PyList_CheckExact(list) && PyList_GET_SIZE(list) > 0)
        return Py_NewRef(PyList_GET_ITEM(list, 0));
#endif
    return PySequence_GetItem(list, 0);
}

static PyMethodDef sample_methods[] = {
    {"sum_list", sum_list_bad, METH_O, NULL},
    {"parsed", parsed_bad, METH_VARARGS, NULL},
    {"fast_argument", (PyCFunction)(void (*)(void))fast_argument_bad, METH_FASTCALL, NULL},
    {"keyword_value", (PyCFunction)(void (*)(void))keyword_value_bad, METH_VARARGS | METH_KEYWORDS, NULL},
    {"longest_helper", longest_helper_ok, METH_O, NULL},
    {"private_helper", private_helper_ok, METH_O, NULL},
    {"fresh_split", fresh_split_ok, METH_O, NULL},
    {"fresh_copy", fresh_copy_ok, METH_O, NULL},
    {"fresh_keys", fresh_keys_ok, METH_O, NULL},
    {"tuple_items", tuple_items_ok, METH_VARARGS, NULL},
    {"locked_loop", locked_loop_ok, METH_O, NULL},
    {"dead_branch", dead_branch_ok, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
