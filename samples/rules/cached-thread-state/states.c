#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyThreadState *saved;
} Session;

static PyThreadState *library_state;
static PyThreadState *main_state = NULL;
static PyInterpreterState *interpreter;         /* one for the process, written by the exec function */
static _Thread_local PyThreadState *own_state;

struct work {
    PyThreadState *owner;
    int id;
};

extern int sample_wait(void);

/* Leaves the interpreter until after_wait() is called, perhaps by another thread. */
void sample_before_wait_bad(void)
{
    library_state = PyEval_SaveThread();  /* expect: cached-thread-state */
}

void sample_after_wait(void)
{
    PyEval_RestoreThread(library_state);
}

static PyObject *session_suspend_bad(Session *self, PyObject *Py_UNUSED(ignored))
{
    int event;

    self->saved = PyEval_SaveThread();  /* expect: cached-thread-state */
    event = sample_wait();
    PyEval_RestoreThread(self->saved);
    return PyLong_FromLong(event);
}

static PyObject *remember_bad(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    main_state = PyThreadState_Get();  /* expect: cached-thread-state */
    Py_RETURN_NONE;
}

void sample_call_main(void)
{
    if (main_state != NULL)
        PyEval_AcquireThread(main_state);
}

void sample_prepare_bad(struct work *work)
{
    work->owner = PyThreadState_Get();  /* expect: cached-thread-state */
    work->id = 1;
}

static PyObject *local_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyThreadState *state = PyEval_SaveThread();
    int event = sample_wait();

    PyEval_RestoreThread(state);
    return PyLong_FromLong(event);
}

static PyObject *macro_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    int event;

    Py_BEGIN_ALLOW_THREADS
    event = sample_wait();
    Py_END_ALLOW_THREADS
    return PyLong_FromLong(event);
}

static PyObject *thread_local_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    int event;

    own_state = PyEval_SaveThread();
    event = sample_wait();
    PyEval_RestoreThread(own_state);
    return PyLong_FromLong(event);
}

/* The interpreter outlives its threads. */
void sample_thread_main_ok(void)
{
    PyThreadState *state = PyThreadState_New(interpreter);

    PyEval_AcquireThread(state);
    PyThreadState_Clear(state);
    PyThreadState_DeleteCurrent();
}

static int sample_exec(PyObject *Py_UNUSED(module))
{
    interpreter = PyInterpreterState_Get();
    return 0;
}

static PyMethodDef session_methods[] = {
    {"session_suspend", (PyCFunction)session_suspend_bad, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot session_slots[] = {
    {Py_tp_methods, session_methods},
    {0, NULL},
};

static PyType_Spec session_spec = {
    .name = "sample.Session",
    .basicsize = sizeof(Session),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = session_slots,
};

static PyMethodDef sample_methods[] = {
    {"remember", remember_bad, METH_NOARGS, NULL},
    {"local", local_ok, METH_NOARGS, NULL},
    {"macro", macro_ok, METH_NOARGS, NULL},
    {"thread_local", thread_local_ok, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static int sample_add_types(PyObject *module)
{
    PyObject *type;

    type = PyType_FromModuleAndSpec(module, &session_spec, NULL);
    if (type == NULL || PyModule_AddType(module, (PyTypeObject *)type) < 0) {
        Py_XDECREF(type);
        return -1;
    }
    Py_DECREF(type);
    return 0;
}

static PyModuleDef_Slot sample_slots[] = {
    {Py_mod_exec, sample_add_types},
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
