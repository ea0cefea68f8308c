/** Calls of C library functions that keep state of their own. */
import { NON_REENTRANT, type NonReentrant } from "../capi/nonreentrant.ts";
import { isNull } from "../flow/def-use.ts";
import type { CallInstr } from "../flow/environment.ts";
import { callsOf } from "./calls.ts";
import type { FunctionContext } from "./context.ts";

/** Names of the functions, with and without `std::`. */
export const NON_REENTRANT_CALLS: ReadonlySet<string> = new Set(
  [...NON_REENTRANT.keys()].flatMap((name) => [name, `std::${name}`]),
);

export interface UnsafeCall {
  call: CallInstr;
  facts: NonReentrant;
  /** Further calls of the same function. */
  others: CallInstr[];
}

/** Calls that run at any time and without a lock, one for each function of the library. */
export function unsafeCalls(fn: FunctionContext): UnsafeCall[] {
  if (fn.initOnly) return [];
  const found = new Map<string, UnsafeCall>();
  for (const { call, point } of callsOf(fn, NON_REENTRANT_CALLS)) {
    const facts = NON_REENTRANT.get(call.callee.replace("std::", ""));
    if (!facts || call.receiver !== undefined) continue;
    if (facts.onlyIfNull >= 0 && !isNull(fn.ir.values[call.args[facts.onlyIfNull] ?? -1])) continue;
    // Solaris has a reentrant one of the same name, which fills the caller's struct.
    if (facts.name === "getmntent" && call.args.length > 1) continue;
    if (facts.name === "setlocale" && isNull(fn.ir.values[call.args[1] ?? -1])) continue;
    if (
      fn.flow.locks.heldAt(point).some((site) => site.kind !== "critical-section" && site.kind !== "critical-section2")
    ) {
      continue;
    }
    if (fn.project.shared.contextOf(fn.id).length > 0) continue;
    const first = found.get(facts.name);
    if (first) first.others.push(call);
    else found.set(facts.name, { call, facts, others: [] });
  }
  return [...found.values()];
}
