#include <Python.h>

#include <errno.h>
#include <unistd.h>

/* Detaching and attaching by functions of the project. */

static void leave_python(PyThreadState **saved)
{
    *saved = PyEval_SaveThread();
}

static void enter_python(PyThreadState **saved)
{
    PyEval_RestoreThread(*saved);
}

/* Named like the API, but a pointer into a library. */
static int (*Py_SampleFlush)(int);

static PyObject *flush_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyThreadState *saved;
    int fd = PyLong_AsInt(arg);

    leave_python(&saved);
    if (fsync(fd) != 0)
        PyErr_SetFromErrno(PyExc_OSError);  /* expect: api-while-detached */
    enter_python(&saved);
    return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
}

static PyObject *flush_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyThreadState *saved;
    int fd = PyLong_AsInt(arg), rc;

    leave_python(&saved);
    rc = fsync(fd);
    enter_python(&saved);
    if (rc != 0)
        return PyErr_SetFromErrno(PyExc_OSError);
    Py_RETURN_NONE;
}

static PyObject *pointer_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    int fd = PyLong_AsInt(arg), rc = 0;

    Py_BEGIN_ALLOW_THREADS
    if (Py_SampleFlush != NULL)
        rc = Py_SampleFlush(fd);
    Py_END_ALLOW_THREADS
    return PyLong_FromLong(rc);
}

/* Called detached: attaches to report, and is detached again when it returns. */
static int report(PyThreadState **saved, int error)
{
    if (error != 0) {
        enter_python(saved);
        errno = error;
        PyErr_SetFromErrno(PyExc_OSError);
        leave_python(saved);
        return -1;
    }
    return 0;
}

static PyObject *sync_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyThreadState *saved;
    int fd = PyLong_AsInt(arg), rc;

    leave_python(&saved);
    rc = report(&saved, fsync(fd) != 0 ? errno : 0);
    enter_python(&saved);
    return rc < 0 ? NULL : Py_NewRef(Py_None);
}

static int sample_exec(PyObject *Py_UNUSED(module))
{
    Py_SampleFlush = fsync;
    return 0;
}

static PyMethodDef sample_methods[] = {
    {"flush_at_once", flush_bad, METH_O, NULL},
    {"flush", flush_ok, METH_O, NULL},
    {"pointer", pointer_ok, METH_O, NULL},
    {"sync", sync_ok, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot sample_slots[] = {
    {Py_mod_exec, sample_exec},
#ifdef Py_GIL_DISABLED
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static struct PyModuleDef sample_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "sample",
    .m_methods = sample_methods,
    .m_slots = sample_slots,
};

PyMODINIT_FUNC
PyInit_sample(void)
{
    return PyModuleDef_Init(&sample_module);
}
