#include <Python.h>

/* Newer Python API, for the Pythons that lack it. */
#if PY_VERSION_HEX < 0x030D0000 && !defined(Py_BEGIN_CRITICAL_SECTION)
#define Py_BEGIN_CRITICAL_SECTION(op) {
#define Py_END_CRITICAL_SECTION() }
#define Py_BEGIN_CRITICAL_SECTION2(a, b) {
#define Py_END_CRITICAL_SECTION2() }
#endif
/* End of newer Python API. */

namespace {

struct Document {
    PyObject_HEAD
    PyObject *title;
    PyMutex mutex;
};

int document_set_title(Document *self, PyObject *value, void *)
{
    PyObject *old;

    PyMutex_Lock(&self->mutex);
    old = self->title;
    self->title = Py_XNewRef(value);
    PyMutex_Unlock(&self->mutex);
    Py_XDECREF(old);
    return 0;
}

static PyObject *document_get_title_bad_lock_held(Document *self, void *)
{
    PyObject *title = self->title;  // expect: unlocked-field-ref

    if (title == nullptr)
        Py_RETURN_NONE;
    return Py_NewRef(title);
}

PyObject *document_get_title_bad(Document *self, void *arg1)
{
    PyObject *result;
    Py_BEGIN_CRITICAL_SECTION(self);
    result = document_get_title_bad_lock_held(self, arg1);
    Py_END_CRITICAL_SECTION();
    return result;
}

PyObject *document_upper_bad(Document *self, PyObject *)
{
    return PyObject_CallMethod(self->title, "upper", nullptr);  // expect: unlocked-field-ref
}

PyObject *document_title_ok(Document *self, PyObject *)
{
    PyMutex_Lock(&self->mutex);
    PyObject *title = Py_XNewRef(self->title);
    PyMutex_Unlock(&self->mutex);
    return title != nullptr ? title : Py_NewRef(Py_None);
}

PyObject *document_new(PyTypeObject *type, PyObject *, PyObject *)
{
    auto *self = reinterpret_cast<Document *>(type->tp_alloc(type, 0));

    if (self != nullptr)
        self->title = PyUnicode_FromString("untitled");
    return reinterpret_cast<PyObject *>(self);
}

void document_dealloc(Document *self)
{
    PyTypeObject *type = Py_TYPE(self);

    Py_XDECREF(self->title);
    type->tp_free(reinterpret_cast<PyObject *>(self));
    Py_DECREF(type);
}

PyMethodDef document_methods[] = {
    {"upper", (PyCFunction)document_upper_bad, METH_NOARGS, nullptr},
    {"title_text", (PyCFunction)document_title_ok, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

PyGetSetDef document_getset[] = {
    {"title", (getter)document_get_title_bad, (setter)document_set_title, nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

PyType_Slot document_slots[] = {
    {Py_tp_new, reinterpret_cast<void *>(document_new)},
    {Py_tp_dealloc, reinterpret_cast<void *>(document_dealloc)},
    {Py_tp_methods, document_methods},
    {Py_tp_getset, document_getset},
    {0, nullptr},
};

PyType_Spec document_spec = {"sample.Document", sizeof(Document), 0, Py_TPFLAGS_DEFAULT, document_slots};

}  // namespace
