/** The list: findings in order and in groups, as rows. */
import { RISKS } from "../../../../rule-api/risks.ts";
import { NO_MODULE } from "./filter.ts";
import { byBadness, type Counts, countRisks, type Item } from "./report.ts";

export const SORTS = ["risk", "file", "rule", "module"] as const;
export type Sort = (typeof SORTS)[number];
export const GROUPINGS = ["file", "rule", "module", "function", "none"] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface GroupRow {
  kind: "group";
  key: string;
  label: string;
  counts: Counts;
  isOpen: boolean;
  /** One-based position among its siblings, and their number. */
  position: number;
  size: number;
}

export interface ItemRow {
  kind: "item";
  key: string;
  item: Item;
  position: number;
  size: number;
}

export type Row = GroupRow | ItemRow;

/** Rows for `items`; findings of `closed` groups are left out. Groups stand in the order of their worst findings, or of their names. */
export function listRows(
  items: readonly Item[],
  sort: Sort,
  grouping: Grouping,
  closed: ReadonlySet<string>,
): readonly Row[] {
  const sorted = [...items].sort(ORDERS[sort]);
  if (grouping === "none") return itemRows(sorted);
  const groups = new Map<string, Item[]>();
  for (const item of sorted) {
    const label = groupOf(item, grouping);
    const own = groups.get(label);
    if (own) own.push(item);
    else groups.set(label, [item]);
  }
  const entries = [...groups].map(([label, own]) => ({ label, own, counts: countRisks(own) }));
  if (sort === "risk") entries.sort((a, b) => byBadness(a.counts, b.counts) || compare(a.label, b.label));
  return entries.flatMap(({ label, own, counts }, i): Row[] => {
    const key = `group:${label}`;
    const isOpen = !closed.has(key);
    const head: GroupRow = { kind: "group", key, label, counts, isOpen, position: i + 1, size: entries.length };
    return isOpen ? [head, ...itemRows(own)] : [head];
  });
}

function itemRows(items: readonly Item[]): ItemRow[] {
  return items.map((item, i) => ({ kind: "item", key: item.id, item, position: i + 1, size: items.length }));
}

function groupOf(item: Item, grouping: Exclude<Grouping, "none">): string {
  switch (grouping) {
    case "file":
      return item.fileName;
    case "rule":
      return item.ruleName;
    case "module":
      return item.module || NO_MODULE;
    case "function":
      return item.function === "" ? "(outside of functions)" : item.function;
  }
}

const byRisk = (a: Item, b: Item) => RISKS.indexOf(a.risk) - RISKS.indexOf(b.risk);

const ORDERS: Record<Sort, (a: Item, b: Item) => number> = {
  risk: (a, b) => byRisk(a, b) || a.order - b.order,
  file: (a, b) => a.order - b.order,
  rule: (a, b) => compare(a.ruleName, b.ruleName) || byRisk(a, b) || a.order - b.order,
  module: (a, b) => compare(a.module, b.module) || byRisk(a, b) || a.order - b.order,
};

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
