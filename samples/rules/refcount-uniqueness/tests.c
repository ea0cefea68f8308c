/* ungil-sample: target=3.14 fix=review */
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *result;           /* tuple handed out by next, set by tp_new */
    PyObject *source;           /* iterator, set by tp_new */
} Pairs;

static PyObject *pairs_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(kwds))
{
    PyObject *iterable;
    Pairs *self;

    if (!PyArg_ParseTuple(args, "O", &iterable))
        return NULL;
    self = (Pairs *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->source = PyObject_GetIter(iterable);
    self->result = PyTuple_Pack(2, Py_None, Py_None);
    if (self->source == NULL || self->result == NULL)
        Py_CLEAR(self);
    return (PyObject *)self;
}

static void pairs_dealloc(Pairs *self)
{
    PyTypeObject *type = Py_TYPE(self);

    Py_XDECREF(self->result);
    Py_XDECREF(self->source);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static PyObject *pairs_iternext_bad(Pairs *self)
{
    PyObject *item = PyIter_Next(self->source), *result = self->result;

    if (item == NULL)
        return NULL;
    if (Py_REFCNT(result) == 1) {  /* expect: refcount-uniqueness */
        Py_INCREF(result);
        if (PyTuple_SetItem(result, 1, item) < 0) {  /* expect: unlocked-item-store */
            Py_DECREF(result);
            return NULL;
        }
        return result;
    }
    result = PyTuple_Pack(2, Py_None, item);
    Py_DECREF(item);
    return result;
}

static PyObject *append_bad(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *list, *item;

    if (!PyArg_ParseTuple(args, "O!O", &PyList_Type, &list, &item))
        return NULL;
    if (Py_REFCNT(list) > 1)  /* expect: refcount-uniqueness */
        list = PyList_GetSlice(list, 0, PyList_GET_SIZE(list));
    else
        Py_INCREF(list);
    if (list != NULL && PyList_Append(list, item) < 0)
        Py_CLEAR(list);
    return list;
}

static PyObject *reuse_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    int mine = Py_REFCNT(arg) <= 2;  /* expect: refcount-uniqueness */

    if (mine && PyList_CheckExact(arg)) {
        if (PyList_Reverse(arg) < 0)
            return NULL;
        return Py_NewRef(arg);
    }
    return PySequence_List(arg);
}

static int is_temporary(PyObject *object)
{
    return Py_REFCNT(object) == 1;  /* expect: refcount-uniqueness */
}

static PyObject *helper_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    if (Py_REFCNT(arg) == 1 || is_temporary(arg))  /* expect: refcount-uniqueness */
        return PyNumber_InPlaceAdd(arg, arg);
    return PyNumber_Add(arg, arg);
}

static PyObject *version_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *list = PySequence_List(arg);

    if (list == NULL)
        return NULL;
#if PY_VERSION_HEX >= 0x030E0000
    if (PyUnstable_Object_IsUniquelyReferenced(list))
#else
    if (Py_REFCNT(list) == 1)
#endif
        if (PyList_Reverse(list) < 0)
            Py_CLEAR(list);
    return list;
}

static PyObject *count_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    return PyLong_FromSsize_t(Py_REFCNT(arg));
}

static PyObject *asserted_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *text = PyObject_Str(arg);

    assert(text == NULL || Py_REFCNT(text) >= 1);
    return text;
}

static PyObject *always_copy_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *list = PySequence_List(arg);

    if (list != NULL && PyList_Sort(list) < 0)
        Py_CLEAR(list);
    return list;
}

static PyObject *pairs_source_ok(Pairs *self, PyObject *Py_UNUSED(ignored))
{
    return Py_NewRef(self->source);
}

static PyMethodDef pairs_methods[] = {
    {"pairs_source", (PyCFunction)pairs_source_ok, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot pairs_slots[] = {
    {Py_tp_new, pairs_new},
    {Py_tp_dealloc, pairs_dealloc},
    {Py_tp_iternext, pairs_iternext_bad},
    {Py_tp_iter, PyObject_SelfIter},
    {Py_tp_methods, pairs_methods},
    {0, NULL},
};

static PyType_Spec pairs_spec = {
    .name = "sample.Pairs",
    .basicsize = sizeof(Pairs),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = pairs_slots,
};

static PyObject *forgotten_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *kept = Py_NewRef(arg);

    Py_SET_REFCNT(kept, Py_REFCNT(kept) - 1);  /* expect: refcount-uniqueness */
    return kept;
}

static PyMethodDef sample_methods[] = {
    {"forgotten", forgotten_bad, METH_O, NULL},
    {"append", append_bad, METH_VARARGS, NULL},
    {"reuse", reuse_bad, METH_O, NULL},
    {"helper", helper_bad, METH_O, NULL},
    {"version", version_ok, METH_O, NULL},
    {"count", count_ok, METH_O, NULL},
    {"asserted", asserted_ok, METH_O, NULL},
    {"always_copy", always_copy_ok, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
