/** The list on the left: groups and findings as rows. */
import { FAMILIES, RISKS, type Risk } from "../../../src/rule-api/types.ts";
import { matches, parseFilter } from "./filter.ts";
import type { Grouping, Item, ReviewState, Sort } from "./types.ts";

export type Row =
  | { kind: "group"; key: string; title: string; folded: boolean; total: number; open: number; worst: Risk }
  | { kind: "item"; key: string; item: Item };

interface Listed {
  filter: string;
  grouping: Grouping;
  sort: Sort;
  folded: ReadonlySet<string>;
  rows: readonly Row[];
  /** Number of the row with a key. */
  numbers: ReadonlyMap<string, number>;
  /** Findings by key of their group, sorted. */
  members: ReadonlyMap<string, readonly Item[]>;
}

/** The list as it was made last for the items: made anew when what it depends on changes, not with every key. */
const memo = new WeakMap<readonly Item[], Listed>();

function listed(state: ReviewState): Listed {
  const { items, filter, grouping, sort, folded } = state;
  const known = memo.get(items);
  const isSame = known?.filter === filter && known.grouping === grouping && known.sort === sort;
  if (isSame && known.folded === folded) return known;
  const members = isSame ? known.members : grouped(state);
  const rows = [...members].flatMap(([key, group]) => groupRows(key, group, state));
  const numbers = new Map(rows.map((row, i) => [row.key, i]));
  const made = { filter, grouping, sort, folded, rows, numbers, members };
  memo.set(items, made);
  return made;
}

function grouped({ items, filter, grouping, sort }: ReviewState): Map<string, Item[]> {
  const parsed = parseFilter(filter);
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    if (!matches(item, parsed)) continue;
    const title = titleOf(item, grouping);
    const list = groups.get(title);
    if (list) list.push(item);
    else groups.set(title, [item]);
  }
  const ordered = [...groups].map(([title, group]) => ({ title, group, badness: badnessOf(group) }));
  ordered.sort(
    (a, b) => byFamily(grouping, a.group, b.group) || worseFirst(a.badness, b.badness) || text(a.title, b.title),
  );
  return new Map(ordered.map(({ title, group }) => [`group ${title}`, group.sort(SORTERS[sort])]));
}

function groupRows(key: string, group: readonly Item[], { folded, grouping }: ReviewState): Row[] {
  const open = group.filter((m) => m.state === "open");
  const isFolded = folded.has(key);
  const worst = worstOf(open.length > 0 ? open : group);
  const title = titleOf(group[0], grouping);
  const head: Row = { kind: "group", key, title, folded: isFolded, total: group.length, open: open.length, worst };
  if (isFolded) return [head];
  return [head, ...group.map((item): Row => ({ kind: "item", key: item.finding.fingerprint, item }))];
}

/** Rows of the list as filtered, grouped and sorted; findings of folded groups are left out. */
export function rowsOf(state: ReviewState): readonly Row[] {
  return listed(state).rows;
}

function titleOf({ finding }: Item, grouping: Grouping): string {
  return finding[grouping] || (grouping === "module" ? "(no module)" : "(none)");
}

function worstOf(items: readonly Item[]): Risk {
  return RISKS[Math.min(...items.map((i) => RISKS.indexOf(i.finding.risk)))];
}

/** Open findings of each risk, worst first. */
function badnessOf(group: readonly Item[]): number[] {
  const counts = RISKS.map(() => 0);
  for (const { state, finding } of group) if (state === "open") counts[RISKS.indexOf(finding.risk)]++;
  return counts;
}

function worseFirst(left: readonly number[], right: readonly number[]): number {
  const i = left.findIndex((n, risk) => n !== right[risk]);
  return i < 0 ? 0 : right[i] - left[i];
}

/** Families stand in their own order, whatever is open. */
function byFamily(grouping: Grouping, [left]: readonly Item[], [right]: readonly Item[]): number {
  return grouping === "family" ? FAMILIES.indexOf(left.finding.family) - FAMILIES.indexOf(right.finding.family) : 0;
}

function text(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const STATE_ORDER = ["open", "false-positive", "suppressed", "fixed"];

const byPlace = (a: Item, b: Item) =>
  text(a.finding.file, b.finding.file) || a.finding.start - b.finding.start || text(a.finding.rule, b.finding.rule);
const byRisk = (a: Item, b: Item) => RISKS.indexOf(a.finding.risk) - RISKS.indexOf(b.finding.risk);
const byState = (a: Item, b: Item) => STATE_ORDER.indexOf(a.state) - STATE_ORDER.indexOf(b.state);
const byRule = (a: Item, b: Item) => text(a.finding.rule, b.finding.rule);

const SORTERS: Record<Sort, (a: Item, b: Item) => number> = {
  risk: (a, b) => byRisk(a, b) || byPlace(a, b),
  place: byPlace,
  rule: (a, b) => byRule(a, b) || byPlace(a, b),
  state: (a, b) => byState(a, b) || byRisk(a, b) || byPlace(a, b),
};

/** Number of the row under the cursor; of the first row if the cursor's own is not shown. */
export function cursorIndex(state: ReviewState): number {
  return listed(state).numbers.get(state.cursor) ?? 0;
}

/** The finding under the cursor, or the first one of the group under it. */
export function currentItem(state: ReviewState): Item | undefined {
  const row = rowsOf(state)[cursorIndex(state)];
  if (row?.kind === "item") return row.item;
  return row === undefined ? undefined : membersOf(state, row.key)[0];
}

/** Findings of a group as filtered and sorted, folded or not. */
export function membersOf(state: ReviewState, key: string): readonly Item[] {
  return listed(state).members.get(key) ?? [];
}

/** Keys of all groups, in order. */
export function groupKeys(state: ReviewState): string[] {
  return [...listed(state).members.keys()];
}

/** Findings that an action is about: the marked ones, else the group or the finding under the cursor. */
export function targetItems(state: ReviewState): readonly Item[] {
  if (state.marked.size > 0) return state.items.filter((i) => state.marked.has(i.finding.fingerprint));
  return itemsUnderCursor(state);
}

/** The finding under the cursor, or all of its group. */
export function itemsUnderCursor(state: ReviewState): readonly Item[] {
  const row = rowsOf(state)[cursorIndex(state)];
  if (row === undefined) return [];
  return row.kind === "item" ? [row.item] : membersOf(state, row.key);
}

/** Fingerprints of `targetItems`. */
export function targetsOf(state: ReviewState): string[] {
  return targetItems(state).map((i) => i.finding.fingerprint);
}

/** Marked findings that the filter hides. */
export function hiddenMarks(state: ReviewState): number {
  if (state.marked.size === 0 || state.filter === "") return 0;
  const parsed = parseFilter(state.filter);
  return targetItems(state).filter((i) => !matches(i, parsed)).length;
}
