import { describe, expect, it } from "vitest";
import dictItem from "../../../../rules/borrowed/borrowed-dict-item.ts";
import type { AnyRule } from "../../../../src/rule-api/define-rule.ts";
import { fixText } from "../../../fixes/fix-text.ts";

async function fixed(body: string): Promise<string> {
  const text = `#include <Python.h>\n\nstatic PyObject *\nf(PyObject *self, PyObject *dict, PyObject *key)\n{\n${body}\n}\n`;
  return fixText(text, { rules: [dictItem] as AnyRule[], minPython: 13 });
}

describe("increments of one of two objects", () => {
  it.each([
    "    return Py_NewRef(value != NULL ? value : key);",
    "    PyObject *result = value != NULL ? value : key;\n    Py_INCREF(result);\n    return result;",
  ])("stay: %s", async (end) => {
    const text = await fixed(`    PyObject *value = PyDict_GetItemWithError(dict, key);\n${end}`);
    expect(text).toMatch(/Py_NewRef|Py_INCREF/);
  });
});
