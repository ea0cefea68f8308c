#include <Python.h>

/* Functions of the project that hand on a reference they do not own. */

typedef struct {
    PyObject_HEAD
    PyObject *columns;          /* list */
    PyObject *options;          /* dict */
} Frame;

static PyObject *aliases;

static PyObject *frame_new(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwds))
{
    Frame *self = (Frame *)type->tp_alloc(type, 0);

    if (self == NULL)
        return NULL;
    self->columns = PyList_New(0);
    if (self->columns == NULL) {
        Py_DECREF(self);
        return NULL;
    }
    self->options = PyDict_New();
    if (self->options == NULL) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static void frame_dealloc(Frame *self)
{
    PyTypeObject *type = Py_TYPE(self);

    Py_XDECREF(self->columns);
    Py_XDECREF(self->options);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static PyObject *frame_column_bad(Frame *self, Py_ssize_t i)  /* expect: borrowed-return */
{
    if (i < 0)
        i += PyList_GET_SIZE(self->columns);
    return PyList_GetItem(self->columns, i);
}

static PyObject *frame_option_bad(Frame *self, const char *name)  /* expect: borrowed-return */
{
    PyObject *value = PyDict_GetItemString(self->options, name);

    if (value == NULL)
        value = Py_None;
    return value;
}

/* Returns a borrowed reference, or NULL without an exception. */
static PyObject *alias_of_bad(PyObject *name)  /* expect: borrowed-return */
{
    return PyDict_GetItem(aliases, name);
}

static PyObject *frame_first(Frame *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *column = frame_column_bad(self, 0);

    Py_XINCREF(column);
    return column;
}

static PyObject *frame_title(Frame *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *title = frame_option_bad(self, "title");

    return PyObject_Str(title);
}

static PyObject *resolve(PyObject *Py_UNUSED(module), PyObject *name)
{
    PyObject *alias = alias_of_bad(name);

    return Py_NewRef(alias != NULL ? alias : name);
}

static PyObject *frame_column_ok(Frame *self, Py_ssize_t i)
{
    return PyList_GetItemRef(self->columns, i);
}

static PyObject *frame_last(Frame *self, PyObject *Py_UNUSED(ignored))
{
    return frame_column_ok(self, PyList_GET_SIZE(self->columns) - 1);
}

/* All callers own the tuple. */
static PyObject *second_ok(PyObject *tuple)
{
    return PyTuple_GET_ITEM(tuple, 1);
}

static PyObject *swap(PyObject *Py_UNUSED(module), PyObject *args)
{
    if (PyTuple_GET_SIZE(args) != 2)
        return PyErr_Format(PyExc_TypeError, "expected two arguments");
    return PyTuple_Pack(2, second_ok(args), PyTuple_GET_ITEM(args, 0));
}

static PyObject *keyword_ok(PyObject *kwargs, const char *name)
{
    return kwargs != NULL ? PyDict_GetItemString(kwargs, name) : NULL;
}

static PyObject *describe(PyObject *Py_UNUSED(module), PyObject *args, PyObject *kwargs)
{
    PyObject *label = keyword_ok(kwargs, "label");

    return PyUnicode_FromFormat("%S with %zd", label != NULL ? label : Py_None, PyTuple_GET_SIZE(args));
}

static PyObject *pick_ok(PyObject *first, PyObject *second)
{
    return PyUnicode_Check(first) ? first : second;
}

static PyObject *text_of(PyObject *Py_UNUSED(module), PyObject *arg)
{
    return Py_NewRef(pick_ok(arg, Py_None));
}

static int sample_exec(PyObject *module)
{
    aliases = PyDict_New();
    return aliases == NULL ? -1 : PyModule_AddObjectRef(module, "aliases", aliases);
}

static PyObject *frame_reset_ok(Frame *self, PyObject *Py_UNUSED(ignored))
{
    PyDict_Clear(self->options);
    return PyList_SetSlice(self->columns, 0, PY_SSIZE_T_MAX, NULL) < 0 ? NULL : Py_NewRef(Py_None);
}

static PyMethodDef frame_methods[] = {
    {"frame_reset", (PyCFunction)frame_reset_ok, METH_NOARGS, NULL},
    {"frame_first", (PyCFunction)frame_first, METH_NOARGS, NULL},
    {"frame_title", (PyCFunction)frame_title, METH_NOARGS, NULL},
    {"frame_last", (PyCFunction)frame_last, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot frame_slots[] = {
    {Py_tp_new, frame_new},
    {Py_tp_dealloc, frame_dealloc},
    {Py_tp_methods, frame_methods},
    {0, NULL},
};

static PyType_Spec frame_spec = {
    .name = "sample.Frame",
    .basicsize = sizeof(Frame),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = frame_slots,
};

static PyMethodDef sample_methods[] = {
    {"resolve", resolve, METH_O, NULL},
    {"swap", swap, METH_VARARGS, NULL},
    {"describe", (PyCFunction)(void (*)(void))describe, METH_VARARGS | METH_KEYWORDS, NULL},
    {"text_of", text_of, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static int sample_add_types(PyObject *module)
{
    PyObject *type;

    type = PyType_FromModuleAndSpec(module, &frame_spec, NULL);
    if (type == NULL || PyModule_AddType(module, (PyTypeObject *)type) < 0) {
        Py_XDECREF(type);
        return -1;
    }
    Py_DECREF(type);
    return 0;
}

static PyModuleDef_Slot sample_slots[] = {
    {Py_mod_exec, sample_add_types},
    {Py_mod_exec, sample_exec},
#ifdef Py_GIL_DISABLED
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static struct PyModuleDef sample_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "sample",
    .m_methods = sample_methods,
    .m_slots = sample_slots,
};

PyMODINIT_FUNC
PyInit_sample(void)
{
    return PyModuleDef_Init(&sample_module);
}
