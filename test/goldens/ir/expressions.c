int choose(int a, int b)
{
    int x = a ? b : -1;
    int y = a ?: b;
    int z = (a++, b--, a > b);
    int t = a && !b;
    return f(a ? 1 : 2, x, g(y, z), ~t);
}

PyObject *first(PyObject *seq)
{
    PyObject *item;
    if ((item = PySequence_GetItem(seq, 0)) == NULL || PyErr_Occurred())
        return NULL;
    return item;
}

size_t sizes(struct box *b)
{
    return sizeof(*next(b)) + sizeof(struct box) + offsetof(struct box, w);
}

long casts(PyObject *self, void *p)
{
    struct box *b = (struct box *)self;
    (void)p;
    (void)touch(p);
    return (long)((struct box *)p)->w + (long)b;
}

int block_value(int a)
{
    int r = ({ int t = a * 2; t + 1; });
    return r;
}

int through_pointer(int (*fn)(int), struct ops *o, int x)
{
    return fn(x) + (*fn)(x) + o->call(x) + o->table[2](x) + (getter())(x);
}

const char *strings(void)
{
    use("one" " two", L"wide", 'c', 0x10, 1.5e3, NULL);
    return "a" PRId64 "b";
}

int shadow(int n)
{
    int v = 1;
    {
        int v = 2;
        n += v;
    }
    return n + v;
}

int asked(int a)
{
    if (__builtin_expect(a == 3, 0) || Py_UNLIKELY(!a))
        return 1;
    assert(check(a));
    return 0;
}

int old_style(a, p)
    int a;
    char *p;
{
    return a + *p;
}
