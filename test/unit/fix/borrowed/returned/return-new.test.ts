import { describe, expect, it } from "vitest";
import borrowedReturn from "../../../../../rules/borrowed/borrowed-return.ts";
import type { AnyRule } from "../../../../../src/rule-api/define-rule.ts";
import { fixTexts } from "../../../../fixes/fix-text.ts";

const HEAD = "#include <Python.h>\n\nstatic PyObject *table;\n\n";

async function fixed(text: string): Promise<string> {
  const rules = [borrowedReturn] as AnyRule[];
  const { texts, left } = await fixTexts({ "m.c": HEAD + text }, { rules, minPython: 13, level: "review" });
  return left.length > 0 ? `${left[0].level}: ${left[0].reason}` : texts["m.c"].slice(HEAD.length);
}

const GETTER = `static PyObject *
lookup(PyObject *key)
{
    PyObject *value = PyDict_GetItemWithError(table, key);
    return value;
}
`;

describe("functions that return a borrowed reference", () => {
  it("return a new one, which their callers release", async () => {
    const text = await fixed(`${GETTER}
static PyObject *
name_of(PyObject *self, PyObject *key)
{
    PyObject *value = lookup(key);
    if (value == NULL)
        return NULL;
    return PyObject_Str(value);
}
`);
    expect(text).toContain("PyDict_GetItemRef(table, key, &value)");
    expect(text).toContain("    result = PyObject_Str(value);\n    Py_DECREF(value);\n    return result;");
  });

  it("save their callers the increment", async () => {
    const text = await fixed(`${GETTER}
static PyObject *
get(PyObject *self, PyObject *key)
{
    PyObject *value = lookup(key);
    Py_XINCREF(value);
    return value;
}
`);
    expect(text).toContain("    PyObject *value = lookup(key);\n    return value;");
  });

  it("give the other values that they return a reference", async () => {
    const text = await fixed(`static PyObject *
lookup(PyObject *key)
{
    if (key == NULL)
        return table;
    PyObject *value = PyDict_GetItemWithError(table, key);
    if (value == NULL)
        value = Py_None;
    return value;
}

static PyObject *
name_of(PyObject *self, PyObject *key)
{
    return PyObject_Str(lookup(key));
}
`);
    expect(text).toContain("value = Py_NewRef(Py_None);");
    expect(text).toContain("return Py_XNewRef(table);");
    expect(text).toContain("    PyObject *item = lookup(key);\n");
    expect(text).toContain("Py_XDECREF(item);");
  });

  it("keep what they have made until they return it", async () => {
    const text = await fixed(`static PyObject *
cached(PyObject *key)
{
    PyObject *value = PyDict_GetItemWithError(table, key);
    if (value == NULL) {
        int err;
        value = PyList_New(0);
        if (value == NULL)
            return NULL;
        err = PyDict_SetItem(table, key, value);
        Py_DECREF(value);   /* the table has it */
        if (err < 0)
            return NULL;
    }
    return value;
}

static int
is_set(PyObject *self, PyObject *key)
{
    return PyObject_IsTrue(cached(key));
}
`);
    expect(text).toContain(`        err = PyDict_SetItem(table, key, value);
        if (err < 0) {
            Py_DECREF(value);
            return NULL;
        }
    }
    return value;`);
  });

  it("say that they can fail now", async () => {
    const text = `static PyObject *
first(PyObject *list)
{
    return PyList_GET_ITEM(list, 0);
}

static int
is_set(PyObject *self, PyObject *list)
{
    return PyObject_IsTrue(first(list));
}

static PyMethodDef methods[] = {{"is_set", (PyCFunction)is_set, METH_O, NULL}, {NULL}};
`;
    const rules = [borrowedReturn] as AnyRule[];
    const { applied } = await fixTexts({ "m.c": HEAD + text }, { rules, minPython: 13, level: "review" });
    expect(applied.map((a) => a.level)).toEqual(["review"]);
    expect(applied[0].review.join("\n")).toContain("`first` can return NULL with an exception now");
  });

  it("change with those that return what they got from them", async () => {
    const text = await fixed(`${GETTER}
static PyObject *
lookup_default(PyObject *key)
{
    PyObject *value = lookup(key);
    return value != NULL ? value : Py_None;
}

static int
is_set(PyObject *self, PyObject *key)
{
    return PyObject_IsTrue(lookup_default(key));
}
`);
    expect(text).toContain("return value != NULL ? value : Py_NewRef(Py_None);");
    expect(text).toContain("Py_XDECREF(item);");
  });

  it.each([
    ["a table calls them", `static PyObject *(*const get)(PyObject *) = lookup;\n`, "not every caller"],
    ["a macro calls them", `#define LOOKUP(k) lookup(k)\n`, "a macro uses the function"],
    [
      "another configuration calls them",
      `#if 0\nint f(void) { return lookup(0) != 0; }\n#endif\n`,
      "another configuration",
    ],
  ])("stay if %s", async (_, more, reason) => {
    const text = await fixed(`${GETTER}
static int
is_set(PyObject *self, PyObject *key)
{
    return PyObject_IsTrue(lookup(key));
}

${more}`);
    expect(text).toContain("manual: ");
    expect(text).toContain(reason);
  });
});
