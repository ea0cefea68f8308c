struct pair { PyObject *a; int n; struct { int x; int y; } at; };

void locals(PyObject *o, int k)
{
    int zero[4] = {0};
    struct pair p = { o, k };
    struct pair q = { .n = k, .at = { .x = 1, .y = k }, .at.y = 2 };
    PyObject *list[] = { o, NULL, [3] = o };
    char text[] = "abc";
    const char *kw[] = { "a", "b", NULL };
    int vla[count(k)];
    take(&(struct pair){ .a = o }, (int[]){ k, 2 });
    *target() = (struct pair){ o, 1 };
}

PyObject *counter(void)
{
    static PyObject *cache = NULL;
    static int calls, limits[] = { 1, 2 };
    static const char *const names[] = { "x", NULL };
    extern int elsewhere;
    int local_prototype(int);
    if (cache == NULL)
        cache = PyDict_New();
    calls++;
    limits[0] = elsewhere + local_prototype(1);
    return use(names, cache);
}
