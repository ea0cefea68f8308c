/** Tables of the fixing bench, in Markdown. */
import type { LeftOne, RuleCount } from "./fixes-measure.ts";

type Counts = Pick<RuleCount, "findings" | "safe" | "review" | "manual">;

/** What the figures are held against: a share of the findings of some rules, at one or both levels. */
interface Target {
  name: string;
  rules: (rule: RuleCount) => boolean;
  levels: readonly ("safe" | "review")[];
  share: number;
}

const DECLARATIONS = ["gil-slot-missing", "gil-call-missing", "framework-gil-undeclared"];

const TARGETS: readonly Target[] = [
  { name: "borrowed, at level safe", rules: (r) => r.family === "borrowed", levels: ["safe"], share: 0.7 },
  { name: "declarations, at level safe", rules: (r) => DECLARATIONS.includes(r.rule), levels: ["safe"], share: 0.9 },
  {
    name: "unlocked-instance-state, at safe or review",
    rules: (r) => r.rule === "unlocked-instance-state",
    levels: ["safe", "review"],
    share: 0.5,
  },
];

export interface ProjectCounts {
  name: string;
  commit: string;
  rules: readonly RuleCount[];
}

/** One row a project and family, with totals by family. */
export function projectTable(projects: readonly ProjectCounts[]): string {
  const rows: string[][] = [];
  const all = projects.flatMap((p) => p.rules);
  const families = [...new Set(all.map((r) => r.family))].sort();
  for (const { name, commit, rules } of projects) {
    for (const family of families) {
      const sum = sumOf(rules.filter((r) => r.family === family));
      if (sum.findings > 0) rows.push([name, `\`${commit.slice(0, 12)}\``, family, ...cells(sum)]);
    }
  }
  for (const family of families)
    rows.push(["all", "", family, ...cells(sumOf(all.filter((r) => r.family === family)))]);
  return table(["project", "commit", "family", "findings", "safe", "review", "manual"], rows);
}

/** One row a rule, over all projects. */
export function ruleTable(projects: readonly ProjectCounts[]): string {
  const all = projects.flatMap((p) => p.rules);
  const names = [...new Map(all.map((r) => [r.rule, r.family]))].sort(([a, f], [b, g]) =>
    f === g ? (a < b ? -1 : 1) : f < g ? -1 : 1,
  );
  const rows = names.map(([rule, family]) => [family, rule, ...cells(sumOf(all.filter((r) => r.rule === rule)))]);
  return table(["family", "rule", "findings", "safe", "review", "manual"], rows);
}

/** The targets with what was reached. */
export function targetTable(projects: readonly ProjectCounts[]): string {
  const all = projects.flatMap((p) => p.rules);
  const rows = TARGETS.map(({ name, rules, levels, share }) => {
    const sum = sumOf(all.filter(rules));
    const reached = levels.reduce((n, level) => n + sum[level], 0);
    return [name, `${reached} of ${sum.findings}`, percent(reached, sum.findings), `${100 * share}%`];
  });
  return table(["target", "fixed", "share", "wanted"], rows);
}

/** Why findings were left, most frequent first, with the names in the reasons taken out. */
export function reasonTable(left: readonly LeftOne[]): string {
  const counts = new Map<string, number>();
  for (const { family, rule, level, reason } of left) {
    const key = [family, rule, level, reason.replaceAll(/`[^`]*`/g, "`…`")].join("\0");
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const rows = [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([key, n]) => {
      const [family, rule, level, reason] = key.split("\0");
      return [String(n), family, rule, level, reason.replaceAll("|", "\\|")];
    });
  return table(["left", "family", "rule", "level", "reason"], rows);
}

function sumOf(rules: readonly RuleCount[]): Counts {
  const sum = { findings: 0, safe: 0, review: 0, manual: 0 };
  for (const r of rules) for (const key of ["findings", "safe", "review", "manual"] as const) sum[key] += r[key];
  return sum;
}

function cells({ findings, safe, review, manual }: Counts): string[] {
  return [findings, safe, review, manual].map(String);
}

function percent(part: number, whole: number): string {
  return whole === 0 ? "-" : `${((100 * part) / whole).toFixed(1)}%`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (row: readonly string[]) => `| ${row.join(" | ")} |\n`;
  return line(head) + line(head.map(() => "---")) + rows.map(line).join("");
}
