/** Counts for the head and foot of a report. */
import type { ProjectIndex } from "../project/index-types.ts";
import type { TargetOptions } from "../rule-api/context.ts";
import { FAMILIES, type Family, type Finding, type Risk } from "../rule-api/types.ts";
import { LineMap } from "../text/lines.ts";
import type { AuditSummary, ModuleDetail } from "./types.ts";

/** Counts by risk, before anything is counted. */
export function noRisks(): Record<Risk, number> {
  return { high: 0, medium: 0, low: 0, info: 0 };
}

export function countRisks(findings: readonly Pick<Finding, "risk">[]): Record<Risk, number> {
  const risks = noRisks();
  for (const { risk } of findings) risks[risk]++;
  return risks;
}

type Uncounted = Omit<AuditSummary, "risks" | "families" | "rules" | "modules"> & {
  modules: Omit<AuditSummary["modules"][number], "risks">[];
};

/** `findings` in any order; modules come out in theirs. `suppressed` counts those that are not among them. */
export function summarise(
  options: TargetOptions,
  config: string | null,
  index: ProjectIndex,
  findings: readonly Finding[],
  suppressed: number,
): AuditSummary {
  const { files: facts, modules } = index;
  const summary: Uncounted = {
    target: `3.${options.target}`,
    minPython: `3.${options.minPython}`,
    minPythonKnown: options.minPythonKnown === true,
    config,
    files: facts.length,
    functions: facts.reduce((n, f) => n + f.functions.length, 0),
    lines: facts.reduce((n, f) => n + f.lineStarts.length, 0),
    bytes: facts.reduce((n, f) => n + f.bytes, 0),
    suppressed,
    baseline: null,
    diff: null,
    modules: modules.map((m) => ({
      name: m.name,
      file: m.file,
      line: lineIn(index, m),
      phase: m.phase,
      declared: m.declared,
      framework: m.framework,
    })),
  };
  return counted(summary, findings);
}

/** What each module of the index reaches and declares, in their order. */
export function moduleDetails(index: ProjectIndex): ModuleDetail[] {
  return index.modules.map((m) => ({
    files: m.files.length > 0 ? m.files : [m.file],
    declaredAt: m.evidence.map((e) => ({ file: e.file, line: lineIn(index, e) })),
  }));
}

function lineIn(index: ProjectIndex, { file, start }: { file: string; start: number }): number {
  return new LineMap((index.file(file) ?? index.metadataFile(file))?.lineStarts ?? [0]).lineOf(start);
}

/** `summary` with the counts of `findings`, whatever it counted before. */
export function counted(summary: Uncounted, findings: readonly Finding[]): AuditSummary {
  const risks = countRisks(findings);
  const families = Object.fromEntries(FAMILIES.map((f) => [f, noRisks()])) as Record<Family, Record<Risk, number>>;
  const modules = summary.modules.map((m) => ({ ...m, risks: noRisks() }));
  const unsorted: Record<string, number> = {};
  for (const f of findings) {
    families[f.family][f.risk]++;
    unsorted[f.rule] = (unsorted[f.rule] ?? 0) + 1;
    // Modules of the same name exist side by side, one for each platform.
    const same = f.module === "" ? [] : modules.filter((m) => m.name === f.module);
    const module = same.find((m) => m.file === f.file) ?? same[0];
    if (module) module.risks[f.risk]++;
  }
  const rules: Record<string, number> = {};
  for (const rule of Object.keys(unsorted).sort()) rules[rule] = unsorted[rule];
  return { ...summary, risks, families, rules, modules };
}
