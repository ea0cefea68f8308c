#include <Python.h>

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

typedef struct {
    PyObject_HEAD
    PyObject *on_line;          /* set by tp_new */
    int fd;                     /* set by tp_new */
} Reader;

static PyObject *reader_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(kwds))
{
    PyObject *on_line;
    int fd;
    Reader *self;

    if (!PyArg_ParseTuple(args, "iO", &fd, &on_line))
        return NULL;
    self = (Reader *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->fd = fd;
    self->on_line = Py_NewRef(on_line);
    return (PyObject *)self;
}

static void reader_dealloc(Reader *self)
{
    PyTypeObject *type = Py_TYPE(self);

    Py_XDECREF(self->on_line);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static PyObject *reader_read_bad(Reader *self, PyObject *Py_UNUSED(ignored))
{
    char buffer[512];
    ssize_t n;

    Py_BEGIN_ALLOW_THREADS
    n = read(self->fd, buffer, sizeof(buffer));
    if (n < 0)
        PyErr_SetFromErrno(PyExc_OSError);  /* expect: api-while-detached */
    Py_END_ALLOW_THREADS
    if (n < 0)
        return NULL;
    return PyBytes_FromStringAndSize(buffer, n);
}

static PyObject *reader_lines_bad(Reader *self, PyObject *arg)
{
    char buffer[512];
    PyThreadState *state = PyEval_SaveThread();

    while (read(self->fd, buffer, sizeof(buffer)) > 0)
        Py_XDECREF(PyObject_CallOneArg(self->on_line, arg));  /* expect: api-while-detached, api-while-detached */
    PyEval_RestoreThread(state);
    Py_RETURN_NONE;
}

static PyObject *sum_bad(PyObject *Py_UNUSED(module), PyObject *list)
{
    double total = 0.0;

    if (!PyTuple_Check(list))
        return PyErr_Format(PyExc_TypeError, "expected a tuple");
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(list); i++)
        total += PyFloat_AsDouble(PyTuple_GET_ITEM(list, i));  /* expect: api-while-detached */
    Py_END_ALLOW_THREADS
    return PyFloat_FromDouble(total);
}

static int write_all(int fd, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t n = write(fd, text, length);

        if (n < 0) {
            PyErr_SetFromErrno(PyExc_OSError);
            return -1;
        }
        text += n;
        length -= (size_t)n;
    }
    return 0;
}

static PyObject *write_bad(PyObject *Py_UNUSED(module), PyObject *args)
{
    const char *text;
    Py_ssize_t length;
    int fd, rc;

    if (!PyArg_ParseTuple(args, "is#", &fd, &text, &length))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    rc = write_all(fd, text, (size_t)length);  /* expect: api-while-detached */
    Py_END_ALLOW_THREADS
    return rc < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *write_attached_ok(PyObject *Py_UNUSED(module), PyObject *args)
{
    const char *text;
    Py_ssize_t length;
    int fd;

    if (!PyArg_ParseTuple(args, "is#", &fd, &text, &length))
        return NULL;
    return write_all(fd, text, (size_t)length) < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *reader_read_ok(Reader *self, PyObject *Py_UNUSED(ignored))
{
    char buffer[512];
    ssize_t n;
    int error = 0;

    Py_BEGIN_ALLOW_THREADS
    n = read(self->fd, buffer, sizeof(buffer));
    if (n < 0)
        error = errno;
    Py_END_ALLOW_THREADS
    if (n < 0) {
        errno = error;
        return PyErr_SetFromErrno(PyExc_OSError);
    }
    return PyBytes_FromStringAndSize(buffer, n);
}

static PyObject *reader_call_ok(Reader *self, PyObject *arg)
{
    char buffer[512];
    PyObject *result = NULL;

    Py_BEGIN_ALLOW_THREADS
    if (read(self->fd, buffer, sizeof(buffer)) > 0) {
        Py_BLOCK_THREADS
        result = PyObject_CallOneArg(self->on_line, arg);
        Py_UNBLOCK_THREADS
    }
    Py_END_ALLOW_THREADS
    return result != NULL || PyErr_Occurred() ? result : Py_NewRef(Py_None);
}

/* May be called by any thread, attached or not. */
static void report(Reader *self, const char *text)
{
    PyGILState_STATE state = PyGILState_Ensure();
    PyObject *result = PyObject_CallFunction(self->on_line, "s", text);

    if (result == NULL)
        PyErr_WriteUnraisable(self->on_line);
    Py_XDECREF(result);
    PyGILState_Release(state);
}

static PyObject *reader_report_ok(Reader *self, PyObject *Py_UNUSED(ignored))
{
    Py_BEGIN_ALLOW_THREADS
    report(self, "reading");
    Py_END_ALLOW_THREADS
    Py_RETURN_NONE;
}

static PyObject *raw_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    Py_buffer view;
    unsigned long sum = 0;
    char *scratch;

    if (PyObject_GetBuffer(arg, &view, PyBUF_SIMPLE) < 0)
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    scratch = PyMem_RawMalloc(64);
    for (Py_ssize_t i = 0; i < view.len; i++)
        sum += ((const unsigned char *)view.buf)[i];
    PyMem_RawFree(scratch);
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&view);
    return PyLong_FromUnsignedLong(sum);
}

static PyMethodDef reader_methods[] = {
    {"reader_read", (PyCFunction)reader_read_bad, METH_NOARGS, NULL},
    {"reader_lines", (PyCFunction)reader_lines_bad, METH_O, NULL},
    {"reader_read", (PyCFunction)reader_read_ok, METH_NOARGS, NULL},
    {"reader_call", (PyCFunction)reader_call_ok, METH_O, NULL},
    {"reader_report", (PyCFunction)reader_report_ok, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot reader_slots[] = {
    {Py_tp_new, reader_new},
    {Py_tp_dealloc, reader_dealloc},
    {Py_tp_call, reader_call_ok},
    {Py_tp_methods, reader_methods},
    {0, NULL},
};

static PyType_Spec reader_spec = {
    .name = "sample.Reader",
    .basicsize = sizeof(Reader),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = reader_slots,
};

static PyMethodDef sample_methods[] = {
    {"sum", sum_bad, METH_O, NULL},
    {"write", write_bad, METH_VARARGS, NULL},
    {"write_attached", write_attached_ok, METH_VARARGS, NULL},
    {"raw", raw_ok, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
