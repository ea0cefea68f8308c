#include "buffer.h"
#include <string.h>

static PyObject *
filled(PyObject *self, PyObject *args)
{
    Py_ssize_t size, more;
    Buffer buffer;

    if (!PyArg_ParseTuple(args, "nn", &size, &more)) {
        return NULL;
    }
    if (size <= 0 || more <= 0) {
        PyErr_SetString(PyExc_ValueError, "sizes are above zero");
        return NULL;
    }
    if (buffer_init(&buffer, size) < 0) {
        return NULL;
    }
    if (buffer_grow(&buffer, more) < 0) {
        PyObject_Free(buffer.data);
        return NULL;
    }
    memset(buffer.data, 'x', buffer.size);
    PyObject *result = PyBytes_FromStringAndSize(buffer.data, buffer.size);
    PyObject_Free(buffer.data);
    return result;
}

static PyMethodDef methods[] = {
    {"filled", filled, METH_VARARGS, NULL},
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
