/** What the code in a span can do while a lock is held. */
import { callEffect } from "../../capi/may-run-python.ts";
import { effectAt } from "../../flow/effects.ts";
import type { FunctionAnalyses } from "../../flow/function-analyses.ts";
import type { Span } from "../../ir/types.ts";
import { forEachInstr } from "../../ir/visit.ts";
import type { FunctionId } from "../../project/index-types.ts";
import type { FixProject } from "../types.ts";

export interface SpanEffects {
  /** The first call that may run Python code, and so come back to this function. */
  python: string | undefined;
  /** The first call that may give the thread state up. */
  suspends: string | undefined;
  /** The first call of which nothing is known. */
  foreign: string | undefined;
  /** A lock is taken or released, or the thread state given up, in the span itself. */
  locks: boolean;
}

/** Effects of all code of a function that lies in `span`. */
export function effectsIn(analyses: FunctionAnalyses, span: Span): SpanEffects {
  const found: SpanEffects = { python: undefined, suspends: undefined, foreign: undefined, locks: false };
  forEachInstr(analyses.fn, (instr, block, index) => {
    if (instr.start < span.start || instr.end > span.end) return;
    const { effect } = effectAt(analyses, { block, index });
    const name = instr.op === "call" ? instr.callee || "a call through a pointer" : instr.op;
    if (effect === "python" || effect === "python-if-custom") found.python ??= name;
    if (effect === "suspends") found.suspends ??= name;
    if (instr.op === "lock" || instr.op === "unlock" || instr.op === "detach" || instr.op === "attach") {
      found.locks = true;
    }
    if (instr.op !== "call" || instr.callee === "") return;
    const known = analyses.environment.callee(analyses.fn, instr) !== undefined || callEffect(instr.callee);
    if (!known) found.foreign ??= name;
  });
  return found;
}

/**
 * The function called by `caller` in one of `spans` that gets, itself or through others, to one of `holders`, which take the lock
 * that is held there: it would wait for itself. Undefined if none does.
 */
export function takesAgain(
  project: Pick<FixProject, "index" | "analysesOf">,
  caller: FunctionId,
  spans: readonly Span[],
  holders: readonly FunctionId[],
): string | undefined {
  const { index } = project;
  const called = new Set<string>();
  forEachInstr(project.analysesOf(caller).fn, (instr) => {
    if (instr.op !== "call" || !spans.some((s) => s.start <= instr.start && instr.end <= s.end)) return;
    called.add(instr.callee);
  });
  for (const { function: first } of index.callees(caller)) {
    const { name } = index.functions[first];
    if (!called.has(name)) continue;
    const seen = new Set([first]);
    for (const id of seen) {
      if (holders.includes(id)) return name;
      for (const next of index.callees(id)) seen.add(next.function);
    }
  }
  return undefined;
}
