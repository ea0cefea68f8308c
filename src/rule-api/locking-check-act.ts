/** Pairs of calls on one container that are meant as one step. */

import { pointsBetween } from "../flow/effects.ts";
import type { CallInstr } from "../flow/environment.ts";
import { reaches } from "../flow/points.ts";
import { NO_VALUE } from "../ir/types.ts";
import { callsOf, type FoundCall } from "./calls.ts";
import type { FunctionContext } from "./context.ts";
import { type SharedContainer, sharedContainer } from "./locking-containers.ts";
import type { Risk } from "./types.ts";

type Family = "dict" | "set" | "list" | "any";

/** Kind of container and position of the key, -1 for the size of a list. */
const CHECK_CALLS: ReadonlyMap<string, { family: Family; key: number }> = new Map(
  (
    [
      [
        "PyDict_Contains PyDict_ContainsString PyDict_GetItem PyDict_GetItemWithError PyDict_GetItemString PyDict_GetItemRef PyDict_GetItemStringRef _PyDict_GetItem_KnownHash _PyDict_GetItemStringWithError",
        "dict",
        1,
      ],
      ["PySet_Contains", "set", 1],
      ["PyList_GET_SIZE PyList_Size", "list", -1],
      ["PyObject_GetItem PyMapping_HasKey PyMapping_HasKeyString PySequence_Contains", "any", 1],
    ] as const
  ).flatMap(([names, family, key]) =>
    names.split(" ").map((name): [string, { family: Family; key: number }] => [name, { family, key }]),
  ),
);

const ACT_CALLS: ReadonlyMap<string, { family: Family; key: number }> = new Map(
  (
    [
      ["PyDict_SetItem PyDict_SetItemString PyDict_DelItem PyDict_DelItemString _PyDict_SetItem_KnownHash", "dict", 1],
      ["PySet_Add PySet_Discard", "set", 1],
      ["PyList_SetSlice PyList_SetItem PySequence_DelItem PySequence_DelSlice", "list", -1],
      ["PyObject_SetItem PyObject_DelItem PyMapping_SetItemString", "any", 1],
    ] as const
  ).flatMap(([names, family, key]) =>
    names.split(" ").map((name): [string, { family: Family; key: number }] => [name, { family, key }]),
  ),
);

export const CHECKS: ReadonlySet<string> = new Set(CHECK_CALLS.keys());

export interface CheckThenAct {
  check: CallInstr;
  act: CallInstr;
  container: SharedContainer;
  /** Where the thread is detached between the two, which suspends every critical section; absent if it is not. */
  suspension?: { form: string; start: number; end: number };
}

/** One entry for each check that a change follows. */
export function checkThenActs(fn: FunctionContext): CheckThenAct[] {
  if (fn.initOnly || !fn.facts.calls.some((c) => ACT_CALLS.has(c))) return [];
  const acts = callsOf(fn, new Set(ACT_CALLS.keys()));
  const found: CheckThenAct[] = [];
  const taken = new Set<FoundCall>();
  for (const check of callsOf(fn, CHECKS)) {
    const act = acts.find((a) => !taken.has(a) && follows(fn, check, a));
    if (act === undefined) continue;
    const value = check.call.args[0];
    const suspension = detachBetween(fn, check, act);
    const container = sharedContainer(fn, value, check.point, [act.point], [], false, suspension !== undefined);
    if (container === undefined || container.facts.origin?.kind === "static") continue;
    taken.add(act);
    const risk: Risk = container.facts.exposure === "shared" && container.risk !== "low" ? "medium" : "low";
    found.push({ check: check.call, act: act.call, container: { ...container, risk }, suspension });
  }
  return found;
}

function detachBetween(fn: FunctionContext, check: FoundCall, act: FoundCall): CheckThenAct["suspension"] {
  for (const { block, index } of pointsBetween(fn.flow, check.point, act.point)) {
    const instr = fn.ir.blocks[block].instrs[index];
    if (instr?.op === "detach") return { form: instr.form, start: instr.start, end: instr.end };
  }
  return undefined;
}

function follows(fn: FunctionContext, check: FoundCall, act: FoundCall): boolean {
  const looks = CHECK_CALLS.get(check.call.callee)!;
  const changes = ACT_CALLS.get(act.call.callee)!;
  if (looks.family !== changes.family && looks.family !== "any" && changes.family !== "any") return false;
  if (looks.key < 0 !== changes.key < 0) return false;
  if (!sameValue(fn, check, 0, act, 0)) return false;
  if (looks.key >= 0 && !sameValue(fn, check, looks.key, act, changes.key)) return false;
  return reaches(fn.flow.cfg, check.point, act.point, check.point);
}

function sameValue(fn: FunctionContext, a: FoundCall, aArg: number, b: FoundCall, bArg: number): boolean {
  const left = a.call.args[aArg] ?? NO_VALUE;
  const right = b.call.args[bArg] ?? NO_VALUE;
  if (left === NO_VALUE || right === NO_VALUE) return false;
  const { accessPaths } = fn.flow;
  return accessPaths.of(left, a.point) === accessPaths.of(right, b.point);
}
