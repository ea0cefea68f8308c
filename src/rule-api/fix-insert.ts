/** Fixes of the rules about containers that are looked into and then changed. */
import { insertIfMissing } from "../fix/borrowed/out/insert.ts";
import type { CallInstr } from "../flow/environment.ts";
import type { Span } from "../ir/types.ts";
import { callSpan } from "./borrowed.ts";
import { callsOf } from "./calls.ts";
import type { FunctionContext } from "./context.ts";
import { functionOf, withheld } from "./fix-regions.ts";
import type { FixAnswers, FixingContext, FixRequest } from "./fixing.ts";
import { staticProblems } from "./globals.ts";
import { checkThenActs } from "./locking-check-act.ts";

const RECIPE = [
  "hold a critical section on the container around both calls",
  "compute what takes long, or runs Python code, before it",
];

/** An answer for `check-then-act`. */
export function fixCheckThenAct(request: FixRequest, context: FixingContext): FixAnswers {
  const found = functionOf(request, context);
  if (typeof found === "string") return [withheld(found, ...RECIPE)];
  const { fn, source } = found;
  const pair = checkThenActs(fn).find((p) => callSpan(p.check).start === request.start);
  const check = pair && pointOf(fn, pair.check);
  const act = pair && pointOf(fn, pair.act);
  if (check === undefined || act === undefined) return [withheld("the calls are not found again", ...RECIPE)];
  return [insertIfMissing({ source, flow: fn.flow, check, act })];
}

/** An answer for `global-container`. */
export function fixGlobalContainer(request: FixRequest, context: FixingContext): FixAnswers {
  const { project } = context;
  const problem = staticProblems(project, "global-container").find(
    ({ variable }) => variable.file === request.file && variable.facts.nameStart === request.start,
  );
  const race = problem?.race;
  if (race === undefined) return [withheld("the two operations are not found again", ...RECIPE)];
  const fn = project.functionContext(race.function);
  const source = context.source(fn.file);
  const check = callWith(fn, race.look, race.lookApi);
  const act = callWith(fn, race.change, race.changeApi);
  if (source === undefined || check === undefined || act === undefined) {
    return [withheld("one of the two operations is in another function", ...RECIPE)];
  }
  return [insertIfMissing({ source, flow: fn.flow, check, act })];
}

function pointOf(fn: FunctionContext, call: CallInstr) {
  return callsOf(fn, new Set([call.callee])).find((c) => c.call === call);
}

function callWith(fn: FunctionContext, { start, end }: Span, api: string) {
  return callsOf(fn, new Set([api])).find(({ call }) => start <= call.start && call.end <= end);
}
