/* ungil-sample: fix=review */
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

/* Static objects that methods replace. */

static PyObject *default_encoder;  /* expect: global-object */
static PyObject *last_error = NULL;  /* expect: global-object */
static PyObject *handlers[4];  /* expect: global-object */
static struct {
    PyObject *before;
    PyObject *after;
} hooks;  /* expect: global-object */
static PyMutex last_error_mutex;
static PyMutex hooks_mutex;

static PyObject *spare[8];  /* expect: global-object */
static int spares;  /* expect: global-mutable */
static PyMutex spare_mutex;

static PyObject *SampleError;       /* by the exec function only */
static PyObject *str_encode;        /* by a helper of the exec function only */
static PyObject *guarded;           /* always under guarded_lock */
static PyMutex guarded_lock;
static _Thread_local PyObject *current;
static PyObject *const none_like = Py_None;

/* A free list: two threads can take the same object off it. */
static PyObject *take_bad(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyMutex_Lock(&spare_mutex);
    PyObject *result = spares > 0 ? spare[--spares] : PyList_New(0);
    PyMutex_Unlock(&spare_mutex);
    return result;
}

static PyObject *give_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyMutex_Lock(&spare_mutex);
    if (PyList_CheckExact(arg) && spares < 8)
        spare[spares++] = Py_NewRef(arg);
    PyMutex_Unlock(&spare_mutex);
    Py_RETURN_NONE;
}

static PyObject *set_encoder_bad(PyObject *Py_UNUSED(module), PyObject *encoder)
{
    PyObject *old = default_encoder;

    default_encoder = Py_NewRef(encoder);
    Py_XDECREF(old);
    Py_RETURN_NONE;
}

static PyObject *encode(PyObject *Py_UNUSED(module), PyObject *arg)
{
    if (default_encoder == NULL)
        return PyObject_CallMethodNoArgs(arg, str_encode);
    return PyObject_CallOneArg(default_encoder, arg);
}

static PyObject *remember_bad(PyObject *Py_UNUSED(module), PyObject *error)
{
    Py_INCREF(error);
    PyMutex_Lock(&last_error_mutex);
    PyObject *old = last_error;
    last_error = error;
    PyMutex_Unlock(&last_error_mutex);
    Py_XDECREF(old);
    Py_RETURN_NONE;
}

static PyObject *forget_bad(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyMutex_Lock(&last_error_mutex);
    PyObject *old = last_error;
    last_error = NULL;
    PyMutex_Unlock(&last_error_mutex);
    Py_XDECREF(old);
    Py_RETURN_NONE;
}

static PyObject *set_handler_bad(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *handler;
    unsigned int event;

    if (!PyArg_ParseTuple(args, "IO", &event, &handler))
        return NULL;
    if (event >= 4)
        return PyErr_Format(SampleError, "no event %u", event);
    Py_XSETREF(handlers[event], Py_NewRef(handler));
    Py_RETURN_NONE;
}

static PyObject *set_hooks_bad(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *before, *after;

    if (!PyArg_ParseTuple(args, "OO", &before, &after))
        return NULL;
    Py_INCREF(before);
    Py_INCREF(after);
    PyMutex_Lock(&hooks_mutex);
    hooks.before = before;
    hooks.after = after;
    PyMutex_Unlock(&hooks_mutex);
    Py_RETURN_NONE;
}

static PyObject *set_guarded_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *old;

    PyMutex_Lock(&guarded_lock);
    old = guarded;
    guarded = Py_NewRef(arg);
    PyMutex_Unlock(&guarded_lock);
    Py_XDECREF(old);
    Py_RETURN_NONE;
}

static PyObject *get_guarded_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyObject *result;

    PyMutex_Lock(&guarded_lock);
    result = Py_XNewRef(guarded);
    PyMutex_Unlock(&guarded_lock);
    return result != NULL ? result : Py_NewRef(none_like);
}

static PyObject *enter_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *outer = current;

    current = arg;
    PyObject *result = PyObject_CallNoArgs(arg);
    current = outer;
    return result;
}

static PyObject *fail_ok(PyObject *Py_UNUSED(module), PyObject *text)
{
    PyErr_SetObject(SampleError, text);
    return NULL;
}

static int intern_names(void)
{
    str_encode = PyUnicode_InternFromString("encode");
    return str_encode == NULL ? -1 : 0;
}

static int sample_exec(PyObject *module)
{
    SampleError = PyErr_NewException("sample.SampleError", NULL, NULL);
    if (SampleError == NULL || intern_names() < 0)
        return -1;
    return PyModule_AddObjectRef(module, "SampleError", SampleError);
}

static PyMethodDef sample_methods[] = {
    {"set_encoder", set_encoder_bad, METH_O, NULL},
    {"take", take_bad, METH_NOARGS, NULL},
    {"give", give_bad, METH_O, NULL},
    {"encode", encode, METH_O, NULL},
    {"remember", remember_bad, METH_O, NULL},
    {"forget", forget_bad, METH_NOARGS, NULL},
    {"set_handler", set_handler_bad, METH_VARARGS, NULL},
    {"set_hooks", set_hooks_bad, METH_VARARGS, NULL},
    {"set_guarded", set_guarded_ok, METH_O, NULL},
    {"get_guarded", get_guarded_ok, METH_NOARGS, NULL},
    {"enter", enter_ok, METH_O, NULL},
    {"fail", fail_ok, METH_O, NULL},
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
