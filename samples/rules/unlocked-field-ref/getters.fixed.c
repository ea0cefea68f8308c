#include <Python.h>

/* Newer Python API, for the Pythons that lack it. */
#if PY_VERSION_HEX < 0x030D0000 && !defined(Py_BEGIN_CRITICAL_SECTION)
#define Py_BEGIN_CRITICAL_SECTION(op) {
#define Py_END_CRITICAL_SECTION() }
#define Py_BEGIN_CRITICAL_SECTION2(a, b) {
#define Py_END_CRITICAL_SECTION2() }
#endif
/* End of newer Python API. */

/* The setters lock, these getters do not. */

typedef struct {
    PyObject_HEAD
    PyObject *callback;
    PyObject *label;
    PyObject *parent;           /* only tp_new writes it */
} Button;

static PyObject *button_new(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwds))
{
    Button *self = (Button *)type->tp_alloc(type, 0);

    if (self == NULL)
        return NULL;
    self->callback = Py_NewRef(Py_None);
    if (self->callback == NULL) {
        Py_DECREF(self);
        return NULL;
    }
    self->label = Py_NewRef(Py_None);
    if (self->label == NULL) {
        Py_DECREF(self);
        return NULL;
    }
    self->parent = Py_NewRef(Py_None);
    if (self->parent == NULL) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static void button_dealloc(Button *self)
{
    PyTypeObject *type = Py_TYPE(self);

    Py_XDECREF(self->callback);
    Py_XDECREF(self->label);
    Py_XDECREF(self->parent);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static int button_set_label(Button *self, PyObject *value, void *Py_UNUSED(closure))
{
    PyObject *old, *label = value == NULL ? PyUnicode_FromString("") : PyObject_Str(value);

    if (label == NULL)
        return -1;
    Py_BEGIN_CRITICAL_SECTION(self);
    old = self->label;
    self->label = label;
    Py_END_CRITICAL_SECTION();
    Py_XDECREF(old);
    return 0;
}

static PyObject *button_connect(Button *self, PyObject *callback)
{
    PyObject *old;

    Py_BEGIN_CRITICAL_SECTION(self);
    old = self->callback;
    self->callback = Py_NewRef(callback);
    Py_END_CRITICAL_SECTION();
    Py_DECREF(old);
    Py_RETURN_NONE;
}

static PyObject *button_get_label_bad(Button *self, void *Py_UNUSED(closure))
{
    PyObject *result;
    Py_BEGIN_CRITICAL_SECTION(self);
    result = Py_NewRef(self->label);  /* expect: unlocked-field-ref */
    Py_END_CRITICAL_SECTION();
    return result;
}

static PyObject *button_callback_bad(Button *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *result;
    Py_BEGIN_CRITICAL_SECTION(self);
    PyObject *callback = self->callback;  /* expect: unlocked-field-ref */

    Py_INCREF(callback);
    result = callback;
    Py_END_CRITICAL_SECTION();
    return result;
}

static PyObject *button_press_bad(Button *self, PyObject *Py_UNUSED(ignored))
{
    return PyObject_CallNoArgs(self->callback);  /* expect: unlocked-field-ref */
}

static PyObject *button_repr_bad(Button *self)
{
    PyObject *result;
    Py_BEGIN_CRITICAL_SECTION(self);
    result = PyUnicode_FromFormat("<Button %R>", self->label);  /* expect: unlocked-field-ref */
    Py_END_CRITICAL_SECTION();
    return result;
}

static PyObject *button_get_label_ok(Button *self, void *Py_UNUSED(closure))
{
    PyObject *label;

    Py_BEGIN_CRITICAL_SECTION(self);
    label = Py_NewRef(self->label);
    Py_END_CRITICAL_SECTION();
    return label;
}

static PyObject *button_press_ok(Button *self, PyObject *arg)
{
    PyObject *callback, *result;

    Py_BEGIN_CRITICAL_SECTION(self);
    callback = Py_NewRef(self->callback);
    Py_END_CRITICAL_SECTION();
    result = PyObject_CallOneArg(callback, arg);
    Py_DECREF(callback);
    return result;
}

static PyObject *button_parent_ok(Button *self, PyObject *Py_UNUSED(ignored))
{
    return Py_NewRef(self->parent);
}

static int button_traverse(Button *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->callback);
    Py_VISIT(self->label);
    return 0;
}

static int button_clear(Button *self)
{
    Py_CLEAR(self->callback);
    Py_CLEAR(self->label);
    return 0;
}

static PyGetSetDef button_getset[] = {
    {"label", (getter)button_get_label_bad, (setter)button_set_label, NULL, NULL},
    {"locked_label", (getter)button_get_label_ok, (setter)button_set_label, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef button_methods[] = {
    {"button_connect", (PyCFunction)button_connect, METH_O, NULL},
    {"button_callback", (PyCFunction)button_callback_bad, METH_NOARGS, NULL},
    {"button_press", (PyCFunction)button_press_bad, METH_NOARGS, NULL},
    {"button_press", (PyCFunction)button_press_ok, METH_O, NULL},
    {"button_parent", (PyCFunction)button_parent_ok, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot button_slots[] = {
    {Py_tp_new, button_new},
    {Py_tp_dealloc, button_dealloc},
    {Py_tp_traverse, button_traverse},
    {Py_tp_clear, button_clear},
    {Py_tp_repr, button_repr_bad},
    {Py_tp_getset, button_getset},
    {Py_tp_methods, button_methods},
    {0, NULL},
};

static PyType_Spec button_spec = {
    .name = "sample.Button",
    .basicsize = sizeof(Button),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .slots = button_slots,
};
