#include <Python.h>

#include <string.h>

/* Newer Python API, for the Pythons that lack it. */
#if PY_VERSION_HEX < 0x030D0000 && !defined(Py_BEGIN_CRITICAL_SECTION)
#define Py_BEGIN_CRITICAL_SECTION(op) {
#define Py_END_CRITICAL_SECTION() }
#define Py_BEGIN_CRITICAL_SECTION2(a, b) {
#define Py_END_CRITICAL_SECTION2() }
#endif
/* End of newer Python API. */

/* Setters, a project's lock macros, and a helper that one caller calls without the lock. */

#ifdef Py_GIL_DISABLED
#define NODE_LOCK(node) Py_BEGIN_CRITICAL_SECTION(node)
#define NODE_UNLOCK(node) Py_END_CRITICAL_SECTION()
#else
#define NODE_LOCK(node) {
#define NODE_UNLOCK(node) }
#endif

typedef struct {
    PyObject_HEAD
    char *name;
    PyObject *value;
    unsigned int flags;
    int depth;
} Node;

#define NODE(op) ((Node *)(op))

static PyObject *node_new(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwds))
{
    Node *self = (Node *)type->tp_alloc(type, 0);

    if (self == NULL)
        return NULL;
    self->value = Py_NewRef(Py_None);
    if (self->value == NULL) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static void node_dealloc(Node *self)
{
    PyTypeObject *type = Py_TYPE(self);

    PyMem_Free(self->name);
    Py_XDECREF(self->value);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static int node_set_name_bad(PyObject *op, PyObject *value, void *Py_UNUSED(closure))  /* expect: unlocked-instance-state */
{
    Node *self = (Node *)op;
    const char *text = value == NULL ? "" : PyUnicode_AsUTF8(value);
    char *copy = text == NULL ? NULL : PyMem_Malloc(strlen(text) + 1);

    if (copy == NULL)
        return -1;
    strcpy(copy, text);
    Py_BEGIN_CRITICAL_SECTION(op);
    PyMem_Free(self->name);
    self->name = copy;
    Py_END_CRITICAL_SECTION();
    return 0;
}

static PyObject *node_get_name_bad_lock_held(PyObject *op,
                                             void *Py_UNUSED(closure))  /* expect: unlocked-instance-state */
{
    if (NODE(op)->name == NULL)
        Py_RETURN_NONE;
    return PyUnicode_FromString(NODE(op)->name);
}

static PyObject *node_get_name_bad(PyObject *op, void *closure)
{
    PyObject *result;
    Py_BEGIN_CRITICAL_SECTION(op);
    result = node_get_name_bad_lock_held(op, closure);
    Py_END_CRITICAL_SECTION();
    return result;
}

static int node_set_value_bad(Node *self, PyObject *value, void *Py_UNUSED(closure))  /* expect: unlocked-instance-state */
{
    Py_BEGIN_CRITICAL_SECTION(self);
    PyObject *old = self->value;

    self->value = Py_XNewRef(value);
    Py_XDECREF(old);
    Py_END_CRITICAL_SECTION();
    return 0;
}

static PyObject *node_get_value_ok(Node *self, void *Py_UNUSED(closure))
{
    PyObject *value;

    NODE_LOCK(self);
    value = Py_XNewRef(self->value);
    NODE_UNLOCK(self);
    return value != NULL ? value : Py_NewRef(Py_None);
}

static void mark(Node *self, unsigned int flag)
{
    self->flags |= flag;
    self->depth++;
}

static PyObject *node_mark_bad(Node *self, PyObject *Py_UNUSED(ignored))  /* expect: unlocked-instance-state */
{
    PyObject *result;
    Py_BEGIN_CRITICAL_SECTION(self);
    mark(self, 1);
    result = PyLong_FromLong(self->depth);
    Py_END_CRITICAL_SECTION();
    return result;
}

static PyObject *node_mark_ok(Node *self, PyObject *Py_UNUSED(ignored))
{
    NODE_LOCK(self);
    mark(self, 2);
    NODE_UNLOCK(self);
    Py_RETURN_NONE;
}

static PyObject *node_unmark_ok(Node *self, PyObject *Py_UNUSED(ignored))
{
    Py_BEGIN_CRITICAL_SECTION(self);
    if (self->depth > 0) {
        self->depth--;
        self->flags &= ~1u;
    }
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static PyGetSetDef node_getset[] = {
    {"name", node_get_name_bad, node_set_name_bad, NULL, NULL},
    {"value", (getter)node_get_value_ok, (setter)node_set_value_bad, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef node_methods[] = {
    {"node_mark", (PyCFunction)node_mark_bad, METH_NOARGS, NULL},
    {"node_mark", (PyCFunction)node_mark_ok, METH_NOARGS, NULL},
    {"node_unmark", (PyCFunction)node_unmark_ok, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot node_slots[] = {
    {Py_tp_new, node_new},
    {Py_tp_dealloc, node_dealloc},
    {Py_tp_getset, node_getset},
    {Py_tp_methods, node_methods},
    {0, NULL},
};

static PyType_Spec node_spec = {
    .name = "sample.Node",
    .basicsize = sizeof(Node),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = node_slots,
};
