#include <Python.h>

#include <stdlib.h>

typedef struct {
    PyObject_HEAD
    long value;
} Cell;

extern PyTypeObject *Cell_Type;

static PyObject *malloc_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    Cell *cell = malloc(sizeof(Cell));  /* expect: object-outside-domain */

    if (cell == NULL)
        return PyErr_NoMemory();
    (void)PyObject_Init((PyObject *)cell, Cell_Type);
    cell->value = PyLong_AsLong(arg);
    return (PyObject *)cell;
}

static PyObject *mem_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    Cell *cell = (Cell *)PyMem_Malloc(sizeof(Cell));  /* expect: object-outside-domain */

    if (cell == NULL)
        return PyErr_NoMemory();
    cell->value = PyLong_AsLong(arg);
    return PyObject_INIT((PyObject *)cell, Cell_Type);
}

static Cell *cell_allocate_bad(void)
{
    PyObject *object = PyMem_RawCalloc(1, sizeof(Cell));  /* expect: object-outside-domain */

    return object == NULL ? NULL : (Cell *)PyObject_Init(object, Cell_Type);
}

static PyObject *helper(PyObject *Py_UNUSED(module), PyObject *arg)
{
    Cell *cell = cell_allocate_bad();

    if (cell == NULL)
        return PyErr_NoMemory();
    cell->value = PyLong_AsLong(arg);
    return (PyObject *)cell;
}

static PyObject *header_bad(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyVarObject *object = calloc(1, sizeof(PyVarObject) + 8);  /* expect: object-outside-domain */

    if (object == NULL)
        return PyErr_NoMemory();
    return (PyObject *)PyObject_InitVar(object, Cell_Type, 8);
}

static PyObject *new_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    Cell *cell = PyObject_New(Cell, Cell_Type);

    if (cell == NULL)
        return NULL;
    cell->value = PyLong_AsLong(arg);
    return (PyObject *)cell;
}

static PyObject *alloc_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    Cell *cell = (Cell *)Cell_Type->tp_alloc(Cell_Type, 0);

    if (cell != NULL)
        cell->value = PyLong_AsLong(arg);
    return (PyObject *)cell;
}

static PyObject *init_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyObject *object = PyObject_Calloc(1, sizeof(Cell));

    return object == NULL ? PyErr_NoMemory() : PyObject_Init(object, Cell_Type);
}

/* An array of pointers to objects holds no objects. */
static PyObject *array_ok(PyObject *Py_UNUSED(module), PyObject *args)
{
    Py_ssize_t i, n = PyTuple_GET_SIZE(args);
    PyObject **items = PyMem_Malloc((size_t)(n + 1) * sizeof(PyObject *)), *result;

    if (items == NULL)
        return PyErr_NoMemory();
    for (i = 0; i < n; i++)
        items[i] = PyTuple_GET_ITEM(args, n - 1 - i);
    items[n] = Py_None;
    result = PyObject_Vectorcall(items[0], items + 1, (size_t)n - 1, NULL);
    PyMem_Free(items);
    return result;
}

static PyMethodDef sample_methods[] = {
    {"malloc", malloc_bad, METH_O, NULL},
    {"mem", mem_bad, METH_O, NULL},
    {"helper", helper, METH_O, NULL},
    {"header", header_bad, METH_NOARGS, NULL},
    {"new", new_ok, METH_O, NULL},
    {"alloc", alloc_ok, METH_O, NULL},
    {"init", init_ok, METH_NOARGS, NULL},
    {"array", array_ok, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
