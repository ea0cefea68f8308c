#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *cell;
} Binding;

static PyObject *binding_new(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwds))
{
    Binding *self = (Binding *)type->tp_alloc(type, 0);

    if (self == NULL)
        return NULL;
    self->cell = PyCell_New(NULL);
    if (self->cell == NULL)
        Py_CLEAR(self);
    return (PyObject *)self;
}

static void binding_dealloc(Binding *self)
{
    PyTypeObject *type = Py_TYPE(self);

    Py_XDECREF(self->cell);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static PyObject *binding_get_bad(Binding *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *value = PyCell_Get(self->cell);  /* expect: borrowed-cell */

    if (value == NULL)
        Py_RETURN_NONE;
    return value;
}

static PyObject *contents_bad(PyObject *Py_UNUSED(module), PyObject *cell)
{
    PyObject *item;
    PyObject *result;
    if (!PyCell_Check(cell))
        return PyErr_Format(PyExc_TypeError, "expected a cell");
    item = PyCell_Get(cell);
    result = PyObject_Repr(item);  /* expect: borrowed-cell */
    Py_XDECREF(item);
    return result;
}

static PyObject *closure_bad(PyObject *Py_UNUSED(module), PyObject *function)
{
    PyObject *closure = PyObject_GetAttrString(function, "__closure__"), *result;

    if (closure == NULL)
        return NULL;
    if (!PyTuple_Check(closure) || PyTuple_GET_SIZE(closure) == 0) {
        Py_DECREF(closure);
        Py_RETURN_NONE;
    }
    result = PyCell_Get(PyTuple_GET_ITEM(closure, 0));  /* expect: borrowed-cell */
    Py_DECREF(closure);
    return result;
}

static PyObject *binding_strong_ok(Binding *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *value = PyCell_Get(self->cell);

    return value != NULL ? value : Py_NewRef(Py_None);
}

static PyObject *strong_argument_ok(PyObject *Py_UNUSED(module), PyObject *cell)
{
    PyObject *value = PyCell_Get(cell);

    if (value == NULL && !PyErr_Occurred())
        PyErr_SetString(PyExc_ValueError, "empty cell");
    return value;
}

static PyObject *fresh_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *cell = PyCell_New(arg), *text;

    if (cell == NULL)
        return NULL;
    text = PyObject_Str(PyCell_GET(cell));
    Py_DECREF(cell);
    return text;
}

static PyObject *binding_set_ok(Binding *self, PyObject *value)
{
    return PyCell_Set(self->cell, value) < 0 ? NULL : Py_NewRef(Py_None);
}

static PyMethodDef binding_methods[] = {
    {"binding_set", (PyCFunction)binding_set_ok, METH_O, NULL},
    {"binding_get", (PyCFunction)binding_get_bad, METH_NOARGS, NULL},
    {"binding_strong", (PyCFunction)binding_strong_ok, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot binding_slots[] = {
    {Py_tp_new, binding_new},
    {Py_tp_dealloc, binding_dealloc},
    {Py_tp_methods, binding_methods},
    {0, NULL},
};

static PyType_Spec binding_spec = {
    .name = "sample.Binding",
    .basicsize = sizeof(Binding),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = binding_slots,
};

static PyMethodDef sample_methods[] = {
    {"contents", contents_bad, METH_O, NULL},
    {"closure", closure_bad, METH_O, NULL},
    {"strong_argument", strong_argument_ok, METH_O, NULL},
    {"fresh", fresh_ok, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
