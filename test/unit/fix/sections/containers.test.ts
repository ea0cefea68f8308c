import { describe, expect, it } from "vitest";
import dictIteration from "../../../../rules/locking/unlocked-dict-iteration.ts";
import itemStore from "../../../../rules/locking/unlocked-item-store.ts";
import sequenceFast from "../../../../rules/locking/unlocked-sequence-fast.ts";
import type { AnyRule } from "../../../../src/rule-api/define-rule.ts";
import { fixTexts } from "../../../fixes/fix-text.ts";
import { boxModule, functionIn } from "./project-text.ts";

const rules = [dictIteration, sequenceFast, itemStore] as unknown as AnyRule[];

async function fix(code: string, level: "safe" | "review" = "safe") {
  const text = boxModule(code, `    {"f", (PyCFunction)f, METH_O, NULL},`);
  const result = await fixTexts({ "m.c": text }, { rules, level, compat: "none", minPython: 13 });
  return { ...result, text: result.texts["m.c"] };
}

const loop = (body: string, behind = "return PyLong_FromLong(n);") => `static PyObject *
f(Box *self, PyObject *dict)
{
    PyObject *key, *value, *found = NULL;
    Py_ssize_t pos = 0;
    long n = 0;

    while (PyDict_Next(dict, &pos, &key, &value)) {
        ${body}
    }
    ${behind}
}
`;

describe("unlocked-dict-iteration", () => {
  it("surrounds the loop", async () => {
    const { text, left } = await fix(loop("n += PyUnicode_Check(key);"));
    expect(left).toEqual([]);
    expect(functionIn(text, "f")).toContain(`    Py_BEGIN_CRITICAL_SECTION(dict);
    while (PyDict_Next(dict, &pos, &key, &value)) {
        n += PyUnicode_Check(key);
    }
    Py_END_CRITICAL_SECTION();
    return PyLong_FromLong(n);
`);
  });

  it("turns a return into a flag and a break", async () => {
    const { text, left } = await fix(loop("if (!PyUnicode_Check(key)) {\n            return NULL;\n        }"));
    expect(left).toEqual([]);
    expect(text).toContain("    int failed = 0;\n");
    expect(text).toContain("            failed = 1;\n            break;\n");
    expect(text).toContain("    Py_END_CRITICAL_SECTION();\n    if (failed) {\n        return NULL;\n    }\n");
  });

  it("gives a statement behind its condition lines of its own", async () => {
    const { text } = await fix(loop("if (!PyUnicode_Check(key)) return NULL;"));
    expect(text).toContain("(!PyUnicode_Check(key)) {\n            failed = 1;\n            break;\n        }\n");
  });

  it("is for review where a key is used after something that waits", async () => {
    const { left } = await fix(loop("PyList_Append(self->value, key);\n        n += PyUnicode_Check(key);"));
    expect(left.map((l) => [l.level, l.reason])).toEqual([
      [
        "review",
        "`PyList_Append` may wait, which lets other threads in: key and value are used after that without a reference",
      ],
    ]);
  });

  it("is left where a macro may jump out of the loop", async () => {
    const code = `#define TAKE(k) do { if (!PyUnicode_Check(k)) goto error; } while (0)\n\n${loop(
      "TAKE(key);",
      "return NULL;\nerror:\n    Py_RETURN_NONE;",
    )}`;
    const { left } = await fix(code, "review");
    expect(left.map((l) => [l.level, l.reason])).toEqual([["manual", "the macro `TAKE` may leave the section"]]);
  });

  it("is left where a value is used behind the loop", async () => {
    const { left } = await fix(loop("found = value;", "return PyObject_Repr(found);"), "review");
    expect(left.map((l) => [l.level, l.reason])).toEqual([
      ["manual", "a key or value is used behind the loop, which needs a reference of its own"],
    ]);
  });
});

describe("unlocked-sequence-fast", () => {
  it("takes a tuple of the items", async () => {
    const { text } = await fix(
      `static PyObject *
f(Box *self, PyObject *arg)
{
    PyObject *fast = PySequence_Fast(arg, "a sequence is needed");
    long n = 0;

    if (fast == NULL)
        return NULL;
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(fast); i++)
        n += PySequence_Fast_GET_ITEM(fast, i) == Py_None;
    Py_DECREF(fast);
    return PyLong_FromLong(n);
}
`,
      "review",
    );
    expect(text).toContain("    PyObject *fast = PySequence_Tuple(arg);\n");
  });
});

describe("unlocked-item-store", () => {
  const store = (before: string, after: string) => `static PyObject *
f(Box *self, PyObject *arg)
{
    ${before}
    Py_INCREF(arg);
    PyList_SET_ITEM(self->value, 0, arg);
    ${after}
    Py_RETURN_NONE;
}
`;

  it("uses the call that releases the old item", async () => {
    const { text } = await fix(store("", ""), "review");
    expect(text).toContain("    PyList_SetItem(self->value, 0, arg);\n");
  });

  it("is left where the function takes the old item out", async () => {
    const { text, left } = await fix(
      store("PyObject *old = PyList_GET_ITEM(self->value, 0);", "Py_DECREF(old);"),
      "review",
    );
    expect(text).toContain("PyList_SET_ITEM");
    expect(left.find((l) => l.finding.rule === "unlocked-item-store")?.reason).toContain("is taken out before");
  });
});
