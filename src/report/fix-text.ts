/** The report of `fix` for people: what was fixed, what is left and why, how to take it back. */
import { createColors } from "picocolors";
import type { AppliedFix, FixResult } from "../audit/fixing/fix-project.ts";
import { leftLines } from "./fix-left.ts";
import { type FixPage, type FixTextOptions, hang } from "./fix-page.ts";
import type { FixReport } from "./fix-report.ts";
import { plural } from "./text-summary.ts";
import { visible } from "./visible.ts";

const MAX_COLUMNS = 100;
const MIN_COLUMNS = 40;

/** Renders the report; the text ends with a newline. */
export function renderFixText(report: FixReport, options: FixTextOptions): string {
  const page: FixPage = {
    c: createColors(options.color),
    columns: Math.min(Math.max(options.columns, MIN_COLUMNS), MAX_COLUMNS),
    options,
    report,
  };
  const lines = [...fixedLines(page), ...checkLines(page)];
  if (!options.quiet) lines.push(...conflictLines(page), ...leftLines(page), ...problemLines(page));
  lines.push(...endLines(page));
  return `${lines.join("\n")}\n`;
}

function fixedLines(page: FixPage): string[] {
  const { result, written } = page.report;
  const lines: string[] = [];
  const byFile = new Map<string, AppliedFix[]>();
  for (const a of result.applied) byFile.set(a.finding.file, [...(byFile.get(a.finding.file) ?? []), a]);
  for (const [file, fixes] of [...byFile].sort(([a], [b]) => (a < b ? -1 : 1)))
    lines.push(...fileLines(page, file, fixes));
  const others = result.files.filter((f) => !byFile.has(f.file));
  for (const { file, before } of others) {
    const what = before === undefined ? "new file" : "changed along with the others";
    lines.push(`${page.c.bold(page.c.underline(visible(file)))}  ${page.c.dim(what)}`, "");
  }
  if (written !== undefined && written.open.length > 0) {
    lines.push(page.c.yellow(`Not written: ${written.open.map(visible).join(", ")}`), "");
  }
  return lines;
}

/** Places are those of the text that is on disk when the report is read. */
function fileLines({ c, columns, report }: FixPage, file: string, fixes: readonly AppliedFix[]): string[] {
  const lineOf = (a: AppliedFix) => (report.mode === "write" ? a.newLine : a.oldLine);
  const lines = [c.bold(c.underline(visible(file))), ""];
  for (const a of [...fixes].sort((x, y) => lineOf(x) - lineOf(y))) {
    const level = a.level === "safe" ? "" : ` ${c.yellow(a.level)}`;
    lines.push(`  ${c.cyan(`${visible(file)}:${lineOf(a)}`)}  ${c.bold(a.finding.rule)}${level}`);
    lines.push(...hang(visible(a.title), columns, "    ", "    "));
    for (const point of a.review) lines.push(...hang(`look at: ${visible(point)}`, columns, "    - ", "      "));
  }
  lines.push("");
  return lines;
}

function checkLines({ c, columns, report: { check } }: FixPage): string[] {
  if (check === undefined) return [];
  const lines: string[] = [];
  for (const { file, reason } of check.rejected) {
    const text = `${visible(file)} is left as it was, it would no longer compile: ${visible(reason)}`;
    lines.push(...hang(text, columns, "", "  ").map((line) => c.red(line)));
  }
  for (const { file, reason } of check.unchecked) {
    const text = `${visible(file)} could not be checked: ${visible(reason)}`;
    lines.push(...hang(text, columns, "", "  ").map((line) => c.yellow(line)));
  }
  if (check.passed.length > 0)
    lines.push(c.green(`${plural(check.passed.length, "file")} still compile${check.passed.length === 1 ? "s" : ""}.`));
  if (lines.length > 0) lines.push("");
  return lines;
}

function conflictLines({ c, columns, options, report: { result } }: FixPage): string[] {
  if (!options.verbose || result.conflicts.length === 0) return [];
  const lines = [c.bold("Waited for another fix of the same function or text")];
  for (const { finding, with: other, round } of result.conflicts) {
    const name = (f: typeof finding) => `${visible(f.file)}:${f.line} ${f.rule}`;
    lines.push(...hang(`${name(finding)} for ${name(other)} in round ${round}`, columns, "  ", "    "));
  }
  lines.push("");
  return lines;
}

function problemLines({ c, columns, options, report: { result } }: FixPage): string[] {
  const skipped = result.problems.filter((p) => p.skipped && p.kind !== "generated");
  if (skipped.length === 0) return [];
  if (!options.verbose) {
    return [c.dim(`${plural(skipped.length, "file")} or part could not be read; \`ungil scan\` says which.`), ""];
  }
  const lines = [c.bold("Not read")];
  for (const p of skipped) {
    const place = p.line === undefined ? p.file : `${p.file}:${p.line}`;
    lines.push(...hang(`${visible(place)}: ${visible(p.message)}`, columns, "  ", "    "));
  }
  lines.push("");
  return lines;
}

function endLines({ c, options, report }: FixPage): string[] {
  const { result, mode, written } = report;
  const { applied, left, files, rounds } = result;
  const lines: string[] = [];
  const verb = mode === "write" ? "Fixed" : "Would fix";
  if (applied.length === 0) {
    lines.push(
      c.bold(left.length === 0 ? "Nothing to fix." : `Nothing ${mode === "write" ? "was" : "would be"} fixed.`),
    );
  } else {
    const inRounds = rounds > 1 ? `, in ${rounds} rounds` : "";
    const what = `${verb} ${plural(applied.length, "finding")} in ${plural(files.length, "file")}${inRounds}.`;
    lines.push(
      written !== undefined && written.open.length > 0 ? c.yellow(c.bold(interrupted(written))) : c.green(c.bold(what)),
    );
  }
  if (left.length > 0) lines.push(`${plural(left.length, "finding")} ${left.length === 1 ? "is" : "are"} left.`);
  if (written !== undefined) {
    if (written.backups.length > 0 && !options.quiet)
      lines.push(c.dim(`Backups: ${written.backups.map(visible).join(", ")}`));
    lines.push(c.dim(`\`${visible(written.undo)}\` takes it back.`));
  }
  return lines;
}

function interrupted({ files, open }: NonNullable<FixReport["written"]>): string {
  return `Interrupted: ${files.length} of ${plural(files.length + open.length, "file")} written; \`ungil fix\` goes on.`;
}

/** What a printed patch does not tell, for the standard error. */
export function diffNote(
  { applied, left, files }: FixResult,
  notes: readonly { file: string; reason: string }[],
): string {
  const lines = notes.map(({ file, reason }) => `${visible(file)}: ${visible(reason)}`);
  lines.push(
    applied.length === 0
      ? "Nothing would be fixed."
      : `Would fix ${plural(applied.length, "finding")} in ${plural(files.length, "file")}.`,
  );
  if (left.length > 0) lines.push(`${plural(left.length, "finding")} ${left.length === 1 ? "is" : "are"} left.`);
  return `${lines.join("\n")}\n`;
}
