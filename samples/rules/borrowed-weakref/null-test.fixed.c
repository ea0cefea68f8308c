/* ungil-sample: risk=low */
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
/* End of newer Python API. */

/* Whether the target was alive is all that is asked. */

static PyObject *is_dead_bad(PyObject *Py_UNUSED(module), PyObject *ref)
{
    PyObject *target;
    int alive;
    alive = PyWeakref_GetRef(ref, &target);
    Py_XDECREF(target);
    return PyBool_FromLong(alive == 0);  /* expect: borrowed-weakref */
}

static PyObject *is_alive_bad(PyObject *Py_UNUSED(module), PyObject *ref)
{
    PyObject *target;
    int alive;
    if (!PyWeakref_CheckRef(ref))
        Py_RETURN_FALSE;
    alive = PyWeakref_GetRef(ref, &target);
    if (alive < 0) {
        PyErr_Clear();
    }
    Py_XDECREF(target);
    if (alive > 0)  /* expect: borrowed-weakref */
        Py_RETURN_TRUE;
    Py_RETURN_FALSE;
}

static PyObject *is_reference_ok(PyObject *Py_UNUSED(module), PyObject *ref)
{
    return PyBool_FromLong(PyWeakref_Check(ref));
}

static PyMethodDef sample_methods[] = {
    {"is_dead", is_dead_bad, METH_O, NULL},
    {"is_alive", is_alive_bad, METH_O, NULL},
    {"is_reference", is_reference_ok, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
