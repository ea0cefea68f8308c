/* ungil-sample: fix=review */
#include <Python.h>

/* Set while the module is made, dropped when it is destroyed, and through a pointer in between. */

static PyObject *codec;
static PyObject *filter_hook;  /* expect: global-object */
static PyObject *sort_hook;  /* expect: global-object */

static int replace(PyObject **slot, PyObject *value)
{
    if (value != Py_None && !PyCallable_Check(value)) {
        PyErr_SetString(PyExc_TypeError, "expected a callable or None");
        return -1;
    }
    Py_INCREF(value);
    Py_XSETREF(*slot, value);
    return 0;
}

static PyObject *set_filter_bad(PyObject *Py_UNUSED(module), PyObject *value)
{
    return replace(&filter_hook, value) < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *set_sort_bad(PyObject *Py_UNUSED(module), PyObject *value)
{
    if (replace(&sort_hook, value) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *encode_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    return PyObject_CallOneArg(codec, arg);
}

static int sample_exec(PyObject *Py_UNUSED(module))
{
    PyObject *codecs = PyImport_ImportModule("codecs");

    if (codecs == NULL)
        return -1;
    codec = PyObject_GetAttrString(codecs, "encode");
    Py_DECREF(codecs);
    return codec == NULL ? -1 : 0;
}

static void sample_free(void *Py_UNUSED(module))
{
    Py_CLEAR(codec);
}

static PyMethodDef sample_methods[] = {
    {"set_filter", set_filter_bad, METH_O, NULL},
    {"set_sort", set_sort_bad, METH_O, NULL},
    {"encode", encode_ok, METH_O, NULL},
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
    .m_free = sample_free,
};

PyMODINIT_FUNC PyInit_sample(void)
{
    return PyModuleDef_Init(&sample_module);
}
