/** The report of `fix` for people: what was fixed, what is left and why, how to take it back. */
import { createColors } from "picocolors";
import type { AppliedFix, FixResult, LeftFinding } from "../audit/fixing/fix-project.ts";
import { leftLines, leftToDo } from "./fix-left.ts";
import { type FixPage, type FixTextOptions, hang, nameOf } from "./fix-page.ts";
import type { FixReport } from "./fix-report.ts";
import { plural } from "./totals.ts";
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
  const open = new Set(written?.open);
  const byFile = new Map<string, AppliedFix[]>();
  for (const a of result.applied.filter((fix) => !fix.files.some((f) => open.has(f))))
    byFile.set(a.finding.file, [...(byFile.get(a.finding.file) ?? []), a]);
  for (const [file, fixes] of [...byFile].sort(([a], [b]) => (a < b ? -1 : 1)))
    lines.push(...fileLines(page, file, fixes));
  const others = result.files.filter((f) => !byFile.has(f.file) && !open.has(f.file));
  for (const { file, before } of others) {
    const what = before === undefined ? "new file" : "changed along with the others";
    lines.push(`${page.c.cyan(nameOf(page, file))}  ${page.c.dim(what)}`, "");
  }
  if (written !== undefined && written.open.length > 0) {
    lines.push(page.c.yellow(`Not written: ${written.open.map((f) => nameOf(page, f)).join(", ")}`), "");
  }
  return lines;
}

/** Places are those of the text that is on disk when the report is read. */
function fileLines(page: FixPage, file: string, fixes: readonly AppliedFix[]): string[] {
  const { c, columns, report } = page;
  const lineOf = (a: AppliedFix) => (report.mode === "write" ? a.newLine : a.oldLine);
  const lines: string[] = [];
  for (const a of [...fixes].sort((x, y) => lineOf(x) - lineOf(y))) {
    const level = a.level === "safe" ? "" : ` ${c.yellow(a.level)}`;
    lines.push(`${c.cyan(`${nameOf(page, file)}:${lineOf(a)}`)}  ${c.bold(a.finding.rule)}${level}`);
    lines.push(...hang(visible(a.title), columns, "  ", "  "));
    for (const point of a.review) lines.push(...hang(`look at: ${visible(point)}`, columns, "  - ", "    "));
  }
  lines.push("");
  return lines;
}

function checkLines(page: FixPage): string[] {
  const { c, columns } = page;
  const { check } = page.report;
  if (check === undefined) return [];
  const lines: string[] = [];
  for (const { file, reason } of check.rejected) {
    const text = `${nameOf(page, file)} is left as it was, it would no longer compile: ${visible(reason)}`;
    lines.push(...hang(text, columns, "", "  ").map((line) => c.red(line)));
  }
  for (const { file, reason } of check.unchecked) {
    const text = `${nameOf(page, file)} could not be checked: ${visible(reason)}`;
    lines.push(...hang(text, columns, "", "  ").map((line) => c.yellow(line)));
  }
  if (check.passed.length > 0)
    lines.push(c.green(`${plural(check.passed.length, "file")} still compile${check.passed.length === 1 ? "s" : ""}.`));
  if (lines.length > 0) lines.push("");
  return lines;
}

function conflictLines(page: FixPage): string[] {
  const { c, columns, options } = page;
  const { result } = page.report;
  if (!options.verbose || result.conflicts.length === 0) return [];
  const lines = [c.bold("Waited for another fix of the same function or text")];
  for (const { finding, with: other, round } of result.conflicts) {
    const name = (f: typeof finding) => `${nameOf(page, f.file)}:${f.line} ${f.rule}`;
    lines.push(...hang(`${name(finding)} for ${name(other)} in round ${round}`, columns, "  ", "    "));
  }
  lines.push("");
  return lines;
}

function problemLines(page: FixPage): string[] {
  const { c, columns, options } = page;
  const { result } = page.report;
  const skipped = result.problems.filter((p) => p.skipped && p.kind !== "generated");
  if (skipped.length === 0) return [];
  if (!options.verbose) {
    const what = skipped.length === 1 ? "1 place" : `${skipped.length} places`;
    return [c.dim(`${what} could not be read or understood; \`ungil scan\` says which.`), ""];
  }
  const lines = [c.bold("Not read")];
  for (const p of skipped) {
    const place = p.line === undefined ? nameOf(page, p.file) : `${nameOf(page, p.file)}:${p.line}`;
    lines.push(...hang(`${place}: ${visible(p.message)}`, columns, "  ", "    "));
  }
  lines.push("");
  return lines;
}

function endLines(page: FixPage): string[] {
  const { c, options, report } = page;
  const { result, mode, written } = report;
  const isWhole = written === undefined || written.open.length === 0;
  const headline = isWhole ? headlineOf(result, mode === "write" ? "Fixed" : "Would fix") : interrupted(written);
  const lines = [c.bold(result.applied.length === 0 ? headline : isWhole ? c.green(headline) : c.yellow(headline))];
  lines.push(...leftCount(leftToDo(page)));
  if (written === undefined) return lines;
  if (written.backups.length > 0 && !options.quiet) {
    lines.push(
      ...hang(`Backups: ${written.backups.map(visible).join(", ")}`, page.columns, "", "  ").map((l) => c.dim(l)),
    );
  }
  lines.push(c.dim(`\`${visible(written.undo)}\` takes it back.`));
  return lines;
}

function headlineOf({ applied, left, files, rounds }: FixResult, verb: string): string {
  if (applied.length === 0) return left.length === 0 ? "Nothing to fix." : "Nothing that ungil can fix.";
  const inRounds = rounds > 1 ? `, in ${rounds} rounds` : "";
  return `${verb} ${plural(applied.length, "finding")} in ${plural(files.length, "file")}${inRounds}.`;
}

function leftCount(left: readonly LeftFinding[]): string[] {
  if (left.length === 0) return [];
  const count = (level: LeftFinding["level"]) => left.filter((l) => l.level === level).length;
  const parts = [
    [count("safe"), "could be fixed"],
    [count("review"), "for `--level review`"],
    [count("manual"), "for a person"],
  ] as const;
  const named = parts.filter(([n]) => n > 0).map(([n, what]) => `${n} ${what}`);
  return [`${plural(left.length, "finding")} ${left.length === 1 ? "is" : "are"} left: ${named.join(", ")}.`];
}

function interrupted({ files, open }: NonNullable<FixReport["written"]>): string {
  return `Interrupted: ${files.length} of ${plural(files.length + open.length, "file")} written; \`ungil fix\` goes on.`;
}

/** What a printed patch does not tell, for the standard error. `notes` are about single files. */
export function diffNote(result: FixResult, notes: readonly { file: string; reason: string }[]): string {
  const lines = notes.map(({ file, reason }) => `${visible(file)}: ${visible(reason)}`);
  lines.push(headlineOf(result, "Would fix"), ...leftCount(result.left.filter((l) => l.finding.risk !== "info")));
  return lines.map((line) => `${line}\n`).join("");
}
