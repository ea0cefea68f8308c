/* ungil-sample: risk=low fix=review */
#include <Python.h>

#include <stdbool.h>

/* Set, never computed from what they were: a reader sees the old value or the new one. */

static _Atomic int debug_level;  /* expect: global-mutable */
static _Atomic bool strict = false;  /* expect: global-mutable */
static _Atomic double timeout = 30.0;  /* expect: global-mutable */

static _Atomic(int) verbose;
static _Thread_local int depth;
static int limit = 100;

static PyObject *set_debug_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    int level = PyLong_AsInt(arg);

    if (level == -1 && PyErr_Occurred())
        return NULL;
    debug_level = level;
    Py_RETURN_NONE;
}

static PyObject *set_strict_bad(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    strict = true;
    Py_RETURN_NONE;
}

static PyObject *set_timeout_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    double seconds = PyFloat_AsDouble(arg);

    if (seconds == -1.0 && PyErr_Occurred())
        return NULL;
    timeout = seconds;
    Py_RETURN_NONE;
}

static PyObject *settings(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    return Py_BuildValue("(idi)", debug_level, timeout, (int)strict);
}

static PyObject *set_verbose_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    verbose = arg == Py_True;
    Py_RETURN_NONE;
}

static PyObject *nested_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *result;

    depth++;
    result = PyObject_CallNoArgs(arg);
    depth--;
    return result;
}

static PyObject *limit_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    return PyLong_FromLong(limit);
}

static PyMethodDef sample_methods[] = {
    {"set_debug", set_debug_bad, METH_O, NULL},
    {"set_strict", set_strict_bad, METH_NOARGS, NULL},
    {"set_timeout", set_timeout_bad, METH_O, NULL},
    {"settings", settings, METH_NOARGS, NULL},
    {"set_verbose", set_verbose_ok, METH_O, NULL},
    {"nested", nested_ok, METH_O, NULL},
    {"limit", limit_ok, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
