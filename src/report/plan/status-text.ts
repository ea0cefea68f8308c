/** The readiness of each module on one screen. */
import { createColors } from "picocolors";
import { countedChecks } from "../../audit/plan/checks.ts";
import {
  type CheckState,
  type ModuleReadiness,
  type Readiness,
  VERDICTS,
  type Verdict,
} from "../../audit/plan/types.ts";
import type { AuditResult } from "../../audit/types.ts";
import { RISKS, type Risk } from "../../rule-api/types.ts";
import { type Colors, paintRisk } from "../page.ts";
import { plural, riskCounts } from "../totals.ts";
import { cutStart, visible, width } from "../visible.ts";
import { DECLARED, kindOf, MARKS } from "./words.ts";

export interface StatusOptions {
  color: boolean;
  columns: number;
  /** All modules, and the places of what packaging says. */
  verbose: boolean;
}

/** With these a report has at most 24 lines: the height of a small terminal. */
const SHOWN_MODULES = 8;
const CHECKS_WIDTH = 38;
const MOST_COLUMNS = 100;
/** What a row takes beside the name. */
const ROW_COLUMNS = 62;
const KIND_COLUMNS = 19;

/** Ends with a newline. */
export function renderStatus(result: AuditResult, readiness: Readiness, options: StatusOptions): string {
  const c = createColors(options.color);
  const columns = Math.min(options.columns, MOST_COLUMNS);
  const lines = [
    ...moduleLines(c, readiness, Math.max(8, columns - ROW_COLUMNS), options.verbose),
    ...unclaimedLines(c, readiness),
    "",
    ...checkLines(c, readiness, columns, options.verbose),
    "",
    ...overallLines(c, result, readiness),
  ];
  return `${lines.join("\n")}\n`;
}

function moduleLines(c: Colors, { modules }: Readiness, room: number, verbose: boolean): string[] {
  if (modules.length === 0) return ["No extension module was found: nothing here needs a declaration."];
  const order = [...modules].sort(
    (a, b) =>
      b.risks.high - a.risks.high || b.risks.medium - a.risks.medium || (a.module.name < b.module.name ? -1 : 1),
  );
  const shown = verbose ? order : order.slice(0, SHOWN_MODULES);
  const head = `${"Module".padEnd(room)} ${"Made with".padEnd(KIND_COLUMNS)} ${"Declares".padEnd(13)} high  med  fix  State`;
  const more = order.slice(shown.length);
  return [
    c.bold(head),
    ...shown.map((m) => moduleRow(c, m, room)),
    ...(more.length > 0 ? [c.dim(moreLine(more))] : []),
  ];
}

function moduleRow(c: Colors, { module, risks, fixable, verdict }: ModuleReadiness, room: number): string {
  const name = pad(cutStart(visible(module.name), room), room);
  const kind = pad(cutStart(visible(kindOf(module)), KIND_COLUMNS), KIND_COLUMNS);
  const declared = (DECLARED[module.declared] ?? module.declared).padEnd(13);
  const paint = module.declared === "yes" ? c.green : module.declared === "unknown" ? c.yellow : c.red;
  const fixes = (fixable === 0 ? "." : String(fixable)).padStart(4);
  const cells = [riskCell(c, "high", risks), riskCell(c, "medium", risks), fixes];
  return `${name} ${kind} ${paint(declared)} ${cells.join(" ")}  ${paintVerdict(c, verdict)}`;
}

function riskCell(c: Colors, risk: Risk, risks: Record<Risk, number>): string {
  const text = (risks[risk] === 0 ? "." : String(risks[risk])).padStart(4);
  return risks[risk] === 0 ? c.dim(text) : paintRisk(c, risk, text);
}

function moreLine(modules: readonly ModuleReadiness[]): string {
  return `and ${plural(modules.length, "more module")}: ${verdictCounts(modules)} (--verbose lists them)`;
}

function verdictCounts(modules: readonly ModuleReadiness[]): string {
  return VERDICTS.flatMap((verdict) => {
    const n = modules.filter((m) => m.verdict === verdict).length;
    return n === 0 ? [] : [`${n} ${verdict}`];
  }).join(", ");
}

function unclaimedLines(c: Colors, { unclaimed: { files, risks } }: Readiness): string[] {
  if (files.length === 0) return [];
  const [first] = files;
  const others = files.length > 1 ? ` and ${files.length - 1} more` : "";
  return [c.dim(`In no module: ${riskCounts(risks)} in ${visible(first)}${others}`)];
}

/** Two columns of marks where there is room, so that a dozen questions take six lines. */
function checkLines(c: Colors, { checks }: Readiness, columns: number, verbose: boolean): string[] {
  const counted = countedChecks(checks);
  const done = counted.filter((check) => check.state === "done").length;
  const head = c.bold(`Packaging and tests: ${done} of ${counted.length} done`);
  const plain = (title: string) => title.replaceAll("`", "");
  if (verbose) {
    return [
      head,
      ...checks.flatMap(({ title, state, summary, evidence }) => [
        `  ${mark(c, state)} ${plain(title)}: ${state}: ${plain(summary)}`,
        ...evidence.map((q) => c.dim(`      ${visible(q.file)}:${q.line}  ${visible(q.text)}`)),
      ]),
    ];
  }
  const cells = counted.map(({ title, state }) => ({ text: plain(title), state }));
  const perLine = columns >= 2 * (CHECKS_WIDTH + 2) ? 2 : 1;
  const lines: string[] = [];
  for (let i = 0; i < cells.length; i += perLine) {
    const row = cells.slice(i, i + perLine).map(({ text, state }, j, all) => {
      const cell = `${mark(c, state)} ${text}`;
      return j < all.length - 1 ? cell + " ".repeat(Math.max(1, CHECKS_WIDTH - width(text))) : cell;
    });
    lines.push(`  ${row.join("")}`);
  }
  return [head, ...lines, c.dim("  + done  ~ partly  - missing  ? unknown: `ungil plan` says what to do")];
}

function mark(c: Colors, state: CheckState): string {
  const paint = state === "done" ? c.green : state === "missing" ? c.red : state === "partly" ? c.yellow : c.dim;
  return paint(MARKS[state]);
}

function overallLines(c: Colors, { summary, problems }: AuditResult, { modules, overall }: Readiness): string[] {
  const total = RISKS.reduce((n, r) => n + summary.risks[r], 0);
  const found = total === 0 ? "no findings" : riskCounts(summary.risks);
  const scope = `${found} in ${plural(summary.files, "file")}`;
  const states = modules.length > 1 ? ` (${verdictCounts(modules)})` : "";
  const skipped = problems.filter((p) => p.skipped && p.kind !== "generated").length;
  const doubt = skipped > 0 ? `; ${plural(skipped, "place")} not audited` : "";
  const verdict = modules.length > 0 ? paintVerdict(c, overall) : c.dim("no extension module");
  return [`${c.bold("Overall:")} ${verdict}${states}; ${scope}${doubt}`];
}

function paintVerdict(c: Colors, verdict: Verdict): string {
  const paint =
    verdict === "ready"
      ? c.green
      : verdict === "nearly"
        ? c.cyan
        : verdict === "work"
          ? c.yellow
          : verdict === "not started"
            ? c.red
            : c.dim;
  return paint(verdict);
}

function pad(text: string, columns: number): string {
  return text + " ".repeat(Math.max(columns - width(text), 0));
}
