/** A small project given as texts, with places in it that tests can ask about. */
import type { CallInstr } from "../../../src/flow/environment.ts";
import { forEachInstr, type Point } from "../../../src/ir/visit.ts";
import { Project } from "../../../src/rule-api/project-context.ts";
import { fn, indexOf } from "../project/index-of.ts";

export async function projectOf(files: Record<string, string> | string): Promise<Project> {
  return new Project(await indexOf(typeof files === "string" ? { "m.c": files } : files), {
    target: 14,
    minPython: 9,
    minPythonKnown: true,
  });
}

/** The first call of `callee` in `name`. */
export function callIn(project: Project, name: string, callee: string): { id: number; call: CallInstr; point: Point } {
  const id = fn(project.index, name);
  let found: { id: number; call: CallInstr; point: Point } | undefined;
  forEachInstr(project.analysesOf(id).fn, (call, block, index) => {
    if (call.op === "call" && call.callee === callee) found ??= { id, call, point: { block, index } };
  });
  if (found === undefined) throw new Error(`${name} does not call ${callee}`);
  return found;
}

/** What every test project has: a type with a dict and two lists, whose methods are named in `METHODS`. */
export const HEAD = `
#include <Python.h>
typedef struct { PyObject_HEAD PyObject *table; PyObject *rows; PyObject *kept; } Box;
`;

/** Method table and type for functions of (self, arg) by name. */
export function methods(...names: string[]): string {
  const rows = names.map((n) => `{"${n}", (PyCFunction)${n}, METH_O, NULL},`).join(" ");
  return `
static PyMethodDef box_methods[] = { ${rows} {NULL} };
static PyTypeObject Box_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "m.Box", .tp_basicsize = sizeof(Box), .tp_methods = box_methods,
};
`;
}

/** A module table for functions of (module, arg), with an init function. */
export function functions(...names: string[]): string {
  const rows = names.map((n) => `{"${n}", ${n}, METH_O, NULL},`).join(" ");
  return `
static PyMethodDef m_methods[] = { ${rows} {NULL} };
static struct PyModuleDef m_def = { PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = m_methods };
`;
}
