/** Totals in words, the same in every report that people read. */
import type { AuditResult, AuditSummary } from "../audit/types.ts";
import { RISKS, type Risk } from "../rule-api/types.ts";
import type { ReportInput } from "./reporter.ts";

export function plural(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

/** As in `33 high, 25 medium`; risks without findings are left out. */
export function riskCounts(risks: Record<Risk, number>): string {
  return RISKS.filter((r) => risks[r] > 0)
    .map((r) => `${risks[r]} ${r}`)
    .join(", ");
}

/** What was found in what, in one sentence. */
export function headline(summary: AuditSummary): string {
  const scope = `${plural(summary.files, "file")}, ${plural(summary.functions, "function")}`;
  const all = findingCount(summary);
  if (all === 0) return `No findings in ${scope}.`;
  return `${plural(all, "finding")} in ${scope}: ${riskCounts(summary.risks)}.`;
}

/** Findings of every risk. */
export function findingCount({ risks }: AuditSummary): number {
  return RISKS.reduce((n, r) => n + risks[r], 0);
}

/** Sentences on findings that the report does not show. */
export function hiddenCounts({ result: { summary }, risk }: ReportInput, shown: number): string[] {
  const sentences: string[] = [];
  if (summary.suppressed > 0) sentences.push(`${summary.suppressed} suppressed by comments or in .ungil/triage.json.`);
  const milder = findingCount(summary) - shown;
  if (milder > 0) sentences.push(`${milder} milder than --risk ${risk} ${milder === 1 ? "is" : "are"} not shown.`);
  return sentences;
}

/** As in `3 places not audited or in doubt (1 skipped)`; empty if there are none. */
export function problemCount({ problems }: AuditResult): string {
  if (problems.length === 0) return "";
  return `${plural(problems.length, "place")} not audited or in doubt (${skippedCount({ problems })} skipped)`;
}

export function skippedCount({ problems }: Pick<AuditResult, "problems">): number {
  return problems.filter((p) => p.skipped).length;
}
