#include <Python.h>

#include <unistd.h>

#define FAIL_IF(condition)                                     \
    do {                                                       \
        if (condition)                                         \
            return NULL;                                       \
    } while (0)

static PyObject *early_return_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    int fd = PyLong_AsInt(arg);
    char byte;

    Py_BEGIN_ALLOW_THREADS
    if (read(fd, &byte, 1) != 1) {
        Py_BLOCK_THREADS
        return NULL;  /* expect: detached-escape */
    }
    Py_END_ALLOW_THREADS
    return PyLong_FromLong(byte);
}

static PyObject *jump_bad(PyObject *Py_UNUSED(module), PyObject *args)
{
    int from, to;
    char buffer[256];
    ssize_t n;

    if (!PyArg_ParseTuple(args, "ii", &from, &to))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    while ((n = read(from, buffer, sizeof(buffer))) > 0) {
        if (write(to, buffer, (size_t)n) != n) {
            Py_BLOCK_THREADS
            goto failed;  /* expect: detached-escape */
        }
    }
    Py_END_ALLOW_THREADS
    Py_RETURN_NONE;

failed:
    return NULL;
}

static PyObject *loop_bad(PyObject *Py_UNUSED(module), PyObject *args)
{
    Py_ssize_t i;
    int ready = 0;

    for (i = 0; i < PyTuple_GET_SIZE(args); i++) {
        int fd = PyLong_AsInt(PyTuple_GET_ITEM(args, i));

        Py_BEGIN_ALLOW_THREADS
        ready = fd >= 0 && isatty(fd);
        if (ready) {
            Py_BLOCK_THREADS
            break;  /* expect: detached-escape */
        }
        Py_END_ALLOW_THREADS
    }
    return PyBool_FromLong(ready);
}

static PyObject *macro_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    int fd = PyLong_AsInt(arg);

    Py_BEGIN_ALLOW_THREADS
    FAIL_IF(fsync(fd) != 0);  /* expect: detached-escape */
    Py_END_ALLOW_THREADS
    Py_RETURN_NONE;
}

static PyObject *saved_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    int fd = PyLong_AsInt(arg);
    PyThreadState *state = PyEval_SaveThread();

    if (fsync(fd) != 0) {
        PyEval_RestoreThread(state);
        return NULL;  /* expect: detached-escape */
    }
    PyEval_RestoreThread(state);
    Py_RETURN_NONE;
}

static PyObject *result_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    int fd = PyLong_AsInt(arg), rc;

    Py_BEGIN_ALLOW_THREADS
    rc = fsync(fd);
    Py_END_ALLOW_THREADS
    if (rc != 0)
        return PyErr_SetFromErrno(PyExc_OSError);
    Py_RETURN_NONE;
}

static PyObject *inner_loop_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    int fd = PyLong_AsInt(arg);
    long lines = 0;
    char byte;

    Py_BEGIN_ALLOW_THREADS
    for (;;) {
        if (read(fd, &byte, 1) != 1)
            break;
        if (byte != '\n')
            continue;
        lines++;
        if (lines == 1000)
            goto full;
    }
full:
    ;
    Py_END_ALLOW_THREADS
    return PyLong_FromLong(lines);
}

static PyObject *blocked_return_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    int fd = PyLong_AsInt(arg);

    Py_BEGIN_ALLOW_THREADS
    if (fsync(fd) != 0) {
        Py_BLOCK_THREADS
        return PyErr_SetFromErrno(PyExc_OSError);
    }
    Py_END_ALLOW_THREADS
    Py_RETURN_NONE;
}

static PyObject *restored_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    int fd = PyLong_AsInt(arg);
    PyThreadState *state = PyEval_SaveThread();

    if (fsync(fd) != 0) {
        PyEval_RestoreThread(state);
        return PyErr_SetFromErrno(PyExc_OSError);
    }
    PyEval_RestoreThread(state);
    Py_RETURN_NONE;
}

static PyMethodDef sample_methods[] = {
    {"early_return", early_return_bad, METH_O, NULL},
    {"jump", jump_bad, METH_VARARGS, NULL},
    {"loop", loop_bad, METH_VARARGS, NULL},
    {"macro", macro_bad, METH_O, NULL},
    {"saved", saved_bad, METH_O, NULL},
    {"result", result_ok, METH_O, NULL},
    {"inner_loop", inner_loop_ok, METH_O, NULL},
    {"blocked_return", blocked_return_ok, METH_O, NULL},
    {"restored", restored_ok, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
