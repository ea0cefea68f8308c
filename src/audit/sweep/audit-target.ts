/** The audit of one target: unpacked if it is an archive, audited, and boiled down to a record. */
import { statSync } from "node:fs";
import type { Problem } from "../../ir/facts.ts";
import { projectFolder } from "../../project/discover/gitignore.ts";
import type { AnyRule } from "../../rule-api/define-rule.ts";
import type { Finding } from "../../rule-api/types.ts";
import { configure } from "../config/configure.ts";
import { fixProject } from "../fixing/fix-project.ts";
import { audit } from "../session.ts";
import { toolInfo } from "../tool.ts";
import { isDismissed, readTriage, withoutDismissed } from "../triage/apply.ts";
import type { TriageEntries } from "../triage/triage.ts";
import type { AuditOptions, AuditResult } from "../types.ts";
import type { Unpacked } from "./archive/gather.ts";
import type { ArchiveLimits } from "./archive/limits.ts";
import { inputHash } from "./input-hash.ts";
import { packageInfo } from "./package-info.ts";
import {
  type ProblemCount,
  RECORD_VERSION,
  type RuleWork,
  type SweepOptions,
  type SweepRecord,
  type Work,
} from "./record.ts";
import type { Target } from "./targets.ts";

export interface TargetTask {
  target: Target;
  options: SweepOptions;
  limits: ArchiveLimits;
  cache: boolean;
  /** An empty folder of one's own to unpack into. */
  folder: string;
}

/** Several targets are audited at a time: each has one thread. */
const THREADS = 1;

/**
 * Audits a target.
 * @returns its record without findings, and the whole result.
 * @throws ArchiveError, UsageError, and what the file system throws.
 */
export async function auditTarget(
  { target, options, limits, cache, folder }: TargetTask,
  registry: readonly AnyRule[],
): Promise<{ record: SweepRecord; result: AuditResult }> {
  const { location } = target;
  const { include, exclude } = options;
  const input = await inputHash(location, { include, exclude });
  const { root, unpacked } = await opened(location, folder, limits);
  const settled = await settle(root, options, cache, registry);
  const audited = await audit(settled, { registry });
  const triage: TriageEntries = options.config ? readTriage(projectFolder(root)) : new Map();
  const result = withoutDismissed(audited, triage);
  const record: SweepRecord = {
    schemaVersion: RECORD_VERSION,
    name: target.name,
    path: target.path,
    state: isExtension(result) ? "done" : "no-extension",
    reason: null,
    tool: toolInfo(),
    options,
    input,
    package: packageInfo(root),
    archive: unpacked,
    summary: result.summary,
    ...(await workAndProblems(result, settled, options.fixes ? triage : undefined, registry)),
  };
  return { record, result };
}

/** @param triage what is dismissed, if fixes are to be proven. A defect in them must not cost the audit. */
async function workAndProblems(
  { findings, problems }: AuditResult,
  options: AuditOptions,
  triage: TriageEntries | undefined,
  registry: readonly AnyRule[],
): Promise<Pick<SweepRecord, "work" | "problems">> {
  const expected = { work: expectedWork(findings), problems: problemCounts(problems) };
  if (triage === undefined) return expected;
  try {
    return { ...expected, work: await provenWork(options, findings, triage, registry) };
  } catch (error) {
    const message = `no fixes: ${(error as Error).message}`;
    return {
      ...expected,
      problems: problemCounts([...problems, { file: "", kind: "crash", message, skipped: false }]),
    };
  }
}

async function opened(
  location: string,
  folder: string,
  limits: ArchiveLimits,
): Promise<{ root: string; unpacked: Unpacked | null }> {
  if (statSync(location).isDirectory()) return { root: location, unpacked: null };
  const { unpack } = await import("./archive/unpack.ts");
  return unpack(location, folder, limits);
}

async function settle(
  root: string,
  options: SweepOptions,
  cache: boolean,
  registry: readonly AnyRule[],
): Promise<AuditOptions> {
  const { target, minPython, select, ignore, include, exclude, config } = options;
  const minor = (version: string | null) => (version === null ? undefined : Number(version.slice("3.".length)));
  // With configurations, what is not given is theirs to say.
  const given = <T>(names: T[]) => (config && names.length === 0 ? undefined : names);
  const configured = await configure(
    {
      cwd: root,
      target: minor(target),
      minPython: minor(minPython),
      select: given(select),
      ignore: given(ignore),
      include: given(include),
      exclude: given(exclude),
      config: config ? undefined : false,
      jobs: THREADS,
      cache,
    },
    registry,
  );
  return configured.options;
}

/** Where something was skipped, nobody knows what is in it. */
function isExtension({ summary, findings, problems }: AuditResult): boolean {
  const { modules, functions } = summary;
  return modules.length > 0 || functions > 0 || findings.length > 0 || problems.some((p) => p.skipped);
}

function isWork({ risk }: Finding): boolean {
  return risk !== "info";
}

function expectedWork(findings: readonly Finding[]): Work {
  const rules = countedByRule(findings);
  for (const { rule, fix } of findings.filter(isWork)) rules[rule][fix?.level ?? "manual"]++;
  return { proven: false, rules };
}

/** Fixes at both levels, in memory. */
async function provenWork(
  options: AuditOptions,
  findings: readonly Finding[],
  triage: TriageEntries,
  registry: readonly AnyRule[],
): Promise<Work> {
  const wanted = (f: Finding) => isWork(f) && !isDismissed(triage, f);
  const { applied, left } = await fixProject(options, { level: "review", wanted }, { registry });
  const rules = countedByRule(findings);
  for (const [rule, row] of Object.entries(rules)) {
    const isOf = ({ finding }: { finding: Finding }) => finding.rule === rule;
    const all = findings.filter((f) => f.rule === rule && isWork(f)).length;
    row.manual = Math.min(left.filter(isOf).length, all);
    // What another fix took along counts with the fixes that a person looks at, if there are any.
    const safe = applied.filter((a) => isOf(a) && a.level === "safe").length;
    const hasReview = applied.some((a) => isOf(a) && a.level === "review");
    row.safe = hasReview ? Math.min(safe, all - row.manual) : all - row.manual;
    row.review = all - row.manual - row.safe;
  }
  return { proven: true, rules };
}

/** A row for each rule that found work, sorted, with nothing in it but the low findings. */
function countedByRule(findings: readonly Finding[]): Record<string, RuleWork> {
  const rows = new Map<string, RuleWork>();
  for (const { rule, family, risk } of findings.filter(isWork)) {
    const row = rows.get(rule) ?? { family, safe: 0, review: 0, manual: 0, low: 0 };
    if (risk === "low") row.low++;
    rows.set(rule, row);
  }
  return Object.fromEntries([...rows].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function problemCounts(problems: readonly Problem[]): ProblemCount[] {
  const rows = new Map<string, ProblemCount>();
  for (const { kind, file, message, skipped } of problems) {
    const row = rows.get(kind) ?? {
      kind,
      count: 0,
      skipped: 0,
      example: file === "" ? message : `${file}: ${message}`,
    };
    row.count++;
    if (skipped) row.skipped++;
    rows.set(kind, row);
  }
  return [...rows.values()].sort((a, b) => (a.kind < b.kind ? -1 : 1));
}
