/* Each function has one fault that the exercise must tell. */
#include <Python.h>

static PyObject *
leaks(PyObject *self, PyObject *value)
{
    Py_INCREF(value);
    Py_RETURN_NONE;
}

static PyObject *
gives_back_too_often(PyObject *self, PyObject *value)
{
    Py_DECREF(value);
    Py_RETURN_NONE;
}

static PyObject *
leaks_new_object(PyObject *self, PyObject *unused)
{
    return PyList_New(3) == NULL ? NULL : PyLong_FromLong(5);
}

static PyObject *
crashes(PyObject *self, PyObject *unused)
{
    *(volatile int *)0 = 1;
    Py_RETURN_NONE;
}

static PyObject *
answers(PyObject *self, PyObject *unused)
{
#ifdef AFTER
    PyErr_SetString(PyExc_ValueError, "after");
#else
    PyErr_SetString(PyExc_KeyError, "before");
#endif
    return NULL;
}

static PyMethodDef methods[] = {
    {"leaks", leaks, METH_O, NULL},
    {"gives_back_too_often", gives_back_too_often, METH_O, NULL},
    {"leaks_new_object", leaks_new_object, METH_NOARGS, NULL},
    {"crashes", crashes, METH_NOARGS, NULL},
    {"answers", answers, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "shape", NULL, -1, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC
PyInit_shape(void)
{
    return PyModule_Create(&definition);
}
