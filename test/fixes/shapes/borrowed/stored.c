/* Borrowed references that are kept in the struct of an object. */
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *item;
} Holder;

static void
holder_dealloc(Holder *self)
{
    Py_XDECREF(self->item);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyTypeObject HolderType = {  /* fix: withheld */
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "shape.Holder",
    .tp_basicsize = sizeof(Holder),
    .tp_dealloc = (destructor)holder_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT,
};

static PyObject *
shown(Holder *holder)
{
    PyObject *text = holder->item == NULL ? PyUnicode_FromString("nothing") : PyObject_Repr(holder->item);

    Py_DECREF(holder);
    return text;
}

static PyObject *
from_list(PyObject *module, PyObject *args)
{
    PyObject *list;
    Py_ssize_t index;

    if (!PyArg_ParseTuple(args, "O!n", &PyList_Type, &list, &index)) {
        return NULL;
    }
    Holder *holder = PyObject_New(Holder, &HolderType);
    if (holder == NULL) {
        return NULL;
    }
    holder->item = NULL;
    PyObject *item = PyList_GetItem(list, index);  /* fix: safe */
    if (item == NULL) {
        Py_DECREF(holder);
        return NULL;
    }
    Py_INCREF(item);
    holder->item = item;
    return shown(holder);
}

static PyObject *
from_dict(PyObject *module, PyObject *args)
{
    PyObject *dict, *key;

    if (!PyArg_ParseTuple(args, "O!O", &PyDict_Type, &dict, &key)) {
        return NULL;
    }
    Holder *holder = PyObject_New(Holder, &HolderType);
    if (holder == NULL) {
        return NULL;
    }
    holder->item = PyDict_GetItemWithError(dict, key);  /* fix: safe */
    Py_XINCREF(holder->item);
    if (holder->item == NULL && PyErr_Occurred()) {
        Py_DECREF(holder);
        return NULL;
    }
    return shown(holder);
}

static PyMethodDef methods[] = {
    {"from_list", from_list, METH_VARARGS, NULL},
    {"from_dict", from_dict, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static int
module_exec(PyObject *module)
{
    if (PyType_Ready(&HolderType) < 0) {
        return -1;
    }
    return 0;
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)module_exec},
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
