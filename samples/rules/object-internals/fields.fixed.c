#include <Python.h>

/* Fields of the interpreter's own structs. */

typedef struct {
    PyObject_VAR_HEAD
    char *ob_item;              /* a name like the list's, a field of our own; set by tp_new */
} Bits;

static PyObject *bits_new(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwds))
{
    Bits *self = (Bits *)type->tp_alloc(type, 0);

    if (self == NULL)
        return NULL;
    self->ob_item = PyMem_Calloc(8, 1);
    if (self->ob_item == NULL) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    return (PyObject *)self;
}

static void bits_dealloc(Bits *self)
{
    PyTypeObject *type = Py_TYPE(self);

    PyMem_Free(self->ob_item);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static PyObject *first_bad(PyObject *Py_UNUSED(module), PyObject *list)
{
    if (!PyList_CheckExact(list) || PyList_GET_SIZE(list) == 0)
        Py_RETURN_NONE;
    return Py_NewRef(((PyListObject *)list)->ob_item[0]);  /* expect: object-internals */
}

static PyObject *items_bad(PyObject *Py_UNUSED(module), PyObject *list)
{
    PyObject **items;
    Py_ssize_t n = 0;

    if (!PyList_CheckExact(list))
        Py_RETURN_NONE;
    items = ((PyListObject *)list)->ob_item;  /* expect: object-internals */
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++)
        n += items[i] == Py_None;
    return PyLong_FromSsize_t(n);
}

static PyObject *used_bad(PyObject *Py_UNUSED(module), PyObject *dict)
{
    PyDictObject *table = (PyDictObject *)dict;

    if (!PyDict_CheckExact(dict))
        Py_RETURN_NONE;
    return PyLong_FromSsize_t(PyDict_Size((PyObject *)table));  /* expect: object-internals */
}

static PyObject *attribute_bad(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *object, *name, *value;

    if (!PyArg_ParseTuple(args, "OU", &object, &name))
        return NULL;
    if (PyDict_GetItemRef(Py_TYPE(object)->tp_dict, name, &value) < 0)  /* expect: object-internals */
        return NULL;
    return value != NULL ? value : Py_NewRef(Py_None);
}

static PyObject *bytes_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    if (!PyByteArray_Check(arg))
        return PyErr_Format(PyExc_TypeError, "expected a bytearray");
    return PyLong_FromLong(*((PyByteArrayObject *)arg)->ob_start);  /* expect: object-internals */
}

static PyObject *code_bad(PyObject *Py_UNUSED(module), PyObject *function)
{
    if (!PyFunction_Check(function))
        Py_RETURN_NONE;
    return Py_NewRef(((PyFunctionObject *)function)->func_code);  /* expect: object-internals */
}

static PyObject *bits_get_ok(Bits *self, PyObject *arg)
{
    return PyLong_FromLong(self->ob_item[PyLong_AsLong(arg) & 7]);
}

static PyObject *type_name_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    return PyUnicode_FromFormat("%s of %zd bytes", Py_TYPE(arg)->tp_name, Py_TYPE(arg)->tp_basicsize);
}

static PyObject *accessors_ok(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *list, *dict;

    if (!PyArg_ParseTuple(args, "O!O!", &PyList_Type, &list, &PyDict_Type, &dict))
        return NULL;
    return Py_BuildValue("(nn)", PyList_GET_SIZE(list), PyDict_GET_SIZE(dict));
}

static PyObject *slots_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    iternextfunc next = Py_TYPE(arg)->tp_iternext;

    return next == NULL ? Py_NewRef(Py_None) : next(arg);
}

static PyObject *fresh_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *list = PySequence_List(arg), *first = NULL;

    if (list == NULL)
        return NULL;
    if (PyList_GET_SIZE(list) > 0)
        first = Py_NewRef(((PyListObject *)list)->ob_item[0]);
    Py_DECREF(list);
    return first != NULL ? first : Py_NewRef(Py_None);
}

static PyObject *bytes_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    if (!PyBytes_CheckExact(arg))
        Py_RETURN_NONE;
    return PyLong_FromLong(((PyBytesObject *)arg)->ob_sval[0]);
}

static PyMethodDef bits_methods[] = {
    {"bits_get", (PyCFunction)bits_get_ok, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot bits_slots[] = {
    {Py_tp_new, bits_new},
    {Py_tp_dealloc, bits_dealloc},
    {Py_tp_methods, bits_methods},
    {0, NULL},
};

static PyType_Spec bits_spec = {
    .name = "sample.Bits",
    .basicsize = sizeof(Bits),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = bits_slots,
};

static PyMethodDef sample_methods[] = {
    {"first", first_bad, METH_O, NULL},
    {"items", items_bad, METH_O, NULL},
    {"used", used_bad, METH_O, NULL},
    {"attribute", attribute_bad, METH_VARARGS, NULL},
    {"bytes", bytes_bad, METH_O, NULL},
    {"code", code_bad, METH_O, NULL},
    {"type_name", type_name_ok, METH_O, NULL},
    {"accessors", accessors_ok, METH_VARARGS, NULL},
    {"slots", slots_ok, METH_O, NULL},
    {"fresh", fresh_ok, METH_O, NULL},
    {"bytes", bytes_ok, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
