/** Fixes for the findings of static variables: finds the problem again and asks the builders. */
import { removeCall } from "../fix/statics/dead-call.ts";
import { lazyFixes } from "../fix/statics/lazy.ts";
import { mutableFixes } from "../fix/statics/mutable.ts";
import { objectFixes } from "../fix/statics/objects.ts";
import { hasReentrantForm, reentrantFixes } from "../fix/statics/reentrant.ts";
import { isReason, type StaticToFix } from "../fix/statics/variable.ts";
import type { Proposal, Withheld } from "../fix/types.ts";
import type { ProjectContext } from "./context.ts";
import type { FixAnswers, FixingContext, FixRequest } from "./fixing.ts";
import { staticProblems } from "./globals.ts";
import { unsafeCalls } from "./globals-calls.ts";
import type { GlobalRule, StaticProblem } from "./globals-model.ts";
import { gilAsLock } from "./recipes.ts";
import { gilUses } from "./thread-state-gil.ts";

/** The problem that a finding of one of the four rules reported. */
export function staticProblemOf(request: FixRequest, { project }: FixingContext): StaticProblem | undefined {
  return staticProblems(project, request.rule as GlobalRule).find(
    ({ variable }) => variable.file === request.file && variable.facts.nameStart === request.start,
  );
}

/** Answers for `lazy-static`. */
export function fixLazyStatic(request: FixRequest, context: FixingContext): FixAnswers {
  return answering(request, context, (problem) => lazyFixes(context, toFix(context.project, problem)));
}

/** Answers for `global-mutable`. */
export function fixGlobalMutable(request: FixRequest, context: FixingContext): FixAnswers {
  return answering(request, context, (problem) => mutableFixes(context, toFix(context.project, problem)));
}

/** Answers for `global-object`. */
export function fixGlobalObject(request: FixRequest, context: FixingContext): FixAnswers {
  return answering(request, context, (problem) => objectFixes(context, toFix(context.project, problem)));
}

export { hasReentrantForm };

/** Answers for `non-reentrant-call`. */
export function fixNonReentrantCall(request: FixRequest, context: FixingContext): FixAnswers {
  const { project } = context;
  for (const id of project.index.functionsNamed(request.function)) {
    const fn = project.functionContext(id);
    if (fn.file !== request.file) continue;
    const found = unsafeCalls(fn).find((u) => u.facts.name === request.symbol && u.call.calleeStart === request.start);
    if (found === undefined) continue;
    const { facts, call, others } = found;
    return reentrantFixes(context, id, { api: facts.name, calls: [call, ...others], replacement: facts.replacement });
  }
  return [];
}

/** Since 3.7 the interpreter makes the GIL itself, and `PyEval_InitThreads` finds it made. */
const GIL_MADE = 7;

/** Answers for `gil-as-lock`: a call that does nothing goes. */
export function fixGilAsLock(request: FixRequest, context: FixingContext): FixAnswers {
  const { project } = context;
  for (const id of project.index.functionsNamed(request.function)) {
    const fn = project.functionContext(id);
    const use = fn.file === request.file ? gilUses(fn).find((u) => u.start === request.start) : undefined;
    if (use?.kind !== "dead") continue;
    const answer = removeCall(context, fn.file, use, use.api, GIL_MADE);
    return isReason(answer) ? [{ level: "manual", reason: answer, recipe: ["Delete the call by hand."] }] : [answer];
  }
  return gilAsLock(request);
}

function answering(
  request: FixRequest,
  context: FixingContext,
  answer: (problem: StaticProblem) => (Proposal | Withheld)[],
): FixAnswers {
  const problem = staticProblemOf(request, context);
  return problem === undefined ? [] : answer(problem);
}

const RULES: readonly GlobalRule[] = ["lazy-static", "global-object", "global-container", "global-mutable"];

/** Problems of other variables in the file that are used by the functions that use this one, and by no others. */
function companionsOf(project: ProjectContext, problem: StaticProblem): StaticProblem[] {
  const functionsOf = ({ accesses }: StaticProblem) => new Set(accesses.map((a) => a.function));
  const own = functionsOf(problem);
  return RULES.flatMap((rule) => staticProblems(project, rule)).flatMap((other) => {
    if (other.variable.id === problem.variable.id || other.variable.file !== problem.variable.file) return [];
    const theirs = functionsOf(other);
    const isSame = theirs.size > 0 && theirs.size === own.size && [...theirs].every((f) => own.has(f));
    return isSame ? [other] : [];
  });
}

function toFix(project: ProjectContext, problem: StaticProblem): StaticToFix {
  return { ...alone(problem), companions: companionsOf(project, problem).map(alone) };
}

function alone(problem: StaticProblem): StaticToFix {
  const { variable, shape, accesses, uses } = problem;
  return {
    rule: problem.rule,
    variable,
    shape,
    accesses,
    firstUses: uses.flatMap((u) =>
      u.firstUses.map(({ test, assignment }) => ({ function: u.function, test, assignment })),
    ),
    companions: [],
    released: uses.some((u) => u.released.length > 0),
  };
}
