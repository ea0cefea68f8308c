// Written by `npm run generate` from samples/rules; do not edit.
import type { RuleExample } from "../src/rule-api/types.ts";

export const examples: Readonly<Record<string, RuleExample>> = {
  "borrowed-across-call": {
    "found": "static PyObject *keyword_removed(PyObject *Py_UNUSED(module), PyObject *args, PyObject *kwargs)\n{\n    PyObject *mode = kwargs == NULL ? NULL : PyDict_GetItemString(kwargs, \"mode\");\n\n    if (mode == NULL)\n        return PyTuple_Pack(1, args);\n    if (PyDict_DelItemString(kwargs, \"mode\") < 0)\n        return NULL;\n    return PyObject_Repr(mode);  /* found here */\n}",
    "good": "static PyObject *fetched_again(PyObject *Py_UNUSED(module), PyObject *args, PyObject *kwargs)\n{\n    PyObject *mode = kwargs == NULL ? NULL : PyDict_GetItemString(kwargs, \"mode\");\n\n    if (mode == NULL || PyObject_IsTrue(mode) <= 0)\n        return PyTuple_Pack(1, args);\n    mode = PyDict_GetItemString(kwargs, \"mode\");\n    return PyObject_Repr(mode);\n}"
  },
  "borrowed-cell": {
    "found": "static PyObject *contents(PyObject *Py_UNUSED(module), PyObject *cell)\n{\n    if (!PyCell_Check(cell))\n        return PyErr_Format(PyExc_TypeError, \"expected a cell\");\n    return PyObject_Repr(PyCell_GET(cell));  /* found here */\n}",
    "fixed": {
      "code": "static PyObject *contents(PyObject *Py_UNUSED(module), PyObject *cell)\n{\n    PyObject *item;\n    PyObject *result;\n    if (!PyCell_Check(cell))\n        return PyErr_Format(PyExc_TypeError, \"expected a cell\");\n    item = PyCell_Get(cell);\n    result = PyObject_Repr(item);\n    Py_XDECREF(item);\n    return result;\n}",
      "level": "safe"
    }
  },
  "borrowed-dict-item": {
    "found": "static PyObject *registry_get(Registry *self, PyObject *key)\n{\n    PyObject *value = PyDict_GetItem(self->table, key);  /* found here */\n\n    if (value == NULL)\n        Py_RETURN_NONE;\n    Py_INCREF(value);\n    return value;\n}",
    "fixed": {
      "code": "static PyObject *registry_get(Registry *self, PyObject *key)\n{\n    PyObject *value;\n    if (PyDict_GetItemRef(self->table, key, &value) < 0) {\n        PyErr_Clear();\n    }\n\n    if (value == NULL)\n        Py_RETURN_NONE;\n    return value;\n}",
      "level": "safe"
    }
  },
  "borrowed-list-item": {
    "found": "static PyObject *queue_last(Queue *self, PyObject *Py_UNUSED(ignored))\n{\n    Py_ssize_t n = PyList_Size(self->items);\n\n    if (n == 0)\n        Py_RETURN_NONE;\n    return Py_NewRef(PyList_GET_ITEM(self->items, n - 1));  /* found here */\n}",
    "fixed": {
      "code": "static PyObject *queue_last(Queue *self, PyObject *Py_UNUSED(ignored))\n{\n    Py_ssize_t n = PyList_Size(self->items);\n\n    if (n == 0)\n        Py_RETURN_NONE;\n    return PyList_GetItemRef(self->items, n - 1);\n}",
      "level": "safe"
    }
  },
  "borrowed-module": {
    "found": "static PyObject *run_in_main(PyObject *Py_UNUSED(module), PyObject *arg)\n{\n    PyObject *main = PyImport_AddModule(\"__main__\");  /* found here */\n\n    if (main == NULL)\n        return NULL;\n    return PyObject_GetAttr(main, arg);\n}",
    "fixed": {
      "code": "static PyObject *run_in_main(PyObject *Py_UNUSED(module), PyObject *arg)\n{\n    PyObject *main = PyImport_AddModuleRef(\"__main__\");\n    PyObject *result;\n\n    if (main == NULL)\n        return NULL;\n    result = PyObject_GetAttr(main, arg);\n    Py_DECREF(main);\n    return result;\n}",
      "level": "safe"
    }
  },
  "borrowed-other": {
    "found": "static PyObject *encoding(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))\n{\n    PyObject *in = PySys_GetObject(\"stdin\");  /* found here */\n\n    if (in == NULL)\n        return PyErr_Format(PyExc_RuntimeError, \"lost sys.stdin\");\n    return PyObject_GetAttrString(in, \"encoding\");\n}",
    "fixed": {
      "code": "static PyObject *encoding(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))\n{\n    PyObject *in;\n    PyObject *result;\n    if (PySys_GetOptionalAttrString(\"stdin\", &in) < 0) {\n        PyErr_Clear();\n    }\n\n    if (in == NULL)\n        return PyErr_Format(PyExc_RuntimeError, \"lost sys.stdin\");\n    result = PyObject_GetAttrString(in, \"encoding\");\n    Py_DECREF(in);\n    return result;\n}",
      "level": "review"
    }
  },
  "borrowed-return": {
    "found": "static PyObject *frame_column(Frame *self, Py_ssize_t i)  /* found here */\n{\n    if (i < 0)\n        i += PyList_GET_SIZE(self->columns);\n    return PyList_GetItem(self->columns, i);\n}",
    "good": "static PyObject *frame_column(Frame *self, Py_ssize_t i)\n{\n    return PyList_GetItemRef(self->columns, i);\n}"
  },
  "borrowed-weakref": {
    "found": "static PyObject *observer_owner(Observer *self, PyObject *Py_UNUSED(ignored))\n{\n    PyObject *owner = PyWeakref_GetObject(self->owner);  /* found here */\n\n    Py_XINCREF(owner);\n    return owner;\n}",
    "fixed": {
      "code": "static PyObject *observer_owner(Observer *self, PyObject *Py_UNUSED(ignored))\n{\n    PyObject *owner;\n    if (PyWeakref_GetRef(self->owner, &owner) == 0) {\n        owner = Py_NewRef(Py_None);\n    }\n\n    return owner;\n}",
      "level": "safe"
    }
  },
  "global-container": {
    "found": "static PyObject *seen;  /* found here */\n\nstatic PyObject *first_time(PyObject *Py_UNUSED(module), PyObject *arg)\n{\n    int known = PySet_Contains(seen, arg);\n\n    if (known < 0 || (known == 0 && PySet_Add(seen, arg) < 0))\n        return NULL;\n    return PyBool_FromLong(!known);\n}",
    "good": "static PyObject *guarded;\nstatic PyMutex guarded_lock;\n\nstatic PyObject *mutex(PyObject *Py_UNUSED(module), PyObject *key)\n{\n    int known;\n\n    PyMutex_Lock(&guarded_lock);\n    known = PySet_Contains(guarded, key);\n    if (known == 0)\n        known = PySet_Add(guarded, key);\n    PyMutex_Unlock(&guarded_lock);\n    return known < 0 ? NULL : PyBool_FromLong(known);\n}"
  },
  "global-mutable": {
    "found": "static long calls = 0;  /* found here */\n\nstatic PyObject *call(PyObject *Py_UNUSED(module), PyObject *arg)\n{\n    calls++;\n    return PyObject_CallNoArgs(arg);\n}",
    "fixed": {
      "code": "static _Atomic long calls = 0;\n\nstatic PyObject *call(PyObject *Py_UNUSED(module), PyObject *arg)\n{\n    calls++;\n    return PyObject_CallNoArgs(arg);\n}",
      "level": "review"
    }
  },
  "global-object": {
    "found": "static PyObject *last_error = NULL;  /* found here */\n\nstatic PyObject *forget(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))\n{\n    Py_CLEAR(last_error);\n    Py_RETURN_NONE;\n}",
    "fixed": {
      "code": "static PyObject *last_error = NULL;\n\nstatic PyMutex last_error_mutex;\n\nstatic PyObject *forget(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))\n{\n    PyMutex_Lock(&last_error_mutex);\n    PyObject *old = last_error;\n    last_error = NULL;\n    PyMutex_Unlock(&last_error_mutex);\n    Py_XDECREF(old);\n    Py_RETURN_NONE;\n}",
      "level": "review"
    }
  },
  "lazy-static": {
    "found": "static PyObject *empty(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))\n{\n    static PyObject *empty = NULL;  /* found here */\n\n    if (!empty)\n        empty = PyTuple_New(0);\n    return Py_XNewRef(empty);\n}",
    "fixed": {
      "code": "static PyObject *empty(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))\n{\n    static PyObject *empty = NULL;\n    static PyMutex empty_mutex;\n\n    PyMutex_Lock(&empty_mutex);\n    if (!empty)\n        empty = PyTuple_New(0);\n    PyMutex_Unlock(&empty_mutex);\n    return Py_XNewRef(empty);\n}",
      "level": "safe"
    }
  },
  "non-reentrant-call": {
    "found": "static PyObject *local(PyObject *Py_UNUSED(module), PyObject *arg)\n{\n    time_t seconds = (time_t)PyLong_AsLongLong(arg);\n    struct tm *parts = localtime(&seconds);  /* found here */\n\n    if (parts == NULL)\n        return PyErr_SetFromErrno(PyExc_OSError);\n    return Py_BuildValue(\"(iii)\", parts->tm_year + 1900, parts->tm_mon + 1, parts->tm_mday);\n}",
    "fixed": {
      "code": "static PyObject *local(PyObject *Py_UNUSED(module), PyObject *arg)\n{\n    time_t seconds = (time_t)PyLong_AsLongLong(arg);\n    struct tm tm_data;\n    struct tm *parts = localtime_r(&seconds, &tm_data);\n\n    if (parts == NULL)\n        return PyErr_SetFromErrno(PyExc_OSError);\n    return Py_BuildValue(\"(iii)\", parts->tm_year + 1900, parts->tm_mon + 1, parts->tm_mday);\n}",
      "level": "review"
    }
  },
  "static-type": {
    "found": "static PyTypeObject Designated_Type = {  /* found here */\n    PyVarObject_HEAD_INIT(NULL, 0)\n    .tp_name = \"sample.Designated\",\n    .tp_basicsize = sizeof(Point),\n    .tp_flags = Py_TPFLAGS_DEFAULT,\n    .tp_new = PyType_GenericNew,\n};",
    "good": "static PyType_Slot heap_slots[] = {\n    {Py_tp_new, PyType_GenericNew},\n    {0, NULL},\n};\n\nstatic PyType_Spec heap_spec = {\n    .name = \"sample.Heap\",\n    .basicsize = sizeof(Point),\n    .flags = Py_TPFLAGS_DEFAULT,\n    .slots = heap_slots,\n};\n\nstatic PyObject *make(PyObject *module, PyObject *Py_UNUSED(ignored))\n{\n    return PyType_FromModuleAndSpec(module, &heap_spec, NULL);\n}"
  },
  "check-then-act": {
    "found": "static PyObject *store_get(Store *self, PyObject *key)\n{\n    PyObject *value;\n\n    if (PyDict_GetItemRef(self->table, key, &value) != 0)  /* found here */\n        return value;\n    value = PyList_New(0);\n    if (value != NULL && PyDict_SetItem(self->table, key, value) < 0)\n        Py_CLEAR(value);\n    return value;\n}",
    "fixed": {
      "code": "static PyObject *store_get(Store *self, PyObject *key)\n{\n    PyObject *value;\n\n    if (PyDict_GetItemRef(self->table, key, &value) != 0)\n        return value;\n    value = PyList_New(0);\n    if (value != NULL && PyDict_SetDefaultRef(self->table, key, value, NULL) < 0)\n        Py_CLEAR(value);\n    return value;\n}",
      "level": "review"
    }
  },
  "lock-leak": {
    "found": "static PyObject *cell_set(Cell *self, PyObject *arg)\n{\n    long n;\n\n    PyMutex_Lock(&self->mutex);  /* found here */\n    n = PyLong_AsLong(arg);\n    if (n == -1 && PyErr_Occurred())\n        return NULL;\n    self->value = n;\n    PyMutex_Unlock(&self->mutex);\n    Py_RETURN_NONE;\n}",
    "fixed": {
      "code": "static PyObject *cell_set(Cell *self, PyObject *arg)\n{\n    long n;\n\n    PyMutex_Lock(&self->mutex);\n    n = PyLong_AsLong(arg);\n    if (n == -1 && PyErr_Occurred()) {\n        PyMutex_Unlock(&self->mutex);\n        return NULL;\n    }\n    self->value = n;\n    PyMutex_Unlock(&self->mutex);\n    Py_RETURN_NONE;\n}",
      "level": "safe"
    }
  },
  "lock-order": {
    "found": "static PyObject *resize_all(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))\n{\n    PyMutex_Lock(&sizes_lock);\n    PyMutex_Lock(&names_lock);  /* found here */\n    sizes = names;\n    PyMutex_Unlock(&names_lock);\n    PyMutex_Unlock(&sizes_lock);\n    Py_RETURN_NONE;\n}",
    "good": "static PyObject *both(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))\n{\n    PyMutex_Lock(&first_lock);\n    PyMutex_Lock(&second_lock);\n    first++;\n    second++;\n    PyMutex_Unlock(&second_lock);\n    PyMutex_Unlock(&first_lock);\n    Py_RETURN_NONE;\n}"
  },
  "object-internals": {
    "found": "static PyObject *count(PyObject *Py_UNUSED(module), PyObject *arg)\n{\n    return PyLong_FromSsize_t(arg->ob_refcnt);  /* found here */\n}",
    "fixed": {
      "code": "static PyObject *count(PyObject *Py_UNUSED(module), PyObject *arg)\n{\n    return PyLong_FromSsize_t(Py_REFCNT(arg));\n}",
      "level": "safe"
    }
  },
  "refcount-uniqueness": {
    "found": "static int is_temporary(PyObject *object)\n{\n    return Py_REFCNT(object) == 1;  /* found here */\n}",
    "fixed": {
      "code": "static int is_temporary(PyObject *object)\n{\n    return PyUnstable_Object_IsUniquelyReferenced(object);\n}",
      "level": "review"
    }
  },
  "section-escape": {
    "found": "static PyObject *gauge_none(Gauge *self, PyObject *Py_UNUSED(ignored))\n{\n    Py_BEGIN_CRITICAL_SECTION(self);\n    if (self->value == 0)\n        Py_RETURN_NONE;  /* found here */\n    self->value = 0;\n    Py_END_CRITICAL_SECTION();\n    Py_RETURN_NONE;\n}",
    "fixed": {
      "code": "static PyObject *gauge_none(Gauge *self, PyObject *Py_UNUSED(ignored))\n{\n    Py_BEGIN_CRITICAL_SECTION(self);\n    if (self->value == 0)\n        goto end_section;\n    self->value = 0;\n    end_section:;\n    Py_END_CRITICAL_SECTION();\n    Py_RETURN_NONE;\n}",
      "level": "safe"
    }
  },
  "section-nested": {
    "found": "static PyObject *purse_move(Purse *self, PyObject *arg)\n{\n    Purse *other = (Purse *)arg;\n\n    if (!PyObject_TypeCheck(arg, Purse_Type))\n        return PyErr_Format(PyExc_TypeError, \"expected a Purse\");\n    Py_BEGIN_CRITICAL_SECTION(self);\n    Py_BEGIN_CRITICAL_SECTION(other);  /* found here */\n    other->balance += self->balance;\n    self->balance = 0;\n    Py_END_CRITICAL_SECTION();\n    Py_END_CRITICAL_SECTION();\n    Py_RETURN_NONE;\n}",
    "fixed": {
      "code": "static PyObject *purse_move(Purse *self, PyObject *arg)\n{\n    Purse *other = (Purse *)arg;\n\n    if (!PyObject_TypeCheck(arg, Purse_Type))\n        return PyErr_Format(PyExc_TypeError, \"expected a Purse\");\n    Py_BEGIN_CRITICAL_SECTION2(self, other);\n\n    other->balance += self->balance;\n    self->balance = 0;\n    Py_END_CRITICAL_SECTION2();\n    Py_RETURN_NONE;\n}",
      "level": "review"
    }
  },
  "section-unbalanced": {
    "found": "static PyObject *meter_two(Meter *self, PyObject *other)\n{\n    Py_BEGIN_CRITICAL_SECTION2(self, other);  /* found here */\n    self->value++;\n    Py_END_CRITICAL_SECTION();\n    Py_RETURN_NONE;\n}",
    "good": "static PyObject *meter(Meter *self, PyObject *other)\n{\n    long value;\n\n    Py_BEGIN_CRITICAL_SECTION2(self, other);\n    value = ++self->value;\n    Py_END_CRITICAL_SECTION2();\n    return PyLong_FromLong(value);\n}"
  },
  "unlocked-dict-iteration": {
    "found": "static PyObject *namespace(PyObject *module, PyObject *Py_UNUSED(ignored))\n{\n    PyObject *name, *value, *dict = PyModule_GetDict(module);\n    Py_ssize_t pos = 0, callables = 0;\n\n    while (PyDict_Next(dict, &pos, &name, &value))  /* found here */\n        callables += PyCallable_Check(value);\n    return PyLong_FromSsize_t(callables);\n}",
    "fixed": {
      "code": "static PyObject *namespace(PyObject *module, PyObject *Py_UNUSED(ignored))\n{\n    PyObject *name, *value, *dict = PyModule_GetDict(module);\n    Py_ssize_t pos = 0, callables = 0;\n\n    Py_BEGIN_CRITICAL_SECTION(dict);\n    while (PyDict_Next(dict, &pos, &name, &value))\n        callables += PyCallable_Check(value);\n    Py_END_CRITICAL_SECTION();\n    return PyLong_FromSsize_t(callables);\n}",
      "level": "safe"
    }
  },
  "unlocked-field-ref": {
    "found": "static PyObject *button_get_label(Button *self, void *Py_UNUSED(closure))\n{\n    return Py_NewRef(self->label);  /* found here */\n}",
    "fixed": {
      "code": "static PyObject *button_get_label(Button *self, void *Py_UNUSED(closure))\n{\n    PyObject *result;\n    Py_BEGIN_CRITICAL_SECTION(self);\n    result = Py_NewRef(self->label);\n    Py_END_CRITICAL_SECTION();\n    return result;\n}",
      "level": "safe"
    }
  },
  "unlocked-instance-state": {
    "found": "static PyObject *counter_add(Counter *self, PyObject *arg)  /* found here */\n{\n    long n = PyLong_AsLong(arg);\n\n    if (n == -1 && PyErr_Occurred())\n        return NULL;\n    self->value += n;\n    if (self->value > self->limit)\n        self->value = self->limit;\n    return PyLong_FromLong(self->value);\n}",
    "fixed": {
      "code": "static PyObject *counter_add(Counter *self, PyObject *arg)\n{\n    long n = PyLong_AsLong(arg);\n    PyObject *result;\n\n    if (n == -1 && PyErr_Occurred())\n        return NULL;\n    Py_BEGIN_CRITICAL_SECTION(self);\n    self->value += n;\n    if (self->value > self->limit)\n        self->value = self->limit;\n    result = PyLong_FromLong(self->value);\n    Py_END_CRITICAL_SECTION();\n    return result;\n}",
      "level": "safe"
    }
  },
  "unlocked-item-store": {
    "found": "static PyObject *board_put(Board *self, PyObject *args)\n{\n    PyObject *value;\n    unsigned int slot;\n\n    if (!PyArg_ParseTuple(args, \"IO\", &slot, &value) || slot >= 4)\n        return NULL;\n    PyList_SET_ITEM(self->slots, slot, Py_NewRef(value));  /* found here */\n    Py_RETURN_NONE;\n}",
    "fixed": {
      "code": "static PyObject *board_put(Board *self, PyObject *args)\n{\n    PyObject *value;\n    unsigned int slot;\n\n    if (!PyArg_ParseTuple(args, \"IO\", &slot, &value) || slot >= 4)\n        return NULL;\n    PyList_SetItem(self->slots, slot, Py_NewRef(value));\n    Py_RETURN_NONE;\n}",
      "level": "review"
    }
  },
  "unlocked-sequence-fast": {
    "found": "static PyObject *model_apply(Model *self, PyObject *Py_UNUSED(ignored))\n{\n    PyObject *fast = PySequence_Fast(self->weights, \"weights must be a sequence\"), *first = NULL;\n\n    if (fast == NULL)\n        return NULL;\n    if (PySequence_Fast_GET_SIZE(fast) > 0) {\n        first = PySequence_Fast_GET_ITEM(fast, 0);  /* found here */\n        Py_INCREF(first);\n    }\n    Py_DECREF(fast);\n    return first != NULL ? first : Py_NewRef(Py_None);\n}",
    "fixed": {
      "code": "static PyObject *model_apply(Model *self, PyObject *Py_UNUSED(ignored))\n{\n    PyObject *fast = PySequence_Tuple(self->weights), *first = NULL;\n\n    if (fast == NULL)\n        return NULL;\n    if (PySequence_Fast_GET_SIZE(fast) > 0) {\n        first = PySequence_Fast_GET_ITEM(fast, 0);\n        Py_INCREF(first);\n    }\n    Py_DECREF(fast);\n    return first != NULL ? first : Py_NewRef(Py_None);\n}",
      "level": "review"
    }
  },
  "alloc-while-detached": {
    "found": "static PyObject *fill(PyObject *Py_UNUSED(module), PyObject *arg)\n{\n    size_t n = PyLong_AsSize_t(arg);\n    char *block = PyMem_Malloc(n + 1);\n    PyThreadState *state;\n    long sum = 0;\n\n    if (block == NULL)\n        return PyErr_NoMemory();\n    state = PyEval_SaveThread();\n    memset(block, 1, n + 1);\n    sum = block[n];\n    PyMem_Free(block);  /* found here */\n    PyEval_RestoreThread(state);\n    return PyLong_FromLong(sum);\n}",
    "fixed": {
      "code": "static PyObject *fill(PyObject *Py_UNUSED(module), PyObject *arg)\n{\n    size_t n = PyLong_AsSize_t(arg);\n    char *block = PyMem_RawMalloc(n + 1);\n    PyThreadState *state;\n    long sum = 0;\n\n    if (block == NULL)\n        return PyErr_NoMemory();\n    state = PyEval_SaveThread();\n    memset(block, 1, n + 1);\n    sum = block[n];\n    PyMem_RawFree(block);\n    PyEval_RestoreThread(state);\n    return PyLong_FromLong(sum);\n}",
      "level": "safe"
    }
  },
  "legacy-allocator": {
    "found": "static PyObject *deleted(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))\n{\n    void *block = PyMem_Malloc(4);\n\n    PyMem_Del(block);  /* found here */\n    Py_RETURN_NONE;\n}",
    "fixed": {
      "code": "static PyObject *deleted(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))\n{\n    void *block = PyMem_Malloc(4);\n\n    PyMem_Free(block);\n    Py_RETURN_NONE;\n}",
      "level": "safe"
    }
  },
  "mismatched-free": {
    "found": "void sample_close(Document *doc)\n{\n    free(doc->cells);  /* found here */\n    doc->cells = NULL;\n}",
    "fixed": {
      "code": "void sample_close(Document *doc)\n{\n    PyMem_Free(doc->cells);\n    doc->cells = NULL;\n}",
      "level": "safe"
    }
  },
  "object-domain-buffer": {
    "found": "static int workspace_init(Workspace *work, Py_ssize_t n)\n{\n    work->values = PyObject_Calloc(n, sizeof(double));  /* found here */\n    work->order = PyObject_MALLOC(n * sizeof(int));  /* found here */\n    return work->values == NULL || work->order == NULL ? -1 : 0;\n}",
    "fixed": {
      "code": "static int workspace_init(Workspace *work, Py_ssize_t n)\n{\n    work->values = PyMem_Calloc(n, sizeof(double));\n    work->order = PyMem_Malloc(n * sizeof(int));\n    return work->values == NULL || work->order == NULL ? -1 : 0;\n}",
      "level": "safe"
    }
  },
  "object-outside-domain": {
    "found": "static Cell *cell_allocate(void)\n{\n    PyObject *object = PyMem_RawCalloc(1, sizeof(Cell));  /* found here */\n\n    return object == NULL ? NULL : (Cell *)PyObject_Init(object, Cell_Type);\n}",
    "good": "static PyObject *init(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))\n{\n    PyObject *object = PyObject_Calloc(1, sizeof(Cell));\n\n    return object == NULL ? PyErr_NoMemory() : PyObject_Init(object, Cell_Type);\n}"
  },
  "framework-gil-undeclared": {
    "found": "PYBIND11_MODULE(calculator, m)  /* found here */\n{\n    m.doc() = \"Adds.\";\n    m.def(\"add\", &add);\n}",
    "fixed": {
      "code": "PYBIND11_MODULE(calculator, m, py::mod_gil_not_used())\n{\n    m.doc() = \"Adds.\";\n    m.def(\"add\", &add);\n}",
      "level": "safe"
    }
  },
  "gil-call-missing": {
    "found": "PyMODINIT_FUNC\nPyInit_plain(void)\n{\n    return PyModule_Create(&definition);  /* found here */\n}",
    "fixed": {
      "code": "PyMODINIT_FUNC\nPyInit_plain(void)\n{\n    PyObject *module = PyModule_Create(&definition);\n#ifdef Py_GIL_DISABLED\n    if (module != NULL) {\n        PyUnstable_Module_SetGIL(module, Py_MOD_GIL_NOT_USED);\n    }\n#endif\n    return module;\n}",
      "level": "safe"
    }
  },
  "gil-declared-used": {
    "found": "PyMODINIT_FUNC PyInit_call(void)\n{\n    PyObject *module = PyModule_Create(&definition);\n\n    if (module == NULL)\n        return NULL;\n#ifdef Py_GIL_DISABLED\n    PyUnstable_Module_SetGIL(module, Py_MOD_GIL_USED);  /* found here */\n#endif\n    return module;\n}"
  },
  "gil-slot-missing": {
    "found": "static PyModuleDef_Slot slots[] = {  /* found here */\n    {Py_mod_exec, module_exec},\n    {0, NULL},\n};",
    "fixed": {
      "code": "static PyModuleDef_Slot slots[] = {\n    {Py_mod_exec, module_exec},\n#ifdef Py_GIL_DISABLED\n    {Py_mod_gil, Py_MOD_GIL_NOT_USED},\n#endif\n    {0, NULL},\n};",
      "level": "safe"
    }
  },
  "gil-slot-unguarded": {
    "found": "static PyModuleDef_Slot slots[] = {\n    {Py_mod_gil, Py_MOD_GIL_NOT_USED},  /* found here */\n    {0, NULL},\n};",
    "fixed": {
      "code": "static PyModuleDef_Slot slots[] = {\n#ifdef Py_GIL_DISABLED\n    {Py_mod_gil, Py_MOD_GIL_NOT_USED},\n#endif\n    {0, NULL},\n};",
      "level": "safe"
    }
  },
  "limited-api-conflict": {
    "found": "#define Py_LIMITED_API 0x030d0000  /* found here */\n#include <Python.h>"
  },
  "module-state-global": {
    "found": "static struct PyModuleDef definition = {\n    PyModuleDef_HEAD_INIT,\n    .m_name = \"designated\",\n    .m_size = -1,\n    .m_methods = methods,\n};\n\nPyMODINIT_FUNC PyInit_designated(void)\n{\n    PyObject *module = PyModule_Create(&definition);  /* found here */\n\n    if (module == NULL)\n        return NULL;\n#ifdef Py_GIL_DISABLED\n    PyUnstable_Module_SetGIL(module, Py_MOD_GIL_NOT_USED);\n#endif\n    return module;\n}"
  },
  "api-while-detached": {
    "found": "static PyObject *reader_lines(Reader *self, PyObject *arg)\n{\n    char buffer[512];\n    PyThreadState *state = PyEval_SaveThread();\n\n    while (read(self->fd, buffer, sizeof(buffer)) > 0)\n        Py_XDECREF(PyObject_CallOneArg(self->on_line, arg));  /* found here */\n    PyEval_RestoreThread(state);\n    Py_RETURN_NONE;\n}",
    "good": "static PyObject *reader_call(Reader *self, PyObject *arg)\n{\n    char buffer[512];\n    PyObject *result = NULL;\n\n    Py_BEGIN_ALLOW_THREADS\n    if (read(self->fd, buffer, sizeof(buffer)) > 0) {\n        Py_BLOCK_THREADS\n        result = PyObject_CallOneArg(self->on_line, arg);\n        Py_UNBLOCK_THREADS\n    }\n    Py_END_ALLOW_THREADS\n    return result != NULL || PyErr_Occurred() ? result : Py_NewRef(Py_None);\n}"
  },
  "blocking-while-attached": {
    "found": "PyObject *guard(PyObject *, PyObject *arg)\n{\n    const std::lock_guard<std::mutex> guard(cache_mutex);  /* found here */\n    return PyObject_Str(arg);\n}",
    "good": "PyObject *try(PyObject *, PyObject *arg)\n{\n    std::unique_lock<std::mutex> lock(cache_mutex, std::try_to_lock);\n\n    return lock.owns_lock() ? PyObject_Str(arg) : Py_NewRef(Py_None);\n}"
  },
  "cached-thread-state": {
    "found": "void sample_before_wait(void)\n{\n    library_state = PyEval_SaveThread();  /* found here */\n}",
    "good": "static PyObject *local(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))\n{\n    PyThreadState *state = PyEval_SaveThread();\n    int event = sample_wait();\n\n    PyEval_RestoreThread(state);\n    return PyLong_FromLong(event);\n}"
  },
  "detached-escape": {
    "found": "static PyObject *saved(PyObject *Py_UNUSED(module), PyObject *arg)\n{\n    int fd = PyLong_AsInt(arg);\n    PyThreadState *state = PyEval_SaveThread();\n\n    if (fsync(fd) != 0)\n        return NULL;  /* found here */\n    PyEval_RestoreThread(state);\n    Py_RETURN_NONE;\n}",
    "fixed": {
      "code": "static PyObject *saved(PyObject *Py_UNUSED(module), PyObject *arg)\n{\n    int fd = PyLong_AsInt(arg);\n    PyThreadState *state = PyEval_SaveThread();\n\n    if (fsync(fd) != 0) {\n        PyEval_RestoreThread(state);\n        return NULL;\n    }\n    PyEval_RestoreThread(state);\n    Py_RETURN_NONE;\n}",
      "level": "safe"
    }
  },
  "foreign-frame": {
    "found": "static PyObject *all_frames(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))\n{\n    return _PyThread_CurrentFrames();  /* found here */\n}",
    "good": "static PyObject *own_frame(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))\n{\n    PyFrameObject *frame = PyThreadState_GetFrame(PyThreadState_Get());\n\n    return frame != NULL ? (PyObject *)frame : Py_NewRef(Py_None);\n}"
  },
  "gil-as-lock": {
    "found": "void sample_enter(void)\n{\n    PyEval_AcquireLock();  /* found here */\n    sample_add_to_queue(1);\n}",
    "good": "void sample_deliver(void *context, int value)\n{\n    Listener *listener = context;\n    PyGILState_STATE state = PyGILState_Ensure();\n    PyObject *result = PyObject_CallFunction(listener->callback, \"i\", value);\n\n    if (result == NULL)\n        PyErr_WriteUnraisable(listener->callback);\n    Py_XDECREF(result);\n    PyGILState_Release(state);\n}"
  }
};
