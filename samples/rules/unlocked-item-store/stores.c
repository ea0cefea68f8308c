/* ungil-sample: fix=review */
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *slots;            /* list of four, set by tp_new */
    PyObject *pair;             /* tuple, set by tp_new */
} Board;

static PyObject *board_new(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwds))
{
    Board *self = (Board *)type->tp_alloc(type, 0);

    if (self == NULL)
        return NULL;
    self->slots = PyList_New(4);
    self->pair = PyTuple_New(2);
    if (self->slots == NULL || self->pair == NULL) {
        Py_DECREF(self);
        return NULL;
    }
    for (Py_ssize_t i = 0; i < 4; i++)
        PyList_SET_ITEM(self->slots, i, Py_NewRef(Py_None));
    PyTuple_SET_ITEM(self->pair, 0, Py_NewRef(Py_None));
    PyTuple_SET_ITEM(self->pair, 1, Py_NewRef(Py_None));
    return (PyObject *)self;
}

static void board_dealloc(Board *self)
{
    PyTypeObject *type = Py_TYPE(self);

    Py_XDECREF(self->slots);
    Py_XDECREF(self->pair);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static PyObject *board_put_bad(Board *self, PyObject *args)
{
    PyObject *value;
    unsigned int slot;

    if (!PyArg_ParseTuple(args, "IO", &slot, &value) || slot >= 4)
        return NULL;
    PyList_SET_ITEM(self->slots, slot, Py_NewRef(value));  /* expect: unlocked-item-store */
    Py_RETURN_NONE;
}

/* The same tuple is handed out again and again. */
static PyObject *board_pair_bad(Board *self, PyObject *value)
{
    PyTuple_SET_ITEM(self->pair, 0, Py_NewRef(value));  /* expect: unlocked-item-store */
    return Py_NewRef(self->pair);
}

static PyObject *fill_bad(PyObject *Py_UNUSED(module), PyObject *list)
{
    if (!PyList_CheckExact(list))
        return PyErr_Format(PyExc_TypeError, "expected a list");
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++)
        PyList_SET_ITEM(list, i, Py_NewRef(Py_None));  /* expect: unlocked-item-store */
    Py_RETURN_NONE;
}

static PyObject *changed_tuple_bad(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *record, *value;

    if (!PyArg_ParseTuple(args, "O!O", &PyTuple_Type, &record, &value))
        return NULL;
    if (PyTuple_SetItem(record, 0, Py_NewRef(value)) < 0)  /* expect: unlocked-item-store */
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *structure_bad(PyObject *Py_UNUSED(module), PyObject *record)
{
    PyStructSequence_SET_ITEM(record, 1, PyLong_FromLong(1));  /* expect: unlocked-item-store */
    Py_RETURN_NONE;
}

static PyObject *repeat_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *list = PyList_New(3);

    if (list == NULL)
        return NULL;
    for (Py_ssize_t i = 0; i < 3; i++)
        PyList_SET_ITEM(list, i, Py_NewRef(arg));
    return list;
}

static PyObject *tuple_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *pair = PyTuple_New(2);

    if (pair == NULL)
        return NULL;
    PyTuple_SET_ITEM(pair, 0, Py_NewRef(arg));
    PyTuple_SET_ITEM(pair, 1, Py_NewRef((PyObject *)Py_TYPE(arg)));
    return pair;
}

static PyObject *record_ok(PyObject *Py_UNUSED(module), PyObject *type)
{
    PyObject *record = PyStructSequence_New((PyTypeObject *)type);

    if (record == NULL)
        return NULL;
    PyStructSequence_SET_ITEM(record, 0, PyLong_FromLong(0));
    PyStructSequence_SetItem(record, 1, PyLong_FromLong(1));
    return record;
}

static PyObject *board_put_ok(Board *self, PyObject *value)
{
    if (PyList_SetItem(self->slots, 0, Py_NewRef(value)) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static void store_pair(PyObject *pair, PyObject *first, PyObject *second)
{
    PyTuple_SET_ITEM(pair, 0, first);
    PyTuple_SET_ITEM(pair, 1, second);
}

/* Every caller of store_pair() has just made the tuple. */
static PyObject *swapped_ok(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *first, *second, *pair;

    if (!PyArg_ParseTuple(args, "OO", &first, &second))
        return NULL;
    pair = PyTuple_New(2);
    if (pair != NULL)
        store_pair(pair, Py_NewRef(second), Py_NewRef(first));
    return pair;
}

static PyMethodDef board_methods[] = {
    {"board_put", (PyCFunction)board_put_bad, METH_VARARGS, NULL},
    {"board_pair", (PyCFunction)board_pair_bad, METH_O, NULL},
    {"board_put", (PyCFunction)board_put_ok, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot board_slots[] = {
    {Py_tp_new, board_new},
    {Py_tp_dealloc, board_dealloc},
    {Py_tp_methods, board_methods},
    {0, NULL},
};

static PyType_Spec board_spec = {
    .name = "sample.Board",
    .basicsize = sizeof(Board),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = board_slots,
};

/* New tuples that are filled where they will stay. */
static int make_pairs(PyObject **first, PyObject **second)
{
    *first = PyTuple_New(1);
    *second = PyTuple_New(1);
    if (*first == NULL || *second == NULL)
        return -1;
    PyTuple_SET_ITEM(*first, 0, Py_NewRef(Py_None));
    PyTuple_SET_ITEM(*second, 0, Py_NewRef(Py_None));
    return 0;
}

static PyObject *pairs_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyObject *first = NULL, *second = NULL, *result = NULL;

    if (make_pairs(&first, &second) == 0)
        result = PyTuple_Pack(2, first, second);
    Py_XDECREF(first);
    Py_XDECREF(second);
    return result;
}

static PyMethodDef sample_methods[] = {
    {"pairs", pairs_ok, METH_NOARGS, NULL},
    {"fill", fill_bad, METH_O, NULL},
    {"changed_tuple", changed_tuple_bad, METH_VARARGS, NULL},
    {"structure", structure_bad, METH_O, NULL},
    {"repeat", repeat_ok, METH_O, NULL},
    {"tuple", tuple_ok, METH_O, NULL},
    {"record", record_ok, METH_O, NULL},
    {"swapped", swapped_ok, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
