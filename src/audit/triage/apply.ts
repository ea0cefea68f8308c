/** What people decided about findings, applied to the result of an audit. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "../../rule-api/types.ts";
import { counted } from "../summary.ts";
import { type AuditResult, UsageError } from "../types.ts";
import { parseTriage, type Triage, type TriageEntries } from "./triage.ts";

/** Where the triage of the project in `folder` is. */
export function triagePath(folder: string): string {
  return join(folder, ".ungil", "triage.json");
}

/** The entries of `.ungil/triage.json` in `folder`; empty if there is none. @throws UsageError with file and line if it is broken. */
export function readTriage(folder: string): TriageEntries {
  const path = triagePath(folder);
  return existsSync(path) ? triageIn(path, readFileSync(path, "utf8")) : new Map();
}

/** The entries in `text`, read from `path`. @throws UsageError with file and line. */
export function triageIn(path: string, text: string): Map<string, Triage> {
  try {
    return parseTriage(text);
  } catch (error) {
    throw new UsageError(
      `${path}: ${(error as Error).message}`,
      "Repair the line, or take it out; git has older versions of the file.",
    );
  }
}

/** True if somebody said that the finding is no longer to be reported or fixed. */
export function isDismissed(entries: TriageEntries, { fingerprint }: Pick<Finding, "fingerprint">): boolean {
  return entries.get(fingerprint)?.state !== undefined;
}

/** `result` without the findings that were dismissed; they count as suppressed. */
export function withoutDismissed(result: AuditResult, entries: TriageEntries): AuditResult {
  const findings = result.findings.filter((f) => !isDismissed(entries, f));
  const gone = result.findings.length - findings.length;
  if (gone === 0) return result;
  const summary = { ...counted(result.summary, findings), suppressed: result.summary.suppressed + gone };
  return { ...result, summary, findings };
}
