#include <Python.h>

/* The container is private or locked, so fetching the reference is right; keeping it over the call is not. */

typedef struct {
    PyObject_HEAD
    PyObject *args;             /* tuple, replaced by set_args() */
    PyObject *callback;         /* replaced by set_callback() */
    PyObject *pending;          /* list, never replaced, but filled by task_add() */
} Task;

static PyObject *task_new(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwds))
{
    Task *self = (Task *)type->tp_alloc(type, 0);

    if (self == NULL)
        return NULL;
    self->args = PyTuple_New(0);
    if (self->args == NULL) {
        Py_DECREF(self);
        return NULL;
    }
    self->callback = Py_NewRef(Py_None);
    if (self->callback == NULL) {
        Py_DECREF(self);
        return NULL;
    }
    self->pending = PyList_New(0);
    if (self->pending == NULL) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static void task_dealloc(Task *self)
{
    PyTypeObject *type = Py_TYPE(self);

    Py_XDECREF(self->args);
    Py_XDECREF(self->callback);
    Py_XDECREF(self->pending);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static PyObject *task_set_args(Task *self, PyObject *arg)
{
    PyObject *old, *args = PySequence_Tuple(arg);

    if (args == NULL)
        return NULL;
    Py_BEGIN_CRITICAL_SECTION(self);
    old = self->args;
    self->args = args;
    Py_END_CRITICAL_SECTION();
    Py_DECREF(old);
    Py_RETURN_NONE;
}

static PyObject *task_set_callback(Task *self, PyObject *callback)
{
    PyObject *old;

    Py_BEGIN_CRITICAL_SECTION(self);
    old = self->callback;
    self->callback = Py_NewRef(callback);
    Py_END_CRITICAL_SECTION();
    Py_DECREF(old);
    Py_RETURN_NONE;
}

/* The callback may call set_args(), and the section does not last over the call. */
static PyObject *task_run_bad(Task *self, PyObject *arg)
{
    PyObject *first, *done, *result = NULL;

    Py_BEGIN_CRITICAL_SECTION(self);
    if (PyTuple_GET_SIZE(self->args) > 0) {
        first = PyTuple_GET_ITEM(self->args, 0);
        done = PyObject_CallOneArg(arg, Py_None);
        if (done != NULL)
            result = PyTuple_Pack(2, first, done);  /* expect: borrowed-across-call */
        Py_XDECREF(done);
    }
    Py_END_CRITICAL_SECTION();
    return result == NULL && !PyErr_Occurred() ? Py_NewRef(Py_None) : result;
}

static PyObject *task_report_bad(Task *self, PyObject *arg)
{
    PyObject *callback, *result;

    Py_BEGIN_CRITICAL_SECTION(self);
    callback = self->callback;
    result = PyObject_CallOneArg(callback, arg);
    if (result == NULL)
        PyErr_WriteUnraisable(callback);  /* expect: borrowed-across-call */
    Py_END_CRITICAL_SECTION();
    return result != NULL ? result : Py_NewRef(Py_None);
}

static PyObject *task_pending_bad(Task *self, PyObject *arg)
{
    PyObject *item, *result = NULL;
    int match;

    Py_BEGIN_CRITICAL_SECTION(self->pending);
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(self->pending); i++) {
        item = PyList_GET_ITEM(self->pending, i);
        match = PyObject_RichCompareBool(item, arg, Py_EQ);
        if (match > 0) {
            result = Py_NewRef(item);  /* expect: borrowed-across-call */
            break;
        }
    }
    Py_END_CRITICAL_SECTION();
    return result != NULL || PyErr_Occurred() ? result : Py_NewRef(Py_None);
}

static PyObject *kept_after_release_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *list = PySequence_List(arg), *last;

    if (list == NULL)
        return NULL;
    if (PyList_GET_SIZE(list) == 0) {
        Py_DECREF(list);
        Py_RETURN_NONE;
    }
    last = PyList_GET_ITEM(list, PyList_GET_SIZE(list) - 1);
    Py_DECREF(list);
    return Py_NewRef(last);  /* expect: borrowed-across-call */
}

static PyObject *keyword_removed_bad(PyObject *Py_UNUSED(module), PyObject *args, PyObject *kwargs)
{
    PyObject *mode = kwargs == NULL ? NULL : PyDict_GetItemString(kwargs, "mode");

    if (mode == NULL)
        return PyTuple_Pack(1, args);
    if (PyDict_DelItemString(kwargs, "mode") < 0)
        return NULL;
    return PyObject_Repr(mode);  /* expect: borrowed-across-call */
}

static PyObject *replaced_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *list = PySequence_List(arg), *old, *text;

    if (list == NULL || PyList_GET_SIZE(list) == 0)
        return list;
    old = PyList_GET_ITEM(list, 0);
    if (PyList_SetItem(list, 0, Py_NewRef(Py_None)) < 0) {
        Py_DECREF(list);
        return NULL;
    }
    text = PyObject_Str(old);  /* expect: borrowed-across-call */
    Py_DECREF(list);
    return text;
}

static PyObject *shared_list_bad(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *list, *callback, *item, *result;

    if (!PyArg_ParseTuple(args, "O!O", &PyList_Type, &list, &callback))
        return NULL;
    item = PyList_GetItem(list, 0);  /* expect: borrowed-list-item */
    if (item == NULL)
        return NULL;
    result = PyObject_CallOneArg(callback, item);
    if (result == NULL)
        return PyErr_Format(PyExc_RuntimeError, "no answer for %R", item);
    return result;
}

static PyObject *task_run_ok(Task *self, PyObject *arg)
{
    PyObject *first = NULL, *done, *result = NULL;

    Py_BEGIN_CRITICAL_SECTION(self);
    if (PyTuple_GET_SIZE(self->args) > 0)
        first = Py_NewRef(PyTuple_GET_ITEM(self->args, 0));
    Py_END_CRITICAL_SECTION();
    if (first == NULL)
        Py_RETURN_NONE;
    done = PyObject_CallOneArg(arg, Py_None);
    if (done != NULL)
        result = PyTuple_Pack(2, first, done);
    Py_XDECREF(done);
    Py_DECREF(first);
    return result;
}

static PyObject *task_pending_ok(Task *self, PyObject *arg)
{
    PyObject *item, *result = NULL;
    int match;

    for (Py_ssize_t i = 0; result == NULL && i < PyList_GET_SIZE(self->pending); i++) {
        item = PyList_GetItemRef(self->pending, i);
        if (item == NULL)
            return NULL;
        match = PyObject_RichCompareBool(item, arg, Py_EQ);
        if (match > 0)
            result = Py_NewRef(item);
        Py_DECREF(item);
        if (match < 0)
            return NULL;
    }
    return result != NULL ? result : Py_NewRef(Py_None);
}

static PyObject *released_later_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *list = PySequence_List(arg), *text = NULL;

    if (list == NULL)
        return NULL;
    if (PyList_GET_SIZE(list) > 0) {
        PyObject *last = PyList_GET_ITEM(list, PyList_GET_SIZE(list) - 1);

        text = PyObject_Str(last);
        if (text == NULL)
            PyErr_Format(PyExc_TypeError, "no text for %R", last);
    }
    Py_DECREF(list);
    return text;
}

/* The interpreter keeps the argument tuple and what is in it until the method returns. */
static PyObject *arguments_ok(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *callback = PyTuple_GET_ITEM(args, 0), *value = PyTuple_GET_ITEM(args, 1), *result;

    result = PyObject_CallOneArg(callback, value);
    if (result == NULL)
        return PyErr_Format(PyExc_RuntimeError, "%R failed for %R", callback, value);
    return result;
}

static PyObject *fetched_again_ok(PyObject *Py_UNUSED(module), PyObject *args, PyObject *kwargs)
{
    PyObject *mode = kwargs == NULL ? NULL : PyDict_GetItemString(kwargs, "mode");

    if (mode == NULL || PyObject_IsTrue(mode) <= 0)
        return PyTuple_Pack(1, args);
    mode = PyDict_GetItemString(kwargs, "mode");
    return PyObject_Repr(mode);
}

static PyObject *no_code_runs_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyObject *list = PySequence_List(arg), *first;
    Py_ssize_t n;

    if (list == NULL || PyList_GET_SIZE(list) == 0)
        return list;
    first = PyList_GET_ITEM(list, 0);
    n = PyUnicode_Check(first) ? PyUnicode_GET_LENGTH(first) : PyList_GET_SIZE(list);
    Py_INCREF(first);
    Py_DECREF(list);
    return Py_BuildValue("(Nn)", first, n);
}

static PyObject *task_add_ok(Task *self, PyObject *arg)
{
    return PyList_Append(self->pending, arg) < 0 ? NULL : Py_NewRef(Py_None);
}

static PyMethodDef task_methods[] = {
    {"task_add", (PyCFunction)task_add_ok, METH_O, NULL},
    {"task_set_args", (PyCFunction)task_set_args, METH_O, NULL},
    {"task_set_callback", (PyCFunction)task_set_callback, METH_O, NULL},
    {"task_run", (PyCFunction)task_run_bad, METH_O, NULL},
    {"task_report", (PyCFunction)task_report_bad, METH_O, NULL},
    {"task_pending", (PyCFunction)task_pending_bad, METH_O, NULL},
    {"task_run", (PyCFunction)task_run_ok, METH_O, NULL},
    {"task_pending", (PyCFunction)task_pending_ok, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot task_slots[] = {
    {Py_tp_new, task_new},
    {Py_tp_dealloc, task_dealloc},
    {Py_tp_methods, task_methods},
    {0, NULL},
};

static PyType_Spec task_spec = {
    .name = "sample.Task",
    .basicsize = sizeof(Task),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = task_slots,
};

static PyMethodDef sample_methods[] = {
    {"kept_after_release", kept_after_release_bad, METH_O, NULL},
    {"keyword_removed", (PyCFunction)(void (*)(void))keyword_removed_bad, METH_VARARGS | METH_KEYWORDS, NULL},
    {"replaced", replaced_bad, METH_O, NULL},
    {"shared_list", shared_list_bad, METH_VARARGS, NULL},
    {"released_later", released_later_ok, METH_O, NULL},
    {"arguments", arguments_ok, METH_VARARGS, NULL},
    {"fetched_again", (PyCFunction)(void (*)(void))fetched_again_ok, METH_VARARGS | METH_KEYWORDS, NULL},
    {"no_code_runs", no_code_runs_ok, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
