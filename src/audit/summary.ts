/** Counts for the head and foot of a report. */
import type { ProjectIndex } from "../project/index-types.ts";
import type { TargetOptions } from "../rule-api/context.ts";
import { FAMILIES, type Family, type Finding, type Risk } from "../rule-api/types.ts";
import { LineMap } from "../text/lines.ts";
import type { AuditSummary } from "./types.ts";

function noRisks(): Record<Risk, number> {
  return { high: 0, medium: 0, low: 0, info: 0 };
}

/** `findings` in any order; modules come out in theirs. */
export function summarise(
  options: TargetOptions,
  config: string | null,
  index: ProjectIndex,
  findings: readonly Finding[],
): Omit<AuditSummary, "suppressed"> {
  const { files: facts, modules } = index;
  const summary: Omit<AuditSummary, "suppressed"> = {
    target: `3.${options.target}`,
    minPython: `3.${options.minPython}`,
    minPythonKnown: options.minPythonKnown === true,
    config,
    files: facts.length,
    functions: facts.reduce((n, f) => n + f.functions.length, 0),
    lines: facts.reduce((n, f) => n + f.lineStarts.length, 0),
    bytes: facts.reduce((n, f) => n + f.bytes, 0),
    risks: noRisks(),
    families: Object.fromEntries(FAMILIES.map((f) => [f, noRisks()])) as Record<Family, Record<Risk, number>>,
    rules: {},
    modules: modules.map((m) => ({
      name: m.name,
      file: m.file,
      line: new LineMap((index.file(m.file) ?? index.metadataFile(m.file))?.lineStarts ?? [0]).lineOf(m.start),
      phase: m.phase,
      declared: m.declared,
      framework: m.framework,
      risks: noRisks(),
    })),
  };
  const rules: Record<string, number> = {};
  for (const f of findings) {
    summary.risks[f.risk]++;
    summary.families[f.family][f.risk]++;
    rules[f.rule] = (rules[f.rule] ?? 0) + 1;
    // Modules of the same name exist side by side, one for each platform.
    const same = f.module === "" ? [] : summary.modules.filter((m) => m.name === f.module);
    const module = same.find((m) => m.file === f.file) ?? same[0];
    if (module) module.risks[f.risk]++;
  }
  for (const rule of Object.keys(rules).sort()) summary.rules[rule] = rules[rule];
  return summary;
}
