import { describe, expect, it } from "vitest";
import lockLeak from "../../../../rules/locking/lock-leak.ts";
import sectionEscape from "../../../../rules/locking/section-escape.ts";
import sectionNested from "../../../../rules/locking/section-nested.ts";
import detachedEscape from "../../../../rules/thread-state/detached-escape.ts";
import type { AnyRule } from "../../../../src/rule-api/define-rule.ts";
import { fixTexts } from "../../../fixes/fix-text.ts";
import { functionIn } from "./project-text.ts";

const rules = [sectionEscape, sectionNested, lockLeak, detachedEscape] as unknown as AnyRule[];

async function fix(code: string, level: "safe" | "review" = "safe", name = "m.c") {
  const text = `#include <Python.h>\n\n${code}`;
  const result = await fixTexts({ [name]: text }, { rules, level, compat: "none", minPython: 13 });
  return { ...result, text: result.texts[name] };
}

describe("section-escape", () => {
  it("passes what is returned through a variable", async () => {
    const { text, left } = await fix(`PyObject *
f(PyObject *self, PyObject *arg)
{
    Py_BEGIN_CRITICAL_SECTION(self);
    if (arg == Py_None)
        return NULL;
    if (arg == self)
        return PyList_New(0);
    PyList_Append(self, arg);
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}
`);
    expect(left).toEqual([]);
    expect(functionIn(text, "f")).toBe(`f(PyObject *self, PyObject *arg)
{
    PyObject *result = NULL;
    int leave = 0;
    Py_BEGIN_CRITICAL_SECTION(self);
    if (arg == Py_None) {
        result = NULL;
        leave = 1;
        goto end_section;
    }
    if (arg == self) {
        result = PyList_New(0);
        leave = 1;
        goto end_section;
    }
    PyList_Append(self, arg);
    end_section:;
    Py_END_CRITICAL_SECTION();
    if (leave) {
        return result;
    }
    Py_RETURN_NONE;
}`);
  });

  it("tells ways out of different kinds apart", async () => {
    const { text } = await fix(`PyObject *
f(PyObject *self, PyObject *arg)
{
    Py_BEGIN_CRITICAL_SECTION(self);
    if (arg == Py_None)
        return NULL;
    if (arg == self)
        goto none;
    PyList_Append(self, arg);
    Py_END_CRITICAL_SECTION();
    Py_INCREF(arg);
    return arg;

none:
    Py_RETURN_NONE;
}
`);
    expect(text).toContain(
      "    if (leave == 1) {\n        return NULL;\n    }\n    if (leave == 2) {\n        goto none;\n    }\n",
    );
  });

  it("needs no flag where the code behind the section does the same", async () => {
    const { text } = await fix(`PyObject *
f(PyObject *self, PyObject *arg)
{
    Py_BEGIN_CRITICAL_SECTION(self);
    if (arg == Py_None)
        Py_RETURN_NONE;
    PyList_Append(self, arg);
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}
`);
    expect(text).toContain("        goto end_section;\n");
    expect(text).not.toContain("leave");
  });

  it("sets the flag anew in each round of a loop", async () => {
    const { text } = await fix(`PyObject *
f(PyObject *self, PyObject *arg)
{
    int i;

    for (i = 0; i < 3; i++) {
        Py_BEGIN_CRITICAL_SECTION(self);
        if (PyList_GET_SIZE(self) == 0)
            break;
        PyList_Append(self, arg);
        Py_END_CRITICAL_SECTION();
        i++;
    }
    Py_RETURN_NONE;
}
`);
    expect(text).toContain("        leave = 0;\n        Py_BEGIN_CRITICAL_SECTION(self);\n");
    expect(text).toContain("        if (leave) {\n            break;\n        }\n        i++;\n");
  });

  it("declares the variable where it is compiled whenever it is used", async () => {
    const { text } = await fix(`PyObject *
f(PyObject *self, PyObject *arg)
{
    int n;
#if PY_VERSION_HEX >= 0x030C0000
    int m = 1;
#else
    int m = 2;
#endif

    n = m;
    Py_BEGIN_CRITICAL_SECTION(self);
    if (arg == Py_None)
        return NULL;
    PyList_Append(self, arg);
    Py_END_CRITICAL_SECTION();
    return PyLong_FromLong(n);
}
`);
    expect(text).toContain("    int n;\n    int failed = 0;\n#if");
  });

  it("leaves alone what a macro leaves", async () => {
    const { text, left } = await fix(`#define CHECK(x) do { if (!(x)) return NULL; } while (0)

PyObject *
f(PyObject *self, PyObject *arg)
{
    Py_BEGIN_CRITICAL_SECTION(self);
    CHECK(arg != Py_None);
    PyList_Append(self, arg);
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}
`);
    expect(text).not.toContain("end_section");
    expect(left.map((l) => [l.level, l.reason])).toEqual([["manual", "the macro `CHECK` may leave the section"]]);
  });

  it("does not jump over an initialisation in C++", async () => {
    const code = `PyObject *f(PyObject *self, PyObject *arg)
{
    Py_BEGIN_CRITICAL_SECTION(self);
    if (arg == Py_None)
        return nullptr;
    Py_ssize_t n = PyList_GET_SIZE(self);
    PyList_Append(self, n > 0 ? arg : self);
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}
`;
    const { left } = await fix(code, "safe", "m.cpp");
    expect(left.map((l) => l.reason)).toEqual([
      "the way to the end of the section would skip the initialisation of a variable",
    ]);
  });
});

describe("detached-escape", () => {
  it("attaches before the return", async () => {
    const { text } = await fix(`PyObject *
f(PyObject *self, PyObject *arg)
{
    int n = 0;

    Py_BEGIN_ALLOW_THREADS
    n = wait_for(3);
    if (n < 0)
        return NULL;
    Py_END_ALLOW_THREADS
    return PyLong_FromLong(n);
}
`);
    expect(text).toContain("    if (n < 0) {\n        Py_BLOCK_THREADS\n        return NULL;\n    }\n");
  });
});

describe("lock-leak", () => {
  const code = (value: string) => `static PyMutex mutex;
static int state;

PyObject *
f(PyObject *self, PyObject *arg)
{
    PyMutex_Lock(&mutex);
    if (arg == Py_None)
        return ${value};
    state++;
    PyMutex_Unlock(&mutex);
    Py_RETURN_NONE;
}
`;

  it("releases before the return of an error", async () => {
    const { text, applied } = await fix(code("NULL"));
    expect(applied.map((a) => a.level)).toEqual(["safe"]);
    expect(text).toContain("    if (arg == Py_None) {\n        PyMutex_Unlock(&mutex);\n        return NULL;\n    }\n");
  });

  it("computes a result first, and is for review then", async () => {
    expect((await fix(code("PyLong_FromLong(state)"))).applied).toEqual([]);
    const { text } = await fix(code("PyLong_FromLong(state)"), "review");
    expect(text).toContain(`    if (arg == Py_None) {
        PyObject *result = PyLong_FromLong(state);
        PyMutex_Unlock(&mutex);
        return result;
    }
`);
  });
});

describe("section-nested", () => {
  const code = (between: string) => `typedef struct { PyObject_HEAD int n; } Box;

PyObject *
f(Box *self, PyObject *arg)
{
    Box *other = (Box *)arg;

    Py_BEGIN_CRITICAL_SECTION(self);
    ${between}
    Py_BEGIN_CRITICAL_SECTION(other);
    self->n += other->n;
    Py_END_CRITICAL_SECTION();
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}
`;

  it("makes one section of two", async () => {
    const { text } = await fix(code("self->n++;"), "review");
    expect(functionIn(text, "f")).toContain(`    Py_BEGIN_CRITICAL_SECTION2(self, other);
    self->n++;
    self->n += other->n;
    Py_END_CRITICAL_SECTION2();
    Py_RETURN_NONE;
`);
  });

  it("leaves them where the second object is found in the first section", async () => {
    const { left } = await fix(code("other = find(self);"), "review");
    expect(left.map((l) => l.reason)).toEqual(["`other` is set only inside of the outer section"]);
  });
});
