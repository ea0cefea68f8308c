/* ungil-sample: risk=low */
#include <Python.h>

/* Two threads may both compute the number; they get the same one. */

extern double sample_clock_scale(void);
extern int sample_processor_count(void);

static PyObject *scale_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    static double scale = -1.0;  /* expect: lazy-static */

    if (scale < 0.0)
        scale = sample_clock_scale();
    return PyFloat_FromDouble(scale * PyFloat_AsDouble(arg));
}

static PyObject *processors_bad(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    static int processors = 0;  /* expect: lazy-static */

    if (processors == 0)
        processors = sample_processor_count();
    return PyLong_FromLong(processors);
}

static PyObject *warn_once_bad(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    static int warned;  /* expect: lazy-static */

    if (!warned) {
        PySys_WriteStderr("this function is old\n");
        warned = 1;
    }
    Py_RETURN_NONE;
}

static PyObject *per_thread_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    static _Thread_local double scale = -1.0;

    if (scale < 0.0)
        scale = sample_clock_scale();
    return PyFloat_FromDouble(scale);
}

static PyObject *constant_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    static const double scale = 1.5;

    return PyFloat_FromDouble(scale > 0.0 ? scale : 1.0);
}

static PyObject *computed_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    double scale = -1.0;

    if (scale < 0.0)
        scale = sample_clock_scale();
    return PyFloat_FromDouble(scale);
}

static PyMethodDef sample_methods[] = {
    {"scale", scale_bad, METH_O, NULL},
    {"processors", processors_bad, METH_NOARGS, NULL},
    {"warn_once", warn_once_bad, METH_NOARGS, NULL},
    {"per_thread", per_thread_ok, METH_NOARGS, NULL},
    {"constant", constant_ok, METH_NOARGS, NULL},
    {"computed", computed_ok, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
