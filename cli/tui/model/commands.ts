/** What the commands of the key bindings do. */

import { currentItem, cursorIndex, groupKeys, itemsUnderCursor, type Row, rowsOf, targetItems } from "./rows.ts";
import { GROUPINGS, type Item, type Prompt, type ReviewState, type Screen, SORTS, type Step, TABS } from "./types.ts";

/** Rows of the list that a page moves by, at least. */
const MIN_PAGE = 5;

/** Does `command`, a name from the table of bindings. One that there is not changes nothing. */
export function runCommand(state: ReviewState, command: string): Step {
  const known = COMMANDS[command];
  return known === undefined ? stay(state) : known(state);
}

function stay(state: ReviewState): Step {
  return { state, effects: [] };
}

const change = (make: (state: ReviewState) => ReviewState) => (state: ReviewState) => stay(make(state));

/** By the names that the bindings use. */
export const COMMANDS: Readonly<Record<string, (state: ReviewState) => Step>> = {
  down: change((s) => moveTo(s, cursorIndex(s) + 1)),
  up: change((s) => moveTo(s, cursorIndex(s) - 1)),
  "page-down": change((s) => moveTo(s, cursorIndex(s) + page(s))),
  "page-up": change((s) => moveTo(s, cursorIndex(s) - page(s))),
  first: change((s) => moveTo(s, 0)),
  last: change((s) => moveTo(s, rowsOf(s).length - 1)),
  next: change((s) => moveToOpen(s, 1)),
  previous: change((s) => moveToOpen(s, -1)),
  fold: change((s) => fold(s, true)),
  unfold: change((s) => (rowAt(s)?.kind === "group" ? fold(s, false) : { ...s, focus: "detail" })),
  enter: change((s) => {
    const row = rowAt(s);
    return row?.kind === "group" ? fold(s, !row.folded) : { ...s, focus: "detail" };
  }),
  "fold-all": change(foldAll),
  "focus-list": change((s) => ({ ...s, focus: "list" })),
  "scroll-down": change((s) => scrolled(s, 1)),
  "scroll-up": change((s) => scrolled(s, -1)),
  "scroll-page-down": change((s) => scrolled(s, page(s))),
  "scroll-page-up": change((s) => scrolled(s, -page(s))),
  "tab-next": change((s) => tab(s, TABS[(TABS.indexOf(s.tab) + 1) % TABS.length])),
  "tab-previous": change((s) => tab(s, TABS[(TABS.indexOf(s.tab) + TABS.length - 1) % TABS.length])),
  "tab-code": change((s) => tab(s, "code")),
  "tab-evidence": change((s) => tab(s, "evidence")),
  "tab-fix": change((s) => tab(s, "fix")),
  "tab-rule": change((s) => tab(s, "rule")),
  "step-next": change((s) => stepped(s, 1)),
  "step-previous": change((s) => stepped(s, -1)),
  diff: (s) =>
    s.diff === "unified"
      ? told({ ...s, diff: "split" }, "side by side, where it fits")
      : told({ ...s, diff: "unified" }, "unified"),
  filter: (s) => prompt(s, { kind: "filter" }, [], s.filter),
  "filter-clear": change((s) => (s.filter !== "" ? { ...s, filter: "" } : { ...s, marked: new Set<string>() })),
  group: change((s) => regrouped(s, { grouping: after(GROUPINGS, s.grouping) })),
  sort: change((s) => regrouped(s, { sort: after(SORTS, s.sort) })),
  dashboard: change((s) => push(s, { kind: "dashboard", scroll: 0 })),
  help: change((s) => push(s, { kind: "help", scroll: 0 })),
  mark: change(mark),
  apply,
  choose: chooseFix,
  suppress: (s) =>
    decideOn(s, toDecide, (targets) => stay(push(s, { kind: "choose-suppression", targets, cursor: 0 }))),
  "false-positive": (s) => decideOn(s, toDecide, (targets) => prompt(s, { kind: "false-positive" }, targets)),
  assign: (s) =>
    decideOn(s, toDecide, (targets) => prompt(s, { kind: "assign" }, targets, currentItem(s)?.triage?.assignee)),
  note: (s) => decideOn(s, toDecide, (targets) => prompt(s, { kind: "note" }, targets, currentItem(s)?.triage?.note)),
  reopen: (s) =>
    decideOn(s, toReopen, (targets) => ({
      state: { ...s, marked: new Set() },
      effects: [{ type: "triage", targets, change: { state: undefined, reason: undefined } }],
    })),
  edit: (s) => {
    const item = currentItem(s);
    return item === undefined
      ? stay(s)
      : { state: s, effects: [{ type: "edit", fingerprint: item.finding.fingerprint, step: s.step }] };
  },
  copy: (s) => {
    const item = currentItem(s);
    return item === undefined
      ? stay(s)
      : { state: s, effects: [{ type: "copy", text: `${item.finding.file}:${item.finding.line}` }] };
  },
  export: (s) =>
    decideOn(s, { has: () => true, nothing: "nothing to write" }, (targets) => ({
      state: s,
      effects: [{ type: "export", targets }],
    })),
  undo: (s) => (s.undo > 0 ? { state: s, effects: [{ type: "undo" }] } : told(s, "nothing to undo")),
  redo: (s) => (s.redo > 0 ? { state: s, effects: [{ type: "redo" }] } : told(s, "nothing to do again")),
  rescan: (s) => ({ state: s, effects: [{ type: "rescan" }] }),
  suspend: (s) => ({ state: s, effects: [{ type: "suspend" }] }),
  quit: (s) => {
    const reason = topKind(s) === "confirm-quit" ? undefined : lostByQuitting(s);
    if (reason !== undefined) return stay(push(s, { kind: "confirm-quit", reason }));
    return { state: s, effects: [{ type: "quit" }] };
  },
  "choice-down": change((s) => chosen(s, 1)),
  "choice-up": change((s) => chosen(s, -1)),
  "choice-take": takeChoice,
  confirm,
  back: change(pop),
};

function rowAt(state: ReviewState): Row | undefined {
  return rowsOf(state)[cursorIndex(state)];
}

function topKind(state: ReviewState): Screen["kind"] {
  return state.screens[state.screens.length - 1].kind;
}

function push(state: ReviewState, screen: Screen): ReviewState {
  return { ...state, screens: [...state.screens, screen] };
}

function pop(state: ReviewState): ReviewState {
  return state.screens.length > 1 ? { ...state, screens: state.screens.slice(0, -1) } : state;
}

function prompt(state: ReviewState, asked: Prompt, targets: string[], text = ""): Step {
  return stay(push(state, { kind: "prompt", prompt: asked, text, targets }));
}

/** Why leaving now would lose something; undefined if it would not. */
function lostByQuitting({ unsaved, busy, phase }: ReviewState): string | undefined {
  if (unsaved) return "The triage file could not be written: what you decided would be lost.";
  return phase === "ready" && busy !== undefined ? `ungil is still ${busy}: it would be stopped halfway.` : undefined;
}

function told(state: ReviewState, text: string): Step {
  return stay({ ...state, message: { text, tone: "info" } });
}

/** Which of the chosen findings an action can be about, and what is said if it is none of them. */
interface Eligible {
  has(item: Item): boolean;
  nothing: string;
}

const toDecide: Eligible = { has: (i) => i.state !== "fixed", nothing: "fixed already: u takes the fix back" };
const toReopen: Eligible = {
  has: (i) => i.state === "suppressed" || i.state === "false-positive",
  nothing: "neither suppressed nor a false positive",
};

function decideOn(state: ReviewState, { has, nothing }: Eligible, make: (targets: string[]) => Step): Step {
  const chosen = targetItems(state);
  const targets = chosen.filter(has).map((i) => i.finding.fingerprint);
  return targets.length > 0 ? make(targets) : told(state, chosen.length > 0 ? nothing : "no finding is chosen");
}

function after<T>(all: readonly T[], one: T): T {
  return all[(all.indexOf(one) + 1) % all.length];
}

function page(state: ReviewState): number {
  return Math.max(Math.floor(state.size.rows / 2), MIN_PAGE);
}

function moveTo(state: ReviewState, index: number): ReviewState {
  const rows = rowsOf(state);
  const row = rows[Math.min(Math.max(index, 0), rows.length - 1)];
  return row === undefined || row.key === state.cursor
    ? state
    : { ...state, cursor: row.key, scroll: 0, step: -1, answer: 0 };
}

function moveToOpen(state: ReviewState, direction: 1 | -1): ReviewState {
  const rows = rowsOf(state);
  for (let i = cursorIndex(state) + direction; i >= 0 && i < rows.length; i += direction) {
    const row = rows[i];
    if (row.kind === "item" && row.item.state === "open") return moveTo(state, i);
  }
  return { ...state, message: { text: "no further open finding", tone: "info" } };
}

/** Folding a finding folds its group. */
function fold(state: ReviewState, folded: boolean): ReviewState {
  const rows = rowsOf(state);
  let index = cursorIndex(state);
  while (index > 0 && rows[index].kind === "item") index--;
  const row = rows[index];
  if (row === undefined || row.kind !== "group" || row.folded === folded) return state;
  const next = new Set(state.folded);
  if (folded) next.add(row.key);
  else next.delete(row.key);
  return { ...state, folded: next, cursor: row.key };
}

function foldAll(state: ReviewState): ReviewState {
  const groups = groupKeys(state);
  const isAllFolded = groups.every((key) => state.folded.has(key));
  return moveTo({ ...state, folded: new Set(isAllFolded ? [] : groups), cursor: "" }, 0);
}

function regrouped(state: ReviewState, changes: Partial<ReviewState>): ReviewState {
  const item = rowAt(state)?.kind === "item" ? state.cursor : currentItem(state)?.finding.fingerprint;
  const next: ReviewState = { ...state, ...changes, folded: new Set() };
  return { ...next, cursor: item ?? "" };
}

/** The code scrolls both ways from its place; all else from its first line on. */
function scrolled(state: ReviewState, by: number): ReviewState {
  const top = state.screens[state.screens.length - 1];
  if ("scroll" in top) return scrolledTo(state, Math.max(top.scroll + by, 0));
  return scrolledTo(state, state.scroll + by);
}

/** Scrolls what has the focus: the screen on top, or the right side of the list. */
export function scrolledTo(state: ReviewState, scroll: number): ReviewState {
  const top = state.screens[state.screens.length - 1];
  if (!("scroll" in top)) return { ...state, scroll };
  return { ...state, screens: [...state.screens.slice(0, -1), { ...top, scroll }] };
}

function tab(state: ReviewState, to: ReviewState["tab"]): ReviewState {
  return { ...state, tab: to, scroll: 0 };
}

function stepped(state: ReviewState, by: 1 | -1): ReviewState {
  const steps = currentItem(state)?.finding.evidence.length ?? 0;
  const step = Math.min(Math.max(state.step + by, -1), steps - 1);
  const shown = state.tab === "code" || state.tab === "evidence" ? state.tab : "code";
  return { ...state, step, tab: shown, scroll: 0 };
}

function mark(state: ReviewState): ReviewState {
  const row = rowAt(state);
  if (row === undefined) return state;
  const own = itemsUnderCursor(state).flatMap((i) => (i.state === "fixed" ? [] : i.finding.fingerprint));
  const marked = new Set(state.marked);
  const isOn = own.every((fingerprint) => marked.has(fingerprint));
  for (const fingerprint of own) {
    if (isOn) marked.delete(fingerprint);
    else marked.add(fingerprint);
  }
  return moveTo({ ...state, marked }, cursorIndex(state) + 1);
}

/** Safe fixes are applied at once; what needs review is shown first. */
function apply(state: ReviewState): Step {
  const chosen = targetItems(state);
  const targets = chosen.filter((i) => i.state === "open").map((i) => i.finding.fingerprint);
  if (targets.length === 0) {
    return told(state, chosen.length === 1 ? `${chosen[0].state} already` : "nothing open is chosen");
  }
  const [only] = targets;
  const isShown = targets.length === 1 && currentItem(state)?.finding.fingerprint === only;
  const answer = isShown ? state.answer : 0;
  const preview = targets.length === 1 ? state.previews.get(only)?.[answer] : undefined;
  if (preview?.level === "manual") return told(state, `not written by ungil: ${preview.notes[0] ?? preview.title}`);
  if (preview?.level === "review") return stay(push(state, { kind: "confirm-fix", targets, answer, scroll: 0 }));
  return { state, effects: [{ type: "apply", targets, answer, level: "safe" }] };
}

function chooseFix(state: ReviewState): Step {
  const item = currentItem(state);
  if (item === undefined) return stay(state);
  if (item.state === "fixed") return told(state, toDecide.nothing);
  return stay(push(state, { kind: "choose-fix", target: item.finding.fingerprint, cursor: state.answer }));
}

function chosen(state: ReviewState, by: 1 | -1): ReviewState {
  const top = state.screens[state.screens.length - 1];
  if (top.kind !== "choose-fix" && top.kind !== "choose-suppression") return state;
  const count = top.kind === "choose-fix" ? (state.previews.get(top.target)?.length ?? 1) : 2;
  const cursor = Math.min(Math.max(top.cursor + by, 0), count - 1);
  return { ...state, screens: [...state.screens.slice(0, -1), { ...top, cursor }] };
}

function takeChoice(state: ReviewState): Step {
  const top = state.screens[state.screens.length - 1];
  if (top.kind === "choose-fix") {
    const isOn = currentItem(state)?.finding.fingerprint === top.target;
    return stay(isOn ? { ...pop(state), tab: "fix", answer: top.cursor, scroll: 0 } : pop(state));
  }
  if (top.kind !== "choose-suppression") return stay(state);
  const how = top.cursor === 0 ? "comment" : "triage";
  return prompt(pop(state), { kind: "suppress", how }, top.targets);
}

function confirm(state: ReviewState): Step {
  const top = state.screens[state.screens.length - 1];
  if (top.kind === "confirm-quit") return { state, effects: [{ type: "quit" }] };
  if (top.kind !== "confirm-fix") return stay(state);
  const { targets, answer } = top;
  if (targets.some((t) => !state.previews.has(t))) return told(state, "still looking for the fixes");
  return {
    state: { ...pop(state), marked: new Set() },
    effects: [{ type: "apply", targets, answer, level: "review" }],
  };
}
