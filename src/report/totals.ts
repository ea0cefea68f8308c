/** Totals in words, the same in every report that people read. */
import type { AuditResult, AuditSummary, BaselineSummary, DiffSummary } from "../audit/types.ts";
import { RISKS, type Risk } from "../rule-api/types.ts";
import type { ReportInput } from "./reporter.ts";
import { visible } from "./visible.ts";

export function plural(n: number, noun: string, nouns = `${noun}s`): string {
  return `${n} ${n === 1 ? noun : nouns}`;
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
  const isNew = summary.baseline === null ? "" : "new ";
  if (all === 0) return `No ${isNew}findings in ${scope}.`;
  return `${plural(all, `${isNew}finding`)} in ${scope}: ${riskCounts(summary.risks)}.`;
}

/** Findings of every risk. */
export function findingCount({ risks }: AuditSummary): number {
  return RISKS.reduce((n, r) => n + risks[r], 0);
}

/** Sentences on findings that the report, with `shown` of them, does not show; `nameOf` names a file as the report does. */
export function hiddenCounts(
  { result: { summary }, risk }: ReportInput,
  shown: number,
  nameOf: (file: string) => string,
): string[] {
  const sentences = [...diffSentences(summary.diff), ...baselineSentences(summary.baseline, nameOf)];
  if (summary.suppressed > 0) sentences.push(`${summary.suppressed} suppressed by comments or in .ungil/triage.json.`);
  const milder = findingCount(summary) - shown;
  if (milder > 0) sentences.push(`${milder} milder than --risk ${risk} ${milder === 1 ? "is" : "are"} not shown.`);
  return sentences;
}

function diffSentences(diff: DiffSummary | null): string[] {
  if (diff === null) return [];
  const { ref, base, hidden } = diff;
  const shown = hidden === 0 ? "nothing is" : `${hidden} ${hidden === 1 ? "is" : "are"}`;
  return [`Only what changed since ${visible(ref)} (merge base ${base.slice(0, 12)}): ${shown} elsewhere.`];
}

function baselineSentences(baseline: BaselineSummary | null, nameOf: (file: string) => string): string[] {
  if (baseline === null) return [];
  const { file, target, known, worse, gone } = baseline;
  const sentences = [`${known} known: in ${visible(nameOf(file))}.`];
  if (worse > 0) sentences.push(`${worse} of them ${worse === 1 ? "is" : "are"} worse than when recorded.`);
  if (gone === null) sentences.push(`The baseline was made for Python ${target}: new and known may be mixed up.`);
  else if (gone > 0) {
    sentences.push(`${plural(gone, "entry of it is", "entries of it are")} gone: run \`ungil baseline update\`.`);
  }
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
