/** Fixes of the rules whose APIs have a form with an out parameter. */
import type { BorrowedRule } from "../capi/borrowed.ts";
import { strongByOutParameter } from "../fix/borrowed/out/fix-out.ts";
import type { Proposal, Withheld } from "../fix/types.ts";
import { borrowedCalls, callSpan } from "./borrowed.ts";
import type { FixingContext, FixRequest } from "./fixing.ts";

/** Slots that the interpreter calls whenever the last reference goes. */
export const TEARDOWN: ReadonlySet<string> = new Set(["tp_dealloc", "tp_finalize", "tp_del", "tp_clear", "tp_free"]);

/** Answers for a finding of `rule` at a call that lends a reference. */
export function fixBorrowedOut(
  request: FixRequest,
  context: FixingContext,
  rule: BorrowedRule,
): readonly (Proposal | Withheld)[] {
  const { index } = context.project;
  const source = context.source(request.file);
  if (source === undefined) return [{ level: "manual", reason: "the file has changed since the scan" }];
  for (const id of index.functionsNamed(request.function)) {
    if (index.functions[id].file !== request.file) continue;
    const fn = context.project.functionContext(id);
    const found = borrowedCalls(fn, rule).find((c) => callSpan(c.call).start === request.start);
    if (found === undefined) continue;
    const { api, call, point } = found;
    const isTeardown = fn.entries.some((e) => TEARDOWN.has(e.slot ?? ""));
    return strongByOutParameter(context, { source, facts: fn.facts, flow: fn.flow, api, call, point, isTeardown });
  }
  return [{ level: "manual", reason: "the call is not found again" }];
}
