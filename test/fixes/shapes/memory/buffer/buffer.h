#include <Python.h>

typedef struct {
    char *data;
    Py_ssize_t size;
} Buffer;

int buffer_init(Buffer *buffer, Py_ssize_t size);
int buffer_grow(Buffer *buffer, Py_ssize_t size);
