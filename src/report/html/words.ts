/** Words that the page uses with and without scripts. */
import type { FixLevel, PageData, PageModule } from "./page-data.ts";

/** What a module says of the GIL. */
export const DECLARED: Readonly<Record<string, string>> = {
  yes: "declared",
  no: "not declared",
  used: "needs the GIL",
  unknown: "unclear",
};

const PHASES: Readonly<Record<string, string>> = {
  single: "single-phase",
  multi: "multi-phase",
  export: "export hook",
};

export const FIX_LEVELS: Readonly<Record<FixLevel, string>> = {
  safe: "safe",
  review: "for review",
  manual: "by hand",
};

export function initText({ framework, phase }: Pick<PageModule, "framework" | "phase">): string {
  return framework || (PHASES[phase] ?? phase);
}

export function plural(n: number, noun: string): string {
  return `${n.toLocaleString("en-US")} ${noun}${n === 1 ? "" : "s"}`;
}

export function excludedText({ files, folders }: { files: number; folders: number }): string {
  if (files === 0) return plural(folders, "folder");
  return folders === 0 ? plural(files, "file") : `${plural(files, "file")} in ${plural(folders, "folder")}`;
}

/** What is not among the findings, and why; a sentence each. */
export function leftOutNotes({ milder, risk, suppressed, known }: PageData["totals"]): string[] {
  const notes: string[] = [];
  if (milder > 0)
    notes.push(`${plural(milder, "finding")} milder than ${risk} ${milder === 1 ? "is" : "are"} not in this report.`);
  if (suppressed > 0) notes.push(`${plural(suppressed, "finding")} suppressed by comments or in .ungil/triage.json.`);
  if (known !== undefined) {
    const worse = known.worse > 0 ? `, ${known.worse} of them worse by now` : "";
    notes.push(`${plural(known.findings, "finding")} known to the baseline ${known.file}${worse}.`);
  }
  return notes;
}
