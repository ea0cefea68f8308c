#include <Python.h>

/* Through a second function, with a check in between, and from a caller's list. */

typedef struct {
    PyObject_HEAD
    PyObject *handlers;         /* dict */
} Router;

static PyObject *router_new(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwds))
{
    Router *self = (Router *)type->tp_alloc(type, 0);

    if (self == NULL)
        return NULL;
    self->handlers = PyDict_New();
    if (self->handlers == NULL) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static void router_dealloc(Router *self)
{
    PyTypeObject *type = Py_TYPE(self);

    Py_XDECREF(self->handlers);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static inline PyObject *router_find_bad(Router *self, PyObject *key)  /* expect: borrowed-return */
{
    PyObject *handler = PyDict_GetItemWithError(self->handlers, key);

    if (handler == NULL && !PyErr_Occurred())
        PyErr_SetObject(PyExc_KeyError, key);
    return handler;
}

static PyObject *router_get(Router *self, PyObject *key)
{
    PyObject *handler = router_find_bad(self, key);

    return Py_XNewRef(handler);
}

static PyObject *head_bad(PyObject *list)  /* expect: borrowed-return */
{
    if (!PyList_Check(list) || PyList_GET_SIZE(list) == 0) {
        PyErr_SetString(PyExc_ValueError, "expected a list that is not empty");
        return NULL;
    }
    return PyList_GET_ITEM(list, 0);
}

static PyObject *head_of(PyObject *Py_UNUSED(module), PyObject *list)
{
    PyObject *head = head_bad(list);

    Py_XINCREF(head);
    return head;
}

static PyObject *stream_bad(const char *name)  /* expect: borrowed-return */
{
    PyObject *stream = PySys_GetObject(name);

    return stream != NULL ? stream : Py_None;
}

static PyObject *out_name(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    return PyObject_GetAttrString(stream_bad("stdout"), "name");
}

static PyObject *router_find_ok(Router *self, PyObject *key)
{
    PyObject *handler;

    if (PyDict_GetItemRef(self->handlers, key, &handler) == 0)
        PyErr_SetObject(PyExc_KeyError, key);
    return handler;
}

static PyObject *router_call(Router *self, PyObject *key)
{
    PyObject *handler = router_find_ok(self, key), *result;

    if (handler == NULL)
        return NULL;
    result = PyObject_CallNoArgs(handler);
    Py_DECREF(handler);
    return result;
}

/* Owned in the end: the caller gets a new reference. */
static PyObject *head_ok(PyObject *iterable)
{
    PyObject *list = PySequence_List(iterable), *head = NULL;

    if (list == NULL)
        return NULL;
    if (PyList_GET_SIZE(list) > 0)
        head = Py_NewRef(PyList_GET_ITEM(list, 0));
    else
        PyErr_SetString(PyExc_ValueError, "nothing in it");
    Py_DECREF(list);
    return head;
}

static PyObject *first_of(PyObject *Py_UNUSED(module), PyObject *iterable)
{
    return head_ok(iterable);
}

static PyObject *router_remove_ok(Router *self, PyObject *key)
{
    return PyDict_DelItem(self->handlers, key) < 0 ? NULL : Py_NewRef(Py_None);
}

static PyMethodDef router_methods[] = {
    {"router_remove", (PyCFunction)router_remove_ok, METH_O, NULL},
    {"router_get", (PyCFunction)router_get, METH_O, NULL},
    {"router_call", (PyCFunction)router_call, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot router_slots[] = {
    {Py_tp_new, router_new},
    {Py_tp_dealloc, router_dealloc},
    {Py_tp_call, router_call},
    {Py_tp_methods, router_methods},
    {0, NULL},
};

static PyType_Spec router_spec = {
    .name = "sample.Router",
    .basicsize = sizeof(Router),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = router_slots,
};

/* The new item takes the place of the old one, whose reference is the function's from then on. */
static PyObject *replace_head_bad(PyObject *list, PyObject *item)
{
    PyObject *head = PyList_GET_ITEM(list, 0);  /* expect: borrowed-list-item */

    if (!PyUnicode_Check(head))
        return NULL;
    PyList_SET_ITEM(list, 0, Py_NewRef(item));  /* expect: unlocked-item-store */
    return head;
}

static PyObject *without_head(PyObject *Py_UNUSED(module), PyObject *list)
{
    if (!PyList_CheckExact(list) || PyList_GET_SIZE(list) == 0)
        Py_RETURN_NONE;
    return replace_head_bad(list, Py_None);
}

static PyMethodDef sample_methods[] = {
    {"without_head", without_head, METH_O, NULL},
    {"head_of", head_of, METH_O, NULL},
    {"out_name", out_name, METH_NOARGS, NULL},
    {"first_of", first_of, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
