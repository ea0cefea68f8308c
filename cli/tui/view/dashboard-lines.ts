/** The dashboard: what is done and what is left. */
import { visible } from "../../../src/report/visible.ts";
import { FAMILIES, RISKS } from "../../../src/rule-api/types.ts";
import type { Item, ReviewState } from "../model/types.ts";
import { fitted, type Line, plain, type Segment, textOf } from "./lines.ts";

/** Readiness by module and family, what this session did, what is left by person. */
export function dashboardLines(state: ReviewState, columns: number): Line[] {
  const { items, done } = state;
  const lines: Line[] = [plain(" Dashboard", "title"), []];
  lines.push(plain(` This session: ${done.fixed} fixed, ${done.triaged} decided.`), ...burndownLines(state, columns));
  lines.push(
    ...table(
      " Module",
      groupBy(items, (i) => i.finding.module || "(no module)"),
      columns,
    ),
  );
  const families = groupBy(items, (i) => i.finding.family);
  lines.push(
    ...table(" Family", new Map(FAMILIES.flatMap((f) => (families.has(f) ? [[f, families.get(f)!]] : []))), columns),
  );
  lines.push(
    ...table(
      " Left, by person",
      groupBy(items, (i) => i.triage?.assignee || "(nobody)"),
      columns,
    ),
  );
  return lines;
}

const STEPS = "▁▂▃▄▅▆▇█";

/** Open findings from the start until now, as numbers and as bars. */
function burndownLines({ burndown }: ReviewState, columns: number): Line[] {
  if (burndown.length === 0) return [];
  const most = Math.max(...burndown, 1);
  const first = burndown[0];
  const last = burndown[burndown.length - 1];
  const bars = burndown.slice(-Math.max(columns - 2, 1)).map((n) => STEPS[Math.ceil((n / most) * (STEPS.length - 1))]);
  const text = first === last ? ` Open: ${last}, as at the start.` : ` Open: ${first} at the start, ${last} now.`;
  return [plain(text), plain(` ${bars.join("")}`, "good")];
}

function groupBy(items: readonly Item[], key: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const list = groups.get(key(item));
    if (list) list.push(item);
    else groups.set(key(item), [item]);
  }
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const NAME_COLUMNS = 26;
const BAR_COLUMNS = 20;

function table(title: string, groups: ReadonlyMap<string, readonly Item[]>, columns: number): Line[] {
  const head: Line = [
    { text: title.padEnd(NAME_COLUMNS + 2), tone: "title" },
    { text: "high  med  low info   done", tone: "dim" },
  ];
  const lines: Line[] = [[], head];
  for (const [name, items] of groups) {
    const open = items.filter((i) => i.state === "open");
    const counts = RISKS.map((risk): Segment => {
      const n = open.filter((i) => i.finding.risk === risk).length;
      return { text: (n === 0 ? "." : String(n)).padStart(risk === "high" ? 4 : 5), tone: n === 0 ? "dim" : risk };
    });
    const part = items.length === 0 ? 1 : (items.length - open.length) / items.length;
    const filled = Math.floor(part * BAR_COLUMNS);
    const isWide = columns >= NAME_COLUMNS + BAR_COLUMNS + 34;
    lines.push([
      { text: `  ${fittedText(name, NAME_COLUMNS)}`, tone: "plain" },
      ...counts,
      { text: `  ${String(Math.floor(part * 100)).padStart(3)}%`, tone: part === 1 ? "good" : "plain" },
      ...(isWide
        ? [{ text: `  ${"█".repeat(filled)}${"░".repeat(BAR_COLUMNS - filled)}`, tone: "good" as const }]
        : []),
    ]);
  }
  return lines;
}

function fittedText(text: string, columns: number): string {
  return textOf(fitted(plain(visible(text)), columns));
}
