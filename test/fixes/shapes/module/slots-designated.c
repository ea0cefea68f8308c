/* Slots with designated initialisers, and a sentinel of zeros. */
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
    {.slot = Py_mod_exec, .value = (void *)module_exec},
    {0},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "shape",
    .m_doc = "A module.",
    .m_size = 0,
    .m_methods = methods,
    .m_slots = slots,
};

PyMODINIT_FUNC
PyInit_shape(void)
{
    return PyModuleDef_Init(&definition);
}
