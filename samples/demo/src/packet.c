#include "eventdeck.h"

/* A growable block of bytes with the buffer protocol. It refuses to grow while
   somebody holds a view of it. */

typedef struct {
    PyObject_HEAD
    char *data;
    Py_ssize_t used;
    Py_ssize_t room;
    int exports;
} PacketObject;

static int
packet_reserve(PacketObject *self, Py_ssize_t extra)
{
    Py_ssize_t room;
    char *data;

    if (extra > PY_SSIZE_T_MAX / 2 - self->used) {
        PyErr_NoMemory();
        return -1;
    }
    if (self->used + extra <= self->room)
        return 0;
    if (self->exports > 0) {
        PyErr_SetString(PyExc_BufferError, "packet is exported and cannot grow");
        return -1;
    }
    room = (self->used + extra) * 3 / 2 + 16;
    data = PyObject_Realloc(self->data, (size_t)room);
    if (data == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    self->data = data;
    self->room = room;
    return 0;
}

static PyObject *
packet_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    static char *keywords[] = {"room", NULL};
    Py_ssize_t room = 16;
    PacketObject *self;

    if (!PyArg_ParseTupleAndKeywords(args, kwds, "|n:Packet", keywords, &room))
        return NULL;
    if (room < 1) {
        PyErr_SetString(PyExc_ValueError, "room must be positive");
        return NULL;
    }
    self = (PacketObject *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->data = PyObject_Malloc((size_t)room);
    if (self->data == NULL) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    self->room = room;
    return (PyObject *)self;
}

static void
packet_dealloc(PacketObject *self)
{
    PyObject_Free(self->data);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyObject *
packet_write(PacketObject *self, PyObject *arg)
{
    Py_buffer view;

    if (PyObject_GetBuffer(arg, &view, PyBUF_SIMPLE) < 0)
        return NULL;
    if (packet_reserve(self, view.len) < 0) {
        PyBuffer_Release(&view);
        return NULL;
    }
    memcpy(self->data + self->used, view.buf, (size_t)view.len);
    self->used += view.len;
    PyBuffer_Release(&view);
    return PyLong_FromSsize_t(self->used);
}

static PyObject *
packet_checksum(PacketObject *self, PyObject *Py_UNUSED(ignored))
{
    unsigned long sum = 5381;
    Py_ssize_t i;

    Py_BEGIN_ALLOW_THREADS
    for (i = 0; i < self->used; i++)
        sum = sum * 33 + (unsigned char)self->data[i];
    Py_END_ALLOW_THREADS
    return PyLong_FromUnsignedLong(sum);
}

static PyObject *
packet_tobytes(PacketObject *self, PyObject *Py_UNUSED(ignored))
{
    return PyBytes_FromStringAndSize(self->data, self->used);
}

static Py_ssize_t
packet_length(PacketObject *self)
{
    return self->used;
}

static int
packet_getbuffer(PacketObject *self, Py_buffer *view, int flags)
{
    if (PyBuffer_FillInfo(view, (PyObject *)self, self->data, self->used, 0, flags) < 0)
        return -1;
    self->exports++;
    return 0;
}

static void
packet_releasebuffer(PacketObject *self, Py_buffer *Py_UNUSED(view))
{
    self->exports--;
}

static PyMethodDef packet_methods[] = {
    {"write", (PyCFunction)packet_write, METH_O, "write(data) -> bytes used"},
    {"checksum", (PyCFunction)packet_checksum, METH_NOARGS, "checksum() -> int"},
    {"tobytes", (PyCFunction)packet_tobytes, METH_NOARGS, "tobytes() -> bytes"},
    {NULL, NULL, 0, NULL},
};

static PySequenceMethods packet_as_sequence = {
    .sq_length = (lenfunc)packet_length,
};

static PyBufferProcs packet_as_buffer = {
    .bf_getbuffer = (getbufferproc)packet_getbuffer,
    .bf_releasebuffer = (releasebufferproc)packet_releasebuffer,
};

PyTypeObject Packet_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "eventdeck._deck.Packet",
    .tp_doc = "Packet(room=16)",
    .tp_basicsize = sizeof(PacketObject),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = packet_new,
    .tp_dealloc = (destructor)packet_dealloc,
    .tp_methods = packet_methods,
    .tp_as_sequence = &packet_as_sequence,
    .tp_as_buffer = &packet_as_buffer,
};
