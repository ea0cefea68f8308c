/* ungil-sample: risk=info */
#include <Python.h>

typedef struct {
    PyObject_HEAD
    int value;
} Thing;

extern PyTypeObject *Thing_Type;

static PyObject *array_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    Py_ssize_t n = PyObject_Length(arg);
    double *values = n < 0 ? NULL : PyMem_New(double, n);  /* expect: legacy-allocator */

    if (values == NULL)
        return NULL;
    PyMem_Resize(values, double, n + 1);  /* expect: legacy-allocator */
    PyMem_Free(values);  /* expect: legacy-allocator */
    return PyLong_FromSsize_t(n);
}

static PyObject *bytes_bad(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    char *block = PyMem_Malloc(16);  /* expect: legacy-allocator */

    if (block == NULL)
        return PyErr_NoMemory();
    PyMem_Free(block);  /* expect: legacy-allocator */
    Py_RETURN_NONE;
}

static PyObject *object_bad(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    Thing *thing = PyObject_New(Thing, Thing_Type);  /* expect: legacy-allocator */

    if (thing != NULL)
        thing->value = 1;
    return (PyObject *)thing;
}

static PyObject *deleted_bad(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    void *block = PyMem_Malloc(4);

    PyMem_Free(block);  /* expect: legacy-allocator */
    Py_RETURN_NONE;
}

static PyObject *array_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    Py_ssize_t n = PyObject_Length(arg);
    double *values = n < 0 ? NULL : PyMem_New(double, n);

    if (values == NULL)
        return NULL;
    PyMem_Free(values);
    return PyLong_FromSsize_t(n);
}

static PyObject *object_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    Thing *thing = PyObject_New(Thing, Thing_Type);

    if (thing != NULL)
        thing->value = 2;
    return (PyObject *)thing;
}

static PyObject *blocks_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    char *block = PyMem_Malloc(16), *larger = PyMem_Realloc(block, 32);

    PyMem_Free(larger != NULL ? larger : block);
    Py_RETURN_NONE;
}

static PyMethodDef sample_methods[] = {
    {"array", array_bad, METH_O, NULL},
    {"bytes", bytes_bad, METH_NOARGS, NULL},
    {"object", object_bad, METH_NOARGS, NULL},
    {"deleted", deleted_bad, METH_NOARGS, NULL},
    {"array", array_ok, METH_O, NULL},
    {"object", object_ok, METH_NOARGS, NULL},
    {"blocks", blocks_ok, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
