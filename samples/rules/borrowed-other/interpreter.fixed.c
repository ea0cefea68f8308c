/* ungil-sample: fix=review */
#include <Python.h>

/* Newer Python API, for the Pythons that lack it. */
#if PY_VERSION_HEX < 0x030F0000 && !defined(PySys_GetOptionalAttrString)
static inline int
PySys_GetOptionalAttrString(const char *name, PyObject **result)
{
    PyObject *value;
#ifdef Py_GIL_DISABLED
    PyObject *sys = PyImport_ImportModule("sys");
    if (sys == NULL) {
        *result = NULL;
        return -1;
    }
    value = PyObject_GetAttrString(sys, name);
    Py_DECREF(sys);
    if (value == NULL && PyErr_ExceptionMatches(PyExc_AttributeError)) {
        PyErr_Clear();
    }
#else
    value = PySys_GetObject((char *)name);
    Py_XINCREF(value);
#endif
    *result = value;
    if (value == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    return 1;
}
#define PySys_GetOptionalAttrString PySys_GetOptionalAttrString
#endif
/* End of newer Python API. */

/* References borrowed from the interpreter, from frames, functions and types. */

static PyObject *print_bad(PyObject *Py_UNUSED(module), PyObject *text)
{
    PyObject *out;  /* expect: borrowed-other */
    if (PySys_GetOptionalAttrString("stdout", &out) < 0) {
        PyErr_Clear();
    }

    if (out == NULL || out == Py_None) {
        Py_XDECREF(out);
        Py_RETURN_NONE;
    }
    if (PyFile_WriteObject(text, out, Py_PRINT_RAW) < 0) {
        Py_DECREF(out);
        return NULL;
    }
    Py_DECREF(out);
    Py_RETURN_NONE;
}

static PyObject *encoding_bad(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyObject *in;  /* expect: borrowed-other */
    PyObject *result;
    if (PySys_GetOptionalAttrString("stdin", &in) < 0) {
        PyErr_Clear();
    }

    if (in == NULL)
        return PyErr_Format(PyExc_RuntimeError, "lost sys.stdin");
    result = PyObject_GetAttrString(in, "encoding");
    Py_DECREF(in);
    return result;
}

static PyObject *prepend_path_bad(PyObject *Py_UNUSED(module), PyObject *folder)
{
    PyObject *path;

    if (PySys_GetOptionalAttrString("path", &path) < 0) {
        PyErr_Clear();
    }
    if (path == NULL || PyList_Insert(path, 0, folder) < 0) {  /* expect: borrowed-other */
        Py_XDECREF(path);
        return NULL;
    }
    Py_DECREF(path);
    Py_RETURN_NONE;
}

static PyObject *caller_variable_bad(PyObject *Py_UNUSED(module), PyObject *name)
{
    PyObject *locals = PyEval_GetLocals();  /* expect: borrowed-other */

    if (locals == NULL)
        return NULL;
    return PyObject_GetItem(locals, name);
}

static PyObject *defaults_bad(PyObject *Py_UNUSED(module), PyObject *function)
{
    PyObject *defaults;

    if (!PyFunction_Check(function))
        Py_RETURN_NONE;
    defaults = PyFunction_GetDefaults(function);  /* expect: borrowed-other */
    return defaults != NULL ? Py_NewRef(defaults) : PyTuple_New(0);
}

static PyObject *code_name_bad(PyObject *Py_UNUSED(module), PyObject *function)
{
    if (!PyFunction_Check(function))
        return PyErr_Format(PyExc_TypeError, "expected a function");
    return PyObject_GetAttrString(PyFunction_GET_CODE(function), "co_name");  /* expect: borrowed-other */
}

static PyObject *special_bad(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *object, *name, *method;

    if (!PyArg_ParseTuple(args, "OU", &object, &name))
        return NULL;
    method = _PyType_Lookup(Py_TYPE(object), name);  /* expect: borrowed-other */
    if (method == NULL)
        Py_RETURN_NONE;
    Py_INCREF(method);
    return method;
}

static PyObject *strong_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyObject *sys = PyImport_ImportModule("sys"), *out;

    if (sys == NULL)
        return NULL;
    out = PyObject_GetAttrString(sys, "stdout");
    Py_DECREF(sys);
    return out;
}

static PyObject *snapshot_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    return PyEval_GetFrameLocals();
}

static PyObject *attribute_ok(PyObject *Py_UNUSED(module), PyObject *function)
{
    return PyObject_GetAttrString(function, "__defaults__");
}

/* Borrowed from something that cannot let go of it. */
static PyObject *fixed_ok(PyObject *Py_UNUSED(module), PyObject *method)
{
    if (PyMethod_Check(method))
        return Py_NewRef(PyMethod_GET_SELF(method));
    if (PyCFunction_Check(method) && PyCFunction_GET_SELF(method) != NULL)
        return Py_NewRef(PyCFunction_GET_SELF(method));
    return Py_NewRef((PyObject *)Py_TYPE(method));
}

static PyObject *own_thread_ok(PyObject *Py_UNUSED(module), PyObject *key)
{
    PyObject *dict = PyThreadState_GetDict(), *value;

    if (dict == NULL || PyDict_GetItemRef(dict, key, &value) < 0)
        return NULL;
    return value != NULL ? value : Py_NewRef(Py_None);
}

static PyObject *tuple_ok(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *first = PyTuple_GetItem(args, 0);

    return first == NULL ? NULL : PyObject_Str(first);
}

static PyObject *exception_ok(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    PyObject *names = PyObject_Dir(module);

    if (names == NULL && PyErr_Occurred() && PyErr_GivenExceptionMatches(PyErr_Occurred(), PyExc_AttributeError))
        PyErr_Clear();
    return names != NULL ? names : PyList_New(0);
}

static PyMethodDef sample_methods[] = {
    {"print", print_bad, METH_O, NULL},
    {"encoding", encoding_bad, METH_NOARGS, NULL},
    {"prepend_path", prepend_path_bad, METH_O, NULL},
    {"caller_variable", caller_variable_bad, METH_O, NULL},
    {"defaults", defaults_bad, METH_O, NULL},
    {"code_name", code_name_bad, METH_O, NULL},
    {"special", special_bad, METH_VARARGS, NULL},
    {"strong", strong_ok, METH_NOARGS, NULL},
    {"snapshot", snapshot_ok, METH_NOARGS, NULL},
    {"attribute", attribute_ok, METH_O, NULL},
    {"fixed", fixed_ok, METH_O, NULL},
    {"own_thread", own_thread_ok, METH_O, NULL},
    {"tuple", tuple_ok, METH_VARARGS, NULL},
    {"exception", exception_ok, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
