/* ungil-shape: differs=referent:none */
/* Referents of weak references: alive, dead, and what is no weak reference. */
#include <Python.h>

static PyObject *
referent(PyObject *self, PyObject *ref)
{
    PyObject *object = PyWeakref_GetObject(ref);  /* fix: safe */
    if (object == NULL) {
        return NULL;
    }
    if (object == Py_None) {
        return PyUnicode_FromString("dead");
    }
    return PyObject_Repr(object);
}

static PyObject *
taken(PyObject *self, PyObject *ref)
{
    PyObject *object;

    if (!PyWeakref_Check(ref)) {
        PyErr_SetString(PyExc_TypeError, "a weak reference is needed");
        return NULL;
    }
    object = PyWeakref_GET_OBJECT(ref);  /* fix: safe */
    if (object == Py_None) {
        PyErr_SetString(PyExc_ReferenceError, "dead");
        return NULL;
    }
    Py_INCREF(object);
    return object;
}

static PyObject *
alive(PyObject *self, PyObject *ref)
{
    if (!PyWeakref_Check(ref)) {
        PyErr_SetString(PyExc_TypeError, "a weak reference is needed");
        return NULL;
    }
    if (PyWeakref_GetObject(ref) == Py_None) {  /* fix: safe */
        Py_RETURN_FALSE;
    }
    Py_RETURN_TRUE;
}

static PyMethodDef methods[] = {
    {"referent", referent, METH_O, NULL},
    {"taken", taken, METH_O, NULL},
    {"alive", alive, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
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
