/** The calls in a function that a rule asks about. */
import type { CallInstr } from "../flow/environment.ts";
import { forEachInstr, type Point } from "../ir/visit.ts";
import type { FunctionContext } from "./context.ts";

export interface FoundCall {
  call: CallInstr;
  point: Point;
}

/** Reachable calls of the API functions `names`, in order of place. */
export function callsOf(fn: FunctionContext, names: ReadonlySet<string>): FoundCall[] {
  const found: FoundCall[] = [];
  forEachInstr(fn.ir, (call, block, index) => {
    if (call.op !== "call" || !names.has(call.callee) || !fn.flow.cfg.reachable[block]) return;
    found.push({ call, point: { block, index } });
  });
  return found.sort((a, b) => a.call.start - b.call.start);
}
