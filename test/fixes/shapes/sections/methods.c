/* Methods of every calling convention that read and write the fields of their object. */
#include <Python.h>

typedef struct {
    PyObject_HEAD
    Py_ssize_t count;
    PyObject *last;
} Counter;

static void
counter_dealloc(Counter *self)
{
    Py_XDECREF(self->last);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static void
keep(Counter *self, PyObject *value)
{
    PyObject *old = self->last;

    Py_XINCREF(value);
    self->last = value;
    Py_XDECREF(old);
}

static PyObject *
counter_increment(Counter *self, PyObject *Py_UNUSED(ignored))  /* fix: safe */
{
    self->count++;
    return PyLong_FromSsize_t(self->count);
}

static PyObject *
counter_add(Counter *self, PyObject *value)  /* fix: safe */
{
    Py_ssize_t number = PyNumber_AsSsize_t(value, PyExc_OverflowError);
    if (number == -1 && PyErr_Occurred()) {
        return NULL;
    }
    if (self->count + number < 0) {
        PyErr_SetString(PyExc_ValueError, "below zero");
        return NULL;
    }
    self->count += number;
    keep(self, value);
    Py_RETURN_NONE;
}

static PyObject *
counter_set(Counter *self, PyObject *args)  /* fix: safe */
{
    Py_ssize_t count;
    PyObject *last = NULL;

    if (!PyArg_ParseTuple(args, "n|O", &count, &last)) {
        return NULL;
    }
    if (count < 0) {
        PyErr_Format(PyExc_ValueError, "%zd is below zero", count);
        return NULL;
    }
    self->count = count;
    keep(self, last);
    Py_RETURN_NONE;
}

static PyObject *
counter_update(Counter *self, PyObject *args, PyObject *kwargs)  /* fix: safe */
{
    static char *names[] = {"count", "last", NULL};
    Py_ssize_t count = -1;
    PyObject *last = NULL;

    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|nO:update", names, &count, &last)) {
        return NULL;
    }
    if (count >= 0) {
        self->count = count;
    }
    if (last != NULL) {
        keep(self, last);
    }
    return PyBool_FromLong(self->count > 0);
}

static PyObject *
counter_latest(Counter *self, PyObject *Py_UNUSED(ignored))
{
    if (self->last == NULL) {  /* fix: safe */
        PyErr_SetString(PyExc_LookupError, "nothing yet");
        return NULL;
    }
    Py_INCREF(self->last);
    return self->last;
}

static PyMethodDef counter_methods[] = {
    {"increment", (PyCFunction)counter_increment, METH_NOARGS, NULL},
    {"add", (PyCFunction)counter_add, METH_O, NULL},
    {"set", (PyCFunction)counter_set, METH_VARARGS, NULL},
    {"update", (PyCFunction)(void (*)(void))counter_update, METH_VARARGS | METH_KEYWORDS, NULL},
    {"latest", (PyCFunction)counter_latest, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject CounterType = {  /* fix: withheld */
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "shape.Counter",
    .tp_basicsize = sizeof(Counter),
    .tp_dealloc = (destructor)counter_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_methods = counter_methods,
};

static PyMethodDef methods[] = {

    {NULL, NULL, 0, NULL},
};

static int
module_exec(PyObject *module)
{
    if (PyType_Ready(&CounterType) < 0 ||
        PyObject_SetAttrString(module, "Counter", (PyObject *)&CounterType) < 0) {
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
