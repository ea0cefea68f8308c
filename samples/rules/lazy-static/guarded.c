/* ungil-sample: risk=low */
/* Values that are set once, under a lock: who has made the test under it may read them without it. */
#include <Python.h>

static PyMutex guard;

static PyObject *after_test_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    static PyObject *name = NULL;
    PyMutex_Lock(&guard);
    if (name == NULL) {
        name = PyUnicode_InternFromString("spam");
        if (name == NULL) {
            PyMutex_Unlock(&guard);
            return NULL;
        }
    }
    PyMutex_Unlock(&guard);
    return PyObject_GetAttr(arg, name);
}

static PyObject *test_skipped_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    static PyObject *name = NULL;  /* expect: lazy-static */
    if (arg != Py_None) {
        PyMutex_Lock(&guard);
        if (name == NULL)
            name = PyUnicode_InternFromString("eggs");
        PyMutex_Unlock(&guard);
    }
    return PyObject_GetAttr(arg, name);
}

static PyObject *reset_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    static PyObject *name = NULL;  /* expect: lazy-static */
    PyMutex_Lock(&guard);
    if (name == NULL)
        name = PyUnicode_InternFromString("ham");
    if (arg == Py_None)
        name = NULL;
    PyMutex_Unlock(&guard);
    return PyObject_GetAttr(arg, name);
}

static PyMethodDef methods[] = {
    {"after_test", after_test_ok, METH_O, NULL},
    {"test_skipped", test_skipped_bad, METH_O, NULL},
    {"reset", reset_bad, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
#ifdef Py_mod_gil
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "guarded",
    .m_methods = methods,
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit_guarded(void)
{
    return PyModuleDef_Init(&definition);
}
