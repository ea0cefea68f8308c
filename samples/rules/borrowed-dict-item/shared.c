#include <Python.h>

/* Dicts that more than one thread can reach. */

typedef struct {
    PyObject_HEAD
    PyObject *table;
    PyObject *defaults;
} Registry;

static PyObject *converters;            /* dict; register_converter() adds to it */
static PyObject *escapes;               /* dict, filled by the exec function only and handed to nobody */

#define LOOKUP(dict, key) PyDict_GetItemWithError(dict, key)
#define FETCH(self, key) PyDict_GetItemString((self)->table, key)

static PyObject *registry_new(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwds))
{
    Registry *self = (Registry *)type->tp_alloc(type, 0);

    if (self == NULL)
        return NULL;
    self->table = PyDict_New();
    if (self->table == NULL) {
        Py_DECREF(self);
        return NULL;
    }
    self->defaults = PyDict_New();
    if (self->defaults == NULL) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static void registry_dealloc(Registry *self)
{
    PyTypeObject *type = Py_TYPE(self);

    Py_XDECREF(self->table);
    Py_XDECREF(self->defaults);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static PyObject *registry_get_bad(Registry *self, PyObject *key)
{
    PyObject *value = PyDict_GetItem(self->table, key);  /* expect: borrowed-dict-item */

    if (value == NULL)
        Py_RETURN_NONE;
    Py_INCREF(value);
    return value;
}

static PyObject *registry_lookup_bad(Registry *self, PyObject *key)
{
    PyObject *value = LOOKUP(self->table, key);  /* expect: borrowed-dict-item */

    if (value == NULL && !PyErr_Occurred())
        PyErr_SetObject(PyExc_KeyError, key);
    return Py_XNewRef(value);
}

static PyObject *registry_chain_bad(Registry *self, PyObject *key)
{
    PyObject *value;

    if ((value = PyDict_GetItemWithError(self->table, key)) != NULL)  /* expect: borrowed-dict-item */
        return Py_NewRef(value);
    if (PyErr_Occurred())
        return NULL;
    if ((value = PyDict_GetItemWithError(self->defaults, key)) != NULL)  /* expect: borrowed-dict-item */
        return Py_NewRef(value);
    return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
}

static PyObject *registry_name_bad(Registry *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *name = FETCH(self, "name");  /* expect: borrowed-dict-item */

    return name != NULL ? PyObject_Str(name) : PyUnicode_FromString("?");
}

static PyObject *registry_setdefault_bad(Registry *self, PyObject *key)
{
    PyObject *fresh = PyList_New(0), *list;

    if (fresh == NULL)
        return NULL;
    list = PyDict_SetDefault(self->table, key, fresh);  /* expect: borrowed-dict-item */
    Py_XINCREF(list);
    Py_DECREF(fresh);
    return list;
}

static PyObject *registry_contains_field_bad(Registry *self, PyObject *key)
{
    return PyBool_FromLong(PyObject_IsTrue(PyDict_GetItem(self->table, key)));  /* expect: borrowed-dict-item */
}

static PyObject *registry_private_bad(Registry *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *value = _PyDict_GetItemStringWithError(self->table, "encoding");  /* expect: borrowed-dict-item */

    return value == NULL ? NULL : PyObject_Repr(value);
}

static PyObject *registry_strong_ok(Registry *self, PyObject *key)
{
    PyObject *value;

    if (PyDict_GetItemRef(self->table, key, &value) < 0)
        return NULL;
    return value != NULL ? value : Py_NewRef(Py_None);
}

static PyObject *registry_section_ok(Registry *self, PyObject *key)
{
    PyObject *value;

    Py_BEGIN_CRITICAL_SECTION(self->table);
    value = PyDict_GetItemWithError(self->table, key);
    Py_XINCREF(value);
    Py_END_CRITICAL_SECTION();
    if (value == NULL && !PyErr_Occurred())
        Py_RETURN_NONE;
    return value;
}

static PyObject *registry_copy_ok(Registry *self, PyObject *key)
{
    PyObject *copy = PyDict_Copy(self->table), *value;

    if (copy == NULL)
        return NULL;
    value = PyDict_GetItemWithError(copy, key);
    Py_XINCREF(value);
    Py_DECREF(copy);
    if (value == NULL && !PyErr_Occurred())
        Py_RETURN_NONE;
    return value;
}

static PyObject *convert_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *converter = PyDict_GetItem(converters, (PyObject *)Py_TYPE(arg));  /* expect: borrowed-dict-item */

    if (converter == NULL)
        return Py_NewRef(arg);
    return PyObject_CallOneArg(converter, arg);
}

static PyObject *register_converter(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *type, *converter;

    if (!PyArg_ParseTuple(args, "OO", &type, &converter) || PyDict_SetItem(converters, type, converter) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *escape_ok(PyObject *Py_UNUSED(module), PyObject *character)
{
    PyObject *escape = PyDict_GetItemWithError(escapes, character);

    if (escape == NULL)
        return PyErr_Occurred() ? NULL : Py_NewRef(character);
    return Py_NewRef(escape);
}

static PyObject *module_flag_bad(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    PyObject *flag = PyDict_GetItemString(PyModule_GetDict(module), "strict");  /* expect: borrowed-dict-item */

    if (flag == NULL)
        Py_RETURN_FALSE;
    return Py_NewRef(flag);
}

static PyObject *type_slot_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *dict = PyObject_GetAttrString(arg, "__dict__"), *hook, *result = NULL;

    if (dict == NULL)
        return NULL;
    if (PyDict_Check(dict)) {
        hook = PyDict_GetItemString(dict, "__hook__");  /* expect: borrowed-dict-item */
        result = hook != NULL ? PyObject_CallNoArgs(hook) : Py_NewRef(Py_None);
    }
    Py_DECREF(dict);
    return result;
}

static PyObject *loaded_bad(PyObject *Py_UNUSED(module), PyObject *name)
{
    PyObject *modules = PyImport_GetModuleDict();
    PyObject *found = PyDict_GetItemWithError(modules, name);  /* expect: borrowed-dict-item */

    if (found == NULL)
        return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
    return PyModule_GetNameObject(found);
}

static int sample_exec(PyObject *module)
{
    PyObject *seen;

    converters = PyDict_New();
    if (converters == NULL || PyDict_SetItemString(converters, "str", (PyObject *)&PyUnicode_Type) < 0)
        return -1;
    escapes = Py_BuildValue("{ssss}", "\n", "\\n", "\t", "\\t");
    if (escapes == NULL)
        return -1;
    seen = PyDict_GetItemString(converters, "str");
    return seen == NULL ? -1 : PyModule_AddObjectRef(module, "fallback", seen);
}

static PyObject *registry_forget_ok(Registry *self, PyObject *key)
{
    PyDict_Clear(self->table);
    return PyDict_DelItem(self->defaults, key) < 0 ? NULL : Py_NewRef(Py_None);
}

typedef struct {
    PyObject *names;
    Py_ssize_t found;
} Search;

static PyObject *search_next(Search *search, PyObject *key)
{
    PyObject *value = PyDict_GetItemWithError(search->names, key);  /* expect: borrowed-dict-item */

    search->found += value != NULL;
    return Py_XNewRef(value);
}

static PyObject *registry_search(Registry *self, PyObject *key)
{
    Search search = {NULL, 0};

    search.names = self->table;
    return search_next(&search, key);
}

/* The same through a structure on the stack, but what is in it is the function's own. */
typedef struct {
    PyObject *memo;
} Copy;

static PyObject *copied(Copy *copy, PyObject *key)
{
    PyObject *value = PyDict_GetItemWithError(copy->memo, key);

    if (value == NULL)
        return PyDict_SetItem(copy->memo, key, key) < 0 ? NULL : Py_NewRef(key);
    return Py_NewRef(value);
}

static PyObject *copy_ok(PyObject *Py_UNUSED(module), PyObject *key)
{
    Copy copy;
    PyObject *result;

    copy.memo = PyDict_New();
    if (copy.memo == NULL)
        return NULL;
    result = copied(&copy, key);
    Py_DECREF(copy.memo);
    return result;
}

static PyMethodDef registry_methods[] = {
    {"registry_search", (PyCFunction)registry_search, METH_O, NULL},
    {"registry_forget", (PyCFunction)registry_forget_ok, METH_O, NULL},
    {"registry_get", (PyCFunction)registry_get_bad, METH_O, NULL},
    {"registry_lookup", (PyCFunction)registry_lookup_bad, METH_O, NULL},
    {"registry_chain", (PyCFunction)registry_chain_bad, METH_O, NULL},
    {"registry_name", (PyCFunction)registry_name_bad, METH_NOARGS, NULL},
    {"registry_setdefault", (PyCFunction)registry_setdefault_bad, METH_O, NULL},
    {"registry_contains_field", (PyCFunction)registry_contains_field_bad, METH_O, NULL},
    {"registry_private", (PyCFunction)registry_private_bad, METH_NOARGS, NULL},
    {"registry_strong", (PyCFunction)registry_strong_ok, METH_O, NULL},
    {"registry_section", (PyCFunction)registry_section_ok, METH_O, NULL},
    {"registry_copy", (PyCFunction)registry_copy_ok, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot registry_slots[] = {
    {Py_tp_new, registry_new},
    {Py_tp_dealloc, registry_dealloc},
    {Py_tp_methods, registry_methods},
    {0, NULL},
};

static PyType_Spec registry_spec = {
    .name = "sample.Registry",
    .basicsize = sizeof(Registry),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = registry_slots,
};

static PyMethodDef sample_methods[] = {
    {"copy", copy_ok, METH_O, NULL},
    {"convert", convert_bad, METH_O, NULL},
    {"register_converter", register_converter, METH_VARARGS, NULL},
    {"escape", escape_ok, METH_O, NULL},
    {"module_flag", module_flag_bad, METH_NOARGS, NULL},
    {"type_slot", type_slot_bad, METH_O, NULL},
    {"loaded", loaded_bad, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static int sample_add_types(PyObject *module)
{
    PyObject *type;

    type = PyType_FromModuleAndSpec(module, &registry_spec, NULL);
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
