#include <Python.h>

#include <stdlib.h>
#include <string.h>

typedef struct {
    PyObject_HEAD
    char *name;
    double *samples;
} Sensor;

static PyObject *sensor_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(kwds))
{
    const char *name;
    Sensor *self;

    if (!PyArg_ParseTuple(args, "s", &name))
        return NULL;
    self = (Sensor *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->name = strdup(name);
    self->samples = PyMem_Malloc(64 * sizeof(double));
    if (self->name == NULL || self->samples == NULL) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    return (PyObject *)self;
}

static void sensor_dealloc_bad(Sensor *self)
{
    PyTypeObject *type = Py_TYPE(self);

    free(self->name);  /* expect: mismatched-free */
    PyMem_Free(self->samples);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static PyObject *libc_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    size_t n = PyLong_AsSize_t(arg);
    char *text = malloc(n + 1);
    PyObject *result = NULL;

    if (text == NULL)
        return PyErr_NoMemory();
    if (n > 4096)
        goto done;
    memset(text, 'x', n);
    result = PyUnicode_FromStringAndSize(text, (Py_ssize_t)n);
done:
    free(text);  /* expect: mismatched-free */
    return result;
}

static PyObject *wide_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    Py_ssize_t n;
    wchar_t *wide = PyUnicode_AsWideCharString(arg, &n);

    if (wide == NULL)
        return NULL;
    PyMem_Free(wide);  /* expect: mismatched-free */
    return PyLong_FromSsize_t(n);
}

static PyObject *decoded_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    size_t n;
    const char *text = PyBytes_AsString(arg);
    wchar_t *wide = text == NULL ? NULL : Py_DecodeLocale(text, &n);

    if (wide == NULL)
        return NULL;
    PyMem_RawFree(wide);  /* expect: mismatched-free */
    return PyLong_FromSize_t(n);
}

static PyObject *realloc_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    size_t n = PyLong_AsSize_t(arg);
    char *text = PyMem_Malloc(8), *larger;

    if (text == NULL)
        return PyErr_NoMemory();
    larger = PyMem_Realloc(text, n + 8);  /* expect: mismatched-free */
    if (larger == NULL)
        return PyErr_NoMemory();
    PyMem_Free(larger);
    Py_RETURN_NONE;
}

static char *make_label(const char *text)
{
    size_t n = strlen(text);
    char *label = PyMem_Malloc(n + 3);

    if (label != NULL)
        PyOS_snprintf(label, n + 3, "<%s>", text);
    return label;
}

static void drop_label(char *label)
{
    PyMem_Free(label);
}

static PyObject *label_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    const char *text = PyUnicode_AsUTF8(arg);
    char *label = text == NULL ? NULL : make_label(text);
    PyObject *result;

    if (label == NULL)
        return PyErr_NoMemory();
    result = PyUnicode_FromString(label);
    PyMem_Free(label);  /* expect: mismatched-free */
    return result;
}

static PyObject *label_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    const char *text = PyUnicode_AsUTF8(arg);
    char *label = text == NULL ? NULL : make_label(text);
    PyObject *result = label == NULL ? NULL : PyUnicode_FromString(label);

    drop_label(label);
    return result;
}

static PyObject *wide_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    Py_ssize_t n;
    wchar_t *wide = PyUnicode_AsWideCharString(arg, &n);

    if (wide == NULL)
        return NULL;
    PyMem_Free(wide);
    return PyLong_FromSsize_t(n);
}

static PyObject *mixed_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    char *first = malloc(10), *second = PyMem_Malloc(10), *third = PyMem_RawMalloc(10);
    int ok = first != NULL && second != NULL && third != NULL;

    free(first);
    PyMem_Free(second);
    PyMem_RawFree(third);
    return PyBool_FromLong(ok);
}

/* Two origins, each with its release. */
static PyObject *either_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    char small[64], *text = small;
    Py_ssize_t n = PyObject_Length(arg);
    PyObject *result;

    if (n < 0)
        return NULL;
    if ((size_t)n > sizeof(small)) {
        text = PyMem_Malloc((size_t)n);
        if (text == NULL)
            return PyErr_NoMemory();
    }
    memset(text, '.', (size_t)n);
    result = PyUnicode_FromStringAndSize(text, n);
    if (text != small)
        PyMem_Free(text);
    return result;
}

static PyObject *resized_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    size_t n = PyLong_AsSize_t(arg);
    char *text = PyMem_Malloc(8), *larger = PyMem_Realloc(text, n + 8);

    PyMem_Free(larger != NULL ? larger : text);
    Py_RETURN_NONE;
}

static PyType_Slot sensor_slots[] = {
    {Py_tp_new, sensor_new},
    {Py_tp_dealloc, sensor_dealloc_bad},
    {0, NULL},
};

static PyType_Spec sensor_spec = {
    .name = "sample.Sensor",
    .basicsize = sizeof(Sensor),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = sensor_slots,
};

static PyMethodDef sample_methods[] = {
    {"libc", libc_bad, METH_O, NULL},
    {"wide", wide_bad, METH_O, NULL},
    {"decoded", decoded_bad, METH_O, NULL},
    {"realloc", realloc_bad, METH_O, NULL},
    {"label", label_bad, METH_O, NULL},
    {"label", label_ok, METH_O, NULL},
    {"wide", wide_ok, METH_O, NULL},
    {"mixed", mixed_ok, METH_NOARGS, NULL},
    {"either", either_ok, METH_O, NULL},
    {"resized", resized_ok, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
