import { describe, expect, it } from "vitest";
import dictItem from "../../../../../rules/borrowed/borrowed-dict-item.ts";
import type { AnyRule } from "../../../../../src/rule-api/define-rule.ts";
import { fixBody } from "./helpers.ts";

const FETCH = `    if (PyDict_GetItemRef(self->map, key, &v) < 0) {
        PyErr_Clear();
    }
`;

describe("a dict's value as a strong reference", () => {
  it("declares the variable first", async () => {
    const { body } = await fixBody(`    PyObject *v = PyDict_GetItem(self->map, key);
    if (v == NULL) {
        return NULL;
    }
    return PyObject_Repr(v);
`);
    expect(body).toBe(`    PyObject *v;
    PyObject *result;
${FETCH}    if (v == NULL) {
        return NULL;
    }
    result = PyObject_Repr(v);
    Py_DECREF(v);
    return result;
`);
  });

  it("does not put a result over the reference that is still to be released", async () => {
    const { body } = await fixBody(`    PyObject *result = PyDict_GetItem(self->map, key);
    if (result == NULL) {
        return NULL;
    }
    return PyObject_Repr(result);
`);
    expect(body).toContain("PyObject_Repr(result);\n    Py_DECREF(result);\n");
    expect(body).not.toContain("result = PyObject_Repr(result)");
  });

  it("fetches behind declarations that have nothing to do with it", async () => {
    const { body } = await fixBody(`    PyObject *v = PyDict_GetItem(self->map, key);
    int n = 0;
    PyObject *text = PyObject_Str(v);
    return n == 0 ? text : NULL;
`);
    expect(body).toContain(`    PyObject *v;\n    int n = 0;\n${FETCH}    PyObject *text`);
  });

  it("drops errors where the old call did, and leaves them where it did", async () => {
    const code = (call: string) => `    PyObject *v;

    v = ${call}(self->map, key);
    if (v == NULL) {
        return NULL;
    }
    Py_INCREF(v);
    return v;
`;
    const { body } = await fixBody(code("PyDict_GetItem"));
    expect(body).toBe(`    PyObject *v;

${FETCH}    if (v == NULL) {
        return NULL;
    }
    return v;
`);
    const { body: reporting } = await fixBody(code("PyDict_GetItemWithError"));
    expect(reporting).toContain("    (void)PyDict_GetItemRef(self->map, key, &v);\n");
    expect(reporting).not.toContain("PyErr_Clear");
  });

  it("fetches in front of a condition", async () => {
    const { body } = await fixBody(`    PyObject *v;

    if ((v = PyDict_GetItem(self->map, key)) != NULL) {
        return Py_NewRef(v);
    }
    Py_RETURN_NONE;
`);
    expect(body).toBe(`    PyObject *v;

${FETCH}    if (v != NULL) {
        return v;
    }
    Py_RETURN_NONE;
`);
  });

  it("fetches inside a condition that is not always evaluated", async () => {
    const { body } = await fixBody(`    PyObject *v = NULL;

    if (PyUnicode_Check(key) && (v = PyDict_GetItem(self->map, key)) != NULL) {
        return Py_NewRef(v);
    }
    Py_RETURN_NONE;
`);
    expect(body).toContain(
      "if (PyUnicode_Check(key) && (PyDict_GetItemRef(self->map, key, &v) < 0 ? PyErr_Clear() : (void)0, v) != NULL) {",
    );
    expect(body).toContain("        return v;\n");
  });

  it("gives the only statement of an `if` braces", async () => {
    const { body } = await fixBody(`    PyObject *v = NULL;

    if (PyUnicode_Check(key))
        v = PyDict_GetItem(self->map, key);
    else
        return NULL;
    return Py_XNewRef(v);
`);
    expect(body).toContain(`    if (PyUnicode_Check(key)) {
        if (PyDict_GetItemRef(self->map, key, &v) < 0) {
            PyErr_Clear();
        }
    }
    else
`);
    expect(body).toContain("    return v;\n");
  });

  it("names what is only an argument", async () => {
    const { body } = await fixBody(`    return PyObject_Repr(PyDict_GetItem(self->map, key));
`);
    expect(body).toContain("PyDict_GetItemRef(self->map, key, &item)");
    expect(body).toContain("PyObject_Repr(item);\n    Py_XDECREF(item);");
  });

  it("asks for presence with the status", async () => {
    const { body } = await fixBody(`    if (PyDict_GetItemString(self->map, "x") == NULL) {
        Py_RETURN_FALSE;
    }
    Py_RETURN_TRUE;
`);
    expect(body).toContain('found = PyDict_GetItemStringRef(self->map, "x", &item);');
    expect(body).toContain("    Py_XDECREF(item);\n    if (found <= 0) {");
  });

  it("asks for presence without a reference where it is a dict for certain", async () => {
    const { body } = await fixBody(`    PyObject *map = self->map;
    if (!PyDict_Check(map)) {
        return NULL;
    }
    if (PyDict_GetItem(map, key)) {
        Py_RETURN_TRUE;
    }
    Py_RETURN_FALSE;
`);
    expect(body).toContain(`found = PyDict_Contains(map, key);
    if (found < 0) {
        PyErr_Clear();
    }
    if (found > 0) {
`);
  });

  it("asks PyDict_SetDefaultRef only for errors", async () => {
    const { body } = await fixBody(`    if (PyDict_SetDefault(self->map, key, Py_None) == NULL) {
        return NULL;
    }
    Py_RETURN_NONE;
`);
    expect(body).toContain("PyDict_SetDefaultRef(self->map, key, Py_None, &item);");
    expect(body).toContain("if (found < 0) {");
    expect(body).not.toContain("PyErr_Clear");
  });

  it("takes a variable of its own where the result is cast", async () => {
    const { body } = await fixBody(`    Box *other = (Box *)PyDict_GetItem(self->map, key);
    if (other == NULL) {
        return NULL;
    }
    return PyLong_FromLong(other->kept == NULL);
`);
    expect(body).toContain("&item) < 0");
    expect(body).toContain("    Box *other = (Box *)item;\n");
    expect(body).toContain("Py_DECREF(other);");
  });

  it("takes a variable of its own where the old one is used for something else", async () => {
    const { body } = await fixBody(`    PyObject *v = PyDict_GetItem(self->map, key);
    if (v == NULL) {
        v = Py_None;
    }
    return PyObject_Repr(v);
`);
    expect(body).toContain("    PyObject *v = item;\n");
    expect(body).toContain("Py_XDECREF(item);");
  });

  it("fills a field that makes the reference strong", async () => {
    const { body } = await fixBody(`    Py_CLEAR(self->kept);
    self->kept = PyDict_GetItem(self->map, key);
    Py_XINCREF(self->kept);
    Py_RETURN_NONE;
`);
    expect(body).toContain("    if (PyDict_GetItemRef(self->map, key, &self->kept) < 0) {\n");
    expect(body).not.toContain("Py_XINCREF");
  });

  it("leaves a field alone that keeps a borrowed reference", async () => {
    const { files, left } = await fixBody(`    self->kept = PyDict_GetItem(self->map, key);
    Py_RETURN_NONE;
`);
    expect(files).toEqual([]);
    expect(left.map((l) => l.level)).toEqual(["manual"]);
  });

  it("puts a comment on the first line, and drops one that speaks of borrowing", async () => {
    const code = (comment: string) => `    PyObject *v;

    v = PyDict_GetItem(self->map, key);  /* ${comment} */
    return Py_XNewRef(v);
`;
    const { body } = await fixBody(code("by name"));
    expect(body).toContain("&v) < 0) {  /* by name */\n");
    const { body: silent } = await fixBody(code("borrowed"));
    expect(silent).not.toContain("borrowed");
  });
});

describe("an exception that is set when the call runs", () => {
  const code = (call: string) => `    PyObject *v;

    PyErr_SetString(PyExc_ValueError, "no");
    v = ${call};
    if (v == NULL) {
        return NULL;
    }
    PyErr_Clear();
    return Py_NewRef(v);
`;

  it("is put aside for a key that is text", async () => {
    const { body } = await fixBody(code('PyDict_GetItemString(self->map, "x")'));
    expect(body).toContain("PyErr_Fetch(&exc_type, &exc_value, &exc_tb);");
    expect(body).toContain("PyErr_Restore(exc_type, exc_value, exc_tb);");
  });

  it("is for a person to look at with any other key", async () => {
    const { files, left } = await fixBody(code("PyDict_GetItem(self->map, key)"));
    expect(files).toEqual([]);
    expect(left[0]).toMatchObject({ level: "review" });
    expect(left[0].reason).toContain("exception");
  });

  it("is not suspected where PyErr_Occurred says that there is none", async () => {
    const { applied } = await fixBody(`    PyObject *v;
    long n = PyLong_AsLong(key);
    if (n == -1) {
        if (PyErr_Occurred()) {
            return NULL;
        }
    }
    v = PyDict_GetItem(self->map, key);
    return Py_XNewRef(v);
`);
    expect(applied.map((a) => a.level)).toEqual(["safe"]);
  });

  it("is not suspected behind calls that succeeded", async () => {
    const { applied } = await fixBody(`    PyObject *text = PyObject_Str(key);
    if (text == NULL) {
        return NULL;
    }
    PyObject *v = PyDict_GetItem(self->map, text);
    Py_DECREF(text);
    return Py_XNewRef(v);
`);
    expect(applied.map((a) => a.level)).toEqual(["safe"]);
  });
});

describe("the answers for a lookup that drops errors", () => {
  const body = `    PyObject *text = PyObject_Str(key);
    if (text == NULL) {
        return NULL;
    }
    PyObject *v = PyDict_GetItem(self->map, text);
    Py_DECREF(text);
    return Py_XNewRef(v);
`;

  it("are first the same behaviour, then errors that are raised", async () => {
    let levels: string[] = [];
    const rule: AnyRule = {
      ...(dictItem as AnyRule),
      fix(request, context) {
        const answers = (dictItem as AnyRule).fix!(request, context);
        levels = answers.map((a) => a.level);
        return answers.filter((a) => a.level === "review");
      },
    };
    const raising = await fixBody(body, { rules: [rule], level: "review" });
    expect([levels[0], levels.at(-1)]).toEqual(["safe", "review"]);
    expect(raising.body).toContain(`&v) < 0) {
        Py_DECREF(text);
        return NULL;
    }
`);
  });

  it("declares in front of what it does where declarations come first", async () => {
    const { body } = await fixBody("    return PyObject_Repr(PyDict_GetItemWithError(self->dict, key));\n");
    expect(body).toContain("    PyObject *item;\n    PyObject *result;\n    (void)PyDict_GetItemRef(");
  });

  it("stays an `else if`, its variable declared in front of the first", async () => {
    const { body } = await fixBody(`    if (self == NULL) {
        return NULL;
    }
    else if (PyObject_IsTrue(PyDict_GetItemWithError(self->dict, key))) {
        return PyLong_FromLong(1);
    }
    Py_RETURN_NONE;
`);
    expect(body).toContain("    PyObject *item = NULL;\n    if (self == NULL) {");
    expect(body).toContain(
      "    }\n    else if (PyObject_IsTrue(((void)PyDict_GetItemRef(self->dict, key, &item), item))) {",
    );
    expect(body).toContain("    }\n    Py_XDECREF(item);\n    Py_RETURN_NONE;");
  });
});
