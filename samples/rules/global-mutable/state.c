/* ungil-sample: fix=review */
#include <Python.h>

#include <stdatomic.h>
#include <string.h>

static long calls = 0;  /* expect: global-mutable */
static char message[128];  /* expect: global-mutable */
static struct {
    unsigned long hits, misses;
} statistics;  /* expect: global-mutable */
static unsigned int random_state = 12345;  /* expect: global-mutable */
static unsigned char translate[256];  /* expect: global-mutable */

#define POOL_SIZE 16
typedef struct node {
    struct node *next;
    double value;
} Node;
static Node *pool = NULL;  /* expect: global-mutable */

static const char *const month_names[] = {"Jan", "Feb", "Mar"};
static int crc_table[256];                      /* filled by the exec function */
static atomic_long atomic_calls;
static _Atomic(int) verbose = 0;
static _Thread_local char thread_message[128];
static long locked_count;
static PyMutex count_lock;
static int never_written = 3;

#define COUNT(what) (statistics.what++)

static PyObject *call_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    calls++;
    return PyObject_CallNoArgs(arg);
}

static PyObject *explain_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyOS_snprintf(message, sizeof(message), "unexpected %.80s", Py_TYPE(arg)->tp_name);
    PyErr_SetString(PyExc_TypeError, message);
    return NULL;
}

static PyObject *look_bad(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *dict, *key, *value;

    if (!PyArg_ParseTuple(args, "OO", &dict, &key))
        return NULL;
    value = PyObject_GetItem(dict, key);
    if (value != NULL)
        statistics.hits++;
    else
        COUNT(misses);
    return value;
}

static unsigned int next_random(void)
{
    random_state = random_state * 1103515245u + 12345u;
    return random_state >> 16;
}

static PyObject *random_bad(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    return PyLong_FromUnsignedLong(next_random() + (random_state & 1));
}

static PyObject *translate_bad(PyObject *Py_UNUSED(module), PyObject *args)
{
    int from, to;

    if (!PyArg_ParseTuple(args, "ii", &from, &to))
        return NULL;
    translate[from & 255] = (unsigned char)to;
    Py_RETURN_NONE;
}

static PyObject *pooled_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    Node *node = pool;
    double value = PyFloat_AsDouble(arg);

    if (node != NULL)
        pool = node->next;
    else
        node = PyMem_Malloc(sizeof(Node));
    if (node == NULL)
        return PyErr_NoMemory();
    node->value = value * 2;
    value = node->value;
    node->next = pool;
    pool = node;
    return PyFloat_FromDouble(value);
}

static PyObject *buffer_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    static char digits[32];  /* expect: global-mutable */
    long n = PyLong_AsLong(arg);

    sprintf(digits, "%lx", (unsigned long)n);
    return PyUnicode_FromString(digits);
}

static PyObject *serial_bad(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    static unsigned long serial = 0;  /* expect: global-mutable */

    return PyLong_FromUnsignedLong(++serial);
}

static PyObject *count_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    atomic_fetch_add(&atomic_calls, 1);
    verbose = 1;
    return PyLong_FromLong(atomic_load(&atomic_calls));
}

static PyObject *locked_ok(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    long n;

    PyMutex_Lock(&count_lock);
    n = ++locked_count;
    PyMutex_Unlock(&count_lock);
    return PyLong_FromLong(n);
}

static PyObject *thread_message_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyOS_snprintf(thread_message, sizeof(thread_message), "%zd items", PyObject_Length(arg));
    return PyUnicode_FromString(thread_message);
}

static PyObject *month_ok(PyObject *Py_UNUSED(module), PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = {"month", "offset", NULL};
    static const int days[] = {31, 28, 31};
    int month, offset = never_written;

    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "i|i", keywords, &month, &offset))
        return NULL;
    return Py_BuildValue("(sii)", month_names[month % 3], days[month % 3], crc_table[offset & 255]);
}

static PyObject *local_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    char text[64];
    int calls = 0;

    memset(text, 0, sizeof(text));
    for (long n = PyLong_AsLong(arg); n > 0 && calls < 63; n /= 10)
        text[calls++] = '0';
    return PyUnicode_FromStringAndSize(text, calls);
}

static void fill_table(void)
{
    for (int i = 0; i < 256; i++) {
        int value = i;

        for (int bit = 0; bit < 8; bit++)
            value = value & 1 ? (value >> 1) ^ 0x6db8 : value >> 1;
        crc_table[i] = value;
    }
}

static int sample_exec(PyObject *Py_UNUSED(module))
{
    fill_table();
    return 0;
}

static PyMethodDef sample_methods[] = {
    {"call", call_bad, METH_O, NULL},
    {"explain", explain_bad, METH_O, NULL},
    {"look", look_bad, METH_VARARGS, NULL},
    {"random", random_bad, METH_NOARGS, NULL},
    {"translate", translate_bad, METH_VARARGS, NULL},
    {"pooled", pooled_bad, METH_O, NULL},
    {"buffer", buffer_bad, METH_O, NULL},
    {"serial", serial_bad, METH_NOARGS, NULL},
    {"count", count_ok, METH_NOARGS, NULL},
    {"locked", locked_ok, METH_NOARGS, NULL},
    {"thread_message", thread_message_ok, METH_O, NULL},
    {"month", (PyCFunction)(void (*)(void))month_ok, METH_VARARGS | METH_KEYWORDS, NULL},
    {"local", local_ok, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot sample_slots[] = {
    {Py_mod_exec, sample_exec},
#ifdef Py_GIL_DISABLED
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static struct PyModuleDef sample_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "sample",
    .m_methods = sample_methods,
    .m_slots = sample_slots,
};

PyMODINIT_FUNC
PyInit_sample(void)
{
    return PyModuleDef_Init(&sample_module);
}
