/* ungil-sample: target=3.15 build=gil */
/* From 3.15 on it means abi3t, where the instance header does not exist. */
#define Py_LIMITED_API 0x030d0000  /* expect: limited-api-conflict */
#include <Python.h>

typedef struct {
    PyObject_HEAD
    int value;
} Box;

static PyObject *twice(PyObject *Py_UNUSED(module), PyObject *arg)
{
    return PyNumber_Add(arg, arg);
}

static PyMethodDef methods[] = {
    {"twice", twice, METH_O, "twice(x)"},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
#ifdef Py_GIL_DISABLED
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "abi3t",
    .m_size = 0,
    .m_methods = methods,
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit_abi3t(void)
{
    return PyModuleDef_Init(&definition);
}
