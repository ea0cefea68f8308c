import { describe, expect, it } from "vitest";
import detached from "../../../../rules/memory/alloc-while-detached.ts";
import legacy from "../../../../rules/memory/legacy-allocator.ts";
import mismatched from "../../../../rules/memory/mismatched-free.ts";
import buffer from "../../../../rules/memory/object-domain-buffer.ts";
import type { AnyRule } from "../../../../src/rule-api/define-rule.ts";
import { fixTexts } from "../../../fixes/fix-text.ts";

const HEAD = "#include <Python.h>\n#include <string.h>\n\n";

async function check(rule: AnyRule, files: Record<string, string>, replaced: [string, string][]) {
  const { texts, applied } = await fixTexts(files, { rules: [rule] });
  for (const [name, text] of Object.entries(files)) {
    expect(texts[name]).toBe(replaced.reduce((t, [from, to]) => t.replaceAll(from, to), text));
  }
  expect(applied.map((a) => a.level)).not.toEqual([]);
  expect(new Set(applied.map((a) => a.level))).toEqual(new Set(["safe"]));
}

async function withheld(rule: AnyRule, text: string) {
  const { files, left } = await fixTexts({ "m.c": HEAD + text }, { rules: [rule] });
  expect(files).toEqual([]);
  return left[0];
}

describe("legacy-allocator", () => {
  it("gets every old name of a function at once", async () => {
    const text = `${HEAD}char *
grown(char *p, Py_ssize_t n)
{
    if (n == 0) {
        PyMem_DEL(p);
        return NULL;
    }
    PyMem_RESIZE(p, char, n);
    if (p == NULL)
        PyMem_DEL(p);
    return p;
}
`;
    await check(legacy, { "m.c": text }, [
      ["PyMem_DEL", "PyMem_Free"],
      ["PyMem_RESIZE", "PyMem_Resize"],
    ]);
  });

  it("does not take a renamed call for a new reference", async () => {
    const text = `${HEAD}typedef struct { PyObject_HEAD } Thing;
extern PyTypeObject Thing_Type;
void keep(Thing *);

void
make(void)
{
    Thing *thing = PyObject_NEW(Thing, &Thing_Type);
    if (thing != NULL)
        keep(thing);
}
`;
    await check(legacy, { "m.c": text }, [["PyObject_NEW", "PyObject_New"]]);
  });

  it("leaves macros alone", async () => {
    const text = "#define RELEASE(p) PyMem_DEL(p)\n\nvoid\ndone(char *p)\n{\n    RELEASE(p);\n}\n";
    expect(await withheld(legacy, text)).toMatchObject({ level: "manual", reason: expect.stringContaining("macro") });
  });
});

const NAMES: [string, string][] = [
  ["PyObject_Malloc", "PyMem_Malloc"],
  ["PyObject_Realloc", "PyMem_Realloc"],
  ["PyObject_Free", "PyMem_Free"],
];

describe("object-domain-buffer", () => {
  it("moves a block with everything that resizes and releases it, in other files too", async () => {
    const header = "#include <Python.h>\n\ntypedef struct {\n    char *text;\n    Py_ssize_t room;\n} Buffer;\n";
    const first = `#include "buffer.h"

int
buffer_init(Buffer *self)
{
    self->text = PyObject_Malloc(16);
    self->room = 16;
    return self->text == NULL ? -1 : 0;
}
`;
    const second = `#include "buffer.h"

static void
release(char *text)
{
    PyObject_Free(text);
}

int
buffer_grow(Buffer *self)
{
    char *larger = PyObject_Realloc(self->text, 2 * self->room);
    if (larger == NULL)
        return -1;
    self->text = larger;
    return 0;
}

void
buffer_done(Buffer *self)
{
    release(self->text);
    self->text = NULL;
}
`;
    await check(buffer, { "buffer.h": header, "a.c": first, "b.c": second }, NAMES);
  });

  it("follows a static that is given a block at once", async () => {
    const text = `${HEAD}static char *cache;

int
fill(void)
{
    cache = PyObject_Malloc(16);
    return cache == NULL ? -1 : 0;
}

void
clear(void)
{
    PyObject_Free(cache);
    cache = NULL;
}
`;
    await check(buffer, { "m.c": text }, NAMES);
  });

  it("follows a helper that gives the block back", async () => {
    const text = `${HEAD}static char *
copy_of(const char *text)
{
    char *copy = PyObject_Malloc(strlen(text) + 1);
    if (copy != NULL)
        strcpy(copy, text);
    return copy;
}

long
length(const char *text)
{
    char *copy = copy_of(text);
    long n = copy == NULL ? -1 : (long)strlen(copy);
    PyObject_Free(copy);
    return n;
}
`;
    await check(buffer, { "m.c": text }, NAMES);
  });

  it("withholds a block that is released with others", async () => {
    const text = `void *other(void);

void
use(int flag)
{
    char *p = flag ? PyObject_Malloc(16) : other();
    if (p != NULL)
        p[0] = 0;
    PyObject_Free(p);
}
`;
    expect((await withheld(buffer, text)).reason).toContain("gets a pointer from elsewhere");
  });

  it("withholds a block that escapes", async () => {
    const text = `void
give(char **out)
{
    *out = PyObject_Malloc(16);
}
`;
    expect((await withheld(buffer, text)).reason).toContain("not followed");
    const kept = `PyObject *
capsule(void)
{
    char *p = PyObject_Malloc(16);
    return p == NULL ? NULL : PyCapsule_New(p, NULL, NULL);
}
`;
    expect((await withheld(buffer, kept)).reason).toContain("`PyCapsule_New` keeps the pointer");
  });

  it("asks for a look where another library gets the pointer", async () => {
    const text = `void library_read(char *);

void
use(void)
{
    char *p = PyObject_Malloc(16);
    library_read(p);
    PyObject_Free(p);
}
`;
    expect(await withheld(buffer, text)).toMatchObject({
      level: "review",
      reason: expect.stringContaining("library_read"),
    });
  });
});

describe("mismatched-free", () => {
  it("releases with the function of the allocation", async () => {
    const text = `${HEAD}void
use(PyObject *text)
{
    wchar_t *wide = PyUnicode_AsWideCharString(text, NULL);
    free(wide);
}
`;
    await check(mismatched, { "m.c": text }, [["    free(wide)", "    PyMem_Free(wide)"]]);
  });

  it("withholds a field in which blocks of several families lie", async () => {
    const text = `typedef struct { char *text; } Line;

void
line_init(Line *self, int flag)
{
    self->text = flag ? PyMem_Malloc(16) : PyMem_RawMalloc(16);
}

void
line_done(Line *self)
{
    free(self->text);
}
`;
    expect((await withheld(mismatched, text)).reason).toContain("several families");
  });
});

describe("alloc-while-detached", () => {
  it("takes the raw family for the whole block", async () => {
    const text = `${HEAD}PyObject *
use(PyObject *self, PyObject *none)
{
    char *p = PyMem_Calloc(1, 16);
    Py_BEGIN_ALLOW_THREADS
    PyMem_Free(p);
    Py_END_ALLOW_THREADS
    Py_RETURN_NONE;
}
`;
    await check(detached, { "m.c": text }, [
      ["PyMem_Calloc", "PyMem_RawCalloc"],
      ["PyMem_Free", "PyMem_RawFree"],
    ]);
  });

  it("withholds what has no raw form", async () => {
    const text = `void
use(void)
{
    char *p;
    Py_BEGIN_ALLOW_THREADS
    p = PyMem_New(char, 16);
    PyMem_Free(p);
    Py_END_ALLOW_THREADS
}
`;
    expect((await withheld(detached, text)).reason).toContain("no counterpart");
  });
});
