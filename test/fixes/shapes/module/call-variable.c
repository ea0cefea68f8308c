/* A module in one phase, kept in a variable and filled. */
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
    PyObject *module;

    module = PyModule_Create(&definition);  /* fix: safe, withheld */
    if (module == NULL)
        return NULL;
    if (PyModule_AddIntConstant(module, "NUMBER", 7) < 0) {
        Py_DECREF(module);
        return NULL;
    }
    return module;
}
