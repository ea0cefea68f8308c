import { expect, it } from "vitest";
import across from "../../../../rules/borrowed/borrowed-across-call.ts";
import type { AnyRule } from "../../../../src/rule-api/define-rule.ts";
import { fixTexts } from "../../../fixes/fix-text.ts";

const TEXT = `#include <Python.h>

static PyObject *
replace(PyObject *self, PyObject *arg)
{
    PyObject *list = PySequence_List(arg), *old, *text;
    if (list == NULL)
        return NULL;
    old = PyList_GET_ITEM(list, 0);
    if (PyList_SetItem(list, 0, Py_NewRef(Py_None)) < 0) {
        Py_DECREF(list);
        return NULL;
    }
    text = PyObject_Str(old);
    Py_DECREF(list);
    return text;
}
`;

it("holds a reference over the call that can drop the object, for a person to look at", async () => {
  const rules = [across as AnyRule];
  const safe = await fixTexts({ "m.c": TEXT }, { rules });
  expect(safe.left.map((l) => l.level)).toEqual(["review"]);
  const { texts } = await fixTexts({ "m.c": TEXT }, { rules, level: "review" });
  expect(texts["m.c"]).toContain(`    old = PyList_GET_ITEM(list, 0);
    Py_XINCREF(old);
    if (PyList_SetItem(list, 0, Py_NewRef(Py_None)) < 0) {
        Py_DECREF(list);
        Py_XDECREF(old);
        return NULL;
    }
    text = PyObject_Str(old);
    Py_XDECREF(old);
    Py_DECREF(list);
    return text;`);
});
