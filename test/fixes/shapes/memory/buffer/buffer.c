/* Memory for data from the allocator of objects: allocated and grown here, released in another file. */
#include "buffer.h"

int
buffer_init(Buffer *buffer, Py_ssize_t size)
{
    buffer->data = PyObject_Malloc(size);  /* fix: safe */
    if (buffer->data == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    buffer->size = size;
    return 0;
}

int
buffer_grow(Buffer *buffer, Py_ssize_t size)
{
    char *data = PyObject_Realloc(buffer->data, size);
    if (data == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    buffer->data = data;
    buffer->size = size;
    return 0;
}
