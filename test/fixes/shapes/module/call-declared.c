/* A module in one phase, made in a declaration, with a cleanup label. */
#include <Python.h>

static PyObject *
answer(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    return PyLong_FromLong(42);
}

static PyMethodDef methods[] = {
    {"answer", answer, METH_NOARGS, "The answer."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "shape", "A module.", -1, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC
PyInit_shape(void)
{
    PyObject *number = NULL;
    PyObject *module = PyModule_Create(&definition);  /* fix: safe, withheld */

    if (!module) goto error;
    number = PyLong_FromLong(7);
    if (!number) goto error;
    if (PyObject_SetAttrString(module, "NUMBER", number) < 0) goto error;
    Py_DECREF(number);
    return module;

error:
    Py_XDECREF(number);
    Py_XDECREF(module);
    return NULL;
}
