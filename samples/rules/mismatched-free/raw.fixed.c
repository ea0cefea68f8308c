/* ungil-sample: target=3.15 */
#include <Python.h>

#include <stdlib.h>
#include <string.h>

/* From 3.15 on the raw domain of the free-threaded build is no longer the C library's. */

static PyObject *raw_bad(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    int *numbers = PyMem_RawMalloc(16 * sizeof(int));
    long result;

    if (numbers == NULL)
        return PyErr_NoMemory();
    memset(numbers, 1, 16 * sizeof(int));
    result = numbers[15];
    PyMem_RawFree(numbers);  /* expect: mismatched-free */
    return PyLong_FromLong(result);
}

static PyObject *duplicate_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    const char *text = PyUnicode_AsUTF8(arg);
    char *copy = text == NULL ? NULL : strdup(text);

    if (copy == NULL)
        return NULL;
    free(copy);  /* expect: mismatched-free */
    Py_RETURN_NONE;
}

static PyObject *grown_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    size_t n = PyLong_AsSize_t(arg);
    char *text = PyMem_RawRealloc(NULL, n + 1);

    if (text == NULL)
        return PyErr_NoMemory();
    text[n] = 0;
    PyMem_RawFree(text);  /* expect: mismatched-free */
    Py_RETURN_NONE;
}

static PyObject *raw_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    void *block = PyMem_RawCalloc(2, 8);

    PyMem_RawFree(block);
    return PyBool_FromLong(block != NULL);
}

static PyObject *decoded_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    size_t n;
    const char *text = PyBytes_AsString(arg);
    wchar_t *wide = text == NULL ? NULL : Py_DecodeLocale(text, &n);

    if (wide == NULL)
        return NULL;
    PyMem_RawFree(wide);
    return PyLong_FromSize_t(n);
}

static PyObject *libc_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    const char *text = PyUnicode_AsUTF8(arg);
    char *copy = text == NULL ? NULL : strdup(text);

    free(copy);
    return PyBool_FromLong(copy != NULL);
}

static PyMethodDef sample_methods[] = {
    {"raw", raw_bad, METH_NOARGS, NULL},
    {"duplicate", duplicate_bad, METH_O, NULL},
    {"grown", grown_bad, METH_O, NULL},
    {"raw_pair", raw_ok, METH_NOARGS, NULL},
    {"decoded", decoded_ok, METH_O, NULL},
    {"libc", libc_ok, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
