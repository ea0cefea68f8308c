#ifndef EVENTDECK_H
#define EVENTDECK_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <pythread.h>

/* A fixed-size ring of events. An event is the tuple (serial, name, payload). */
typedef struct {
    PyObject_HEAD
    PyObject *slots;            /* list of `capacity` entries, None where empty */
    PyObject *index;            /* name -> slot of the newest event of that name */
    PyObject *counts;           /* name -> how many were ever appended */
    PyObject *subscribers;      /* list of callables */
    PyObject *on_evict;         /* callable or NULL */
    PyObject *label;            /* str */
    Py_ssize_t capacity;
    Py_ssize_t head;            /* slot of the oldest event */
    Py_ssize_t length;
    unsigned long long serial;
    int notifying;
} StoreObject;

extern PyTypeObject Store_Type;
extern PyTypeObject Cursor_Type;
extern PyTypeObject Packet_Type;
extern PyTypeObject Journal_Type;

#define Store_Check(op) PyObject_TypeCheck(op, &Store_Type)

/* Slot of the i-th oldest event. */
#define STORE_SLOT(self, i) (((self)->head + (i)) % (self)->capacity)
#define STORE_EVENT(self, i) PyList_GET_ITEM((self)->slots, STORE_SLOT(self, i))

/* cursor.c */
PyObject *cursor_new(StoreObject *store);
void cursor_clear_pool(void);

/* helpers.c */
PyObject *deck_find(PyObject *mapping, const char *key);
int deck_option_ssize(PyObject *options, const char *key, Py_ssize_t *out);
int deck_bump(PyObject *counts, PyObject *key);
int deck_init_tags(PyObject *module);
PyObject *deck_intern_tag(PyObject *module, PyObject *tag);
PyObject *deck_pluck(PyObject *module, PyObject *args);
PyObject *deck_count_by(PyObject *module, PyObject *args);
PyObject *deck_rows(PyObject *module, PyObject *args);
void deck_warn(const char *text);

/* parse.c */
PyObject *deck_parse_line(PyObject *module, PyObject *arg);
PyObject *deck_stamp(PyObject *module, PyObject *arg);

#endif
