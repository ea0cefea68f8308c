#include "eventdeck.h"

#define DECK_VERSION "1.4.2"

/* Made on first use; json is slow to import. */
static PyObject *json_dumps = NULL;

/* The store that append() writes to. */
static PyObject *default_store = NULL;

/* Set once by the exec function. */
static PyObject *DeckError = NULL;

static PyObject *
deck_dumps(PyObject *Py_UNUSED(module), PyObject *arg)
{
    if (json_dumps == NULL) {
        PyObject *json = PyImport_ImportModule("json");

        if (json == NULL)
            return NULL;
        json_dumps = PyObject_GetAttrString(json, "dumps");
        Py_DECREF(json);
        if (json_dumps == NULL)
            return NULL;
    }
    return PyObject_CallFunctionObjArgs(json_dumps, arg, NULL);
}

static PyObject *
deck_set_default(PyObject *Py_UNUSED(module), PyObject *arg)
{
    if (!Store_Check(arg)) {
        PyErr_SetString(PyExc_TypeError, "set_default() takes a Store");
        return NULL;
    }
    Py_INCREF(arg);
    Py_XSETREF(default_store, arg);
    Py_RETURN_NONE;
}

static PyObject *
deck_append(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *append, *result;

    if (default_store == NULL) {
        PyErr_SetString(DeckError, "no default store; call set_default() first");
        return NULL;
    }
    append = PyObject_GetAttrString(default_store, "append");
    if (append == NULL)
        return NULL;
    result = PyObject_CallObject(append, args);
    Py_DECREF(append);
    return result;
}

static PyMethodDef deck_methods[] = {
    {"append", deck_append, METH_VARARGS, "append(name, payload=None): to the default store"},
    {"set_default", deck_set_default, METH_O, "set_default(store)"},
    {"dumps", deck_dumps, METH_O, "dumps(event) -> JSON text"},
    {"parse_line", deck_parse_line, METH_O, "parse_line(text) -> dict"},
    {"stamp", deck_stamp, METH_O, "stamp(seconds) -> local time"},
    {"intern_tag", deck_intern_tag, METH_O, "intern_tag(tag) -> the first equal tag seen"},
    {"pluck", deck_pluck, METH_VARARGS, "pluck(records, key, default=None) -> list"},
    {"count_by", deck_count_by, METH_VARARGS, "count_by(items, key) -> dict"},
    {"rows", deck_rows, METH_VARARGS, "rows(*tuples) -> list of equally long lists"},
    {NULL, NULL, 0, NULL},
};

static int
add_type(PyObject *module, const char *name, PyTypeObject *type)
{
    if (PyType_Ready(type) < 0)
        return -1;
    Py_INCREF(type);
    if (PyModule_AddObject(module, name, (PyObject *)type) < 0) {
        Py_DECREF(type);
        return -1;
    }
    return 0;
}

static int
deck_exec(PyObject *module)
{
    if (PyType_Ready(&Cursor_Type) < 0
        || add_type(module, "Store", &Store_Type) < 0
        || add_type(module, "Packet", &Packet_Type) < 0
        || add_type(module, "Journal", &Journal_Type) < 0)
        return -1;
    if (deck_init_tags(module) < 0)
        return -1;
    DeckError = PyErr_NewException("eventdeck.DeckError", PyExc_RuntimeError, NULL);
    if (DeckError == NULL)
        return -1;
    Py_INCREF(DeckError);
    if (PyModule_AddObject(module, "DeckError", DeckError) < 0) {
        Py_DECREF(DeckError);
        return -1;
    }
    return PyModule_AddStringConstant(module, "__version__", DECK_VERSION);
}

static void
deck_free(void *Py_UNUSED(module))
{
    cursor_clear_pool();
}

static PyModuleDef_Slot deck_slots[] = {
    {Py_mod_exec, deck_exec},
    {0, NULL},
};

static struct PyModuleDef deck_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "eventdeck._deck",
    .m_doc = "Bounded stores of events, written in C.",
    .m_size = 0,
    .m_methods = deck_methods,
    .m_slots = deck_slots,
    .m_free = deck_free,
};

PyMODINIT_FUNC
PyInit__deck(void)
{
    return PyModuleDef_Init(&deck_module);
}
