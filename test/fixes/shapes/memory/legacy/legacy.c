/* Names of allocators that are macros of old. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

static PyObject *
reversed_text(PyObject *self, PyObject *args)
{
    const char *text;
    Py_ssize_t size, i;

    if (!PyArg_ParseTuple(args, "y#", &text, &size)) {
        return NULL;
    }
    char *buffer = PyMem_NEW(char, size + 1);  /* fix: safe */
    if (buffer == NULL) {
        return PyErr_NoMemory();
    }
    for (i = 0; i < size; i++) {
        buffer[i] = text[size - 1 - i];
    }
    PyObject *result = PyBytes_FromStringAndSize(buffer, size);
    PyMem_DEL(buffer);  /* fix: also */
    return result;
}

static PyObject *
grown(PyObject *self, PyObject *args)
{
    int size;
    long sum = 0;

    if (!PyArg_ParseTuple(args, "i", &size)) {
        return NULL;
    }
    int *numbers = PyMem_MALLOC(sizeof(int));  /* fix: safe */
    if (numbers == NULL) {
        return PyErr_NoMemory();
    }
    for (int i = 0; i < size; i++) {
        int *more = PyMem_REALLOC(numbers, (i + 1) * sizeof(int));  /* fix: also */
        if (more == NULL) {
            PyMem_FREE(numbers);  /* fix: also */
            return PyErr_NoMemory();
        }
        numbers = more;
        numbers[i] = i;
        sum += numbers[i];
    }
    PyMem_FREE(numbers);
    return PyLong_FromLong(sum);
}

static PyMethodDef methods[] = {
    {"reversed_text", reversed_text, METH_VARARGS, NULL},
    {"grown", grown, METH_VARARGS, NULL},
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
