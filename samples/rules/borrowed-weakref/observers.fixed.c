#include <Python.h>

/* Newer Python API, for the Pythons that lack it. */
#if PY_VERSION_HEX < 0x030D0000 && !defined(PyWeakref_GetRef)
static inline int
PyWeakref_GetRef(PyObject *ref, PyObject **result)
{
    PyObject *object;
    *result = NULL;
    if (ref != NULL && !PyWeakref_Check(ref)) {
        PyErr_SetString(PyExc_TypeError, "expected a weakref");
        return -1;
    }
    object = PyWeakref_GetObject(ref);
    if (object == NULL) {
        return -1;
    }
    if (object == Py_None) {
        return 0;
    }
    Py_INCREF(object);
    *result = object;
    return 1;
}
#define PyWeakref_GetRef PyWeakref_GetRef
#endif

#if PY_VERSION_HEX < 0x030A0000 && !defined(Py_NewRef)
static inline PyObject *
Py_NewRef(PyObject *obj)
{
    Py_INCREF(obj);
    return obj;
}
#define Py_NewRef Py_NewRef
#endif
/* End of newer Python API. */

typedef struct {
    PyObject_HEAD
    PyObject *owner;            /* weak reference to the object watched, set by tp_new */
} Observer;

static PyObject *observer_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(kwds))
{
    PyObject *owner;
    Observer *self;

    if (!PyArg_ParseTuple(args, "O", &owner))
        return NULL;
    self = (Observer *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->owner = PyWeakref_NewRef(owner, NULL);
    if (self->owner == NULL)
        Py_CLEAR(self);
    return (PyObject *)self;
}

static void observer_dealloc(Observer *self)
{
    PyTypeObject *type = Py_TYPE(self);

    Py_XDECREF(self->owner);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static PyObject *observer_owner_bad(Observer *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *owner;  /* expect: borrowed-weakref */
    if (PyWeakref_GetRef(self->owner, &owner) == 0) {
        owner = Py_NewRef(Py_None);
    }

    return owner;
}

static PyObject *observer_call_bad(Observer *self, PyObject *arg)
{
    PyObject *owner;  /* expect: borrowed-weakref */
    PyObject *result;
    if (PyWeakref_GetRef(self->owner, &owner) < 0) {
        PyErr_Clear();
    }

    if (owner == NULL) {
        PyErr_SetString(PyExc_ReferenceError, "the owner is gone");
        return NULL;
    }
    result = PyObject_CallMethod(owner, "notify", "O", arg);
    Py_DECREF(owner);
    return result;
}

/* The caller's weak reference is alive, what it points to need not be. */
static PyObject *target_bad(PyObject *Py_UNUSED(module), PyObject *ref)
{
    PyObject *target;

    if (!PyWeakref_Check(ref))
        return Py_NewRef(ref);
    if (PyWeakref_GetRef(ref, &target) == 0) {
        target = Py_NewRef(Py_None);
    }
    return target;
}

/* Even a reference made here points to an object of somebody else. */
static PyObject *roundtrip_bad(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *list, *ref, *target;

    if (!PyArg_ParseTuple(args, "O", &list))
        return NULL;
    ref = PyObject_CallMethod(list, "reference", NULL);
    if (ref == NULL)
        return NULL;
    if (PyWeakref_GetRef(ref, &target) == 0) {
        target = Py_NewRef(Py_None);
    }
    Py_DECREF(ref);
    return target;
}

static PyObject *observer_strong_ok(Observer *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *owner;

    if (PyWeakref_GetRef(self->owner, &owner) < 0)
        return NULL;
    return owner != NULL ? owner : Py_NewRef(Py_None);
}

static PyObject *observer_called_ok(Observer *self, PyObject *Py_UNUSED(ignored))
{
    return PyObject_CallNoArgs(self->owner);
}

static PyObject *observer_versions_ok(Observer *self, PyObject *Py_UNUSED(ignored))
{
#if PY_VERSION_HEX < 0x030D0000
    return Py_XNewRef(PyWeakref_GetObject(self->owner));
#else
    PyObject *owner = NULL;

    if (PyWeakref_GetRef(self->owner, &owner) == 0)
        Py_RETURN_NONE;
    return owner;
#endif
}

static PyMethodDef observer_methods[] = {
    {"observer_owner", (PyCFunction)observer_owner_bad, METH_NOARGS, NULL},
    {"observer_call", (PyCFunction)observer_call_bad, METH_O, NULL},
    {"observer_strong", (PyCFunction)observer_strong_ok, METH_NOARGS, NULL},
    {"observer_called", (PyCFunction)observer_called_ok, METH_NOARGS, NULL},
    {"observer_versions", (PyCFunction)observer_versions_ok, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot observer_slots[] = {
    {Py_tp_new, observer_new},
    {Py_tp_dealloc, observer_dealloc},
    {Py_tp_call, observer_call_bad},
    {Py_tp_methods, observer_methods},
    {0, NULL},
};

static PyType_Spec observer_spec = {
    .name = "sample.Observer",
    .basicsize = sizeof(Observer),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = observer_slots,
};

static PyMethodDef sample_methods[] = {
    {"target", target_bad, METH_O, NULL},
    {"roundtrip", roundtrip_bad, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
