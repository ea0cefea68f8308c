#define NAME(x) fast_ ## x
#define HANDLER(name) static PyObject *handle_##name(PyObject *self, PyObject *arg)
#define GETTER(type, field) \
static PyObject * \
type ## _get_ ## field(type *self, void *closure) \
{ \
    return Py_XNewRef(self->field); \
}

static int NAME(one)(int a)
{
    return NAME(two)(a);
}

HANDLER(open)
{
    if (arg == NULL)
        return NULL;
    return Py_NewRef(self);
}

GETTER(Box, items)
GETTER(Box, owner)
