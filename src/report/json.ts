/** The versioned JSON report, described by schema/ungil-report-1.schema.json. */
import type { Problem } from "../ir/facts.ts";
import type { Finding } from "../rule-api/types.ts";
import { type Reporter, type ReportInput, shownFindings } from "./reporter.ts";

export const SCHEMA_VERSION = 1;

export const reporter: Reporter = {
  defaultRisk: "info",
  render: (input) => `${JSON.stringify(jsonReport(input), null, 2)}\n`,
};

/**
 * The report as a plain object in a fixed order of keys: the same audit gives the same bytes. Findings milder than
 * `input.risk` are left out; the summary counts all.
 */
export function jsonReport(input: ReportInput): object {
  const { result } = input;
  return {
    ...runJson(input),
    findings: shownFindings(input).map(findingJson),
    skipped: result.problems.map(problemJson),
    excluded: result.excluded,
  };
}

/** What is said of the run as a whole. */
export function runJson({ result, paths }: ReportInput): object {
  const { summary } = result;
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: result.tool,
    root: paths.root,
    summary: {
      target: summary.target,
      minPython: summary.minPython,
      minPythonKnown: summary.minPythonKnown,
      config: summary.config,
      files: summary.files,
      functions: summary.functions,
      lines: summary.lines,
      bytes: summary.bytes,
      risks: summary.risks,
      families: summary.families,
      rules: summary.rules,
      suppressed: summary.suppressed,
      baseline: summary.baseline,
      diff: summary.diff,
      modules: summary.modules,
    },
  };
}

export function problemJson({ file, kind, line, message, skipped }: Problem): object {
  return { file, kind, ...(line === undefined ? {} : { line }), message, skipped };
}

export function findingJson(f: Finding): object {
  return {
    rule: f.rule,
    family: f.family,
    risk: f.risk,
    file: f.file,
    line: f.line,
    column: f.column,
    endLine: f.endLine,
    endColumn: f.endColumn,
    function: f.function,
    symbol: f.symbol,
    module: f.module,
    message: f.message,
    evidence: f.evidence.map(({ file, line, column, text, function: fn = "" }) => ({
      file,
      line,
      column,
      function: fn,
      text,
    })),
    fix: f.fix && {
      level: f.fix.level,
      title: f.fix.title,
      ...(f.fix.replacement === undefined ? {} : { replacement: f.fix.replacement }),
    },
    fingerprint: f.fingerprint,
  };
}
