/** The versioned JSON report of `fix`, described by schema/ungil-fix-1.schema.json. */
import type { AppliedFix, LeftFinding } from "../audit/fixing/fix-project.ts";
import type { Finding } from "../rule-api/types.ts";
import type { FixReport } from "./fix-report.ts";
import { problemJson } from "./json.ts";
import type { ReportPaths } from "./paths.ts";

export const FIX_SCHEMA_VERSION = 1;

/** The report as a plain object in a fixed order of keys. */
export function fixJsonReport(report: FixReport, { root }: Pick<ReportPaths, "root">): object {
  const { result, tool, mode, level, check, written } = report;
  const leftAt = (of: LeftFinding["level"]) => result.left.filter((l) => l.level === of).length;
  return {
    schemaVersion: FIX_SCHEMA_VERSION,
    tool,
    root,
    mode,
    level,
    summary: {
      findings: result.findings.length,
      applied: result.applied.length,
      left: { safe: leftAt("safe"), review: leftAt("review"), manual: leftAt("manual") },
      files: result.files.length,
      rounds: result.rounds,
    },
    applied: result.applied.map(appliedFix),
    left: result.left.map(({ finding, level, title, reason, recipe, oldLine, newLine }) => ({
      ...place(finding),
      line: oldLine,
      newLine,
      level,
      title,
      reason,
      recipe,
    })),
    conflicts: result.conflicts.map(({ finding, with: other, round }) => ({
      ...place(finding),
      with: place(other),
      round,
    })),
    files: result.files.map(({ file, before }) => ({ file, created: before === undefined })),
    check: check ?? null,
    written: written ?? null,
    skipped: result.problems.map(problemJson),
  };
}

function appliedFix({ finding, level, title, review, round, files, oldLine, newLine }: AppliedFix): object {
  return { ...place(finding), line: oldLine, newLine, level, title, review, round, files };
}

function place({ rule, risk, file, line, function: name, symbol, message, fingerprint }: Finding) {
  return { rule, risk, file, line, function: name, symbol, message, fingerprint };
}

/** The report as text, with a newline at the end. */
export function renderFixJson(report: FixReport, paths: Pick<ReportPaths, "root">): string {
  return `${JSON.stringify(fixJsonReport(report, paths), null, 2)}\n`;
}
