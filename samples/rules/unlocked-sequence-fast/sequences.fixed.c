/* ungil-sample: fix=review */
#include <Python.h>

#ifdef Py_GIL_DISABLED
#define BEGIN_LIST_SECTION(sequence)                                    \
    {                                                                   \
        PyObject *section_list = (sequence);                            \
        const int section_needed = PyList_CheckExact(section_list);     \
        PyCriticalSection section;                                      \
        if (section_needed)                                             \
            PyCriticalSection_Begin(&section, section_list);
#define END_LIST_SECTION()                                              \
        if (section_needed)                                             \
            PyCriticalSection_End(&section);                            \
    }
#else
#define BEGIN_LIST_SECTION(sequence) {
#define END_LIST_SECTION() }
#endif

typedef struct {
    PyObject_HEAD
    PyObject *weights;          /* any sequence, set by tp_new */
} Model;

static PyObject *model_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(kwds))
{
    PyObject *weights;
    Model *self;

    if (!PyArg_ParseTuple(args, "O", &weights))
        return NULL;
    self = (Model *)type->tp_alloc(type, 0);
    if (self != NULL)
        self->weights = Py_NewRef(weights);
    return (PyObject *)self;
}

static void model_dealloc(Model *self)
{
    PyTypeObject *type = Py_TYPE(self);

    Py_XDECREF(self->weights);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static PyObject *sum_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *fast = PySequence_Tuple(arg);
    double total = 0.0;
    Py_ssize_t i, n;

    if (fast == NULL)
        return NULL;
    n = PySequence_Fast_GET_SIZE(fast);
    for (i = 0; i < n; i++)
        total += PyFloat_AsDouble(PySequence_Fast_GET_ITEM(fast, i));  /* expect: unlocked-sequence-fast */
    Py_DECREF(fast);
    return PyErr_Occurred() ? NULL : PyFloat_FromDouble(total);
}

static PyObject *flags_bad(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *names, *fast, **items;
    Py_ssize_t i, n, texts = 0;

    if (!PyArg_ParseTuple(args, "O", &names))
        return NULL;
    fast = PySequence_Tuple(names);
    if (fast == NULL)
        return NULL;
    items = PySequence_Fast_ITEMS(fast);  /* expect: unlocked-sequence-fast */
    n = PySequence_Fast_GET_SIZE(fast);
    for (i = 0; i < n; i++)
        texts += PyUnicode_Check(items[i]);
    Py_DECREF(fast);
    return PyLong_FromSsize_t(texts);
}

static PyObject *model_apply_bad(Model *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *fast = PySequence_Tuple(self->weights), *first = NULL;

    if (fast == NULL)
        return NULL;
    if (PySequence_Fast_GET_SIZE(fast) > 0) {
        first = PySequence_Fast_GET_ITEM(fast, 0);  /* expect: unlocked-sequence-fast */
        Py_INCREF(first);
    }
    Py_DECREF(fast);
    return first != NULL ? first : Py_NewRef(Py_None);
}

/* Locks the temporary: that is the caller's list only if it was one. */
static PyObject *wrong_object_bad(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *values, *other, *fast;
    Py_ssize_t none = 0;

    if (!PyArg_ParseTuple(args, "OO", &values, &other))
        return NULL;
    fast = PySequence_Tuple(values);
    if (fast == NULL)
        return NULL;
    Py_BEGIN_CRITICAL_SECTION(other);
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(fast); i++)
        none += PySequence_Fast_GET_ITEM(fast, i) == Py_None;  /* expect: unlocked-sequence-fast */
    Py_END_CRITICAL_SECTION();
    Py_DECREF(fast);
    return PyLong_FromSsize_t(none);
}

static PyObject *locked_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *fast;
    Py_ssize_t none = 0;

    Py_BEGIN_CRITICAL_SECTION(arg);
    fast = PySequence_Fast(arg, "expected a sequence");
    if (fast != NULL) {
        for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(fast); i++)
            none += PySequence_Fast_GET_ITEM(fast, i) == Py_None;
        Py_DECREF(fast);
    }
    Py_END_CRITICAL_SECTION();
    return fast == NULL ? NULL : PyLong_FromSsize_t(none);
}

static PyObject *snapshot_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *tuple = PySequence_Tuple(arg);
    double total = 0.0;

    if (tuple == NULL)
        return NULL;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(tuple); i++)
        total += PyFloat_AsDouble(PyTuple_GET_ITEM(tuple, i));
    Py_DECREF(tuple);
    return PyErr_Occurred() ? NULL : PyFloat_FromDouble(total);
}

static PyObject *own_copy_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *list = PySequence_List(arg), *fast, *last = NULL;

    if (list == NULL)
        return NULL;
    fast = PySequence_Fast(list, "");
    if (fast != NULL && PySequence_Fast_GET_SIZE(fast) > 0)
        last = Py_NewRef(PySequence_Fast_GET_ITEM(fast, PySequence_Fast_GET_SIZE(fast) - 1));
    Py_XDECREF(fast);
    Py_DECREF(list);
    return last != NULL ? last : Py_NewRef(Py_None);
}

static PyObject *arguments_ok(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *fast = PySequence_Fast(args, ""), **items;
    Py_ssize_t texts = 0;

    if (fast == NULL)
        return NULL;
    items = PySequence_Fast_ITEMS(fast);
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(fast); i++)
        texts += PyUnicode_Check(items[i]);
    Py_DECREF(fast);
    return PyLong_FromSsize_t(texts);
}

static PyObject *size_only_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *fast = PySequence_Fast(arg, "expected a sequence");
    Py_ssize_t n;

    if (fast == NULL)
        return NULL;
    n = PySequence_Fast_GET_SIZE(fast);
    Py_DECREF(fast);
    return PyLong_FromSsize_t(n);
}

static PyObject *tuple_checked_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    if (!PyTuple_Check(arg) || PySequence_Fast_GET_SIZE(arg) == 0)
        return PyErr_Format(PyExc_TypeError, "expected a tuple that is not empty");
    return Py_NewRef(PySequence_Fast_GET_ITEM(arg, 0));
}

static PyMethodDef model_methods[] = {
    {"model_apply", (PyCFunction)model_apply_bad, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot model_slots[] = {
    {Py_tp_new, model_new},
    {Py_tp_dealloc, model_dealloc},
    {Py_tp_methods, model_methods},
    {0, NULL},
};

static PyType_Spec model_spec = {
    .name = "sample.Model",
    .basicsize = sizeof(Model),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = model_slots,
};

/* Only a list needs the lock, and only a list is locked. */
static PyObject *count_none_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *fast = PySequence_Fast(arg, "expected a sequence");
    Py_ssize_t none = 0;

    if (fast == NULL)
        return NULL;
    BEGIN_LIST_SECTION(arg);
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(fast); i++)
        none += PyFloat_Check(PySequence_Fast_GET_ITEM(fast, i));
    END_LIST_SECTION();
    Py_DECREF(fast);
    return PyLong_FromSsize_t(none);
}

static PyMethodDef sample_methods[] = {
    {"count_none", count_none_ok, METH_O, NULL},
    {"sum", sum_bad, METH_O, NULL},
    {"flags", flags_bad, METH_VARARGS, NULL},
    {"wrong_object", wrong_object_bad, METH_VARARGS, NULL},
    {"locked", locked_ok, METH_O, NULL},
    {"snapshot", snapshot_ok, METH_O, NULL},
    {"own_copy", own_copy_ok, METH_O, NULL},
    {"arguments", arguments_ok, METH_VARARGS, NULL},
    {"size_only", size_only_ok, METH_O, NULL},
    {"tuple_checked", tuple_checked_ok, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
