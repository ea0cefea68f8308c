/** Fixes of the rules whose APIs have a form with an out parameter. */
import type { BorrowedRule } from "../capi/borrowed.ts";
import { strongByOutParameter } from "../fix/borrowed/out/fix-out.ts";
import type { Proposal, Withheld } from "../fix/types.ts";
import { lendingCallOf } from "./fix-borrowed.ts";
import type { FixingContext, FixRequest } from "./fixing.ts";

/** Slots that the interpreter calls whenever the last reference goes. */
export const TEARDOWN: ReadonlySet<string> = new Set(["tp_dealloc", "tp_finalize", "tp_del", "tp_clear", "tp_free"]);

/** Answers for a finding of `rule` at a call that lends a reference. */
export function fixBorrowedOut(
  request: FixRequest,
  context: FixingContext,
  rule: BorrowedRule,
): readonly (Proposal | Withheld)[] {
  const found = lendingCallOf(request, context, rule);
  if ("level" in found) return [found];
  const { source, fn, call } = found;
  const isTeardown = fn.entries.some((e) => TEARDOWN.has(e.slot ?? ""));
  return strongByOutParameter(context, { source, facts: fn.facts, flow: fn.flow, ...call, isTeardown });
}
