import { expect, it } from "vitest";
import module from "../../../../rules/borrowed/borrowed-module.ts";
import type { AnyRule } from "../../../../src/rule-api/define-rule.ts";
import { fixTexts } from "../../../fixes/fix-text.ts";

it("does not take a call that makes no module for one that does", async () => {
  const text = `#include <Python.h>

PyObject *f(PyObject *self, PyObject *name)
{
    return Py_XNewRef(PyImport_AddModuleObject(name));
}
`;
  const { files, left } = await fixTexts({ "m.c": text }, { rules: [module] as AnyRule[], minPython: 9 });
  expect(files).toEqual([]);
  expect(left[0].reason).toContain("makes none");
});
