#define BOX(o) ((Box *)(o))
#define GETITEM PyList_GET_ITEM
#define EMPTY_ATTRIBUTE
#define CHECK(x) do { if ((x) == NULL) { goto error; } } while (0)
#define RETURN_IF(cond, value) if (cond) { return value; }
#define MAX_ITEMS 16
#define IS_FULL(b) ((b)->count >= MAX_ITEMS && !(b)->growing)
#define LOCK(self) Py_BEGIN_CRITICAL_SECTION(self)
#define UNLOCK() Py_END_CRITICAL_SECTION()
#define LOCKED(code) do { PyMutex_Lock(&global_mutex); code; PyMutex_Unlock(&global_mutex); } while (0)
#define EACH(i, n) for (int i = 0; i < (n); i++)
#define BEGIN_SECTION(o) Py_BEGIN_CRITICAL_SECTION(o); { int held = 1;
#define END_SECTION() } Py_END_CRITICAL_SECTION()
#define SELF_REFERENCE(x) SELF_REFERENCE(x + 1)
#define LOG(...) write_log(__FILE__, __VA_ARGS__)
#define SWAP(T, a, b) { T tmp = a; a = b; b = tmp; }
#define BITS(x, mask) ((x) & (mask))
#define LIMITS { 1, MAX_ITEMS }

PyObject *wrapped(PyObject *self, PyObject *list, int i)
{
    PyObject *item = GETITEM(BOX(self)->list, i);
    CHECK(item);
    RETURN_IF(item == list, NULL)
    if (IS_FULL(BOX(self)))
        return NULL;
    return item;
error:
    return NULL;
}

void locked(PyObject *self)
{
    int limits[] = LIMITS;
    LOCK(self);
    BOX(self)->count++;
    UNLOCK();
    LOCKED(counter += limits[0]);
    BEGIN_SECTION(self)
    use(held);
    END_SECTION();
}

int loops(int n, int a, int b)
{
    EACH(k, n) {
        if (k == a)
            break;
        use(k);
    }
    EACH(k, n)
        use(k);
    SWAP(int, a, b)
    LOG("%d", a);
    LOG("none");
    return SELF_REFERENCE(n) + BITS(a, b) + UNKNOWN_MACRO(a, unsigned int);
}

#define TRACE(s, ARGS) do { if (s->trace) run(Py_BuildValue ARGS); } while (0)
#define COMPARE(a, op, b) ((a) op (b))

int alternatives(struct box *self, int x)
{
    TRACE(self, ("(sN)", "set", PyUnicode_FromFormat("%d", x)));
    if (COMPARE(x, <, 3))
        return 2;
#ifdef HAVE_FAST
    if (x)
        return fast(x);
    else
        return 3;
#elif defined(HAVE_SLOW)
    return slow(x);
#else
    prepare(x);
    return 4;
#endif
}
