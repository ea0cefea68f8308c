#include <Python.h>

/* Newer Python API, for the Pythons that lack it. */
#if PY_VERSION_HEX < 0x030D0000 && !defined(PyMutex)
/* The GIL does the work of the lock. */
typedef struct { unsigned char _bits; } PyMutex;

static inline void
PyMutex_Lock(PyMutex *m)
{
    (void)m;
}

static inline void
PyMutex_Unlock(PyMutex *m)
{
    (void)m;
}
#define PyMutex PyMutex
#endif
/* End of newer Python API. */

/* Statics that are filled when they are first needed. */

static PyObject *loads;  /* expect: lazy-static */
static PyObject *names[3];  /* expect: lazy-static */
static int library_ready = 0;  /* expect: lazy-static */
static PyObject *decimal_type = NULL;  /* expect: lazy-static */
static PyObject *pickler;  /* expect: lazy-static */
static PyMutex names_mutex;

static PyObject *under_lock;
static PyMutex under_lock_mutex;
static PyObject *eager;

extern void sample_library_setup(void);

#define IMPORT_ONCE(variable, module_name, attribute)                      \
    do {                                                                   \
        if ((variable) == NULL) {                                          \
            PyObject *imported = PyImport_ImportModule(module_name);       \
            if (imported == NULL)                                          \
                return NULL;                                               \
            (variable) = PyObject_GetAttrString(imported, attribute);      \
            Py_DECREF(imported);                                           \
        }                                                                  \
    } while (0)

static PyObject *parse_bad(PyObject *Py_UNUSED(module), PyObject *text)
{
    if (loads == NULL) {
        PyObject *json = PyImport_ImportModule("json");

        if (json == NULL)
            return NULL;
        loads = PyObject_GetAttrString(json, "loads");
        Py_DECREF(json);
        if (loads == NULL)
            return NULL;
    }
    return PyObject_CallOneArg(loads, text);
}

static PyObject *empty_bad(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    static PyObject *empty = NULL;  /* expect: lazy-static */
    static PyMutex empty_mutex;

    PyMutex_Lock(&empty_mutex);
    if (!empty)
        empty = PyTuple_New(0);
    PyMutex_Unlock(&empty_mutex);
    return Py_XNewRef(empty);
}

static PyObject *name_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    static const char *const texts[] = {"red", "green", "blue"};
    unsigned long i = PyLong_AsUnsignedLong(arg);

    if (i >= 3)
        return PyErr_Occurred() ? NULL : PyErr_Format(PyExc_IndexError, "no colour %lu", i);
    PyMutex_Lock(&names_mutex);
    if (names[i] == NULL)
        names[i] = PyUnicode_InternFromString(texts[i]);
    PyMutex_Unlock(&names_mutex);
    return Py_XNewRef(names[i]);
}

static PyObject *setup_bad(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    if (!library_ready) {
        sample_library_setup();
        library_ready = 1;
    }
    Py_RETURN_NONE;
}

/* Returns a borrowed reference to a type that is never released. */
static PyObject *get_decimal(void)
{
    PyObject *module;

    if (decimal_type != NULL)
        return decimal_type;
    module = PyImport_ImportModule("decimal");
    if (module != NULL) {
        decimal_type = PyObject_GetAttrString(module, "Decimal");
        Py_DECREF(module);
    }
    return decimal_type;
}

static PyObject *decimal_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    if (get_decimal() == NULL)
        return NULL;
    return PyObject_CallOneArg(decimal_type, arg);
}

static PyObject *dump_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    IMPORT_ONCE(pickler, "pickle", "dumps");
    return pickler == NULL ? NULL : PyObject_CallOneArg(pickler, arg);
}

static PyObject *locked_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyObject *result;

    PyMutex_Lock(&under_lock_mutex);
    if (under_lock == NULL)
        under_lock = PyFloat_FromDouble(2.5);
    result = Py_XNewRef(under_lock);
    PyMutex_Unlock(&under_lock_mutex);
    return result;
}

static PyObject *per_thread_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    static _Thread_local unsigned long seed = 0;

    if (seed == 0)
        seed = (unsigned long)(uintptr_t)&seed;
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return PyLong_FromUnsignedLong(seed);
}

static PyObject *eager_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    if (eager == NULL)
        return PyErr_Format(PyExc_SystemError, "module not initialised");
    return Py_NewRef(eager);
}

static PyObject *reset_local_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *cached = NULL;

    if (cached == NULL)
        cached = PyObject_Str(arg);
    return cached;
}

static int sample_exec(PyObject *Py_UNUSED(module))
{
    if (eager == NULL)
        eager = PyUnicode_FromString("eager");
    return eager == NULL ? -1 : 0;
}

static PyMethodDef sample_methods[] = {
    {"parse", parse_bad, METH_O, NULL},
    {"empty", empty_bad, METH_NOARGS, NULL},
    {"name", name_bad, METH_O, NULL},
    {"setup", setup_bad, METH_NOARGS, NULL},
    {"decimal", decimal_bad, METH_O, NULL},
    {"dump", dump_bad, METH_O, NULL},
    {"locked", locked_ok, METH_NOARGS, NULL},
    {"per_thread", per_thread_ok, METH_NOARGS, NULL},
    {"eager", eager_ok, METH_NOARGS, NULL},
    {"reset_local", reset_local_ok, METH_O, NULL},
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
