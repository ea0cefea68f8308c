/** What every action does to the state, and what it asks the outside to do. Pure. */
import { commandFor } from "../keys/bindings.ts";
import { runCommand, scrolledTo } from "./commands.ts";
import { promptKey } from "./prompt.ts";
import { currentItem, cursorIndex, rowsOf } from "./rows.ts";
import type { Action, Effect, ReviewState, Screen, Step } from "./types.ts";

export function initialState(setup: Partial<ReviewState> = {}): ReviewState {
  return {
    phase: "scanning",
    root: "",
    items: [],
    grouping: "file",
    sort: "risk",
    filter: "",
    folded: new Set(),
    cursor: "",
    marked: new Set(),
    tab: "code",
    scroll: 0,
    step: -1,
    answer: 0,
    diff: "unified",
    focus: "list",
    screens: [{ kind: "list" }],
    size: { columns: 80, rows: 24 },
    previews: new Map(),
    asked: new Set(),
    undo: 0,
    redo: 0,
    done: { fixed: 0, triaged: 0 },
    burndown: [],
    unsaved: false,
    color: true,
    ...setup,
  };
}

export function reduce(state: ReviewState, action: Action): Step {
  switch (action.type) {
    case "key":
      return keyPressed(state, action.command);
    case "text":
      return textCame(state, action.text);
    case "resize":
      return only({ ...state, size: { columns: action.columns, rows: action.rows } });
    case "progress":
      return only({ ...state, progress: action.event });
    case "scanned":
      return withPreviews(scanned(state, action.items, action.root));
    case "failed":
      return only({ ...state, phase: "failed", busy: undefined, failure: action.text });
    case "scroll-end":
      return only(scrolledTo(state, action.scroll));
    case "previews": {
      const previews = new Map(state.previews).set(action.fingerprint, action.previews);
      return only({ ...state, previews });
    }
    case "busy":
      return only({ ...state, busy: action.text });
    case "told":
      return only({ ...state, message: action.message });
    case "history":
      return only({ ...state, undo: action.undo, redo: action.redo });
    case "counted":
      return only({ ...state, done: { fixed: action.fixed, triaged: action.triaged } });
    case "saved":
      return only({ ...state, unsaved: !action.ok });
    case "select":
      return withPreviews({ ...state, cursor: action.key, scroll: 0, step: -1, answer: 0 });
    case "needs-review":
      return withPreviews(needsReview(state, action));
  }
}

export function only(state: ReviewState): Step {
  return { state, effects: [] };
}

export function topScreen(state: ReviewState): Screen {
  return state.screens[state.screens.length - 1];
}

/** `key` is the name of a key; a prompt takes keys as text. */
function keyPressed(state: ReviewState, key: string): Step {
  const calm = state.message === undefined ? state : { ...state, message: undefined };
  if (topScreen(calm).kind === "prompt" && key !== "ctrl+z") return withPreviews(promptKey(calm, { key }));
  const command = commandFor(calm, key);
  if (command === undefined) return only(calm);
  return withPreviews(runCommand(calm, command));
}

/** Longer text in one piece was pasted, not typed. */
const TYPED_AT_ONCE = 16;

/** Several characters at once: pasted, or typed faster than the terminal hands them on. */
function textCame(state: ReviewState, text: string): Step {
  const isEntered = /[^\r\n][\r\n]$/.test(text);
  if (topScreen(state).kind === "prompt") {
    const typed = promptKey(state, { text });
    return isEntered ? keyPressed(typed.state, "return") : withPreviews(typed);
  }
  const characters = [...(isEntered ? text.slice(0, -1) : text)];
  if (characters.length > TYPED_AT_ONCE || characters.some((c) => c < " ")) {
    return only({ ...state, message: { text: "pasted text is for the filter, reasons and notes", tone: "info" } });
  }
  let step = only(state);
  for (const c of [...characters, ...(isEntered ? ["return"] : [])]) {
    const next = keyPressed(step.state, c === " " ? "space" : c);
    step = { state: next.state, effects: [...step.effects, ...next.effects] };
  }
  return step;
}

/** Asks for the fixes that are shown and not known. */
function withPreviews(step: ReviewState | Step): Step {
  const { state, effects } = "state" in step ? step : only(step);
  const missing = shownFixes(state).filter((f) => !state.previews.has(f) && !state.asked.has(f));
  if (missing.length === 0) return { state, effects };
  const previews = missing.map((fingerprint): Effect => ({ type: "preview", fingerprint }));
  return { state: { ...state, asked: new Set([...state.asked, ...missing]) }, effects: [...effects, ...previews] };
}

/** Fingerprints of the findings whose fixes are looked at. */
function shownFixes(state: ReviewState): readonly string[] {
  const top = topScreen(state);
  if (top.kind === "confirm-fix") return top.targets;
  if (top.kind === "choose-fix") return [top.target];
  const item = state.tab === "fix" ? currentItem(state) : undefined;
  return item === undefined || item.state === "fixed" ? [] : [item.finding.fingerprint];
}

/** Shows them, unless the user is at something else by now. */
function needsReview(state: ReviewState, action: Extract<Action, { type: "needs-review" }>): ReviewState {
  const { targets, answer, fixed } = action;
  const done = fixed > 0 ? `fixed ${fixed}; ` : "";
  const left = `${targets.length} need${targets.length === 1 ? "s" : ""} a look`;
  if (topScreen(state).kind !== "list") {
    return { ...state, message: { text: `${done}${left}: press a on the list`, tone: "info" } };
  }
  const screen: Screen = { kind: "confirm-fix", targets, answer, scroll: 0, ...(fixed > 0 ? { fixed } : {}) };
  return { ...state, message: undefined, screens: [...state.screens, screen] };
}

/** New items after a scan; cursor and marks stay on findings that are still there. */
function scanned(state: ReviewState, items: ReviewState["items"], root: string): ReviewState {
  const next: ReviewState = { ...state, phase: "ready", items, root, busy: undefined, failure: undefined };
  next.previews = new Map();
  next.asked = new Set();
  next.burndown = burnedDown(state.burndown, items);
  const known = new Set(items.filter((i) => i.state !== "fixed").map((i) => i.finding.fingerprint));
  next.marked = new Set([...state.marked].filter((m) => known.has(m)));
  next.screens = state.screens.flatMap((screen) => stillAbout(screen, known));
  const cursor = nearest(state, next);
  return cursor === state.cursor ? next : { ...next, cursor, scroll: 0, step: -1, answer: 0 };
}

/** The row under the cursor, or of those around it the nearest one that is still there, rather below than above. */
function nearest(before: ReviewState, now: ReviewState): string {
  const rows = rowsOf(now);
  const keys = new Set(rows.map((r) => r.key));
  if (keys.has(before.cursor)) return before.cursor;
  const old = rowsOf(before);
  const at = cursorIndex(before);
  const isThere = ({ key }: (typeof old)[number]) => keys.has(key);
  const row = old.slice(at).find(isThere) ?? old.slice(0, at).findLast(isThere) ?? rows[0];
  return row?.key ?? "";
}

function burnedDown(before: readonly number[], items: ReviewState["items"]): readonly number[] {
  const open = items.filter((i) => i.state === "open").length;
  return before.at(-1) === open ? before : [...before, open];
}

/** The screen without findings that are gone; none if it was about nothing else. What was typed stays. */
function stillAbout(screen: Screen, known: ReadonlySet<string>): Screen[] {
  if (screen.kind === "choose-fix") return known.has(screen.target) ? [screen] : [];
  if (screen.kind !== "confirm-fix" && screen.kind !== "choose-suppression") return [screen];
  const targets = screen.targets.filter((t) => known.has(t));
  return targets.length === 0 ? [] : [{ ...screen, targets }];
}
