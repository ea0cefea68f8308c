/** Fixes of the rules whose APIs have a form that returns a strong reference. */
import type { BorrowedRule } from "../capi/borrowed.ts";
import { strongByResult } from "../fix/borrowed/direct.ts";
import { holdStrong } from "../fix/borrowed/hold.ts";
import type { FixSource } from "../fix/source.ts";
import type { Proposal, Withheld } from "../fix/types.ts";
import { type BorrowedCall, borrowedCalls, callSpan } from "./borrowed.ts";
import { crossings } from "./borrowed-across.ts";
import type { FunctionContext } from "./context.ts";
import type { FixingContext, FixRequest } from "./fixing.ts";

/** Answers for a finding of `rule` at a call that lends a reference. */
export function fixBorrowed(
  request: FixRequest,
  context: FixingContext,
  rule: BorrowedRule,
): readonly (Proposal | Withheld)[] {
  const found = lendingCallOf(request, context, rule);
  if ("level" in found) return [found];
  const { source, fn, call } = found;
  return strongByResult(context, { source, facts: fn.facts, flow: fn.flow, ...call });
}

/** The call that a finding of `rule` stands at, as the project has it now, or why there is none. */
export function lendingCallOf(
  request: FixRequest,
  context: FixingContext,
  rule: BorrowedRule,
): { source: FixSource; fn: FunctionContext; call: Pick<BorrowedCall, "api" | "call" | "point"> } | Withheld {
  const source = context.source(request.file);
  if (source === undefined) return CHANGED;
  for (const fn of functionsOf(request, context)) {
    const found = borrowedCalls(fn, rule).find((c) => callSpan(c.call).start === request.start);
    if (found !== undefined) return { source, fn, call: { api: found.api, call: found.call, point: found.point } };
  }
  return NOT_FOUND;
}

/** Answers for a reference that is used after a call which can drop the object. */
export function fixAcrossCall(request: FixRequest, context: FixingContext): readonly (Proposal | Withheld)[] {
  const source = context.source(request.file);
  if (source === undefined) return [CHANGED];
  for (const fn of functionsOf(request, context)) {
    const found = crossings(fn).find((c) => c.use.start === request.start && c.source === request.symbol);
    if (found === undefined) continue;
    const { definition, source: lender, killer } = found;
    return [holdStrong({ source, facts: fn.facts, flow: fn.flow, definition, lender, killer: killer.callee })];
  }
  return [NOT_FOUND];
}

const CHANGED: Withheld = { level: "manual", reason: "the file has changed since the scan" };
const NOT_FOUND: Withheld = { level: "manual", reason: "the call is not found again" };

function functionsOf(request: FixRequest, { project }: FixingContext): FunctionContext[] {
  const ids = project.index.functionsNamed(request.function);
  return ids.filter((id) => project.index.functions[id].file === request.file).map((id) => project.functionContext(id));
}
