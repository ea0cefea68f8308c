/** Fixes for the findings of static variables: finds the problem again and asks the builders. */
import { lazyFixes } from "../fix/statics/lazy.ts";
import type { StaticToFix } from "../fix/statics/variable.ts";
import type { Proposal, Withheld } from "../fix/types.ts";
import type { FixAnswers, FixingContext, FixRequest } from "./fixing.ts";
import { staticProblems } from "./globals.ts";
import type { GlobalRule, StaticProblem } from "./globals-model.ts";

/** The problem that a finding of one of the four rules reported. */
export function staticProblemOf(request: FixRequest, { project }: FixingContext): StaticProblem | undefined {
  return staticProblems(project, request.rule as GlobalRule).find(
    ({ variable }) => variable.file === request.file && variable.facts.nameStart === request.start,
  );
}

/** Answers for `lazy-static`. */
export function fixLazyStatic(request: FixRequest, context: FixingContext): FixAnswers {
  return answering(request, context, (problem) => lazyFixes(context, toFix(problem)));
}

function answering(
  request: FixRequest,
  context: FixingContext,
  answer: (problem: StaticProblem) => (Proposal | Withheld)[],
): FixAnswers {
  const problem = staticProblemOf(request, context);
  return problem === undefined ? [] : answer(problem);
}

function toFix(problem: StaticProblem): StaticToFix {
  const { variable, shape, accesses, uses } = problem;
  return {
    variable,
    shape,
    accesses,
    firstUses: uses.flatMap((u) =>
      u.firstUses.map(({ test, assignment }) => ({ function: u.function, test, assignment })),
    ),
    released: uses.some((u) => u.released.length > 0),
  };
}
