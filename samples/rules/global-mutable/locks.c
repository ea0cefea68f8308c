/* ungil-sample: fix=review */
#include <Python.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

/* State that is written while other threads run, and what keeps them apart. */

/* Every member is always under the lock of the struct. */
static struct {
    PyMutex lock;
    long hits;
    long misses;
} counters;

static struct {
    PyMutex lock;
    long total;
    long peak;
} leaky;  /* expect: global-mutable */

/* The lock guards the list; a node that was taken off it belongs to the thread that took it. */
typedef struct block {
    struct block *next;
    double sum;
} Block;
static Block *free_blocks;
static PyMutex free_lock;

static Block *open_blocks;  /* expect: global-mutable */

/* Filled once, whichever thread comes first. */
static double sines[64];
static pthread_once_t sines_once = PTHREAD_ONCE_INIT;

/* Filled under a lock, announced by an atomic. */
static int squares[64];
static atomic_int squares_ready;
static PyMutex squares_lock;

static const char *const units[] = {"s", "ms", "us"};
static int steps[] = {1, 60, 3600};

extern void sample_scale(const double *values, int count);

static PyObject *count_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    PyMutex_Lock(&counters.lock);
    if (arg == Py_None)
        counters.misses++;
    else
        counters.hits++;
    PyMutex_Unlock(&counters.lock);
    Py_RETURN_NONE;
}

static PyObject *add_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    long n = PyLong_AsLong(arg);

    PyMutex_Lock(&leaky.lock);
    leaky.total += n;
    PyMutex_Unlock(&leaky.lock);
    if (n > leaky.peak)
        leaky.peak = n;
    Py_RETURN_NONE;
}

static Block *take_block(void)
{
    Block *block;

    PyMutex_Lock(&free_lock);
    block = free_blocks;
    if (block != NULL)
        free_blocks = block->next;
    PyMutex_Unlock(&free_lock);
    return block != NULL ? block : malloc(sizeof(Block));
}

static void give_block(Block *block)
{
    PyMutex_Lock(&free_lock);
    block->next = free_blocks;
    free_blocks = block;
    PyMutex_Unlock(&free_lock);
}

static PyObject *sum_ok(PyObject *Py_UNUSED(module), PyObject *args)
{
    Block *block = take_block();
    double sum;

    if (block == NULL)
        return PyErr_NoMemory();
    block->sum = 0.0;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(args); i++)
        block->sum += PyFloat_AsDouble(PyTuple_GET_ITEM(args, i));
    sum = block->sum;
    give_block(block);
    return PyFloat_FromDouble(sum);
}

static PyObject *sum_bad(PyObject *Py_UNUSED(module), PyObject *arg)
{
    Block *block = open_blocks;
    double sum;

    if (block != NULL)
        open_blocks = block->next;
    else if ((block = malloc(sizeof(Block))) == NULL)
        return PyErr_NoMemory();
    sum = block->sum = PyFloat_AsDouble(arg);
    block->next = open_blocks;
    open_blocks = block;
    return PyFloat_FromDouble(sum);
}

static void fill_sines(void)
{
    for (int i = 0; i < 64; i++)
        sines[i] = i / 64.0;
}

static PyObject *sine_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    pthread_once(&sines_once, fill_sines);
    return PyFloat_FromDouble(sines[PyLong_AsLong(arg) & 63]);
}

static PyObject *square_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    if (!atomic_load(&squares_ready)) {
        PyMutex_Lock(&squares_lock);
        for (int i = 0; i < 64; i++)
            squares[i] = i * i;
        atomic_store(&squares_ready, 1);
        PyMutex_Unlock(&squares_lock);
    }
    return PyLong_FromLong(squares[PyLong_AsLong(arg) & 63]);
}

static PyObject *unit_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    static const double factors[] = {1.0, 1e3, 1e6};
    long n = PyLong_AsLong(arg);
    void *table = calloc((size_t)steps[n % 3], sizeof(double));

    sample_scale(factors, 3);
    free(table);
    return PyUnicode_FromString(units[n % 3]);
}

#if defined(_MSC_VER)
#  define PER_THREAD __declspec(thread)
#else
#  define PER_THREAD _Thread_local
#endif

static PyObject *near_ok(PyObject *Py_UNUSED(module), PyObject *arg)
{
    /*
     * The last address and what was found there. Asking again is slow, and most callers stay
     * within a page: as long as they do, the answer is the same one and we don't ask (this
     * is a guess that costs time if it is wrong)
     */
    PER_THREAD static Py_ssize_t last;
    PER_THREAD static Py_ssize_t found;
    Py_ssize_t address = PyLong_AsSsize_t(arg);

    if (address == -1 && PyErr_Occurred())
        return NULL;
    if (address / 4096 != last) {
        last = address / 4096;
        found = address % 4096;
    }
    return PyLong_FromSsize_t(found);
}

static PyMethodDef sample_methods[] = {
    {"count", count_ok, METH_O, NULL},
    {"add", add_bad, METH_O, NULL},
    {"sum_of", sum_ok, METH_VARARGS, NULL},
    {"sum_open", sum_bad, METH_O, NULL},
    {"sine", sine_ok, METH_O, NULL},
    {"square", square_ok, METH_O, NULL},
    {"unit", unit_ok, METH_O, NULL},
    {"near", near_ok, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot sample_slots[] = {
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
