#include <Python.h>

/* Looking into threads that go on running meanwhile. */

extern PyObject *_PyThread_CurrentFrames(void);

static PyObject *all_frames_bad(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    return _PyThread_CurrentFrames();  /* expect: foreign-frame */
}

static PyObject *threads_bad(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyThreadState *state = PyInterpreterState_ThreadHead(PyInterpreterState_Get());  /* expect: foreign-frame */
    long n = 0;

    while (state != NULL) {
        n++;
        state = PyThreadState_Next(state);  /* expect: foreign-frame */
    }
    return PyLong_FromLong(n);
}

static PyObject *sample_bad(PyObject *Py_UNUSED(module), PyObject *capsule)
{
    PyThreadState *other = PyCapsule_GetPointer(capsule, "sample.thread");
    PyFrameObject *frame = other == NULL ? NULL : PyThreadState_GetFrame(other);  /* expect: foreign-frame */

    return frame != NULL ? (PyObject *)frame : Py_NewRef(Py_None);
}

static PyObject *own_frame_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyFrameObject *frame = PyThreadState_GetFrame(PyThreadState_Get());

    return frame != NULL ? (PyObject *)frame : Py_NewRef(Py_None);
}

static PyObject *own_line_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyThreadState *state = PyThreadState_Get();
    PyFrameObject *frame = PyThreadState_GetFrame(state);
    int line = frame == NULL ? 0 : PyFrame_GetLineNumber(frame);

    Py_XDECREF(frame);
    return PyLong_FromLong(line);
}

static PyObject *current_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyFrameObject *frame = PyEval_GetFrame();

    return frame == NULL ? Py_NewRef(Py_None) : (PyObject *)PyFrame_GetCode(frame);
}

static PyObject *interpreter_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    return PyLong_FromLongLong(PyInterpreterState_GetID(PyInterpreterState_Get()));
}

static PyMethodDef sample_methods[] = {
    {"all_frames", all_frames_bad, METH_NOARGS, NULL},
    {"threads", threads_bad, METH_NOARGS, NULL},
    {"sample", sample_bad, METH_O, NULL},
    {"own_frame", own_frame_ok, METH_NOARGS, NULL},
    {"own_line", own_line_ok, METH_NOARGS, NULL},
    {"current", current_ok, METH_NOARGS, NULL},
    {"interpreter", interpreter_ok, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
