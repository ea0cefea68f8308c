/** The part of a result that is about changed code. */
import { realpathSync } from "node:fs";
import { join } from "node:path";
import type { Finding, LineRange } from "../../rule-api/types.ts";
import { counted } from "../summary.ts";
import type { AuditResult } from "../types.ts";
import { type ChangedLines, touches } from "./lines.ts";
import { type Base, changesSince } from "./since.ts";

/**
 * `result` with the findings on lines, in functions or in declarations that changed since `base`. A finding also counts if a place that its
 * evidence calls unsafe changed and, at file level, if a declaration did that its evidence points to. @throws as `changesSince`
 */
export function onlyChanged(result: AuditResult, base: Base): AuditResult {
  const root = realpathSync(result.root);
  const files = [...new Set(result.findings.flatMap((f) => [f.file, ...f.evidence.map((step) => step.file)]))];
  const paths = new Map(files.map((file) => [file, join(root, file)]));
  const changes = changesSince(base, [...paths.values()]);
  const changed = (file: string) => changes.get(paths.get(file)!);
  const findings = result.findings.filter((finding) => isChanged(finding, changed));
  const hidden = result.findings.length - findings.length;
  const diff = { ref: base.ref, base: base.commit, hidden };
  return { ...result, summary: { ...counted(result.summary, findings), diff }, findings };
}

function isChanged(finding: Finding, changed: (file: string) => ChangedLines | undefined): boolean {
  const { file, line, endLine, within, evidence } = finding;
  const has = (of: string, range: LineRange) => {
    const lines = changed(of);
    return lines !== undefined && touches(lines, range.from, range.to);
  };
  if (has(file, { from: line, to: endLine }) || (within && has(file, within))) return true;
  return evidence.some((step) => {
    const own = { from: step.line, to: step.line };
    const isDeclaration = finding.function === "" && step.function === "";
    return (isDeclaration || step.isAccess === true) && has(step.file, isDeclaration ? (step.within ?? own) : own);
  });
}
