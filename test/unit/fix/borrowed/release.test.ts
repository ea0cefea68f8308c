import { describe, expect, it } from "vitest";
import listItem from "../../../../rules/borrowed/borrowed-list-item.ts";
import type { AnyRule } from "../../../../src/rule-api/define-rule.ts";
import { fixTexts } from "../../../fixes/fix-text.ts";

/** The body of a function after the fix, without its indent; Python 3.13 is the oldest, so that nothing is added. */
async function fixed(body: string, head = "static PyObject *\nf(PyObject *self, PyObject *list)"): Promise<string> {
  const text = `#include <Python.h>\n\n${head}\n{\n${body}\n}\n`;
  const rules = [listItem as AnyRule];
  const { texts, left } = await fixTexts({ "m.c": text }, { rules, minPython: 13 });
  if (left.length > 0) return `${left[0].level}: ${left[0].reason}`;
  const after = texts["m.c"];
  return after.slice(after.indexOf("\n{\n") + 3, after.lastIndexOf("\n}"));
}

describe("releases", () => {
  it("follow the last use, and precede every way out before it", async () => {
    expect(
      await fixed(`    PyObject *item = PyList_GetItem(list, 0);
    if (item == NULL)
        return NULL;
    if (!PyLong_Check(item))
        return PyErr_Format(PyExc_TypeError, "no int");
    long n = PyLong_AsLong(item);
    return PyLong_FromLong(n);`),
    ).toBe(`    PyObject *item = PyList_GetItemRef(list, 0);
    if (item == NULL)
        return NULL;
    if (!PyLong_Check(item)) {
        Py_DECREF(item);
        return PyErr_Format(PyExc_TypeError, "no int");
    }
    long n = PyLong_AsLong(item);
    Py_DECREF(item);
    return PyLong_FromLong(n);`);
  });

  it("wait for the result of a return that uses the object", async () => {
    expect(
      await fixed(`    PyObject *item = PyList_GetItem(list, 0);
    if (item == NULL) {
        return NULL;
    }
    int n = 1;
    return PyNumber_Add(item, PyLong_FromLong(n));`),
    ).toContain(`    PyObject *result = PyNumber_Add(item, PyLong_FromLong(n));
    Py_DECREF(item);
    return result;`);
  });

  it("share one result variable where declarations come first", async () => {
    const text = await fixed(`    PyObject *item = PyList_GetItem(list, 0);
    if (item == NULL)
        return NULL;
    switch (PyObject_IsTrue(item)) {
    case 0:
        return PyObject_Str(item);
    case 1:
        return PyObject_Repr(item);
    }
    return NULL;`);
    expect(text.match(/PyObject \*result;/g)).toHaveLength(1);
    expect(text.match(/result = /g)).toHaveLength(2);
  });

  it("end an iteration, and precede continue and break", async () => {
    expect(
      await fixed(`    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
        PyObject *item = PyList_GetItem(list, i);
        if (item == NULL)
            return NULL;
        if (item == Py_None)
            continue;
        if (PyObject_IsTrue(item))
            break;
    }
    Py_RETURN_NONE;`),
    ).toBe(`    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
        PyObject *item = PyList_GetItemRef(list, i);
        if (item == NULL)
            return NULL;
        if (item == Py_None) {
            Py_DECREF(item);
            continue;
        }
        if (PyObject_IsTrue(item)) {
            Py_DECREF(item);
            break;
        }
        Py_DECREF(item);
    }
    Py_RETURN_NONE;`);
  });

  it("allow NULL where the code did not ask", async () => {
    expect(
      await fixed(`    PyObject *item = PyList_GetItem(list, 0);
    long n = PyLong_AsLong(item);
    return PyLong_FromLong(n);`),
    ).toContain("    Py_XDECREF(item);\n    return PyLong_FromLong(n);");
  });

  it("wait for what was got out of the object", async () => {
    expect(
      await fixed(`    PyObject *item = PyList_GetItem(list, 0);
    if (item == NULL)
        return NULL;
    const char *text = PyUnicode_AsUTF8(item);
    if (text == NULL) {
        Py_RETURN_NONE;
    }
    size_t n = strlen(text);
    return PyLong_FromSize_t(n);`),
    ).toContain("    size_t n = strlen(text);\n    Py_DECREF(item);\n    return PyLong_FromSize_t(n);");
  });

  it("are made by increments that go away", async () => {
    expect(
      await fixed(`    PyObject *item = PyList_GetItem(list, 0);
    if (item == NULL)
        return NULL;
    Py_INCREF(item);
    return item;`),
    ).toBe(`    PyObject *item = PyList_GetItemRef(list, 0);
    if (item == NULL)
        return NULL;
    return item;`);
    expect(await fixed("    return Py_XNewRef(PyList_GetItem(list, 0));")).toBe(
      "    return PyList_GetItemRef(list, 0);",
    );
  });

  it("stay where the increment is for another object as well", async () => {
    expect(
      await fixed(`    PyObject *item = PyList_GetItem(list, 0);
    if (item == NULL) {
        PyErr_Clear();
        item = self;
    }
    Py_INCREF(item);
    return item;`),
    ).toMatch(/^(manual|review): |Py_INCREF\(item\);/);
  });

  it("are not made up for a reference that is handed on", async () => {
    expect(
      await fixed(`    PyObject *item = PyList_GetItem(list, 0);
    if (item != NULL)
        ((struct keeper *)self)->last = item;
    Py_RETURN_NONE;`),
    ).toMatch(/^manual: .*handed on/);
  });

  it("leave what is got out of the object and returned to a person", async () => {
    expect(
      await fixed(
        `    PyObject *item = PyList_GetItem(list, 0);
    if (item == NULL)
        return NULL;
    return PyUnicode_AsUTF8(item);`,
        "const char *\nf(PyObject *self, PyObject *list)",
      ),
    ).toMatch(/^(review|manual): /);
  });
});

describe("what a callee gets out of the object", () => {
  const head = `static int
first(PyObject *pair, PyObject **out)
{
    *out = PyTuple_GET_ITEM(pair, 0);
    return 0;
}

static int
f(PyObject *list, PyObject **out)`;
  const lookup = "    PyObject *item = PyList_GetItem(list, 0);\n    if (item == NULL)\n        return -1;\n";

  it("is for a person to look at if the caller of the function gets it", async () => {
    expect(await fixed(`${lookup}    return first(item, out);`, head)).toMatch(/^review: `\*out` comes out of/);
  });

  it("delays the release if it stays in the function", async () => {
    const text = await fixed(`${lookup}    PyObject *own;\n    first(item, &own);\n    return use(own);`, head);
    expect(text).toContain("int result = use(own);\n    Py_DECREF(item);");
  });
});

describe("a clean-up label", () => {
  const loop = (jumps: number) => `    PyObject *item, *out = PyList_New(0);
    if (out == NULL)
        return NULL;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
        item = PyList_GetItem(list, i);
        if (item == NULL)
            goto error;
${"        if (PyList_Append(out, item) < 0)\n            goto error;\n".repeat(jumps)}    }
    return out;
error:
    Py_DECREF(out);
    return NULL;`;

  it("releases for all jumps to it, if they are many", async () => {
    const text = await fixed(loop(3));
    expect(text).toContain("    PyObject *item = NULL, *out");
    expect(text).toContain("error:\n    Py_XDECREF(item);\n    Py_DECREF(out);");
    expect(text).toContain("            goto error;\n        Py_CLEAR(item);\n    }");
  });

  it("stays as it is for one or two", async () => {
    expect(await fixed(loop(2))).toContain("error:\n    Py_DECREF(out);");
  });

  it("stays as it is where the variable has borrowed objects too", async () => {
    const text = await fixed(
      loop(3).replace(
        "    return out;",
        "    item = self;\n    if (item->ob_type == NULL) goto error;\n    return out;",
      ),
    );
    expect(text).toContain("error:\n    Py_DECREF(out);");
  });
});
