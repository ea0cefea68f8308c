/** Bodies of functions that look up in the dict of an instance, before and after. */
import dictItem from "../../../../../rules/borrowed/borrowed-dict-item.ts";
import weakref from "../../../../../rules/borrowed/borrowed-weakref.ts";
import type { AnyRule } from "../../../../../src/rule-api/define-rule.ts";
import { type FixedTexts, type FixTextOptions, fixTexts } from "../../../../fixes/fix-text.ts";

const RULES = [dictItem, weakref] as readonly AnyRule[];

const HEAD = `#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *map;
    PyObject *ref;
    PyObject *kept;
} Box;

`;

const TAIL = `
static PyMethodDef methods[] = {
    {"get", (PyCFunction)get, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject Box_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "box.Box",
    .tp_basicsize = sizeof(Box),
    .tp_methods = methods,
};
`;

const OPEN = `static PyObject *
get(Box *self, PyObject *key)
{
`;

export interface Fixed extends FixedTexts {
  /** The body of the method afterwards. */
  body: string;
}

/** Fixes a method `get(self, key)` with the given body (indented, without its braces); there is nothing older than 3.13 to care for. */
export async function fixBody(body: string, options: FixTextOptions & { name?: string } = {}): Promise<Fixed> {
  const { name = "box.c", ...others } = options;
  const text = `${HEAD}${OPEN}${body}}\n${TAIL}`;
  const result = await fixTexts({ [name]: text }, { rules: RULES, minPython: 13, ...others });
  const after = result.texts[name];
  return { ...result, body: after.slice(after.indexOf(OPEN) + OPEN.length, after.indexOf(TAIL) - 2) };
}
