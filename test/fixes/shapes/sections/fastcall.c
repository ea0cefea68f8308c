/* ungil-shape: min-python=3.7 */
/* Methods of the fast calling conventions. */
#include <Python.h>

typedef struct {
    PyObject_HEAD
    Py_ssize_t total;
} Sum;

static PyObject *
sum_add(Sum *self, PyObject *const *args, Py_ssize_t nargs)  /* fix: safe */
{
    Py_ssize_t i, number, total = self->total;

    for (i = 0; i < nargs; i++) {
        number = PyNumber_AsSsize_t(args[i], NULL);
        if (number == -1 && PyErr_Occurred()) {
            return NULL;
        }
        total += number;
    }
    self->total = total;
    return PyLong_FromSsize_t(total);
}

static PyObject *
sum_reset(Sum *self, PyObject *const *args, Py_ssize_t nargs, PyObject *names)  /* fix: safe */
{
    if (nargs + (names == NULL ? 0 : PyTuple_GET_SIZE(names)) > 1) {
        PyErr_SetString(PyExc_TypeError, "at most one argument");
        return NULL;
    }
    self->total = names == NULL ? 0 : 100;
    Py_RETURN_NONE;
}

static PyMethodDef sum_methods[] = {
    {"add", (PyCFunction)(void (*)(void))sum_add, METH_FASTCALL, NULL},
    {"reset", (PyCFunction)(void (*)(void))sum_reset, METH_FASTCALL | METH_KEYWORDS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject SumType = {  /* fix: withheld */
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "shape.Sum",
    .tp_basicsize = sizeof(Sum),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = sum_methods,
    .tp_new = PyType_GenericNew,
};

static PyMethodDef methods[] = {

    {NULL, NULL, 0, NULL},
};

static int
module_exec(PyObject *module)
{
    if (PyType_Ready(&SumType) < 0 ||
        PyObject_SetAttrString(module, "Sum", (PyObject *)&SumType) < 0) {
        return -1;
    }
    return 0;
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)module_exec},
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
