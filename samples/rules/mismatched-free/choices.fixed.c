#include <Python.h>

#include <stdlib.h>
#include <string.h>

/* Which release fits is known at run time only, or not at all. */

typedef struct {
    char *text;
    int borrowed;
    int from_library;
    double *cells;
} Document;

extern char *sample_render(int page);

int sample_open(Document *doc, size_t n)
{
    doc->cells = PyMem_Calloc(n, sizeof(double));
    return doc->cells == NULL ? -1 : 0;
}

void sample_close_bad(Document *doc)
{
    PyMem_Free(doc->cells);  /* expect: mismatched-free */
    doc->cells = NULL;
}

int sample_load_ok(Document *doc, const char *text)
{
    doc->text = PyMem_Malloc(strlen(text) + 1);
    if (doc->text == NULL)
        return -1;
    strcpy(doc->text, text);
    return 0;
}

void sample_page_ok(Document *doc, int page)
{
    doc->text = sample_render(page);
    doc->from_library = 1;
}

void sample_drop_ok(Document *doc)
{
    if (doc->from_library)
        free(doc->text);
    else
        PyMem_Free(doc->text);
    doc->text = NULL;
}
