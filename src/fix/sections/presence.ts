/** Whether a pointer is known not to be NULL at a point. */
import { branchTests } from "../../flow/branch-test.ts";
import type { Definition } from "../../flow/def-use.ts";
import type { FunctionAnalyses } from "../../flow/function-analyses.ts";
import { pointDominates, reaches } from "../../flow/points.ts";
import type { ValueId } from "../../ir/types.ts";
import { forEachInstr, type Point } from "../../ir/visit.ts";

/** True if the value cannot be NULL at `point`: where it came from says so, or the code asked, or looked behind it, before. */
export function isPresent(flow: FunctionAnalyses, value: ValueId, point: Point): boolean {
  const definitions = flow.defUse.reaching(value, point);
  if (definitions.length > 0 && definitions.every((d) => isGiven(flow, d))) return true;
  return isLookedBehind(flow, value, point) || isAskedFor(flow, value, point);
}

const NEVER_NULL: ReadonlySet<string> = new Set(["PyModule_GetDict", "PyEval_GetBuiltins", "PyImport_GetModuleDict"]);
/** Look behind their first argument, which crashes for NULL. */
const LOOKS: ReadonlySet<string> = new Set([
  "PyDict_Check",
  "PyDict_CheckExact",
  "PyList_Check",
  "PyList_CheckExact",
  "PyAnySet_Check",
  "PySet_Check",
  "Py_TYPE",
  "Py_INCREF",
  "Py_IS_TYPE",
  "PyObject_TypeCheck",
]);

function isGiven({ fn, environment }: FunctionAnalyses, { kind, value, instr }: Definition): boolean {
  if (kind === "entry") {
    const parameter = fn.values[value];
    const role = parameter.kind === "param" ? environment.parameter(fn, parameter.index).role : "plain";
    // What the interpreter hands over is there; what a helper is given need not be.
    return role === "self" || role === "object" || role === "module";
  }
  if (instr?.op !== "call") return false;
  return kind === "output" ? instr.callee.startsWith("PyArg_") : NEVER_NULL.has(instr.callee);
}

function isLookedBehind(flow: FunctionAnalyses, value: ValueId, point: Point): boolean {
  const name = flow.accessPaths.of(value, point);
  let found = false;
  forEachInstr(flow.fn, (instr, block, index) => {
    if (found || instr.op !== "call" || !LOOKS.has(instr.callee)) return;
    const at = { block, index };
    found = pointDominates(flow.cfg, at, point) && flow.accessPaths.of(instr.args[0], at) === name;
  });
  return found;
}

/** A branch before `point` whose side for NULL does not lead there. */
function isAskedFor(flow: FunctionAnalyses, value: ValueId, point: Point): boolean {
  const { fn, cfg, defUse, accessPaths } = flow;
  const name = accessPaths.of(value, point);
  return fn.blocks.some(({ term, instrs }, block) => {
    if (term.op !== "branch" || term.then === term.else) return false;
    const at = { block, index: instrs.length };
    if (!pointDominates(cfg, at, point)) return false;
    return branchTests(defUse, term.cond).some(({ value: tested, whenTrue }) => {
      if (accessPaths.of(tested, at) !== name) return false;
      const absent = whenTrue.includes("zero") ? term.then : term.else;
      if (whenTrue.includes("zero") && whenTrue.length > 1) return false;
      const start = { block: absent, index: -1 };
      return absent !== point.block && !reaches(cfg, start, point, at);
    });
  });
}
