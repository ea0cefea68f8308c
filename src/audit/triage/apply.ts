/** What people decided about findings, applied to the result of an audit. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "../../rule-api/types.ts";
import { type AuditResult, UsageError } from "../types.ts";
import { parseTriage, type TriageEntries } from "./triage.ts";

/** The entries of `.ungil/triage.json` in `folder`; empty if there is none. @throws UsageError with file and line if it is broken. */
export function readTriage(folder: string): TriageEntries {
  const path = join(folder, ".ungil", "triage.json");
  if (!existsSync(path)) return new Map();
  try {
    return parseTriage(readFileSync(path, "utf8"));
  } catch (error) {
    throw new UsageError(
      `${path}: ${(error as Error).message}`,
      "Correct the file by hand, or bring it back from git.",
    );
  }
}

/** Why a finding is no longer to be reported or fixed; undefined if nobody said so. */
export function dismissal(entries: TriageEntries, { fingerprint }: Pick<Finding, "fingerprint">): string | undefined {
  const triage = entries.get(fingerprint);
  if (triage?.state === undefined) return undefined;
  return triage.reason ? `${triage.state}: ${triage.reason}` : triage.state;
}

/** `result` without the findings that were dismissed; they count as suppressed. */
export function withoutDismissed(result: AuditResult, entries: TriageEntries): AuditResult {
  const gone = result.findings.filter((f) => dismissal(entries, f) !== undefined);
  if (gone.length === 0) return result;
  const summary = structuredClone(result.summary);
  for (const f of gone) {
    summary.risks[f.risk]--;
    summary.families[f.family][f.risk]--;
    summary.rules[f.rule]--;
    if (summary.rules[f.rule] === 0) delete summary.rules[f.rule];
    const same = f.module === "" ? [] : summary.modules.filter((m) => m.name === f.module);
    const module = same.find((m) => m.file === f.file) ?? same[0];
    if (module) module.risks[f.risk]--;
    summary.suppressed++;
  }
  const dropped = new Set(gone);
  return { ...result, summary, findings: result.findings.filter((f) => !dropped.has(f)) };
}
