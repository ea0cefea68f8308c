import { expect, it } from "vitest";
import across from "../../../../rules/borrowed/borrowed-across-call.ts";
import type { AnyRule } from "../../../../src/rule-api/define-rule.ts";
import { fixTexts } from "../../../fixes/fix-text.ts";

const TEXT = `#include <Python.h>

static PyObject *
swap(PyObject *self, PyObject *key)
{
    PyObject *dict = PyDict_New();
    if (dict == NULL || fill(dict) < 0) {
        Py_XDECREF(dict);
        return NULL;
    }
    PyObject *item = PyDict_GetItemWithError(dict, key);
    Py_DECREF(dict);
    if (item == NULL)
        return NULL;
    Py_hash_t hash = PyObject_Hash(item);
    return PyLong_FromSsize_t(hash);
}
`;

it("holds a reference over the call that can drop the object, for a person to look at", async () => {
  const rules = [across as AnyRule];
  const safe = await fixTexts({ "m.c": TEXT }, { rules });
  expect(safe.left.map((l) => l.level)).toEqual(["review"]);
  const { texts } = await fixTexts({ "m.c": TEXT }, { rules, level: "review" });
  expect(texts["m.c"]).toContain(`    PyObject *item = PyDict_GetItemWithError(dict, key);
    Py_XINCREF(item);
    Py_DECREF(dict);
    if (item == NULL)
        return NULL;
    Py_hash_t hash = PyObject_Hash(item);
    Py_DECREF(item);
    return PyLong_FromSsize_t(hash);`);
});
