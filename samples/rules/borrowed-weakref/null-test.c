/* ungil-sample: risk=low */
#include <Python.h>

/* Whether the target was alive is all that is asked. */

static PyObject *is_dead_bad(PyObject *Py_UNUSED(module), PyObject *ref)
{
    return PyBool_FromLong(PyWeakref_GetObject(ref) == Py_None);  /* expect: borrowed-weakref */
}

static PyObject *is_alive_bad(PyObject *Py_UNUSED(module), PyObject *ref)
{
    if (!PyWeakref_CheckRef(ref))
        Py_RETURN_FALSE;
    if (PyWeakref_GET_OBJECT(ref) != Py_None)  /* expect: borrowed-weakref */
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
