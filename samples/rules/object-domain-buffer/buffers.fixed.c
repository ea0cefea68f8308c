#include <Python.h>

#include <string.h>

typedef struct {
    PyObject_HEAD
    char *text;
    Py_ssize_t length;
} Line;

typedef struct {
    double *values;
    int *order;
} Workspace;

static PyObject *line_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(kwds))
{
    const char *text;
    Py_ssize_t length;
    Line *self;

    if (!PyArg_ParseTuple(args, "s#", &text, &length))
        return NULL;
    self = (Line *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->text = PyMem_Malloc((size_t)length + 1);  /* expect: object-domain-buffer */
    if (self->text == NULL) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    memcpy(self->text, text, (size_t)length + 1);
    self->length = length;
    return (PyObject *)self;
}

static void line_dealloc(Line *self)
{
    PyTypeObject *type = Py_TYPE(self);

    PyMem_Free(self->text);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static PyObject *upper_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    Py_ssize_t i, n;
    const char *text = PyUnicode_AsUTF8AndSize(arg, &n);
    char *copy;
    PyObject *result;

    if (text == NULL)
        return NULL;
    copy = (char *)PyMem_Malloc(n ? n : 1);  /* expect: object-domain-buffer */
    if (copy == NULL)
        return PyErr_NoMemory();
    for (i = 0; i < n; i++)
        copy[i] = Py_TOUPPER(text[i]);
    result = PyUnicode_FromStringAndSize(copy, n);
    PyMem_Free(copy);
    return result;
}

static int workspace_init_bad(Workspace *work, Py_ssize_t n)
{
    work->values = PyMem_Calloc(n, sizeof(double));  /* expect: object-domain-buffer */
    work->order = PyMem_Malloc(n * sizeof(int));  /* expect: object-domain-buffer */
    return work->values == NULL || work->order == NULL ? -1 : 0;
}

static void workspace_release(Workspace *work)
{
    PyMem_Free(work->values);
    PyMem_Free(work->order);
}

static PyObject *sorted(PyObject *Py_UNUSED(module), PyObject *arg)
{
    Workspace work = {NULL, NULL};
    PyObject *result = NULL;

    if (workspace_init_bad(&work, PyObject_Length(arg)) == 0) {
        work.values[0] = PyFloat_AsDouble(arg);
        result = PyFloat_FromDouble(work.values[0]);
    }
    workspace_release(&work);
    return result;
}

static PyObject *grow_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    char *buffer = NULL, *larger;
    Py_ssize_t room = 0, limit = PyLong_AsSsize_t(arg);

    while (room < limit) {
        larger = PyMem_Realloc(buffer, (size_t)room + 16);  /* expect: object-domain-buffer */
        if (larger == NULL) {
            PyMem_Free(buffer);
            return PyErr_NoMemory();
        }
        buffer = larger;
        room += 16;
    }
    PyMem_Free(buffer);
    return PyLong_FromSsize_t(room);
}

static PyObject *copy_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    Py_ssize_t n = PyObject_Length(arg);
    char *buffer = n < 0 ? NULL : PyMem_Malloc((size_t)n + 1);

    if (buffer == NULL)
        return n < 0 ? NULL : PyErr_NoMemory();
    memset(buffer, '-', (size_t)n);
    arg = PyUnicode_FromStringAndSize(buffer, n);
    PyMem_Free(buffer);
    return arg;
}

static PyObject *raw_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    int *numbers = PyMem_RawCalloc(10, sizeof(int));
    int first = numbers != NULL ? numbers[0] : -1;

    PyMem_RawFree(numbers);
    return PyLong_FromLong(first);
}

/* This is what the object domain is for. */
static PyObject *box_ok(PyObject *Py_UNUSED(module), PyObject *type)
{
    PyObject *object;

    if (!PyType_Check(type))
        return PyErr_Format(PyExc_TypeError, "expected a type");
    object = (PyObject *)PyObject_Malloc(sizeof(PyObject));
    if (object == NULL)
        return PyErr_NoMemory();
    return PyObject_Init(object, (PyTypeObject *)type);
}

static PyObject *line_alloc_ok(PyObject *Py_UNUSED(module), PyObject *type)
{
    Line *line = PyObject_Malloc(sizeof(Line));

    if (line == NULL || !PyType_Check(type)) {
        PyObject_Free(line);
        return NULL;
    }
    (void)PyObject_Init((PyObject *)line, (PyTypeObject *)type);
    line->text = NULL;
    line->length = 0;
    return (PyObject *)line;
}

static PyMethodDef line_methods[] = {
    {NULL, NULL, 0, NULL},
};

static PyType_Slot line_slots[] = {
    {Py_tp_new, line_new},
    {Py_tp_dealloc, line_dealloc},
    {Py_tp_methods, line_methods},
    {0, NULL},
};

static PyType_Spec line_spec = {
    .name = "sample.Line",
    .basicsize = sizeof(Line),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = line_slots,
};

static PyMethodDef sample_methods[] = {
    {"upper", upper_bad, METH_O, NULL},
    {"sorted", sorted, METH_O, NULL},
    {"grow", grow_bad, METH_O, NULL},
    {"copy", copy_ok, METH_O, NULL},
    {"raw", raw_ok, METH_NOARGS, NULL},
    {"box", box_ok, METH_O, NULL},
    {"line_alloc", line_alloc_ok, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
