#include <Python.h>

/* Newer Python API, for the Pythons that lack it. */
#if PY_VERSION_HEX < 0x030D0000 && !defined(Py_BEGIN_CRITICAL_SECTION)
#define Py_BEGIN_CRITICAL_SECTION(op) {
#define Py_END_CRITICAL_SECTION() }
#define Py_BEGIN_CRITICAL_SECTION2(a, b) {
#define Py_END_CRITICAL_SECTION2() }
#endif
/* End of newer Python API. */

typedef struct {
    PyObject_HEAD
    PyObject *entries;          /* dict, set by tp_new */
} Catalog;

static PyObject *plugins;       /* dict; add_plugin() adds to it */
static PyObject *builtins;      /* dict, filled by the exec function only and handed to nobody */

#define FOR_EACH_ITEM(dict, pos, key, value) \
    for ((pos) = 0; PyDict_Next(dict, &(pos), &(key), &(value));)

static PyObject *catalog_new(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwds))
{
    Catalog *self = (Catalog *)type->tp_alloc(type, 0);

    if (self == NULL)
        return NULL;
    self->entries = PyDict_New();
    if (self->entries == NULL) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static void catalog_dealloc(Catalog *self)
{
    PyTypeObject *type = Py_TYPE(self);

    Py_XDECREF(self->entries);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static PyObject *catalog_keys_bad(Catalog *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *key, *value, *keys = PyList_New(0);
    Py_ssize_t pos = 0;

    while (keys != NULL && PyDict_Next(self->entries, &pos, &key, &value)) {  /* expect: unlocked-dict-iteration */
        if (PyUnicode_Check(key) && PyList_Append(keys, key) < 0)
            Py_CLEAR(keys);
    }
    return keys;
}

static PyObject *catalog_count_bad(Catalog *self, PyObject *arg)
{
    PyObject *key, *value;
    Py_ssize_t pos, n = 0;

    FOR_EACH_ITEM(self->entries, pos, key, value) {  /* expect: unlocked-dict-iteration */
        if (value == arg)
            n++;
    }
    return PyLong_FromSsize_t(n);
}

/* Locked for every step, not for the walk. */
static PyObject *catalog_steps_bad(Catalog *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *value;
    Py_ssize_t pos = 0, none = 0;
    int more = 1;

    while (more) {
        Py_BEGIN_CRITICAL_SECTION(self->entries);
        more = PyDict_Next(self->entries, &pos, NULL, &value);  /* expect: unlocked-dict-iteration */
        if (more && value == Py_None)
            none++;
        Py_END_CRITICAL_SECTION();
    }
    return PyLong_FromSsize_t(none);
}

static PyObject *merge_bad(PyObject *Py_UNUSED(module), PyObject *options)
{
    PyObject *key, *value, *result;
    Py_ssize_t pos = 0;

    if (!PyDict_Check(options))
        return PyErr_Format(PyExc_TypeError, "options must be a dict");
    result = PyDict_New();
    Py_BEGIN_CRITICAL_SECTION(options);
    while (result != NULL && PyDict_Next(options, &pos, &key, &value)) {  /* expect: unlocked-dict-iteration */
        if (PyDict_SetItem(result, key, value) < 0)
            Py_CLEAR(result);
    }
    Py_END_CRITICAL_SECTION();
    return result;
}

static PyObject *wrong_lock_bad(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *from, *to, *key, *value;
    Py_ssize_t pos = 0;
    int rc = 0;

    if (!PyArg_ParseTuple(args, "O!O!", &PyDict_Type, &from, &PyDict_Type, &to))
        return NULL;
    Py_BEGIN_CRITICAL_SECTION(to);
    while (rc == 0 && PyDict_Next(from, &pos, &key, &value))  /* expect: unlocked-dict-iteration */
        rc = PyDict_SetItem(to, key, value);
    Py_END_CRITICAL_SECTION();
    return rc < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *plugins_bad(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyObject *plugin;
    Py_ssize_t pos = 0;

    while (PyDict_Next(plugins, &pos, NULL, &plugin)) {  /* expect: unlocked-dict-iteration */
        PyObject *done = PyObject_CallNoArgs(plugin);

        if (done == NULL)
            return NULL;
        Py_DECREF(done);
    }
    Py_RETURN_NONE;
}

static PyObject *add_plugin(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *name, *plugin;

    if (!PyArg_ParseTuple(args, "UO", &name, &plugin) || PyDict_SetItem(plugins, name, plugin) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *builtins_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *name, *value;
    Py_ssize_t pos = 0;

    while (PyDict_Next(builtins, &pos, &name, &value)) {
        if (value == arg)
            return Py_NewRef(name);
    }
    Py_RETURN_NONE;
}

static PyObject *namespace_bad(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    PyObject *name, *value, *dict = PyModule_GetDict(module);
    Py_ssize_t pos = 0, callables = 0;

    Py_BEGIN_CRITICAL_SECTION(dict);
    while (PyDict_Next(dict, &pos, &name, &value))  /* expect: unlocked-dict-iteration */
        callables += PyCallable_Check(value);
    Py_END_CRITICAL_SECTION();
    return PyLong_FromSsize_t(callables);
}

static PyObject *catalog_locked_ok(Catalog *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *key, *value, *keys = PyList_New(0);
    Py_ssize_t pos = 0;

    if (keys == NULL)
        return NULL;
    Py_BEGIN_CRITICAL_SECTION(self->entries);
    while (PyDict_Next(self->entries, &pos, &key, &value)) {
        if (PyList_Append(keys, key) < 0) {
            Py_CLEAR(keys);
            break;
        }
    }
    Py_END_CRITICAL_SECTION();
    return keys;
}

static PyObject *catalog_snapshot_ok(Catalog *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *copy = PyDict_Copy(self->entries), *key, *value;
    Py_ssize_t pos = 0, n = 0;

    while (copy != NULL && PyDict_Next(copy, &pos, &key, &value))
        n += PyUnicode_Check(key) && PyLong_Check(value);
    Py_XDECREF(copy);
    return copy == NULL ? NULL : PyLong_FromSsize_t(n);
}

static PyObject *catalog_items_ok(Catalog *self, PyObject *Py_UNUSED(ignored))
{
    return PyDict_Items(self->entries);
}

static PyObject *keywords_ok(PyObject *Py_UNUSED(module), PyObject *args, PyObject *kwargs)
{
    PyObject *key, *value;
    Py_ssize_t pos = 0;

    if (PyTuple_GET_SIZE(args) != 0)
        return PyErr_Format(PyExc_TypeError, "keyword arguments only");
    while (kwargs != NULL && PyDict_Next(kwargs, &pos, &key, &value)) {
        if (!PyUnicode_Check(value))
            return PyErr_Format(PyExc_TypeError, "%U must be a str", key);
    }
    Py_RETURN_NONE;
}

static PyObject *fresh_ok(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *dict = PyDict_New(), *key, *value, *last = Py_None;
    Py_ssize_t pos = 0;

    if (dict == NULL || PyDict_MergeFromSeq2(dict, args, 1) < 0) {
        Py_XDECREF(dict);
        return NULL;
    }
    while (PyDict_Next(dict, &pos, &key, &value))
        last = value;
    Py_INCREF(last);
    Py_DECREF(dict);
    return last;
}

static int sample_exec(PyObject *Py_UNUSED(module))
{
    PyObject *key, *value;
    Py_ssize_t pos = 0;

    plugins = PyDict_New();
    while (plugins != NULL && PyDict_Next(plugins, &pos, &key, &value))
        continue;
    builtins = Py_BuildValue("{sOsO}", "none", Py_None, "not", Py_False);
    return plugins == NULL || builtins == NULL ? -1 : 0;
}

static PyObject *catalog_drop_ok(Catalog *self, PyObject *key)
{
    return PyDict_DelItem(self->entries, key) < 0 ? NULL : Py_NewRef(Py_None);
}

static PyMethodDef catalog_methods[] = {
    {"catalog_drop", (PyCFunction)catalog_drop_ok, METH_O, NULL},
    {"catalog_keys", (PyCFunction)catalog_keys_bad, METH_NOARGS, NULL},
    {"catalog_count", (PyCFunction)catalog_count_bad, METH_O, NULL},
    {"catalog_steps", (PyCFunction)catalog_steps_bad, METH_NOARGS, NULL},
    {"catalog_locked", (PyCFunction)catalog_locked_ok, METH_NOARGS, NULL},
    {"catalog_snapshot", (PyCFunction)catalog_snapshot_ok, METH_NOARGS, NULL},
    {"catalog_items", (PyCFunction)catalog_items_ok, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot catalog_slots[] = {
    {Py_tp_new, catalog_new},
    {Py_tp_dealloc, catalog_dealloc},
    {Py_tp_methods, catalog_methods},
    {0, NULL},
};

static PyType_Spec catalog_spec = {
    .name = "sample.Catalog",
    .basicsize = sizeof(Catalog),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = catalog_slots,
};

static PyMethodDef sample_methods[] = {
    {"merge", merge_bad, METH_O, NULL},
    {"wrong_lock", wrong_lock_bad, METH_VARARGS, NULL},
    {"plugins", plugins_bad, METH_NOARGS, NULL},
    {"add_plugin", add_plugin, METH_VARARGS, NULL},
    {"builtins", builtins_ok, METH_O, NULL},
    {"namespace", namespace_bad, METH_NOARGS, NULL},
    {"keywords", (PyCFunction)(void (*)(void))keywords_ok, METH_VARARGS | METH_KEYWORDS, NULL},
    {"fresh", fresh_ok, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static int sample_add_types(PyObject *module)
{
    PyObject *type;

    type = PyType_FromModuleAndSpec(module, &catalog_spec, NULL);
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
