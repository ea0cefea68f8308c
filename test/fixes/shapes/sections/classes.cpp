/* ungil-shape: level=review */
/* Methods in C++: free functions in a namespace, static members. */
#include <Python.h>

namespace {

struct Gauge {
    PyObject_HEAD
    double value;
    long changes;

    static PyObject *set(PyObject *op, PyObject *value);
};

PyObject *
gauge_value(Gauge *self, PyObject *)  /* fix: safe */
{
    if (self->changes == 0) {
        PyErr_SetString(PyExc_LookupError, "nothing yet");
        return nullptr;
    }
    return PyFloat_FromDouble(self->value);
}

PyObject *
Gauge::set(PyObject *op, PyObject *value)  /* fix: safe */
{
    Gauge *self = reinterpret_cast<Gauge *>(op);
    const double number = PyFloat_AsDouble(value);
    if (number == -1.0 && PyErr_Occurred()) {
        return nullptr;
    }
    self->value = number;
    self->changes++;
    return PyLong_FromLong(self->changes);
}

PyMethodDef gauge_methods[] = {
    {"value", reinterpret_cast<PyCFunction>(gauge_value), METH_NOARGS, nullptr},
    {"set", Gauge::set, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

PyType_Slot gauge_slots[] = {
    {Py_tp_methods, gauge_methods},
    {0, nullptr},
};

PyType_Spec gauge_spec = {
    "shape.Gauge", sizeof(Gauge), 0, Py_TPFLAGS_DEFAULT, gauge_slots,
};

int
module_exec(PyObject *module)
{
    PyObject *type = PyType_FromSpec(&gauge_spec);
    if (type == nullptr) {
        return -1;
    }
    if (PyModule_AddObject(module, "Gauge", type) < 0) {
        Py_DECREF(type);
        return -1;
    }
    return 0;
}

}  // namespace

extern "C" {

static PyMethodDef methods[] = {

    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, reinterpret_cast<void *>(module_exec)},
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
}
