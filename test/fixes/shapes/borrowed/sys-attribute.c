/* Attributes of the sys module, which any thread can bind anew. */
#include <Python.h>

static PyObject *
write_to(PyObject *Py_UNUSED(self), PyObject *text)
{
    PyObject *stream = PySys_GetObject("shape_stream");  /* fix: safe */

    if (stream == NULL || stream == Py_None)
        Py_RETURN_NONE;
    if (PyFile_WriteObject(text, stream, Py_PRINT_RAW) < 0)
        return NULL;
    return PyObject_CallMethod(stream, "getvalue", NULL);
}

static PyObject *
count(PyObject *Py_UNUSED(self), PyObject *name)
{
    const char *text = PyUnicode_AsUTF8(name);
    PyObject *value;
    Py_ssize_t n;

    if (text == NULL)
        return NULL;
    value = PySys_GetObject(text);  /* fix: safe */
    if (!value) {
        PyErr_SetString(PyExc_LookupError, text);
        return NULL;
    }
    n = PyObject_Length(value);
    return n < 0 ? NULL : PyLong_FromSsize_t(n);
}

static PyMethodDef methods[] = {
    {"write_to", write_to, METH_O, NULL},
    {"count", count, METH_O, NULL},
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
