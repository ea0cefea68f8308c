/**
 * What a package would take and be worth. The numbers order a table: one point of effort is about a finding that a person has to think
 * about and fix by hand.
 */
import type { Family } from "../../../rule-api/types.ts";
import type { RuleWork, SweepRecord } from "../record.ts";

/** Checking out, building, testing and releasing a package, whatever is found. */
export const BASE_EFFORT = 2;
/** Lines of C that somebody reads for a point: not everything that is unsafe is found. */
export const LINES_A_POINT = 2000;
export const SAFE_EFFORT = 0.1;
export const REVIEW_EFFORT = 0.3;
/** Findings that ungil does not fix. State that threads share needs a decision on who locks what. */
export const MANUAL_EFFORT: Readonly<Record<Family, number>> = {
  module: 1,
  borrowed: 1,
  memory: 1,
  "thread-state": 1,
  globals: 2,
  locking: 2,
};
/** Of the points above, for findings at risk low. */
export const LOW_SHARE = 0.5;
/** A package that says it is ready and is not breaks for its users today. */
export const URGENCY = 3;
/** Effort up to which a package is a quick win. */
export const QUICK = 20;

/** Points that the package of an audited `record` would take. */
export function effortOf({ summary, work }: SweepRecord): number {
  const findings = Object.values(work?.rules ?? {}).reduce((sum, row) => sum + ruleEffort(row), 0);
  return BASE_EFFORT + (summary?.lines ?? 0) / LINES_A_POINT + findings;
}

function ruleEffort({ family, safe, review, manual, low }: RuleWork): number {
  const all = safe + review + manual;
  const share = all === 0 ? 1 : 1 - (1 - LOW_SHARE) * Math.min(low / all, 1);
  return share * (safe * SAFE_EFFORT + review * REVIEW_EFFORT + manual * MANUAL_EFFORT[family]);
}

/** What a point of effort brings. Each tenfold of popularity counts once more; null: not known. */
export function scoreOf(effort: number, isUrgent: boolean, popularity: number | null): number {
  return (100 * (isUrgent ? URGENCY : 1) * (1 + Math.log10(1 + (popularity ?? 0)))) / effort;
}

/** The formulas above in words, for every report that shows their results. */
export const SCORE_IN_WORDS: readonly string[] = [
  `Effort, in points: ${BASE_EFFORT}, and one for every ${LINES_A_POINT} lines of C, and for each finding ${SAFE_EFFORT} if ungil fixes it (safe), ${REVIEW_EFFORT} if it does and a person must look (review), else ${MANUAL_EFFORT.borrowed}, or ${MANUAL_EFFORT.locking} in the families locking and globals. Findings at risk low count half, at risk info not at all.`,
  `Score: 100 × (1 + log10(1 + popularity)) / effort, × ${URGENCY} if a module declares that it runs without the GIL and has findings at risk high. Popularity is 0 where it is not known.`,
  `Groups: urgent, a module declares that it runs without the GIL and has findings at risk high, so it breaks for its users today; quick win, an effort of at most ${QUICK}; nothing to do, every module declares it, and there are no findings at risk high or medium.`,
];
