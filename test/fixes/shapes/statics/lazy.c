/* ungil-shape: level=review */
/* Statics that are set on first use. */
#include <Python.h>

static PyObject *cached_name;  /* fix: review */
static PyObject *decimal;  /* fix: review */
static int table[16];
static int table_ready;  /* fix: safe */

static PyObject *
name(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    if (cached_name == NULL) {
        cached_name = PyUnicode_InternFromString("cached name");
        if (cached_name == NULL) {
            return NULL;
        }
    }
    Py_INCREF(cached_name);
    return cached_name;
}

static PyObject *
as_decimal(PyObject *self, PyObject *value)
{
    if (decimal == NULL) {
        PyObject *module = PyImport_ImportModule("decimal");
        if (module == NULL) {
            return NULL;
        }
        decimal = PyObject_GetAttrString(module, "Decimal");
        Py_DECREF(module);
        if (decimal == NULL) {
            return NULL;
        }
    }
    return PyObject_CallFunctionObjArgs(decimal, value, NULL);
}

static PyObject *
square(PyObject *self, PyObject *value)
{
    long index = PyLong_AsLong(value);

    if (index == -1 && PyErr_Occurred()) {
        return NULL;
    }
    if (!table_ready) {
        for (int i = 0; i < 16; i++) {
            table[i] = i * i;
        }
        table_ready = 1;
    }
    if (index < 0 || index >= 16) {
        PyErr_SetString(PyExc_IndexError, "not in the table");
        return NULL;
    }
    return PyLong_FromLong(table[index]);
}

static PyMethodDef methods[] = {
    {"name", name, METH_NOARGS, NULL},
    {"as_decimal", as_decimal, METH_O, NULL},
    {"square", square, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
#ifdef Py_mod_gil
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "shape", NULL, 0, methods, slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC
PyInit_shape(void)
{
    return PyModuleDef_Init(&definition);
}
