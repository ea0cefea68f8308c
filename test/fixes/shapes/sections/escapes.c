/* Sections that are left by a return, and a lock that one path keeps. */
#include <Python.h>

#include <pythread.h>

#if PY_VERSION_HEX < 0x030D0000
#define Py_BEGIN_CRITICAL_SECTION(object) {
#define Py_END_CRITICAL_SECTION() }
#endif

static PyThread_type_lock lock;

static PyObject *
first(PyObject *self, PyObject *list)
{
    PyObject *result = NULL;

    if (!PyList_Check(list)) {
        PyErr_SetString(PyExc_TypeError, "a list is needed");
        return NULL;
    }
    Py_BEGIN_CRITICAL_SECTION(list);
    if (PyList_GET_SIZE(list) == 0) {
        PyErr_SetString(PyExc_ValueError, "empty");
        return NULL;  /* fix: safe */
    }
    result = PyObject_Repr(PyList_GET_ITEM(list, 0));
    Py_END_CRITICAL_SECTION();
    return result;
}

static PyObject *
squeezed(PyObject *self, PyObject *value)
{
    long number, result = 0;

    number = PyLong_AsLong(value);
    if (number == -1 && PyErr_Occurred()) {
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS
    if (number < 0) {
        return NULL;  /* fix: safe */
    }
    result = number * 2;
    Py_END_ALLOW_THREADS
    return PyLong_FromLong(result);
}

static PyObject *
locked(PyObject *self, PyObject *value)
{
    long number;

    PyThread_acquire_lock(lock, WAIT_LOCK);  /* fix: withheld, safe */
    number = PyLong_AsLong(value);
    if (number == -1 && PyErr_Occurred()) {
        return NULL;
    }
    PyThread_release_lock(lock);
    return PyLong_FromLong(number + 1);
}

static int
module_exec(PyObject *module)
{
    lock = PyThread_allocate_lock();
    return lock == NULL ? -1 : 0;
}

static PyMethodDef methods[] = {
    {"first", first, METH_O, NULL},
    {"squeezed", squeezed, METH_O, NULL},
    {"locked", locked, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)module_exec},
#ifdef Py_mod_gil
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "shape", NULL, 0, methods, slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC
PyInit_shape(void)
{
    return PyModuleDef_Init(&definition);
}
