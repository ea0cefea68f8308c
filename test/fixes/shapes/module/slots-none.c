/* A module definition in several phases that has no slots yet. */
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

static struct PyModuleDef definition = {  /* fix: safe */
    PyModuleDef_HEAD_INIT,
    .m_name = "shape",
    .m_doc = "A module.",
    .m_methods = methods,
};

PyMODINIT_FUNC
PyInit_shape(void)
{
    return PyModuleDef_Init(&definition);
}
