/* ungil-sample: risk=info */
#include <Python.h>

typedef struct {
    PyObject_HEAD
    double x, y;
} Point;

static PyTypeObject Positional_Type = {  /* expect: static-type */
    PyVarObject_HEAD_INIT(NULL, 0)
    "sample.Positional",        /* tp_name */
    sizeof(Point),              /* tp_basicsize */
};

static PyTypeObject Designated_Type = {  /* expect: static-type */
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "sample.Designated",
    .tp_basicsize = sizeof(Point),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
};

PyTypeObject Exported_Type = {  /* expect: static-type */
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "sample.Exported",
    .tp_basicsize = sizeof(Point),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
};

/* Only declared here. */
extern PyTypeObject Elsewhere_Type;

static PyType_Slot heap_slots[] = {
    {Py_tp_new, PyType_GenericNew},
    {0, NULL},
};

static PyType_Spec heap_spec = {
    .name = "sample.Heap",
    .basicsize = sizeof(Point),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = heap_slots,
};

static PyObject *make_ok(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    return PyType_FromModuleAndSpec(module, &heap_spec, NULL);
}

static PyObject *kind_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyTypeObject *type = Py_TYPE(arg);

    return PyUnicode_FromString(type->tp_name);
}

static PyObject *is_point_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    return PyBool_FromLong(PyObject_TypeCheck(arg, &Elsewhere_Type));
}

static PyMethodDef sample_methods[] = {
    {"make", make_ok, METH_NOARGS, NULL},
    {"kind", kind_ok, METH_O, NULL},
    {"is_point", is_point_ok, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
