/* ungil-sample: build=gil */
#include <Python.h>

/* The free-threaded object header has no ob_refcnt. */

static PyObject *count_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    return PyLong_FromSsize_t(Py_REFCNT(arg));  /* expect: object-internals */
}

static PyObject *keep_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    Py_INCREF(arg);  /* expect: object-internals */
    return arg;
}

static PyObject *forget_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *copy = PySequence_List(arg);

    if (PyList_Check(arg))
        arg->ob_refcnt = 1;  /* expect: object-internals */
    return copy;
}

static PyObject *diagnostic_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    return PyLong_FromSsize_t(Py_REFCNT(arg));
}

static PyObject *counted_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    Py_INCREF(arg);
    return arg;
}

static PyObject *typed_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    return PyBool_FromLong(Py_IS_TYPE(arg, &PyFloat_Type));
}

static PyMethodDef sample_methods[] = {
    {"count", count_bad, METH_O, NULL},
    {"keep", keep_bad, METH_O, NULL},
    {"forget", forget_bad, METH_O, NULL},
    {"diagnostic", diagnostic_ok, METH_O, NULL},
    {"counted", counted_ok, METH_O, NULL},
    {"typed", typed_ok, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
