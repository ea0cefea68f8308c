/** Code that runs inside of a section, or of the function that holds one, and is not the function's own. */
import type { Span } from "../../ir/types.ts";
import { forEachInstr } from "../../ir/visit.ts";
import type { FunctionId } from "../../project/index-types.ts";
import type { FixProject } from "../types.ts";

const CALLS: readonly string[] = [
  "PyObject_Call",
  "PyObject_Vectorcall",
  "PyVectorcall_Call",
  "PyEval_Call",
  "PyEval_Eval",
  "PyRun_",
  "_PyObject_Call",
  "_PyObject_Vectorcall",
];

/** True for functions of the C API that call a callable, or run code, which can take as long as it likes. */
export function isCallOfAnything(callee: string): boolean {
  return CALLS.some((prefix) => callee.startsWith(prefix));
}

/**
 * An exception of C++ that passes through a section does not end it. What CPython calls lets none through (it would end the process);
 * other functions may be called where somebody catches it.
 */
export function thrownThrough(project: FixProject, fn: FunctionId, within: Span): string[] {
  const { index } = project;
  const { facts, file } = index.functions[fn];
  if (index.file(file)?.language !== "cpp" || index.entriesOf(fn).length > 0) return [];
  let found: string | undefined;
  forEachInstr(project.analysesOf(fn).fn, (instr) => {
    if (found !== undefined || instr.op !== "call" || instr.start < within.start || within.end < instr.end) return;
    if (!["Py", "_Py"].some((prefix) => instr.callee.startsWith(prefix)))
      found = instr.callee === "" ? "a call" : `\`${instr.callee}\``;
  });
  return found === undefined
    ? []
    : [`${found} may throw, and an exception that leaves \`${facts.name}\` does not end the section`];
}
