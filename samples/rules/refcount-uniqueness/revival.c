/* ungil-sample: fix=review */
#include <Python.h>

/* An object that looks whether running code in its destructor gave it back to somebody. */

typedef struct {
    PyObject_HEAD
    PyObject *callback;
} Job;

static int job_finish_ok(Job *self)
{
    PyObject *self_object = (PyObject *)self;
    PyObject *result;

    Py_SET_REFCNT(self_object, 1);
    result = PyObject_CallNoArgs(self->callback);
    Py_XDECREF(result);
    Py_SET_REFCNT(self_object, Py_REFCNT(self_object) - 1);
    return Py_REFCNT(self_object) == 0;
}

static void job_dealloc(Job *self)
{
    PyTypeObject *type = Py_TYPE(self);

    if (!job_finish_ok(self))
        return;
    Py_XDECREF(self->callback);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static PyObject *drop_all_bad(PyObject *Py_UNUSED(module), PyObject *object)
{
    Py_SET_REFCNT(object, 1);  /* expect: refcount-uniqueness */
    Py_RETURN_NONE;
}

static PyMethodDef module_methods[] = {
    {"drop_all", drop_all_bad, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot job_slots[] = {
    {Py_tp_dealloc, job_dealloc},
    {0, NULL},
};

PyType_Spec job_spec = {"sample.Job", sizeof(Job), 0, Py_TPFLAGS_DEFAULT, job_slots};
