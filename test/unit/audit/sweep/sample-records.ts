/** Records as `ungil sweep` writes them, of packages that are not there. */
import type { RuleWork, SweepRecord } from "../../../../src/audit/sweep/record.ts";
import type { AuditSummary } from "../../../../src/audit/types.ts";
import { FAMILIES } from "../../../../src/rule-api/risks.ts";

type Module = AuditSummary["modules"][number];
type Risks = AuditSummary["risks"];

const NONE: Risks = { high: 0, medium: 0, low: 0, info: 0 };

export function moduleOf(declared: Module["declared"], high = 0, name = "_m"): Module {
  return { name, file: "m.c", line: 1, phase: "multi", declared, framework: "", risks: { ...NONE, high } };
}

export interface Sample {
  risks?: Partial<Risks>;
  modules?: Module[];
  lines?: number;
  work?: Record<string, Partial<RuleWork>>;
}

/** An audited package. */
export function done(
  name: string,
  { risks, modules = [moduleOf("no")], lines = 0, work = {} }: Sample = {},
): SweepRecord {
  const rules = Object.entries(work).map(([rule, row]): [string, RuleWork] => [
    rule,
    { family: "borrowed", safe: 0, review: 0, manual: 0, low: 0, ...row },
  ]);
  return {
    ...failed(name, ""),
    state: "done",
    reason: null,
    input: "0".repeat(32),
    package: { name, version: "1.0", classifier: false },
    summary: {
      target: "3.13",
      minPython: "3.9",
      minPythonKnown: false,
      config: null,
      files: 1,
      functions: 1,
      lines,
      bytes: 1,
      risks: { ...NONE, ...risks },
      families: Object.fromEntries(FAMILIES.map((f) => [f, NONE])) as AuditSummary["families"],
      rules: {},
      suppressed: 0,
      baseline: null,
      diff: null,
      modules,
    },
    work: { proven: false, rules: Object.fromEntries(rules) },
  };
}

export function failed(name: string, reason: string): SweepRecord {
  return {
    schemaVersion: 1,
    name,
    path: `sdists/${name}.tar.gz`,
    state: "failed",
    reason,
    tool: { name: "ungil", version: "0.1.0" },
    options: {
      target: null,
      minPython: null,
      select: [],
      ignore: [],
      include: [],
      exclude: [],
      config: false,
      fixes: false,
      findings: false,
    },
    input: null,
    package: null,
    archive: null,
    summary: null,
    work: null,
    problems: [],
  };
}
