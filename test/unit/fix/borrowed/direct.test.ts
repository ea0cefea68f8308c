import { describe, expect, it } from "vitest";
import listItem from "../../../../rules/borrowed/borrowed-list-item.ts";
import module from "../../../../rules/borrowed/borrowed-module.ts";
import type { AnyRule } from "../../../../src/rule-api/define-rule.ts";
import { fixTexts } from "../../../fixes/fix-text.ts";

async function fixed(body: string, name = "m.c"): Promise<string> {
  const text = `#include <Python.h>\n\nstatic PyObject *\nf(PyObject *self, PyObject *list)\n{\n${body}\n}\n`;
  const rules = [listItem, module] as AnyRule[];
  const { texts, left } = await fixTexts({ [name]: text }, { rules, minPython: 13 });
  if (left.length > 0) return `${left[0].level}: ${left[0].reason}`;
  const after = texts[name];
  return after.slice(after.indexOf("\n{\n") + 3, after.lastIndexOf("\n}"));
}

describe("calls without bounds checks", () => {
  it("leave as the function leaves elsewhere with the same references", async () => {
    expect(
      await fixed(`    PyObject *all = PyList_New(0);
    if (all == NULL)
        return NULL;
    PyObject *item = PyList_GET_ITEM(list, 0);
    if (PyList_Append(all, item) < 0) {
        Py_DECREF(all);
        return NULL;
    }
    return all;`),
    ).toBe(`    PyObject *all = PyList_New(0);
    if (all == NULL)
        return NULL;
    PyObject *item = PyList_GetItemRef(list, 0);
    if (item == NULL) {
        Py_DECREF(all);
        return NULL;
    }
    if (PyList_Append(all, item) < 0) {
        Py_DECREF(all);
        Py_DECREF(item);
        return NULL;
    }
    Py_DECREF(item);
    return all;`);
  });

  it("release what is owned where the function has no example", async () => {
    const text = await fixed(`    PyObject *all = PyTuple_New(0);
    int n = PyObject_IsTrue(PyList_GET_ITEM(list, 0));
    Py_XDECREF(all);
    return PyLong_FromLong(n);`);
    expect(text).toContain("        Py_XDECREF(all);\n        return NULL;");
  });

  it("declare the variable with its value where nothing but declarations is in front", async () => {
    const text = await fixed(
      "    int n = 0;\n    n += PyObject_IsTrue(PyList_GetItem(list, 0));\n    return PyLong_FromLong(n);",
    );
    expect(text).toContain("    PyObject *item = PyList_GetItemRef(list, 0);\n    n += PyObject_IsTrue(item);");
  });

  it("release nothing that only an inner block had a name for", async () => {
    const text = await fixed(`    if (self != list) {
        PyObject *seen = PyTuple_New(0);
        if (known(self, &seen)) {
            Py_DECREF(seen);
            return NULL;
        }
    }
    int n = PyObject_IsTrue(PyList_GET_ITEM(list, 0));
    return PyLong_FromLong(n);`);
    expect(text).toContain("    if (item == NULL) {\n        return NULL;");
  });

  it("release what is owned by an increment", async () => {
    const text = await fixed(`    PyObject *key = PyTuple_GET_ITEM(self, 0);
    Py_INCREF(key);
    int n = PyObject_IsTrue(PyList_GET_ITEM(list, 0));
    Py_DECREF(key);
    return PyLong_FromLong(n);`);
    expect(text).toContain("DECREF(key);\n        return NULL;");
  });

  it("do not follow an example that loses a reference", async () => {
    const text = await fixed(`    PyObject *other, *all;
    if (!PyArg_ParseTuple(self, "O", &other))
        return NULL;
    all = PyList_New(0);
    if (all == NULL)
        return NULL;
    for (int i = 0; i < 3; i++) {
        if (PyList_Append(all, PyList_GET_ITEM(list, i)) < 0)
            goto error;
        if (PyObject_IsTrue(other) < 0)
            return NULL;
    }
    return all;
error:
    PyObject_ClearWeakRefs(other);
    Py_DECREF(all);
    return NULL;`);
    expect(text).toContain("if (item == NULL) {\n            goto error;");
  });

  it("do not leave as the function does before it enters what has to be left again", async () => {
    const body = (test: string) => `    int status = 0;
    if (Py_EnterRecursiveCall(" in f"))
        return NULL;
    for (int i = 0; i < 3; i++) {
        ${test}
    }
    Py_LeaveRecursiveCall();
    return PyLong_FromLong(status);`;
    const answer = await fixed(body("PyObject_IsTrue(PyList_GET_ITEM(list, i));"));
    expect(answer).toBe("review: what `Py_LeaveRecursiveCall` releases elsewhere may have to be released here too");
  });

  it("leave the loop as the function does", async () => {
    const text = await fixed(`    int status = 0;
    if (enter(self) < 0)
        return NULL;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
        if (visit(self, PyList_GET_ITEM(list, i)) < 0) {
            status = -1;
            break;
        }
    }
    leave(self);
    return status < 0 ? NULL : PyLong_FromLong(status);`);
    expect(text).toContain("    if (item == NULL) {\n            status = -1;\n            break;\n        }");
  });

  it("are left alone where an error cannot be reported", async () => {
    const text =
      "#include <Python.h>\n\nint\nf(PyObject *list)\n{\n    return PyList_GET_ITEM(list, 0) == Py_None;\n}\n";
    const { files, left } = await fixTexts({ "m.c": text }, { rules: [listItem as AnyRule], minPython: 13 });
    expect(files).toEqual([]);
    for (const l of left) expect(l.level).toBe("manual");
  });
});

describe("calls inside of expressions", () => {
  it("move in front of the statement, with a name of their own", async () => {
    expect(
      await fixed(`    int n = 0;
    n = 1;
    if (PyList_Append(self, PyList_GetItem(list, n)) < 0)
        return NULL;
    Py_RETURN_NONE;`),
    ).toContain("PyList_GetItemRef(list, n);");
  });

  it("divide a declaration where declarations come first", async () => {
    expect(
      await fixed(`    int truth = PyObject_IsTrue(PyList_GET_ITEM(list, 0));
    if (truth < 0)
        return NULL;
    return PyLong_FromLong(truth);`),
    ).toBe(`    PyObject *item = PyList_GetItemRef(list, 0);
    int truth;
    if (item == NULL) {
        return NULL;
    }
    truth = PyObject_IsTrue(item);
    Py_DECREF(item);
    if (truth < 0)
        return NULL;
    return PyLong_FromLong(truth);`);
  });

  it("stay where they do not always run", async () => {
    expect(
      await fixed(`    if (self != list && PyObject_IsTrue(PyList_GetItem(list, 0)))
        Py_RETURN_NONE;
    return NULL;`),
    ).toMatch(/^manual: /);
  });
});

it("keeps the name of a module's strong form", async () => {
  expect(
    await fixed(`    PyObject *main = PyImport_AddModule("__main__");
    if (main == NULL)
        return NULL;
    int late = 0;
    return PyObject_GetAttrString(main, "x");`),
  ).toBe(`    PyObject *main = PyImport_AddModuleRef("__main__");
    if (main == NULL)
        return NULL;
    int late = 0;
    PyObject *result = PyObject_GetAttrString(main, "x");
    Py_DECREF(main);
    return result;`);
});

it("makes the other value of a conditional expression strong too", async () => {
  expect(
    await fixed(`    PyObject *item = PyList_Check(list) ? PyList_GetItem(list, 0) : PyTuple_GET_ITEM(list, 0);
    if (item == NULL)
        return NULL;
    int n = PyObject_IsTrue(item);
    return PyLong_FromLong(n);`),
  ).toBe(`    PyObject *item = PyList_Check(list) ? PyList_GetItemRef(list, 0) : Py_NewRef(PyTuple_GET_ITEM(list, 0));
    if (item == NULL)
        return NULL;
    int n = PyObject_IsTrue(item);
    Py_DECREF(item);
    return PyLong_FromLong(n);`);
  expect(
    await fixed(`    PyObject *item = self ? PyList_GetItem(list, 0) : PyList_GetItem(list, 1);
    return PyLong_FromLong(PyObject_IsTrue(item));`),
  ).toContain("self ? PyList_GetItemRef(list, 0) : PyList_GetItemRef(list, 1);");
  const other = `    PyObject *item = list != self ? PyList_GetItem(list, 0) : PyObject_Repr(self);
    return PyLong_FromLong(item == self);`;
  expect(await fixed(other)).toMatch(/^manual: .*new reference/);
});

it("leaves a reference to the place that keeps it", async () => {
  const text = await fixed(`    struct keeper *keeper = (struct keeper *)self;
    keeper->item = Py_NewRef(PyList_GET_ITEM(list, 0));
    Py_RETURN_NONE;`);
  expect(text).toContain(`    keeper->item = PyList_GetItemRef(list, 0);
    if (keeper->item == NULL) {
        return NULL;
    }
    Py_RETURN_NONE;`);
});

it("does not check where there is no place for it", async () => {
  const text = await fixed(`    PyObject *item = NULL;
    if (self != list && (item = PyList_GET_ITEM(list, 0)) == Py_None)
        Py_RETURN_NONE;
    return PyLong_FromLong(item == self);`);
  expect(text).toMatch(/^manual: .*cannot be checked/);
});
