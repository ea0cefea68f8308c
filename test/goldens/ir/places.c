struct inner { int n; int grid[4][4]; };
struct outer { struct inner in; struct inner *link; char buf[16]; char *text; struct { int a; } anon; struct inner many[3]; };
static int table[8];
static struct outer shared;
static int *dynamic;

void store_all(struct outer *o, int i)
{
    struct outer local;
    int arr[4];
    o->in.n = 1;
    o->link->n = 2;
    o->buf[i] = 3;
    o->text[i] = 4;
    o->anon.a = 5;
    o->many[i].n = 6;
    o->in.grid[i][2] = 7;
    local.in.n = 8;
    local.link->n = 9;
    arr[i] = 10;
    *o->text = 11;
    (*o).in.n = 12;
    (&local)->in.n = 13;
    table[i] = 14;
    shared.in.n = 15;
    dynamic[i] = 16;
    *dynamic++ = 17;
    o->in.n += 18;
    o->in.n++;
    shared.buf[0]--;
}

void addresses(struct outer *o, int i)
{
    take(&o->in, &o->in.n, &o->buf[i], o->buf, &o->text[i], o->text, &table[i], table, &shared, &shared.in.n, &i, &*o);
}

struct inner copied(struct outer *o)
{
    struct inner tmp = o->in;
    struct inner *p = &o->in;
    *p = tmp;
    return make(o).in;
}
