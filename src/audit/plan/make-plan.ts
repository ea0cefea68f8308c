/** Puts a porting plan together from an audit, what can be fixed, and what packaging says. */
import { basename } from "node:path";
import { atLeast } from "../../rule-api/types.ts";
import { countRisks } from "../summary.ts";
import type { TriageEntries } from "../triage/triage.ts";
import type { AuditResult } from "../types.ts";
import { CHECK_PHASES, PHASES, phaseOf } from "./phases.ts";
import { type FixOutcome, fixableOf, tasksOf } from "./tasks.ts";
import type { Plan, PlanPhase, Readiness } from "./types.ts";

export interface PlanParts {
  /** Without what is dismissed. */
  result: AuditResult;
  readiness: Readiness;
  /** Undefined if the fixes were not computed. */
  fixes: FixOutcome | undefined;
  triage: TriageEntries;
}

const DECLARED_ALREADY =
  "Every module declares support already: importing them leaves the GIL off, so what is open above concerns users now.";

export function makePlan({ result, readiness, fixes, triage }: PlanParts): Plan {
  const tasks = result.findings.filter((f) => atLeast(f.risk, "low"));
  const informing = new Map<string, number>();
  for (const f of result.findings) if (f.risk === "info") informing.set(f.rule, (informing.get(f.rule) ?? 0) + 1);
  const phases = PHASES.map(({ id, title, why }): PlanPhase => {
    const own = tasks.filter((f) => phaseOf(f) === id);
    const checks = readiness.checks.filter((c) => (CHECK_PHASES.get(c.id) ?? "packaging") === id);
    const isDeclared = readiness.modules.length > 0 && readiness.modules.every((m) => m.module.declared === "yes");
    const reason = id === "declare" && isDeclared ? DECLARED_ALREADY : why;
    return { id, title, why: reason, tasks: tasksOf(id, own, fixes, triage), checks };
  });
  const { summary } = result;
  return {
    tool: result.tool,
    project: readiness.name ?? basename(result.project),
    target: summary.target,
    minPython: summary.minPython,
    readiness,
    phases,
    risks: countRisks(tasks),
    informing: [...informing].map(([rule, count]) => ({ rule, count })).sort((a, b) => (a.rule < b.rule ? -1 : 1)),
    ...(fixes === undefined ? {} : { fix: fixableOf(tasks, fixes) }),
    dismissed: summary.suppressed,
    files: summary.files,
    functions: summary.functions,
    problems: result.problems,
    excluded: result.excluded,
  };
}
