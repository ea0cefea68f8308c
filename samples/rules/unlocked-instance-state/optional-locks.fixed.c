#include <Python.h>
#include <pythread.h>

/* Newer Python API, for the Pythons that lack it. */
#if PY_VERSION_HEX < 0x030D0000 && !defined(Py_BEGIN_CRITICAL_SECTION)
#define Py_BEGIN_CRITICAL_SECTION(op) {
#define Py_END_CRITICAL_SECTION() }
#define Py_BEGIN_CRITICAL_SECTION2(a, b) {
#define Py_END_CRITICAL_SECTION2() }
#endif
/* End of newer Python API. */

/* A lock that is there only if the object was made to be shared. */

typedef struct {
    PyObject_HEAD
    PyObject *pending;
    PyThread_type_lock lock;    /* NULL if one thread has the object */
} Scanner;

static void scanner_acquire(Scanner *self)
{
    if (self->lock != NULL) {
        if (!PyThread_acquire_lock(self->lock, NOWAIT_LOCK)) {
            Py_BEGIN_ALLOW_THREADS
            PyThread_acquire_lock(self->lock, WAIT_LOCK);
            Py_END_ALLOW_THREADS
        }
    }
}

static void scanner_release(Scanner *self)
{
    if (self->lock != NULL)
        PyThread_release_lock(self->lock);
}

static PyObject *scanner_push_ok(Scanner *self, PyObject *item)
{
    PyObject *old;

    scanner_acquire(self);
    old = self->pending;
    self->pending = Py_NewRef(item);
    scanner_release(self);
    Py_XDECREF(old);
    Py_RETURN_NONE;
}

static PyObject *scanner_replace_bad(Scanner *self, PyObject *item)  /* expect: unlocked-instance-state */
{
    PyObject *old;

    scanner_acquire(self);
    scanner_release(self);
    Py_BEGIN_CRITICAL_SECTION(self);
    old = self->pending;
    self->pending = Py_NewRef(item);
    Py_XDECREF(old);
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static PyMethodDef scanner_methods[] = {
    {"push", (PyCFunction)scanner_push_ok, METH_O, NULL},
    {"replace", (PyCFunction)scanner_replace_bad, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot scanner_slots[] = {
    {Py_tp_methods, scanner_methods},
    {0, NULL},
};

PyType_Spec scanner_spec = {"sample.Scanner", sizeof(Scanner), 0, Py_TPFLAGS_DEFAULT, scanner_slots};
