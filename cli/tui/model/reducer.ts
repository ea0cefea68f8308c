/** What every action does to the state, and what it asks the outside to do. Pure. */
import { commandFor } from "../keys/bindings.ts";
import { runCommand } from "./commands.ts";
import { promptKey } from "./prompt.ts";
import { cursorIndex, rowsOf } from "./rows.ts";
import type { Action, ReviewState, Screen, Step } from "./types.ts";

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
    undo: 0,
    redo: 0,
    done: { fixed: 0, triaged: 0 },
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
      return topScreen(state).kind === "prompt" ? promptKey(state, { text: action.text }) : only(state);
    case "resize":
      return only({ ...state, size: { columns: action.columns, rows: action.rows } });
    case "progress":
      return only({ ...state, progress: action.event });
    case "scanned":
      return withPreview(scanned(state, action.items, action.root));
    case "failed":
      return only({ ...state, phase: "failed", busy: undefined, message: { text: action.text, tone: "bad" } });
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
      return withPreview({ ...state, cursor: action.key, scroll: 0, step: -1, answer: 0 });
  }
}

export function only(state: ReviewState): Step {
  return { state, effects: [] };
}

export function topScreen(state: ReviewState): Screen {
  return state.screens[state.screens.length - 1];
}

/** `command` is the name of a key; a prompt takes keys as text. */
function keyPressed(state: ReviewState, key: string): Step {
  const calm = state.message === undefined ? state : { ...state, message: undefined };
  if (topScreen(calm).kind === "prompt" && key !== "ctrl+c" && key !== "ctrl+z") return promptKey(calm, { key });
  const command = commandFor(calm, key);
  if (command === undefined) return only(calm);
  return withPreview(runCommand(calm, command));
}

/** Asks for the fix of the finding under the cursor where it is shown and not known. */
function withPreview(step: ReviewState | Step): Step {
  const { state, effects } = "state" in step ? step : only(step);
  const row = rowsOf(state)[cursorIndex(state)];
  if (state.tab !== "fix" || row?.kind !== "item" || state.previews.has(row.key)) return { state, effects };
  if (effects.some((e) => e.type === "preview" && e.fingerprint === row.key)) return { state, effects };
  return { state, effects: [...effects, { type: "preview", fingerprint: row.key }] };
}

/** New items after a scan; cursor and marks stay on findings that are still there. */
function scanned(state: ReviewState, items: ReviewState["items"], root: string): ReviewState {
  const before = cursorIndex(state);
  const next: ReviewState = { ...state, phase: "ready", items, root, previews: new Map(), busy: undefined };
  const known = new Set(items.map((i) => i.finding.fingerprint));
  next.marked = new Set([...state.marked].filter((m) => known.has(m)));
  const rows = rowsOf(next);
  if (rows.some((r) => r.key === state.cursor)) return next;
  const row = rows[Math.min(before, rows.length - 1)];
  return { ...next, cursor: row?.key ?? "", scroll: 0, step: -1, answer: 0 };
}
