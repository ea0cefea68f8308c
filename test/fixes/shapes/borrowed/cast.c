/* Borrowed references that are cast to the struct of their type. */
#include <Python.h>

typedef struct {
    PyObject_HEAD
    long value;
} Number;

static PyTypeObject NumberType = {  /* fix: withheld */
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "shape.Number",
    .tp_basicsize = sizeof(Number),
    .tp_flags = Py_TPFLAGS_DEFAULT,
};

static PyObject *
number(PyObject *module, PyObject *args)
{
    long value;

    if (!PyArg_ParseTuple(args, "l", &value)) {
        return NULL;
    }
    Number *self = PyObject_New(Number, &NumberType);
    if (self == NULL) {
        return NULL;
    }
    self->value = value;
    return (PyObject *)self;
}

static PyObject *
value_at(PyObject *module, PyObject *args)
{
    PyObject *list;
    Py_ssize_t index;

    if (!PyArg_ParseTuple(args, "O!n", &PyList_Type, &list, &index)) {
        return NULL;
    }
    Number *item = (Number *)PyList_GetItem(list, index);  /* fix: safe */
    if (item == NULL) {
        return NULL;
    }
    if (Py_TYPE(item) != &NumberType) {
        PyErr_SetString(PyExc_TypeError, "not a number");
        return NULL;
    }
    return PyLong_FromLong(item->value);
}

static PyObject *
value_of(PyObject *module, PyObject *args)
{
    PyObject *dict, *key;
    Number *found;

    if (!PyArg_ParseTuple(args, "O!O", &PyDict_Type, &dict, &key)) {
        return NULL;
    }
    found = (Number *)PyDict_GetItemWithError(dict, key);  /* fix: safe */
    if (found == NULL) {
        if (!PyErr_Occurred()) {
            PyErr_SetObject(PyExc_KeyError, key);
        }
        return NULL;
    }
    if (Py_TYPE(found) != &NumberType) {
        PyErr_SetString(PyExc_TypeError, "not a number");
        return NULL;
    }
    return PyLong_FromLong(found->value);
}

static PyObject *
sum(PyObject *module, PyObject *args)
{
    PyObject *list;
    long total = 0;

    if (!PyArg_ParseTuple(args, "O!", &PyList_Type, &list)) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
        Number *item = (Number *)PyList_GET_ITEM(list, i);  /* fix: safe */
        if (Py_TYPE(item) != &NumberType) {
            PyErr_Format(PyExc_TypeError, "item %zd is not a number", i);
            return NULL;
        }
        total += item->value;
    }
    return PyLong_FromLong(total);
}

static PyMethodDef methods[] = {
    {"number", number, METH_VARARGS, NULL},
    {"value_at", value_at, METH_VARARGS, NULL},
    {"value_of", value_of, METH_VARARGS, NULL},
    {"sum", sum, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static int
module_exec(PyObject *module)
{
    if (PyType_Ready(&NumberType) < 0) {
        return -1;
    }
    return 0;
}

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
