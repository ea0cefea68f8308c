/** Whether an exception can be set already when a call runs, which then must not be dropped. */

import { borrowedApi } from "../../../capi/borrowed.ts";
import { resultOf } from "../../../capi/provenance.ts";
import { isObjectPointer } from "../../../capi/type-names.ts";
import { branchTests, type Sign } from "../../../flow/branch-test.ts";
import { samePoint } from "../../../flow/def-use.ts";
import type { FunctionAnalyses } from "../../../flow/function-analyses.ts";
import type { BlockId, Instr, Terminator } from "../../../ir/types.ts";
import type { Point } from "../../../ir/visit.ts";
import type { LentCall } from "./acquire.ts";

/** Calls after which no exception is set. */
const CLEARS: ReadonlySet<string> = new Set([
  "PyErr_Clear",
  "PyErr_Fetch",
  "PyErr_GetRaisedException",
  "PyErr_Print",
  "PyErr_PrintEx",
  "PyErr_WriteUnraisable",
  "PyErr_FormatUnraisable",
]);

/** Results of NULL that are no failure, or not only. */
const RAISES_NOTHING: ReadonlySet<string> = new Set(["PyIter_Next", "PyThreadState_GetDict", "PyState_FindModule"]);

const SETS: ReadonlySet<string> = new Set([
  "PyErr_Format",
  "PyErr_FormatV",
  "PyErr_NoMemory",
  "PyErr_BadArgument",
  "PyErr_BadInternalCall",
  "PyErr_Restore",
]);

/** True if the code in front of the call can leave an exception set: it set one, or comes from a call that failed. */
export function mayBePending({ flow, point: at, isTeardown }: LentCall): boolean {
  if (isTeardown) return true;
  const { fn } = flow;
  for (let block = 0; block < fn.blocks.length; block++) {
    const { instrs, term } = fn.blocks[block];
    if (!flow.cfg.reachable[block]) continue;
    for (let index = 0; index < instrs.length; index++) {
      if (setsException(instrs[index]) && arrives(flow, { block, index }, at)) return true;
    }
    if (term.op !== "branch" || term.then === term.else) continue;
    for (const { value, whenTrue } of branchTests(flow.defUse, term.cond)) {
      const failing = failingSign(flow, value, { block, index: instrs.length });
      if (failing === undefined) continue;
      const separates = failing !== "negative" || isStatusTest(flow, value, whenTrue);
      const target = whenTrue.includes(failing) ? term.then : term.else;
      if (separates && arrives(flow, { block: target, index: -1 }, at)) return true;
      break;
    }
  }
  return false;
}

/** Calls whose only other result is 0, so that their truth tells a failure. */
const FAILS_TRUE: ReadonlySet<string> = new Set([
  "PyDict_SetItem",
  "PyDict_SetItemString",
  "PyDict_DelItem",
  "PyList_Append",
  "PyList_SetItem",
  "PyObject_SetAttr",
  "PyObject_SetAttrString",
  "PyObject_SetItem",
  "PySet_Add",
  "PyType_Ready",
]);

/** `status < 0` tells a failure from success with another number, `if (status)` only if there is none. */
function isStatusTest(flow: FunctionAnalyses, value: number, whenTrue: readonly Sign[]): boolean {
  const [negative, zero, positive] = (["negative", "zero", "positive"] as const).map((s) => whenTrue.includes(s));
  if (negative !== zero && negative !== positive) return true;
  const instr = flow.defUse.soleDefinition(value)?.instr;
  return negative !== zero && instr?.op === "call" && FAILS_TRUE.has(instr.callee);
}

function setsException(instr: Instr): boolean {
  if (instr.op !== "call") return false;
  return SETS.has(instr.callee) || instr.callee.startsWith("PyErr_Set");
}

/** The sign with which the value says that a call of the C API has failed with an exception. */
function failingSign(flow: FunctionAnalyses, value: number, at: Point): Sign | undefined {
  const [definition, ...others] = flow.defUse.reaching(value, at);
  const instr = definition?.instr;
  if (others.length > 0 || instr?.op !== "call" || definition.kind !== "assign") return undefined;
  if (instr.callee === "PyErr_Occurred") return "positive";
  if (instr.callee.startsWith("PyArg_") || instr.callee.startsWith("_PyArg_")) return "zero";
  const lent = borrowedApi(instr.callee);
  if (lent !== undefined) return lent.onNull === "exception" ? "zero" : undefined;
  if (RAISES_NOTHING.has(instr.callee)) return undefined;
  const result = resultOf(instr.callee);
  if (result !== undefined) return result.outArgs.length === 0 ? "zero" : "negative";
  const type = typeOf(flow, instr.dst);
  if (type.includes("*")) return isObjectPointer(type) ? "zero" : undefined;
  return instr.callee.startsWith("Py") ? "negative" : undefined;
}

function typeOf({ fn }: FunctionAnalyses, value: number): string {
  const v = fn.values[value];
  return v.kind === "local" || v.kind === "param" ? v.type : "";
}

/** Where a test of PyErr_Occurred goes if an exception is set; undefined if it is no such test. */
function nextIfSet({ defUse }: FunctionAnalyses, term: Terminator): BlockId[] | undefined {
  if (term.op !== "branch") return undefined;
  for (const { value, whenTrue } of branchTests(defUse, term.cond)) {
    const instr = defUse.soleDefinition(value)?.instr;
    if (instr?.op !== "call" || instr.callee !== "PyErr_Occurred") continue;
    return [whenTrue.includes("positive") ? term.then : term.else];
  }
  return undefined;
}

/** True if execution can go from behind `from` to `at` with the exception still set. */
function arrives(flow: FunctionAnalyses, from: Point, at: Point): boolean {
  const { fn, cfg } = flow;
  const seen = new Set<BlockId>();
  const work = [from];
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    const { block } = next;
    const { instrs } = fn.blocks[block];
    let isCleared = false;
    for (let index = next.index + 1; index < instrs.length && !isCleared; index++) {
      if (samePoint({ block, index }, at)) return true;
      const instr = instrs[index];
      isCleared = instr.op === "call" && CLEARS.has(instr.callee);
    }
    if (isCleared) continue;
    for (const s of nextIfSet(flow, fn.blocks[block].term) ?? cfg.successors[block]) {
      if (seen.has(s)) continue;
      seen.add(s);
      work.push({ block: s, index: -1 });
    }
  }
  return false;
}
