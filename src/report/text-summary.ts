/** The end of the text report: what was not audited, modules, families, totals. */
import type { AuditResult, ModuleSummary } from "../audit/types.ts";
import type { Problem } from "../ir/facts.ts";
import { atLeast, FAMILIES, RISKS, type Risk } from "../rule-api/types.ts";
import { type Page, paintRisk } from "./page.ts";
import { findingCount, headline, hiddenCounts, plural, skippedCount } from "./totals.ts";
import { cutStart, visible, width, wrap } from "./visible.ts";

/** Lines of problems without `--verbose`; the rest is counted. */
const SHOWN_PROBLEMS = 10;
/** Modules listed without `--verbose`. */
const SHOWN_MODULES = 30;
/** Of the first column of tables, on terminals that hold it; the others take what `CELL_COLUMNS` says. */
const NAME_COLUMNS = 34;
const MIN_NAME_COLUMNS = 8;
const CELL_COLUMNS = 46;

/** What could not be read or understood, most serious first, and what discovery left out. */
export function problemLines(page: Page): string[] {
  const { c, columns } = page;
  const { result, terminal } = page.input;
  const lines: string[] = [];
  if (result.problems.length > 0) {
    lines.push(c.bold(`Not audited or in doubt: ${result.problems.length} (${skippedCount(result)} skipped)`));
    const groups = terminal.verbose ? result.problems.map((p) => [p]) : equalProblems(result.problems);
    const shown = terminal.verbose ? groups : groups.slice(0, SHOWN_PROBLEMS);
    for (const [p, ...others] of shown) {
      const also = others.length > 0 ? ` and ${others.length} more` : "";
      const [first, ...rest] = wrap(`${problemPlace(page, p)}${also}: ${visible(p.message)}`, columns - 4);
      lines.push(`  ${first}`, ...rest.map((l) => `    ${l}`));
    }
    const more = groups.slice(shown.length).flat();
    if (more.length > 0) lines.push(c.dim(`  and ${more.length} more: ${kindCounts(more)} (--verbose lists them)`));
    lines.push("");
  }
  if (result.excluded.length > 0) {
    const reasons = result.excluded.map((e) => `${e.reason} (${excludedCount(e)})`).join(", ");
    for (const line of wrap(`Left out: ${visible(reasons)} (--include GLOB takes them in)`, columns))
      lines.push(c.dim(line));
    if (terminal.verbose) {
      for (const e of result.excluded) {
        for (const path of e.examples) lines.push(c.dim(`  ${visible(e.reason)}: ${visible(path)}`));
      }
    }
    lines.push("");
  }
  return lines;
}

/** Those that say the same together, the most serious first; generated code is left out on purpose, so it comes last. */
function equalProblems(problems: readonly Problem[]): Problem[][] {
  const groups = new Map<string, Problem[]>();
  for (const p of problems) {
    const key = `${p.kind} ${p.skipped} ${p.message}`;
    const group = groups.get(key);
    if (group) group.push(p);
    else groups.set(key, [p]);
  }
  const weight = ([p]: Problem[]) => (p.kind === "generated" ? 2 : p.skipped ? 0 : 1);
  return [...groups.values()].sort((a, b) => weight(a) - weight(b));
}

function excludedCount({ files, folders }: AuditResult["excluded"][number]): string {
  if (files === 0) return plural(folders, "folder");
  return folders === 0 ? plural(files, "file") : `${plural(files, "file")} in ${plural(folders, "folder")}`;
}

function problemPlace({ input }: Page, p: Problem): string {
  if (p.file === "") return p.kind;
  const name = visible(input.paths.shown(p.file));
  return p.line === undefined ? name : `${name}:${p.line}`;
}

function kindCounts(problems: readonly Problem[]): string {
  const counts = new Map<string, number>();
  for (const p of problems) counts.set(p.kind, (counts.get(p.kind) ?? 0) + 1);
  return [...counts].map(([kind, n]) => `${n} ${kind}`).join(", ");
}

export function summaryLines(page: Page, shown: number): string[] {
  const { result } = page.input;
  return [...moduleLines(page, result.summary.modules), ...familyLines(page, result), ...totals(page, shown)];
}

const DECLARED: Record<string, string> = {
  yes: "declared",
  no: "not declared",
  used: "needs the GIL",
  unknown: "unclear",
};
const PHASES: Record<string, string> = {
  single: "single-phase",
  multi: "multi-phase",
  export: "export hook",
};

function moduleLines(page: Page, modules: readonly ModuleSummary[]): string[] {
  const { c, input } = page;
  if (modules.length === 0) return [];
  const worst = [...modules].sort((a, b) => {
    for (const r of RISKS) if (a.risks[r] !== b.risks[r]) return b.risks[r] - a.risks[r];
    return a.name < b.name ? -1 : 1;
  });
  const shown = input.terminal.verbose ? worst : worst.slice(0, SHOWN_MODULES);
  const columns = nameColumns(page);
  const rows = shown.map((m) => {
    const name = pad(cutStart(visible(m.name), columns), columns);
    const phase = (m.framework || PHASES[m.phase] || m.phase).padEnd(13);
    const declared = (DECLARED[m.declared] ?? m.declared).padEnd(13);
    const paint = m.declared === "yes" ? c.green : m.declared === "unknown" ? c.yellow : c.red;
    return `  ${name} ${visible(phase)} ${paint(declared)}${riskCells(page, m.risks)}`;
  });
  const head = `  ${pad("Module", columns)} ${"Init".padEnd(13)} ${"Without GIL".padEnd(13)}${riskHeads(page)}`;
  const lines = [c.bold(head.trimEnd()), ...rows];
  const more = worst.length - shown.length;
  if (more > 0) lines.push(c.dim(`  and ${more} more modules (--verbose lists them)`));
  lines.push("");
  return lines;
}

function familyLines(page: Page, result: AuditResult): string[] {
  const { c } = page;
  const columns = nameColumns(page) + 28;
  const rows = FAMILIES.filter((f) => shownRisks(page).some((r) => result.summary.families[f][r] > 0)).map(
    (f) => `  ${f.padEnd(columns)}${riskCells(page, result.summary.families[f])}`,
  );
  if (rows.length === 0) return [];
  const head = `  ${"Family".padEnd(columns)}${riskHeads(page)}`;
  return [c.bold(head), ...rows, ""];
}

function nameColumns({ columns }: Page): number {
  return Math.min(Math.max(columns - CELL_COLUMNS, MIN_NAME_COLUMNS), NAME_COLUMNS);
}

function shownRisks(page: Page): Risk[] {
  return RISKS.filter((r) => r !== "info" && atLeast(r, page.input.risk));
}

function riskHeads(page: Page): string {
  return shownRisks(page)
    .map((r) => (r === "medium" ? "med" : r).padStart(5))
    .join("");
}

function riskCells(page: Page, risks: Record<Risk, number>): string {
  return shownRisks(page)
    .map((r) => {
      const text = (risks[r] === 0 ? "." : String(risks[r])).padStart(5);
      return risks[r] === 0 ? page.c.dim(text) : paintRisk(page.c, r, text);
    })
    .join("");
}

function totals({ c, columns, input }: Page, shown: number): string[] {
  const { summary } = input.result;
  const paint = findingCount(summary) === 0 ? (text: string) => c.green(c.bold(text)) : c.bold;
  const lines = wrap(headline(summary), columns).map(paint);
  const rest = hiddenCounts(input, shown, input.paths.shown);
  if (shown > 0) rest.push("`ungil explain RULE` says why a rule matters and how to fix what it finds.");
  for (const sentence of rest) lines.push(...wrap(sentence, columns).map(c.dim));
  return lines;
}

export function timingLine(page: Page, result: AuditResult): string[] {
  const { timing } = result;
  const phases = Object.entries(timing.phases)
    .map(([phase, ms]) => `${phase} ${Math.round(ms)}`)
    .join(", ");
  const cache = timing.cache === "off" ? "no cache" : `cache ${timing.cache}, ${timing.cacheHits} hits`;
  const text = `${Math.round(timing.total)} ms (${phases}); ${plural(timing.jobs, "job")}; ${cache}; ${result.summary.bytes} bytes; target ${result.summary.target}, oldest Python ${result.summary.minPython}`;
  return wrap(text, page.columns).map((line) => page.c.dim(line));
}

function pad(text: string, columns: number): string {
  return text + " ".repeat(Math.max(columns - width(text), 0));
}
