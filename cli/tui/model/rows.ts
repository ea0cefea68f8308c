/** The list on the left: groups and findings as rows. */
import { FAMILIES, RISKS, type Risk } from "../../../src/rule-api/types.ts";
import { matches, parseFilter } from "./filter.ts";
import type { Grouping, Item, ReviewState, Sort } from "./types.ts";

export type Row =
  | { kind: "group"; key: string; title: string; folded: boolean; total: number; open: number; worst: Risk }
  | { kind: "item"; key: string; item: Item };

/** Rows of the list as filtered, grouped and sorted; findings of folded groups are left out. */
export function rowsOf(state: ReviewState): readonly Row[] {
  const { items, filter, grouping, sort, folded } = state;
  const known = memo.get(items);
  const id = [filter, grouping, sort, [...folded].sort().join("\0")].join("\u0001");
  if (known?.id === id) return known.rows;
  const parsed = parseFilter(filter);
  const shown = items.filter((item) => matches(item, parsed));
  const groups = new Map<string, Item[]>();
  for (const item of shown) {
    const title = titleOf(item, grouping);
    const list = groups.get(title);
    if (list) list.push(item);
    else groups.set(title, [item]);
  }
  const rows: Row[] = [];
  for (const [title, members] of [...groups].sort(byBadness(grouping))) {
    const key = `group ${title}`;
    const open = members.filter((m) => m.state === "open");
    const isFolded = folded.has(key);
    const worst = worstOf(open.length > 0 ? open : members);
    rows.push({ kind: "group", key, title, folded: isFolded, total: members.length, open: open.length, worst });
    if (isFolded) continue;
    for (const item of [...members].sort(SORTERS[sort]))
      rows.push({ kind: "item", key: item.finding.fingerprint, item });
  }
  memo.set(items, { id, rows });
  return rows;
}

const memo = new WeakMap<readonly Item[], { id: string; rows: readonly Row[] }>();

function titleOf({ finding }: Item, grouping: Grouping): string {
  return finding[grouping] || (grouping === "module" ? "(no module)" : "(none)");
}

function worstOf(items: readonly Item[]): Risk {
  return RISKS[Math.min(...items.map((i) => RISKS.indexOf(i.finding.risk)))];
}

function byBadness(grouping: Grouping) {
  return ([a, left]: [string, Item[]], [b, right]: [string, Item[]]): number => {
    if (grouping === "family")
      return FAMILIES.indexOf(left[0].finding.family) - FAMILIES.indexOf(right[0].finding.family);
    for (const risk of RISKS) {
      const count = (list: Item[]) => list.filter((i) => i.state === "open" && i.finding.risk === risk).length;
      const difference = count(right) - count(left);
      if (difference !== 0) return difference;
    }
    return a < b ? -1 : a > b ? 1 : 0;
  };
}

const STATE_ORDER = ["open", "false-positive", "suppressed", "fixed"];

const byPlace = (a: Item, b: Item) =>
  (a.finding.file < b.finding.file ? -1 : a.finding.file > b.finding.file ? 1 : 0) ||
  a.finding.start - b.finding.start ||
  (a.finding.rule < b.finding.rule ? -1 : 1);
const byRisk = (a: Item, b: Item) => RISKS.indexOf(a.finding.risk) - RISKS.indexOf(b.finding.risk);
const byState = (a: Item, b: Item) => STATE_ORDER.indexOf(a.state) - STATE_ORDER.indexOf(b.state);
const byRule = (a: Item, b: Item) => (a.finding.rule < b.finding.rule ? -1 : a.finding.rule > b.finding.rule ? 1 : 0);

const SORTERS: Record<Sort, (a: Item, b: Item) => number> = {
  risk: (a, b) => byRisk(a, b) || byPlace(a, b),
  place: byPlace,
  rule: (a, b) => byRule(a, b) || byPlace(a, b),
  state: (a, b) => byState(a, b) || byRisk(a, b) || byPlace(a, b),
};

/** The row under the cursor; the first row if the cursor's own is not shown. */
export function cursorIndex(state: ReviewState): number {
  const index = rowsOf(state).findIndex((r) => r.key === state.cursor);
  return Math.max(index, 0);
}

/** The finding under the cursor, or the first one of the group under it. */
export function currentItem(state: ReviewState): Item | undefined {
  const row = rowsOf(state)[cursorIndex(state)];
  if (row?.kind === "item") return row.item;
  return row === undefined ? undefined : membersOf(state, row.key)[0];
}

/** Findings of a group as filtered, folded or not. */
export function membersOf(state: ReviewState, key: string): Item[] {
  const parsed = parseFilter(state.filter);
  return state.items
    .filter((i) => `group ${titleOf(i, state.grouping)}` === key && matches(i, parsed))
    .sort(SORTERS[state.sort]);
}

/** Fingerprints that an action is about: the marked ones, else the group or the finding under the cursor. */
export function targetsOf(state: ReviewState): string[] {
  if (state.marked.size > 0) {
    return state.items.filter((i) => state.marked.has(i.finding.fingerprint)).map((i) => i.finding.fingerprint);
  }
  const row = rowsOf(state)[cursorIndex(state)];
  if (row === undefined) return [];
  return row.kind === "item" ? [row.key] : membersOf(state, row.key).map((i) => i.finding.fingerprint);
}
