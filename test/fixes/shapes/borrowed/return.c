/* A borrowed reference in a return statement: to a test, a cast, a call. */
#include <Python.h>

static PyObject *
has(PyObject *self, PyObject *args)
{
    PyObject *dict, *key;

    if (!PyArg_ParseTuple(args, "O!O", &PyDict_Type, &dict, &key)) {
        return NULL;
    }
    return PyBool_FromLong(PyDict_GetItem(dict, key) != NULL);  /* fix: safe */
}

static int
is_exact(PyObject *list, Py_ssize_t index)
{
    return Py_TYPE(PyList_GET_ITEM(list, index)) == &PyLong_Type;  /* fix: withheld */
}

static PyObject *
exact(PyObject *self, PyObject *list)
{
    if (!PyList_Check(list) || PyList_GET_SIZE(list) == 0) {
        PyErr_SetString(PyExc_TypeError, "a list with items is needed");
        return NULL;
    }
    return PyBool_FromLong(is_exact(list, 0));
}

static PyObject *
text_of(PyObject *self, PyObject *args)
{
    PyObject *dict, *key, *value;

    if (!PyArg_ParseTuple(args, "O!O", &PyDict_Type, &dict, &key)) {
        return NULL;
    }
    value = PyDict_GetItem(dict, key);  /* fix: safe */
    return value != NULL ? PyObject_Str(value) : PyUnicode_FromString("");
}

static PyObject *
number_of(PyObject *self, PyObject *args)
{
    PyObject *list;
    Py_ssize_t index;

    if (!PyArg_ParseTuple(args, "O!n", &PyList_Type, &list, &index)) {
        return NULL;
    }
    PyObject *item = PyList_GetItem(list, index);  /* fix: safe */
    if (item == NULL)
        return NULL;
    if (PyFloat_Check(item))
        return PyFloat_FromDouble(PyFloat_AS_DOUBLE(item));
    if (PyLong_Check(item))
        return PyFloat_FromDouble(PyLong_AsDouble(item));
    return PyErr_Format(PyExc_TypeError, "no number: %R", item);
}

static PyMethodDef methods[] = {
    {"has", has, METH_VARARGS, NULL},
    {"exact", exact, METH_O, NULL},
    {"text_of", text_of, METH_VARARGS, NULL},
    {"number_of", number_of, METH_VARARGS, NULL},
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
