import { describe, expect, it } from "vitest";
import { fixTexts } from "../../../fixes/fix-text.ts";

const TEXT = `#include <Python.h>

typedef struct { PyObject_HEAD double x; } Point;

static Point *free_points[8];
static int numfree = 0;

static PyObject *
point_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    Point *self;

    if (numfree > 0) {
        if (PyObject_IsTrue(args) < 0)
            return NULL;
        self = free_points[--numfree];
        _Py_NewReference((PyObject *)self);
    }
    else {
        self = PyObject_New(Point, type);
    }
    return (PyObject *)self;
}

static void
point_dealloc(PyObject *self)
{
    if (numfree < 8) {
        free_points[numfree++] = (Point *)self;
        return;
    }
    PyObject_Free(self);
}

static PyTypeObject Point_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "m.Point",
    .tp_basicsize = sizeof(Point),
    .tp_new = point_new,
    .tp_dealloc = point_dealloc,
};
`;

async function fixed(text: string) {
  const { texts, applied } = await fixTexts(
    { "m.c": text },
    { level: "review", select: ["global-object", "global-mutable"], minPython: 13 },
  );
  return { text: texts["m.c"], titles: applied.map((a) => a.title) };
}

describe("freeListFix", () => {
  it("switches a list off that no lock can go around", async () => {
    const { text, titles } = await fixed(TEXT);
    expect(titles).toEqual([expect.stringContaining("do without the free list")]);
    expect(text).toContain(`    }
    else
#endif
    {
        self = PyObject_New(Point, type);
    }`);
    expect(text).toContain(`#ifndef Py_GIL_DISABLED
    if (numfree < 8) {
        free_points[numfree++] = (Point *)self;
        return;
    }
#endif
    PyObject_Free(self);`);
    expect(text).toContain("#ifndef Py_GIL_DISABLED\nstatic int numfree = 0;\n#endif\n");
  });

  it("leaves a list alone that is used without a test", async () => {
    const { titles } = await fixed(TEXT.replace("PyObject_Free(self);", "PyObject_Free(self);\n    numfree += 2;"));
    expect(titles.filter((t) => t.includes("do without"))).toEqual([]);
  });
});
