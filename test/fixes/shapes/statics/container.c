/* ungil-shape: level=review select=global-container,global-mutable,borrowed-dict-item */
/* Containers that calls share: a free list, a cache, a registry. */
#include <Python.h>

typedef struct Node {
    struct Node *next;
    long value;
} Node;

static Node *free_nodes;  /* fix: withheld */
static PyObject *cache;  /* fix: review */

static PyObject *
through_nodes(PyObject *self, PyObject *value)
{
    long number = PyLong_AsLong(value);
    Node *node;

    if (number == -1 && PyErr_Occurred()) {
        return NULL;
    }
    if (free_nodes != NULL) {
        node = free_nodes;
        free_nodes = node->next;
    }
    else {
        node = PyMem_Malloc(sizeof(Node));
        if (node == NULL) {
            return PyErr_NoMemory();
        }
    }
    node->value = number * 2;
    number = node->value;
    node->next = free_nodes;
    free_nodes = node;
    return PyLong_FromLong(number);
}

static PyObject *
cached(PyObject *self, PyObject *key)
{
    PyObject *value = PyDict_GetItemWithError(cache, key);  /* fix: safe */

    if (value != NULL) {
        Py_INCREF(value);
        return value;
    }
    if (PyErr_Occurred()) {
        return NULL;
    }
    value = PyObject_Repr(key);
    if (value == NULL) {
        return NULL;
    }
    if (PyDict_SetItem(cache, key, value) < 0) {
        Py_DECREF(value);
        return NULL;
    }
    return value;
}

static int
module_exec(PyObject *module)
{
    cache = PyDict_New();
    return cache == NULL ? -1 : 0;
}

static PyMethodDef methods[] = {
    {"through_nodes", through_nodes, METH_O, NULL},
    {"cached", cached, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)module_exec},
#ifdef Py_mod_gil
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "shape", NULL, 0, methods, slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC
PyInit_shape(void)
{
    return PyModuleDef_Init(&definition);
}
