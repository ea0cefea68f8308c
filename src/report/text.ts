/** The report for people: findings worst first, then what could not be read, then where the project stands. */
import { createColors } from "picocolors";
import { atLeast, type Finding, RISKS } from "../rule-api/types.ts";
import { codeFrame } from "./code-frame.ts";
import { type Page, paintRisk } from "./page.ts";
import { beginsWithFunction, type Reporter, type ReportInput, shownFindings } from "./reporter.ts";
import { SourceLines } from "./source.ts";
import { problemLines, summaryLines, timingLine } from "./text-summary.ts";
import { visible, width, wrap } from "./visible.ts";

/** Wider terminals gain nothing: prose gets hard to read. */
const MAX_COLUMNS = 100;
const MIN_COLUMNS = 40;
/** Without `--verbose`, of each rule in a file: findings with their evidence, and low and info findings at all. */
const SHOWN_WHOLE = 3;
const SHOWN_MILD = 5;
/** Steps of evidence without `--verbose`; a cut that would save a single line is not made. */
const SHOWN_STEPS = 8;

export const reporter: Reporter = { defaultRisk: "low", render: renderText };

function renderText(input: ReportInput): string {
  const { result, read, terminal } = input;
  const page: Page = {
    c: createColors(terminal.color),
    columns: Math.min(Math.max(terminal.columns, MIN_COLUMNS), MAX_COLUMNS),
    input,
    source: new SourceLines(read),
  };
  const shown = shownFindings(input);
  const lines: string[] = [];
  for (const [file, findings] of worstFirst(shown)) lines.push(...fileLines(page, file, findings));
  if (!terminal.quiet) {
    lines.push(...problemLines(page));
    lines.push(...summaryLines(page, shown.length));
    if (terminal.verbose) lines.push(...timingLine(page, result));
  }
  return lines.length > 0 ? `${lines.join("\n")}\n` : "";
}

/** Findings by file: the file with the worst risk and most of it first, inside a file by risk, then place. */
function worstFirst(findings: readonly Finding[]): [string, Finding[]][] {
  const byFile = new Map<string, Finding[]>();
  for (const f of findings) {
    const list = byFile.get(f.file);
    if (list) list.push(f);
    else byFile.set(f.file, [f]);
  }
  const badness = ([, list]: [string, Finding[]]) => RISKS.map((r) => list.filter((f) => f.risk === r).length);
  return [...byFile]
    .map((entry) => ({ entry, key: badness(entry) }))
    .sort((a, b) => compareBadness(a.key, b.key) || (a.entry[0] < b.entry[0] ? -1 : 1))
    .map(({ entry }) => entry);
}

function compareBadness(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return b[i] - a[i];
  return 0;
}

function fileLines(page: Page, file: string, findings: readonly Finding[]): string[] {
  const { c, columns, input } = page;
  const name = visible(input.paths.shown(file));
  const counts = RISKS.map((r) => [r, findings.filter((f) => f.risk === r).length] as const).filter(([, n]) => n > 0);
  const plain = counts.map(([r, n]) => `${n} ${r}`).join(", ");
  const painted = counts.map(([r, n]) => paintRisk(c, r, `${n} ${r}`)).join(", ");
  const gap = " ".repeat(Math.max(columns - width(name) - plain.length, 2));
  const lines = [`${c.bold(c.underline(name))}${gap}${painted}`, ""];

  for (const group of ruleGroups(findings)) lines.push(...groupLines(page, group));
  return lines;
}

/** Findings of one file that share rule and risk, worst first; inside a group by place. */
function ruleGroups(findings: readonly Finding[]): Finding[][] {
  const groups = new Map<string, Finding[]>();
  for (const f of findings) {
    const key = `${RISKS.indexOf(f.risk)} ${f.rule}`;
    const list = groups.get(key);
    if (list) list.push(f);
    else groups.set(key, [f]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, list]) => list);
}

function groupLines(page: Page, group: readonly Finding[]): string[] {
  const { c, input } = page;
  const { verbose } = input.terminal;
  const { risk, rule } = group[0];
  const isMild = !atLeast(risk, "medium");
  const whole = verbose ? group.length : isMild ? 0 : Math.min(SHOWN_WHOLE, group.length);
  const listed = verbose || !isMild ? group.length : Math.min(SHOWN_MILD, group.length);
  const sameFix = group.every((f) => fixText(f) === fixText(group[0]));

  const count = group.length > 1 ? c.dim(` (${group.length})`) : "";
  const lines = [`  ${paintRisk(c, risk, c.bold(risk))}  ${c.bold(rule)}${count}`];
  if (whole > 0) lines.push("");
  for (const f of group.slice(0, whole)) lines.push(...wholeLines(page, f, !sameFix));
  for (const f of group.slice(whole, listed)) lines.push(...briefLines(page, f, !sameFix));
  if (listed < group.length) lines.push(c.dim(`    and ${group.length - listed} more (--verbose lists them)`));
  else if (0 < whole && whole < group.length) {
    lines.push(c.dim(`    (--verbose shows the evidence of the last ${group.length - whole}, too)`), "");
  }
  if (sameFix) lines.push(...fixLines(page, group[0], 4));
  if (lines.at(-1) !== "") lines.push("");
  return lines;
}

/** With the path, so that terminals and editors make it a link. */
function placeOf({ input }: Page, f: Finding): string {
  return `${visible(input.paths.shown(f.file))}:${f.line}:${f.column}`;
}

function briefLines(page: Page, f: Finding, withFix: boolean): string[] {
  const place = placeOf(page, f);
  const where = f.function && !beginsWithFunction(f) ? ` in ${visible(f.function)}` : "";
  const [first, ...rest] = wrap(`${place}${where}: ${visible(f.message)}`, page.columns - 6);
  const painted = first.startsWith(place) ? page.c.cyan(place) + first.slice(place.length) : first;
  return [`    ${painted}`, ...rest.map((l) => `      ${l}`), ...(withFix ? fixLines(page, f, 6) : [])];
}

function wholeLines(page: Page, f: Finding, withFix: boolean): string[] {
  const { c, columns } = page;
  const where = f.function ? ` in ${visible(f.function)}` : "";
  const lines = [`    ${c.cyan(placeOf(page, f))}${c.dim(where)}`];
  for (const text of wrap(visible(f.message), columns - 4)) lines.push(`    ${text}`);
  const style = { dim: c.dim, mark: (text: string) => paintRisk(c, f.risk, text) };
  for (const row of codeFrame(page.source, f, columns - 4, style)) lines.push(`    ${row}`);
  lines.push(...evidenceLines(page, f));
  if (withFix) lines.push(...fixLines(page, f, 4));
  lines.push("");
  return lines;
}

function evidenceLines(page: Page, f: Finding): string[] {
  const { c, columns, input } = page;
  const isLong = f.evidence.length > SHOWN_STEPS + 1 && !input.terminal.verbose;
  const shown = isLong ? f.evidence.slice(0, SHOWN_STEPS) : f.evidence;
  const lines = shown.flatMap((step) => {
    const place = step.file === f.file ? `line ${step.line}` : `${visible(input.paths.shown(step.file))}:${step.line}`;
    const [first, ...rest] = wrap(`${place}: ${visible(step.text)}`, columns - 6);
    const painted = first.startsWith(place) ? c.cyan(place) + first.slice(place.length) : first;
    return [`    ${c.dim("-")} ${painted}`, ...rest.map((l) => `      ${l}`)];
  });
  if (isLong) lines.push(c.dim(`    - and ${f.evidence.length - SHOWN_STEPS} more steps (--verbose lists them)`));
  return lines;
}

function fixText(f: Finding): string {
  if (!f.fix) return "";
  const { level, title, replacement } = f.fix;
  const instead = replacement && !title.includes(replacement) ? ` (${replacement})` : "";
  return `Fix (${level}): ${title}${instead}`;
}

function fixLines(page: Page, f: Finding, indent: number): string[] {
  if (!f.fix) return [];
  const pad = " ".repeat(indent);
  const head = `Fix (${f.fix.level}):`;
  return wrap(visible(fixText(f)), page.columns - indent - 2).map((line, i) =>
    i === 0 && line.startsWith(head) ? `${pad}${page.c.green(head)}${line.slice(head.length)}` : `${pad}  ${line}`,
  );
}
