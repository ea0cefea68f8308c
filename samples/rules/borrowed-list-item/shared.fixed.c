#include <Python.h>

/* Newer Python API, for the Pythons that lack it. */
#if PY_VERSION_HEX < 0x030D0000 && !defined(PyList_GetItemRef)
static inline PyObject *
PyList_GetItemRef(PyObject *list, Py_ssize_t index)
{
    PyObject *item;
    if (!PyList_Check(list)) {
        PyErr_SetString(PyExc_TypeError, "expected a list");
        return NULL;
    }
    item = PyList_GetItem(list, index);
    Py_XINCREF(item);
    return item;
}
#define PyList_GetItemRef PyList_GetItemRef
#endif
/* End of newer Python API. */

/* Lists that more than one thread can reach: fields, statics, attributes. */

typedef struct {
    PyObject_HEAD
    PyObject *items;
    PyObject *names;
} Queue;

static PyObject *waiting;

#define QUEUE_ITEM(self, i) PyList_GET_ITEM((self)->items, (i))
#define ITEM_OF(list, i) PyList_GetItem(list, i)

static PyObject *queue_new(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwds))
{
    Queue *self = (Queue *)type->tp_alloc(type, 0);

    if (self == NULL)
        return NULL;
    self->items = PyList_New(0);
    if (self->items == NULL) {
        Py_DECREF(self);
        return NULL;
    }
    self->names = PyList_New(0);
    if (self->names == NULL) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static void queue_dealloc(Queue *self)
{
    PyTypeObject *type = Py_TYPE(self);

    Py_XDECREF(self->items);
    Py_XDECREF(self->names);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static PyObject *queue_peek_bad(Queue *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *item;

    if (PyList_GET_SIZE(self->items) == 0) {
        PyErr_SetString(PyExc_IndexError, "empty queue");
        return NULL;
    }
    item = PyList_GetItemRef(self->items, 0);  /* expect: borrowed-list-item */
    if (item == NULL) {
        return NULL;
    }
    return item;
}

static PyObject *queue_last_bad(Queue *self, PyObject *Py_UNUSED(ignored))
{
    Py_ssize_t n = PyList_Size(self->items);

    if (n == 0)
        Py_RETURN_NONE;
    return PyList_GetItemRef(self->items, n - 1);  /* expect: borrowed-list-item */
}

static PyObject *queue_at_bad(Queue *self, PyObject *arg)
{
    Py_ssize_t i = PyLong_AsSsize_t(arg);
    PyObject *item;
    PyObject *result;

    if (i == -1 && PyErr_Occurred())
        return NULL;
    item = PyList_GetItemRef(self->items, i);  /* expect: borrowed-list-item */
    if (item == NULL)
        return NULL;
    result = Py_BuildValue("(nO)", i, item);
    Py_DECREF(item);
    return result;
}

static PyObject *queue_macro_bad(Queue *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *first = QUEUE_ITEM(self, 0);  /* expect: borrowed-list-item */

    return PyObject_Repr(first);
}

static PyObject *queue_macro_argument_bad(Queue *self, PyObject *arg)
{
    PyObject *name = ITEM_OF(self->names, PyLong_AsSsize_t(arg));  /* expect: borrowed-list-item */

    Py_XINCREF(name);
    return name;
}

static PyObject *queue_total_bad(Queue *self, PyObject *Py_UNUSED(ignored))
{
    double total = 0.0;
    Py_ssize_t i;

    for (i = 0; i < PyList_GET_SIZE(self->items); i++) {
        PyObject *element = PyList_GetItemRef(self->items, i);
        double value;  /* expect: borrowed-list-item */
        if (element == NULL) {
            return NULL;
        }
        value = PyFloat_AsDouble(element);
        Py_DECREF(element);

        if (value == -1.0 && PyErr_Occurred())
            return NULL;
        total += value;
    }
    return PyFloat_FromDouble(total);
}

static PyObject *queue_skip_bad(Queue *self, PyObject *Py_UNUSED(ignored))
{
    Py_ssize_t i = 0, n = PyList_GET_SIZE(self->items);

    while (i < n && PyObject_IsTrue(PyList_GET_ITEM(self->items, i)) == 0)  /* expect: borrowed-list-item */
        i++;
    return PyLong_FromSsize_t(i);
}

static PyObject *queue_pair_bad(Queue *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *items = self->items, *alias = items;
    PyObject *element;
    PyObject *result;
    PyObject *entry;

    if (PyList_GET_SIZE(alias) < 2)
        Py_RETURN_NONE;
    element = PyList_GetItemRef(alias, 0);
    if (element == NULL) {
        return NULL;
    }
    entry = PyList_GetItemRef(items, 1);
    if (entry == NULL) {
        Py_DECREF(element);
        return NULL;
    }
    result = PyTuple_Pack(2,
                        element,    /* expect: borrowed-list-item */
                        entry);   /* expect: borrowed-list-item */
    Py_DECREF(entry);
    Py_DECREF(element);
    return result;
}

/* The section ends before the item is used. */
static PyObject *queue_short_section_bad(Queue *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *item = NULL;

    Py_BEGIN_CRITICAL_SECTION(self->items);
    if (PyList_GET_SIZE(self->items) > 0)
        item = PyList_GetItemRef(self->items, 0);  /* expect: borrowed-list-item */
    Py_END_CRITICAL_SECTION();
    if (item == NULL)
        Py_RETURN_NONE;
    return item;
}

static PyObject *queue_section_ok(Queue *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *item = NULL;

    Py_BEGIN_CRITICAL_SECTION(self->items);
    if (PyList_GET_SIZE(self->items) > 0)
        item = Py_NewRef(PyList_GET_ITEM(self->items, 0));
    Py_END_CRITICAL_SECTION();
    if (item == NULL)
        Py_RETURN_NONE;
    return item;
}

static PyObject *queue_strong_ok(Queue *self, PyObject *Py_UNUSED(ignored))
{
    return PyList_GetItemRef(self->items, 0);
}

static PyObject *queue_fallback_ok(Queue *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *item;

#if PY_VERSION_HEX >= 0x030D0000
    item = PyList_GetItemRef(self->items, 0);
#else
    item = PyList_GetItem(self->items, 0);
    Py_XINCREF(item);
#endif
    return item;
}

static PyObject *queue_snapshot_ok(Queue *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *copy = PyList_GetSlice(self->items, 0, PyList_GET_SIZE(self->items));
    PyObject *result;

    if (copy == NULL)
        return NULL;
    result = PyList_GET_SIZE(copy) ? PyObject_Str(PyList_GET_ITEM(copy, 0)) : PyUnicode_FromString("");
    Py_DECREF(copy);
    return result;
}

static PyObject *next_waiting_bad(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyObject *item = PyList_GetItemRef(waiting, 0);  /* expect: borrowed-list-item */

    if (item == NULL) {
        PyErr_Clear();
        Py_RETURN_NONE;
    }
    return item;
}

static PyObject *first_attribute_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *list = PyObject_GetAttrString(arg, "children");
    PyObject *result = NULL;

    if (list == NULL)
        return NULL;
    if (PyList_CheckExact(list) && PyList_GET_SIZE(list) > 0) {
        PyObject *element = PyList_GetItemRef(list, 0);
        if (element == NULL) {
            Py_DECREF(list);
            return NULL;
        }
        result = PyObject_Str(element);  /* expect: borrowed-list-item */
        Py_DECREF(element);
    }
    else
        PyErr_SetString(PyExc_TypeError, "children must be a list that is not empty");
    Py_DECREF(list);
    return result;
}

static PyObject *nested_bad(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *row = PyTuple_GetItem(args, 0);
    PyObject *element;
    PyObject *result;
    PyObject *entry;

    if (row == NULL || !PyList_Check(row) || PyList_GET_SIZE(row) != 2) {
        PyErr_SetString(PyExc_TypeError, "expected a list of two");
        return NULL;
    }
    element = PyList_GetItemRef(row, 1);
    if (element == NULL) {
        return NULL;
    }
    entry = PyList_GetItemRef(row, 0);
    if (entry == NULL) {
        Py_DECREF(element);
        return NULL;
    }
    result = Py_BuildValue("(OO)",
                         element,   /* expect: borrowed-list-item */
                         entry);  /* expect: borrowed-list-item */
    Py_DECREF(entry);
    Py_DECREF(element);
    return result;
}

/* A list made here stops being private when it is stored where others can find it. */
static PyObject *published_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *list = PySequence_List(arg), *item;

    if (list == NULL)
        return NULL;
    if (PyList_Append(waiting, list) < 0 || PyList_GET_SIZE(list) == 0) {
        Py_DECREF(list);
        return NULL;
    }
    item = PyList_GetItemRef(list, 0);  /* expect: borrowed-list-item */
    if (item == NULL) {
        Py_DECREF(list);
        return NULL;
    }
    Py_DECREF(list);
    return item;
}

static int sample_exec(PyObject *module)
{
    PyObject *first;

    waiting = PyList_New(1);
    if (waiting == NULL)
        return -1;
    PyList_SET_ITEM(waiting, 0, PyUnicode_FromString("first"));
    first = PyList_GET_ITEM(waiting, 0);
    return first == NULL ? -1 : PyModule_AddObjectRef(module, "first", first);
}

static PyObject *queue_push_ok(Queue *self, PyObject *item)
{
    if (PyList_Append(self->names, item) < 0)
        return NULL;
    return PyList_Append(self->items, item) < 0 ? NULL : Py_NewRef(Py_None);
}

static PyMethodDef queue_methods[] = {
    {"queue_push", (PyCFunction)queue_push_ok, METH_O, NULL},
    {"queue_peek", (PyCFunction)queue_peek_bad, METH_NOARGS, NULL},
    {"queue_last", (PyCFunction)queue_last_bad, METH_NOARGS, NULL},
    {"queue_at", (PyCFunction)queue_at_bad, METH_O, NULL},
    {"queue_macro", (PyCFunction)queue_macro_bad, METH_NOARGS, NULL},
    {"queue_macro_argument", (PyCFunction)queue_macro_argument_bad, METH_O, NULL},
    {"queue_total", (PyCFunction)queue_total_bad, METH_NOARGS, NULL},
    {"queue_skip", (PyCFunction)queue_skip_bad, METH_NOARGS, NULL},
    {"queue_pair", (PyCFunction)queue_pair_bad, METH_NOARGS, NULL},
    {"queue_short_section", (PyCFunction)queue_short_section_bad, METH_NOARGS, NULL},
    {"queue_section", (PyCFunction)queue_section_ok, METH_NOARGS, NULL},
    {"queue_strong", (PyCFunction)queue_strong_ok, METH_NOARGS, NULL},
    {"queue_fallback", (PyCFunction)queue_fallback_ok, METH_NOARGS, NULL},
    {"queue_snapshot", (PyCFunction)queue_snapshot_ok, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot queue_slots[] = {
    {Py_tp_new, queue_new},
    {Py_tp_dealloc, queue_dealloc},
    {Py_tp_methods, queue_methods},
    {0, NULL},
};

static PyType_Spec queue_spec = {
    .name = "sample.Queue",
    .basicsize = sizeof(Queue),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = queue_slots,
};

static PyMethodDef sample_methods[] = {
    {"next_waiting", next_waiting_bad, METH_NOARGS, NULL},
    {"first_attribute", first_attribute_bad, METH_O, NULL},
    {"nested", nested_bad, METH_VARARGS, NULL},
    {"published", published_bad, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static int sample_add_types(PyObject *module)
{
    PyObject *type;

    type = PyType_FromModuleAndSpec(module, &queue_spec, NULL);
    if (type == NULL || PyModule_AddType(module, (PyTypeObject *)type) < 0) {
        Py_XDECREF(type);
        return -1;
    }
    Py_DECREF(type);
    return 0;
}

static PyModuleDef_Slot sample_slots[] = {
    {Py_mod_exec, sample_add_types},
    {Py_mod_exec, sample_exec},
#ifdef Py_GIL_DISABLED
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static struct PyModuleDef sample_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "sample",
    .m_methods = sample_methods,
    .m_slots = sample_slots,
};

PyMODINIT_FUNC
PyInit_sample(void)
{
    return PyModuleDef_Init(&sample_module);
}
