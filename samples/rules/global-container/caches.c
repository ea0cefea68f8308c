/* ungil-sample: fix=review */
#include <Python.h>

/* Static containers: each operation is atomic, two of them together are not. */

static PyObject *compiled;  /* expect: global-container */
static PyObject *recent;  /* expect: global-container */
static PyObject *seen;  /* expect: global-container */
static PyObject *interned;  /* expect: global-container */

static PyObject *single;
static PyObject *defaults;
static PyObject *sectioned;
static PyObject *guarded;
static PyMutex guarded_lock;

static PyObject *compile_bad(PyObject *Py_UNUSED(module), PyObject *pattern)
{
    PyObject *result;

    if (PyDict_GetItemRef(compiled, pattern, &result) != 0)
        return result;
    result = PyUnicode_FromFormat("^%S$", pattern);
    if (result == NULL)
        return NULL;
    if (PyDict_GET_SIZE(compiled) > 100)
        PyDict_Clear(compiled);
    if (PyDict_SetItem(compiled, pattern, result) < 0)
        Py_CLEAR(result);
    return result;
}

static PyObject *record_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    if (PyList_GET_SIZE(recent) >= 10 && PyList_SetSlice(recent, 0, 1, NULL) < 0)
        return NULL;
    if (PyList_Append(recent, arg) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *first_time_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    int known = PySet_Contains(seen, arg);

    if (known < 0 || (known == 0 && PySet_Add(seen, arg) < 0))
        return NULL;
    return PyBool_FromLong(!known);
}

static PyObject *lookup(PyObject *key)
{
    PyObject *value = NULL;

    if (PyDict_GetItemRef(interned, key, &value) < 0)
        PyErr_Clear();
    return value;
}

static PyObject *intern_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *known = lookup(arg);

    if (known != NULL)
        return known;
    if (PyDict_SetItem(interned, arg, arg) < 0)
        return NULL;
    return Py_NewRef(arg);
}

static PyObject *get_single_ok(PyObject *Py_UNUSED(module), PyObject *key)
{
    PyObject *value;

    if (PyDict_GetItemRef(single, key, &value) < 0)
        return NULL;
    return value != NULL ? value : Py_NewRef(Py_None);
}

static PyObject *set_single_ok(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *key, *value;

    if (!PyArg_ParseTuple(args, "OO", &key, &value) || PyDict_SetItem(single, key, value) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *setdefault_ok(PyObject *Py_UNUSED(module), PyObject *key)
{
    PyObject *value;

    if (PyDict_SetDefaultRef(defaults, key, Py_None, &value) < 0)
        return NULL;
    return value;
}

static PyObject *section_ok(PyObject *Py_UNUSED(module), PyObject *key)
{
    int known;

    Py_BEGIN_CRITICAL_SECTION(sectioned);
    known = PyDict_Contains(sectioned, key);
    if (known == 0 && PyDict_SetItem(sectioned, key, Py_True) < 0)
        known = -1;
    Py_END_CRITICAL_SECTION();
    return known < 0 ? NULL : PyBool_FromLong(known);
}

static PyObject *mutex_ok(PyObject *Py_UNUSED(module), PyObject *key)
{
    int known;

    PyMutex_Lock(&guarded_lock);
    known = PySet_Contains(guarded, key);
    if (known == 0)
        known = PySet_Add(guarded, key);
    PyMutex_Unlock(&guarded_lock);
    return known < 0 ? NULL : PyBool_FromLong(known);
}

static int sample_exec(PyObject *Py_UNUSED(module))
{
    compiled = PyDict_New();
    recent = PyList_New(0);
    seen = PySet_New(NULL);
    interned = PyDict_New();
    single = PyDict_New();
    defaults = PyDict_New();
    sectioned = PyDict_New();
    guarded = PySet_New(NULL);
    if (single == NULL || PyDict_Contains(single, Py_None) != 0)
        return -1;
    return PyDict_SetItem(single, Py_None, Py_None);
}

static PyMethodDef sample_methods[] = {
    {"compile", compile_bad, METH_O, NULL},
    {"record", record_bad, METH_O, NULL},
    {"first_time", first_time_bad, METH_O, NULL},
    {"intern", intern_bad, METH_O, NULL},
    {"get_single", get_single_ok, METH_O, NULL},
    {"set_single", set_single_ok, METH_VARARGS, NULL},
    {"setdefault", setdefault_ok, METH_O, NULL},
    {"section", section_ok, METH_O, NULL},
    {"mutex", mutex_ok, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot sample_slots[] = {
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
