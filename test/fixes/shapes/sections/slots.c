/* Slots and getters that read and write the fields of their object. */
#include <Python.h>

typedef struct {
    PyObject_HEAD
    Py_ssize_t size;
    double *items;
    PyObject *name;
} Row;

static void
row_dealloc(Row *self)
{
    PyMem_Free(self->items);
    Py_XDECREF(self->name);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static Py_ssize_t
row_length(Row *self)  /* fix: safe */
{
    return self->size;
}

static PyObject *
row_item(Row *self, Py_ssize_t index)  /* fix: safe */
{
    if (index < 0 || index >= self->size) {
        PyErr_SetString(PyExc_IndexError, "row index out of range");
        return NULL;
    }
    return PyFloat_FromDouble(self->items[index]);
}

static int
row_ass_item(Row *self, Py_ssize_t index, PyObject *value)  /* fix: safe */
{
    double number;

    if (value == NULL) {
        PyErr_SetString(PyExc_TypeError, "items cannot be deleted");
        return -1;
    }
    number = PyFloat_AsDouble(value);
    if (number == -1.0 && PyErr_Occurred()) {
        return -1;
    }
    if (index < 0 || index >= self->size) {
        PyErr_SetString(PyExc_IndexError, "row index out of range");
        return -1;
    }
    self->items[index] = number;
    return 0;
}

static PyObject *
row_append(Row *self, PyObject *value)  /* fix: safe */
{
    double number = PyFloat_AsDouble(value);
    double *items;

    if (number == -1.0 && PyErr_Occurred()) {
        return NULL;
    }
    items = PyMem_Realloc(self->items, (self->size + 1) * sizeof(double));
    if (items == NULL) {
        return PyErr_NoMemory();
    }
    items[self->size] = number;
    self->items = items;
    self->size++;
    Py_RETURN_NONE;
}

static PyObject *
row_clear(Row *self, PyObject *Py_UNUSED(ignored))  /* fix: safe */
{
    PyMem_Free(self->items);
    self->items = NULL;
    self->size = 0;
    Py_RETURN_NONE;
}

static PyObject *
row_repr(Row *self)  /* fix: safe */
{
    return PyUnicode_FromFormat("<row %S of %zd>", self->name == NULL ? Py_None : self->name, self->size);
}

static PyObject *
row_get_name(Row *self, void *closure)
{
    if (self->name == NULL) {  /* fix: safe */
        Py_RETURN_NONE;
    }
    Py_INCREF(self->name);
    return self->name;
}

static int
row_set_name(Row *self, PyObject *value, void *closure)  /* fix: safe */
{
    PyObject *old;

    if (value == NULL) {
        PyErr_SetString(PyExc_AttributeError, "name cannot be deleted");
        return -1;
    }
    if (!PyUnicode_Check(value)) {
        PyErr_SetString(PyExc_TypeError, "name is text");
        return -1;
    }
    old = self->name;
    Py_INCREF(value);
    self->name = value;
    Py_XDECREF(old);
    return 0;
}

static int
row_init(Row *self, PyObject *args, PyObject *kwargs)  /* fix: safe */
{
    static char *names[] = {"size", NULL};
    Py_ssize_t size = 0, i;
    double *items;

    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|n", names, &size)) {
        return -1;
    }
    if (size < 0) {
        PyErr_SetString(PyExc_ValueError, "size below zero");
        return -1;
    }
    items = PyMem_Malloc((size + 1) * sizeof(double));
    if (items == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (i = 0; i < size; i++) {
        items[i] = (double)i;
    }
    PyMem_Free(self->items);
    self->items = items;
    self->size = size;
    return 0;
}

static PySequenceMethods row_as_sequence = {
    .sq_length = (lenfunc)row_length,
    .sq_item = (ssizeargfunc)row_item,
    .sq_ass_item = (ssizeobjargproc)row_ass_item,
};

static PyMethodDef row_methods[] = {
    {"append", (PyCFunction)row_append, METH_O, NULL},
    {"clear", (PyCFunction)row_clear, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef row_getset[] = {
    {"name", (getter)row_get_name, (setter)row_set_name, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyTypeObject RowType = {  /* fix: withheld */
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "shape.Row",
    .tp_basicsize = sizeof(Row),
    .tp_dealloc = (destructor)row_dealloc,
    .tp_repr = (reprfunc)row_repr,
    .tp_as_sequence = &row_as_sequence,
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = row_methods,
    .tp_getset = row_getset,
    .tp_init = (initproc)row_init,
    .tp_new = PyType_GenericNew,
};

static PyMethodDef methods[] = {

    {NULL, NULL, 0, NULL},
};

static int
module_exec(PyObject *module)
{
    if (PyType_Ready(&RowType) < 0 ||
        PyObject_SetAttrString(module, "Row", (PyObject *)&RowType) < 0) {
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
