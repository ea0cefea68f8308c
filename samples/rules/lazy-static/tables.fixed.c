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

/* A flag and what is filled under its test are one finding; so is a variable that its callers test. */

static int weights_ready;  /* expect: lazy-static */
static double weights[16];
static PyObject *weight_names[16];

static PyObject *pattern;  /* expect: lazy-static */

static struct {
    const char *name;
    PyObject *object;
} keywords[] = {  /* expect: lazy-static */
    {"first", NULL},
    {"last", NULL},
};
static PyMutex keywords_mutex;

static PyObject *prepared;

static int fill_weights(void)
{
    for (int i = 0; i < 16; i++) {
        weights[i] = 1.0 / (i + 1);
        weight_names[i] = PyUnicode_FromFormat("w%d", i);
        if (weight_names[i] == NULL)
            return -1;
    }
    return 0;
}

static PyObject *weight_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    long n = PyLong_AsLong(arg) & 15;

    if (!weights_ready) {
        if (fill_weights() < 0)
            return NULL;
        weights_ready = 1;
    }
    return Py_BuildValue("(Od)", weight_names[n], weights[n]);
}

static int make_pattern(void)
{
    pattern = PyUnicode_FromString("[a-z]+");
    return pattern == NULL ? -1 : 0;
}

static PyObject *pattern_bad(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    if (pattern == NULL && make_pattern() < 0)
        return NULL;
    return Py_NewRef(pattern);
}

static PyObject *keyword_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyMutex_Lock(&keywords_mutex);
    for (size_t i = 0; i < Py_ARRAY_LENGTH(keywords); i++) {
        if (keywords[i].object == NULL) {
            keywords[i].object = PyUnicode_InternFromString(keywords[i].name);
            if (keywords[i].object == NULL) {
                PyMutex_Unlock(&keywords_mutex);
                return NULL;
            }
        }
        if (keywords[i].object == arg) {
            PyObject *result = PyLong_FromSize_t(i);
            PyMutex_Unlock(&keywords_mutex);
            return result;
        }
    }
    PyMutex_Unlock(&keywords_mutex);
    Py_RETURN_NONE;
}

static PyObject *prepared_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    if (prepared == NULL)
        return PyErr_Format(PyExc_RuntimeError, "not prepared");
    return Py_NewRef(prepared);
}

static int sample_exec(PyObject *Py_UNUSED(module))
{
    prepared = PyTuple_New(0);
    return prepared == NULL ? -1 : 0;
}

static PyMethodDef sample_methods[] = {
    {"weight", weight_bad, METH_O, NULL},
    {"pattern", pattern_bad, METH_NOARGS, NULL},
    {"keyword", keyword_bad, METH_O, NULL},
    {"prepared", prepared_ok, METH_NOARGS, NULL},
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
