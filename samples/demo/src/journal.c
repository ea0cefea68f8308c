#include "eventdeck.h"

#include <errno.h>
#include <stdio.h>

/* An append-only file shared by the writers of a process. Writing is done without
   the GIL; the lock keeps lines whole. */

typedef struct {
    PyObject_HEAD
    FILE *file;
    PyThread_type_lock lock;
    PyThreadState *batch;       /* set between begin_batch() and end_batch() */
    PyObject *path;
    unsigned long lines;
} JournalObject;

static unsigned int open_journals;

static PyObject *
journal_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    static char *keywords[] = {"path", NULL};
    PyObject *path, *encoded;
    JournalObject *self;

    if (!PyArg_ParseTupleAndKeywords(args, kwds, "U:Journal", keywords, &path))
        return NULL;
    encoded = PyUnicode_EncodeFSDefault(path);
    if (encoded == NULL)
        return NULL;
    self = (JournalObject *)type->tp_alloc(type, 0);
    if (self == NULL) {
        Py_DECREF(encoded);
        return NULL;
    }
    self->lock = PyThread_allocate_lock();
    if (self->lock == NULL) {
        Py_DECREF(encoded);
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    self->file = fopen(PyBytes_AS_STRING(encoded), "ab");
    Py_DECREF(encoded);
    if (self->file == NULL) {
        PyErr_SetFromErrnoWithFilenameObject(PyExc_OSError, path);
        Py_DECREF(self);
        return NULL;
    }
    Py_INCREF(path);
    self->path = path;
    open_journals++;
    return (PyObject *)self;
}

static void
journal_dealloc(JournalObject *self)
{
    if (self->file != NULL) {
        fclose(self->file);
        open_journals--;
    }
    if (self->lock != NULL)
        PyThread_free_lock(self->lock);
    Py_XDECREF(self->path);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static int
journal_put(JournalObject *self, const char *text, size_t length)
{
    if (fwrite(text, 1, length, self->file) != length || fputc('\n', self->file) == EOF) {
        PyErr_SetFromErrno(PyExc_OSError);
        return -1;
    }
    self->lines++;
    return 0;
}

static PyObject *
journal_write(JournalObject *self, PyObject *args)
{
    const char *text;
    Py_ssize_t length;
    int rc;

    if (!PyArg_ParseTuple(args, "s#:write", &text, &length))
        return NULL;
    if (self->file == NULL) {
        PyErr_SetString(PyExc_ValueError, "journal is closed");
        return NULL;
    }
    PyThread_acquire_lock(self->lock, WAIT_LOCK);
    Py_BEGIN_ALLOW_THREADS
    rc = journal_put(self, text, (size_t)length);
    Py_END_ALLOW_THREADS
    PyThread_release_lock(self->lock);
    if (rc < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *
journal_sync(JournalObject *self, PyObject *Py_UNUSED(ignored))
{
    int rc;

    PyThread_acquire_lock(self->lock, WAIT_LOCK);
    if (self->file == NULL) {
        PyErr_SetString(PyExc_ValueError, "journal is closed");
        return NULL;
    }
    rc = fflush(self->file);
    PyThread_release_lock(self->lock);
    if (rc != 0)
        return PyErr_SetFromErrno(PyExc_OSError);
    Py_RETURN_NONE;
}

/* Between begin_batch() and end_batch() other threads run while the caller of this
   module's C API writes. */
static PyObject *
journal_flush_batch(JournalObject *self, PyObject *Py_UNUSED(ignored))
{
    int rc;

    if (self->file == NULL)
        Py_RETURN_NONE;
    self->batch = PyEval_SaveThread();
    rc = fflush(self->file);
    PyEval_RestoreThread(self->batch);
    self->batch = NULL;
    if (rc != 0)
        return PyErr_SetFromErrno(PyExc_OSError);
    Py_RETURN_NONE;
}

static PyObject *
journal_close(JournalObject *self, PyObject *Py_UNUSED(ignored))
{
    FILE *file = self->file;

    self->file = NULL;
    if (file != NULL) {
        open_journals--;
        Py_BEGIN_ALLOW_THREADS
        fclose(file);
        Py_END_ALLOW_THREADS
    }
    Py_RETURN_NONE;
}

static PyObject *
journal_get_path(JournalObject *self, void *Py_UNUSED(closure))
{
    Py_INCREF(self->path);
    return self->path;
}

static PyObject *
journal_get_lines(JournalObject *self, void *Py_UNUSED(closure))
{
    return PyLong_FromUnsignedLong(self->lines);
}

static PyObject *
journal_get_open(PyObject *Py_UNUSED(self), void *Py_UNUSED(closure))
{
    return PyLong_FromUnsignedLong(open_journals);
}

static PyMethodDef journal_methods[] = {
    {"write", (PyCFunction)journal_write, METH_VARARGS, "write(text)"},
    {"sync", (PyCFunction)journal_sync, METH_NOARGS, "sync()"},
    {"flush_batch", (PyCFunction)journal_flush_batch, METH_NOARGS, "flush_batch()"},
    {"close", (PyCFunction)journal_close, METH_NOARGS, "close()"},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef journal_getset[] = {
    {"path", (getter)journal_get_path, NULL, NULL, NULL},
    {"lines", (getter)journal_get_lines, NULL, NULL, NULL},
    {"open_journals", journal_get_open, NULL, "journals open in this process", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

PyTypeObject Journal_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "eventdeck._deck.Journal",
    .tp_doc = "Journal(path)",
    .tp_basicsize = sizeof(JournalObject),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = journal_new,
    .tp_dealloc = (destructor)journal_dealloc,
    .tp_methods = journal_methods,
    .tp_getset = journal_getset,
};
