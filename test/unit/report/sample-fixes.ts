/** An invented result of `fix` for the reporters' tests. */
import type { AppliedFix, FixResult, LeftFinding } from "../../../src/audit/fixing/fix-project.ts";
import type { FixReport } from "../../../src/report/fix-report.ts";
import type { Finding } from "../../../src/rule-api/types.ts";
import { decodeSource, type SourceText } from "../../../src/text/source.ts";
import { finding } from "./sample-result.ts";

export function source(file: string, text: string): SourceText {
  return decodeSource(Buffer.from(text), file) as SourceText;
}

export function applied(over: Partial<AppliedFix> = {}, of: Partial<Finding> = {}): AppliedFix {
  return {
    finding: finding(of),
    level: "safe",
    title: "use `PyDict_GetItemRef` and release the reference",
    review: [],
    round: 1,
    files: ["src/shelf.c"],
    oldLine: 6,
    newLine: 20,
    ...over,
  };
}

export function left(over: Partial<LeftFinding> = {}, of: Partial<Finding> = {}): LeftFinding {
  return {
    finding: finding(of),
    level: "manual",
    title: "use a strong reference",
    reason: "the call comes out of a macro",
    recipe: [],
    oldLine: 40,
    newLine: 54,
    ...over,
  };
}

export function sampleFixes(over: Partial<FixResult> = {}, report: Partial<FixReport> = {}): FixReport {
  return {
    result: {
      root: "/ex",
      findings: [],
      applied: [applied()],
      left: [],
      conflicts: [],
      files: [{ file: "src/shelf.c", before: source("src/shelf.c", "old\n"), after: source("src/shelf.c", "new\n") }],
      rounds: 1,
      problems: [],
      ...over,
    },
    tool: { name: "ungil", version: "0.1.0" },
    mode: "write",
    level: "safe",
    written: { files: ["src/shelf.c"], open: [], backups: [], undo: "ungil undo" },
    ...report,
  };
}
