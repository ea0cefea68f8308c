#include <Python.h>

#include <stdlib.h>
#include <string.h>

static PyObject *reverse_bad(PyObject *Py_UNUSED(module), PyObject *args)
{
    Py_buffer view;
    char *copy = NULL;
    PyObject *result = NULL;

    if (!PyArg_ParseTuple(args, "y*", &view))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    copy = PyMem_RawMalloc((size_t)view.len + 1);  /* expect: alloc-while-detached */
    if (copy != NULL) {
        for (Py_ssize_t i = 0; i < view.len; i++)
            copy[i] = ((char *)view.buf)[view.len - 1 - i];
    }
    Py_END_ALLOW_THREADS
    if (copy != NULL)
        result = PyBytes_FromStringAndSize(copy, view.len);
    PyMem_RawFree(copy);
    PyBuffer_Release(&view);
    return result;
}

static PyObject *fill_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    size_t n = PyLong_AsSize_t(arg);
    char *block = PyMem_RawMalloc(n + 1);
    PyThreadState *state;
    long sum = 0;

    if (block == NULL)
        return PyErr_NoMemory();
    state = PyEval_SaveThread();
    memset(block, 1, n + 1);
    sum = block[n];
    PyMem_RawFree(block);  /* expect: alloc-while-detached */
    PyEval_RestoreThread(state);
    return PyLong_FromLong(sum);
}

static double *table(size_t n)
{
    double *values = PyMem_RawCalloc(n, sizeof(double));

    if (values != NULL && n > 0)
        values[0] = 1.0;
    return values;
}

static PyObject *helper_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    size_t n = PyLong_AsSize_t(arg);
    double *values, first;

    Py_BEGIN_ALLOW_THREADS
    values = table(n);  /* expect: alloc-while-detached */
    Py_END_ALLOW_THREADS
    if (values == NULL)
        return PyErr_NoMemory();
    first = n > 0 ? values[0] : 0.0;
    PyMem_RawFree(values);
    return PyFloat_FromDouble(first);
}

static PyObject *branch_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    size_t n = PyLong_AsSize_t(arg);
    char *text = NULL, *larger;

    Py_BEGIN_ALLOW_THREADS
    for (size_t i = 0; i < n; i += 16) {
        larger = PyMem_RawRealloc(text, i + 16);  /* expect: alloc-while-detached */
        if (larger == NULL)
            break;
        text = larger;
    }
    Py_END_ALLOW_THREADS
    PyMem_RawFree(text);
    Py_RETURN_NONE;
}

static PyObject *before_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    size_t n = PyLong_AsSize_t(arg);
    char *block = PyMem_Malloc(n + 1);
    char last;

    if (block == NULL)
        return PyErr_NoMemory();
    Py_BEGIN_ALLOW_THREADS
    memset(block, 'a', n + 1);
    last = block[n];
    Py_END_ALLOW_THREADS
    PyMem_Free(block);
    return PyLong_FromLong(last);
}

static PyObject *raw_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    size_t n = PyLong_AsSize_t(arg);
    char *block, *other;
    int ok;

    Py_BEGIN_ALLOW_THREADS
    block = PyMem_RawMalloc(n + 1);
    other = malloc(n + 1);
    ok = block != NULL && other != NULL;
    PyMem_RawFree(block);
    free(other);
    Py_END_ALLOW_THREADS
    return PyBool_FromLong(ok);
}

static PyObject *blocked_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    size_t n = PyLong_AsSize_t(arg);
    char *block = NULL;

    Py_BEGIN_ALLOW_THREADS
    if (n > 10) {
        Py_BLOCK_THREADS
        block = PyMem_Malloc(n);
        Py_UNBLOCK_THREADS
    }
    Py_END_ALLOW_THREADS
    PyMem_Free(block);
    Py_RETURN_NONE;
}

static PyObject *attached_helper_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    double *values = table(PyLong_AsSize_t(arg));

    PyMem_RawFree(values);
    return PyBool_FromLong(values != NULL);
}

static PyMethodDef sample_methods[] = {
    {"reverse", reverse_bad, METH_VARARGS, NULL},
    {"fill", fill_bad, METH_O, NULL},
    {"helper", helper_bad, METH_O, NULL},
    {"branch", branch_bad, METH_O, NULL},
    {"before", before_ok, METH_O, NULL},
    {"raw", raw_ok, METH_O, NULL},
    {"blocked", blocked_ok, METH_O, NULL},
    {"attached_helper", attached_helper_ok, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
