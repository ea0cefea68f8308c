#include <Python.h>

/* Newer Python API, for the Pythons that lack it. */
#if PY_VERSION_HEX < 0x030D0000 && !defined(PyDict_GetItemRef)
static inline int
PyDict_GetItemRef(PyObject *dict, PyObject *key, PyObject **result)
{
    PyObject *item = PyDict_GetItemWithError(dict, key);
    *result = item;
    if (item == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    Py_INCREF(item);
    return 1;
}
#define PyDict_GetItemRef PyDict_GetItemRef
#endif

#if PY_VERSION_HEX < 0x030D0000 && !defined(PyDict_SetDefaultRef)
static inline int
PyDict_SetDefaultRef(PyObject *dict, PyObject *key, PyObject *default_value, PyObject **result)
{
    PyObject *item = PyDict_GetItemWithError(dict, key);
    int status = item != NULL;
    if (item == NULL && !PyErr_Occurred()) {
        item = PyDict_SetDefault(dict, key, default_value);
    }
    if (item == NULL) {
        status = -1;
    }
    if (result != NULL) {
        Py_XINCREF(item);
        *result = item;
    }
    return status;
}
#define PyDict_SetDefaultRef PyDict_SetDefaultRef
#endif

#if PY_VERSION_HEX < 0x030D0000 && !defined(PyDict_GetItemStringRef)
static inline int
PyDict_GetItemStringRef(PyObject *dict, const char *key, PyObject **result)
{
    PyObject *item, *name = PyUnicode_FromString(key);
    if (name == NULL) {
        *result = NULL;
        return -1;
    }
    item = PyDict_GetItemWithError(dict, name);
    Py_XINCREF(item);
    Py_DECREF(name);
    *result = item;
    if (item == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    return 1;
}
#define PyDict_GetItemStringRef PyDict_GetItemStringRef
#endif
/* End of newer Python API. */

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
    PyObject *value;  /* expect: borrowed-dict-item */
    if (PyDict_GetItemRef(self->table, key, &value) < 0) {
        PyErr_Clear();
    }

    if (value == NULL)
        Py_RETURN_NONE;
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

    (void)PyDict_GetItemRef(self->table, key, &value);
    if (value != NULL)  /* expect: borrowed-dict-item */
        return value;
    if (PyErr_Occurred())
        return NULL;
    (void)PyDict_GetItemRef(self->defaults, key, &value);
    if (value != NULL)  /* expect: borrowed-dict-item */
        return value;
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
    (void)PyDict_SetDefaultRef(self->table, key, fresh, &list);  /* expect: borrowed-dict-item */
    Py_DECREF(fresh);
    return list;
}

static PyObject *registry_contains_field_bad(Registry *self, PyObject *key)
{
    PyObject *element;
    PyObject *result;
    if (PyDict_GetItemRef(self->table, key, &element) < 0) {
        PyErr_Clear();
    }
    result = PyBool_FromLong(PyObject_IsTrue(element));  /* expect: borrowed-dict-item */
    Py_XDECREF(element);
    return result;
}

static PyObject *registry_private_bad(Registry *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *value;  /* expect: borrowed-dict-item */
    PyObject *result;
    (void)PyDict_GetItemStringRef(self->table, "encoding", &value);

    result = value == NULL ? NULL : PyObject_Repr(value);
    Py_XDECREF(value);
    return result;
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
    PyObject *converter;  /* expect: borrowed-dict-item */
    PyObject *result;
    if (PyDict_GetItemRef(converters, (PyObject *)Py_TYPE(arg),
                          &converter) < 0) {
        PyErr_Clear();
    }

    if (converter == NULL)
        return Py_NewRef(arg);
    result = PyObject_CallOneArg(converter, arg);
    Py_DECREF(converter);
    return result;
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
    PyObject *flag;  /* expect: borrowed-dict-item */
    if (PyDict_GetItemStringRef(PyModule_GetDict(module), "strict",
                                &flag) < 0) {
        PyErr_Clear();
    }

    if (flag == NULL)
        Py_RETURN_FALSE;
    return flag;
}

static PyObject *type_slot_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *dict = PyObject_GetAttrString(arg, "__dict__"), *hook, *result = NULL;

    if (dict == NULL)
        return NULL;
    if (PyDict_Check(dict)) {
        if (PyDict_GetItemStringRef(dict, "__hook__", &hook) < 0) {
            PyErr_Clear();
        }
        result = hook != NULL ? PyObject_CallNoArgs(hook) : Py_NewRef(Py_None);
        Py_XDECREF(hook);
    }
    Py_DECREF(dict);
    return result;
}

static PyObject *loaded_bad(PyObject *Py_UNUSED(module), PyObject *name)
{
    PyObject *modules = PyImport_GetModuleDict();
    PyObject *found;  /* expect: borrowed-dict-item */
    PyObject *result;
    (void)PyDict_GetItemRef(modules, name, &found);

    if (found == NULL)
        return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
    result = PyModule_GetNameObject(found);
    Py_DECREF(found);
    return result;
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
    PyObject *value;  /* expect: borrowed-dict-item */
    (void)PyDict_GetItemRef(search->names, key, &value);

    search->found += value != NULL;
    return value;
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
