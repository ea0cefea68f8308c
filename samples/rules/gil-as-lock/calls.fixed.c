#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *callback;         /* set by tp_new */
} Listener;

PyAPI_FUNC(void) PyEval_AcquireLock(void);

extern void sample_add_to_queue(int value);
extern int sample_wait_for_event(void);

static int pending;  /* expect: global-mutable */

static PyObject *listener_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(kwds))
{
    PyObject *callback;
    Listener *self;

    if (!PyArg_ParseTuple(args, "O", &callback))
        return NULL;
    self = (Listener *)type->tp_alloc(type, 0);
    if (self != NULL)
        self->callback = Py_NewRef(callback);
    return (PyObject *)self;
}

static void listener_dealloc(Listener *self)
{
    PyTypeObject *type = Py_TYPE(self);

    Py_XDECREF(self->callback);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

/* Called by threads of the library: the GIL was taken to count. */
void sample_event_bad(int value)
{
    PyGILState_STATE state = PyGILState_Ensure();  /* expect: gil-as-lock */

    pending += value;
    PyGILState_Release(state);
}

static PyObject *pending_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    return PyBool_FromLong(sample_wait_for_event());
}

/* "Nobody else runs, so the queue may be changed." */
static PyObject *enqueue_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    int value = PyLong_AsInt(arg);

    if (PyGILState_Check())  /* expect: gil-as-lock */
        sample_add_to_queue(value);
    Py_RETURN_NONE;
}

static PyObject *init_threads_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    Py_RETURN_NONE;
}

/* The library calls sample_leave() when it is done. */
void sample_enter_bad(void)
{
    PyEval_AcquireLock();  /* expect: gil-as-lock */
    sample_add_to_queue(1);
}

/* Attaching is what a foreign thread must do before it uses the API. */
void sample_deliver_ok(void *context, int value)
{
    Listener *listener = context;
    PyGILState_STATE state = PyGILState_Ensure();
    PyObject *result = PyObject_CallFunction(listener->callback, "i", value);

    if (result == NULL)
        PyErr_WriteUnraisable(listener->callback);
    Py_XDECREF(result);
    PyGILState_Release(state);
}

static PyObject *wait_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    int event;

    Py_BEGIN_ALLOW_THREADS
    event = sample_wait_for_event();
    Py_END_ALLOW_THREADS
    return PyLong_FromLong(event);
}

/* Whether this thread may use the API at all is a fair question. */
void sample_release_ok(PyObject *object)
{
    if (PyGILState_Check()) {
        Py_DECREF(object);
    }
    else {
        PyGILState_STATE state = PyGILState_Ensure();

        Py_DECREF(object);
        PyGILState_Release(state);
    }
}

static PyObject *asserted_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    assert(PyGILState_Check());
    return PyObject_Str(arg);
}

static PyMethodDef listener_methods[] = {

    {NULL, NULL, 0, NULL},
};

static PyType_Slot listener_slots[] = {
    {Py_tp_new, listener_new},
    {Py_tp_dealloc, listener_dealloc},
    {Py_tp_methods, listener_methods},
    {0, NULL},
};

static PyType_Spec listener_spec = {
    .name = "sample.Listener",
    .basicsize = sizeof(Listener),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = listener_slots,
};

static PyMethodDef sample_methods[] = {
    {"pending", pending_ok, METH_NOARGS, NULL},
    {"enqueue", enqueue_bad, METH_O, NULL},
    {"init_threads", init_threads_ok, METH_NOARGS, NULL},
    {"wait", wait_ok, METH_NOARGS, NULL},
    {"asserted", asserted_ok, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot sample_slots[] = {
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
