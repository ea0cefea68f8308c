/** The versioned JSON forms of `plan` and `status`, described by the schemas beside the others. */
import type { Check, Fixable, Plan, PlanTask, Readiness } from "../../audit/plan/types.ts";
import type { AuditResult } from "../../audit/types.ts";
import type { Finding } from "../../rule-api/types.ts";

export const PLAN_SCHEMA_VERSION = 1;
export const STATUS_SCHEMA_VERSION = 1;

/** Paths are relative to the audited root. Ends with a newline. */
export function renderPlanJson(plan: Plan): string {
  const { tool, project, target, minPython, files, functions, risks, dismissed, fix } = plan;
  return text({
    schemaVersion: PLAN_SCHEMA_VERSION,
    tool,
    project,
    target,
    minPython,
    summary: { files, functions, risks, dismissed, fix: fix ? fixable(fix) : null, overall: plan.readiness.overall },
    modules: modulesOf(plan.readiness),
    unclaimed: plan.readiness.unclaimed,
    phases: plan.phases.map(({ id, title, why, tasks, checks }) => ({
      id,
      title,
      why,
      tasks: tasks.map(taskOf),
      checks: checks.map(checkOf),
    })),
    informing: plan.informing,
    problems: plan.problems.map(({ file, kind, line, message, skipped }) => ({
      file,
      kind,
      ...(line === undefined ? {} : { line }),
      message,
      skipped,
    })),
    excluded: plan.excluded,
  });
}

export function renderStatusJson({ tool, summary }: AuditResult, readiness: Readiness): string {
  const { target, minPython, files, functions, risks } = summary;
  return text({
    schemaVersion: STATUS_SCHEMA_VERSION,
    tool,
    target,
    minPython,
    summary: { files, functions, risks, overall: readiness.overall },
    modules: modulesOf(readiness),
    unclaimed: readiness.unclaimed,
    checks: readiness.checks.map(checkOf),
  });
}

function modulesOf({ modules }: Readiness): object[] {
  return modules.map(({ module, declaredAt, verdict, risks, fixable: fixes, shared }) => ({
    name: module.name,
    file: module.file,
    line: module.line,
    phase: module.phase,
    framework: module.framework,
    declared: module.declared,
    declaredAt,
    verdict,
    risks,
    fixable: fixes,
    sharedFiles: shared,
  }));
}

function taskOf({ id, title, files, findings, risks, rules, fix, assignees }: PlanTask): object {
  return {
    id,
    title,
    files,
    risks,
    rules: rules.map(([rule, count]) => ({ rule, count })),
    findings: findings.map(findingOf),
    fix: fix ? fixable(fix) : null,
    assignees,
  };
}

function findingOf({ rule, risk, file, line, function: fn, symbol, message, fingerprint }: Finding): object {
  return { rule, risk, file, line, function: fn, symbol, message, fingerprint };
}

function fixable({ safe, review, left }: Fixable): object {
  return { safe, review, left: left.map(({ rule, reason, count, recipe }) => ({ rule, reason, count, recipe })) };
}

function checkOf({ id, title, state, summary, evidence, advice, snippet }: Check): object {
  return {
    id,
    title,
    state,
    summary,
    evidence: evidence.map(({ file, line, text: quote }) => ({ file, line, text: quote })),
    advice,
    ...(snippet ? { snippet } : {}),
  };
}

function text(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
