/* Slots in rows of positional initialisers. */
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

static int
module_exec(PyObject *module)
{
    return PyModule_AddIntConstant(module, "NUMBER", 7);
}

static PyModuleDef_Slot slots[] = {  /* fix: safe */
    {Py_mod_exec, (void *)module_exec},
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "shape", "A module.", 0, methods, slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC
PyInit_shape(void)
{
    return PyModuleDef_Init(&definition);
}
