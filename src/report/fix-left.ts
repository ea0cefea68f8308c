/** What `fix` leaves, and why: a table, or finding by finding. */
import type { LeftFinding } from "../audit/fixing/fix-project.ts";
import { type FixPage, hang, nameOf } from "./fix-page.ts";
import { visible } from "./visible.ts";

/** Reasons that the table names for a rule; the rest is counted. */
const SHOWN_REASONS = 2;
const LEVELS = ["safe", "review", "manual"] as const;

const HEADS: Record<LeftFinding["level"], string> = {
  safe: "Left, although it could be fixed",
  review: "Left for `--level review`: written when asked for, a person should look at it",
  manual: "Left to a person",
};

/** What is worth telling: findings that only inform are nobody's task. */
export function leftToDo({ options, report }: FixPage): LeftFinding[] {
  return report.result.left.filter((l) => options.verbose || l.finding.risk !== "info");
}

export function leftLines(page: FixPage): string[] {
  const { c, options } = page;
  const lines: string[] = [];
  for (const level of LEVELS) {
    const left = leftToDo(page).filter((l) => l.level === level);
    if (left.length === 0) continue;
    lines.push(c.bold(HEADS[level]));
    lines.push(...(options.verbose ? left.flatMap((l) => oneByOne(page, l)) : table(page, left)));
    lines.push("");
  }
  if (lines.length > 0 && !options.verbose) lines.push(c.dim("`--verbose` lists each one, with what to do."), "");
  return lines;
}

function table(page: FixPage, left: readonly LeftFinding[]): string[] {
  const { c, columns } = page;
  const byRule = grouped(left, (l) => l.finding.rule);
  return byRule.flatMap(([rule, findings]) => {
    const reasons = grouped(findings, (l) => l.reason || "no reason is known");
    const lines = [`  ${String(findings.length).padStart(4)}  ${c.bold(rule)}`];
    // One more is as short as saying that there is one more.
    const shown = reasons.length === SHOWN_REASONS + 1 ? reasons : reasons.slice(0, SHOWN_REASONS);
    for (const [reason, own] of shown) {
      const count = reasons.length > 1 ? `${own.length}: ` : "";
      lines.push(...hang(`${count}${visible(reason)}`, columns, "        ", "        ").map((line) => c.dim(line)));
    }
    const more = reasons.slice(shown.length);
    const others = more.reduce((n, [, own]) => n + own.length, 0);
    if (more.length > 0) lines.push(c.dim(`        ${others}: ${more.length} other reasons`));
    return lines;
  });
}

function oneByOne(page: FixPage, left: LeftFinding): string[] {
  const { c, columns, report } = page;
  const { finding, title, reason, recipe } = left;
  const where = finding.function ? ` in ${visible(finding.function)}` : "";
  const place = `${nameOf(page, finding.file)}:${report.mode === "write" ? left.newLine : left.oldLine}`;
  const lines = [`  ${c.cyan(place)}  ${c.bold(finding.rule)}${c.dim(where)}`];
  if (title) lines.push(...hang(visible(title), columns, "    ", "    "));
  const label = left.level === "review" ? "look at" : "why not";
  if (reason) lines.push(...hang(`${label}: ${visible(reason)}`, columns, "    ", "      "));
  for (const [i, step] of recipe.entries()) lines.push(...hang(visible(step), columns, `    ${i + 1}. `, "       "));
  return lines;
}

/** Largest group first. */
function grouped(left: readonly LeftFinding[], keyOf: (l: LeftFinding) => string): [string, LeftFinding[]][] {
  const groups = new Map<string, LeftFinding[]>();
  for (const l of left) groups.set(keyOf(l), [...(groups.get(keyOf(l)) ?? []), l]);
  return [...groups].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1));
}
