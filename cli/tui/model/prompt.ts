/** The line of text at the bottom: filter, reasons, names, notes. */
import { cursorIndex, rowsOf } from "./rows.ts";
import type { Effect, Message, Prompt, ReviewState, Screen, Step } from "./types.ts";

type PromptScreen = Extract<Screen, { kind: "prompt" }>;

/** A key or a piece of text (also pasted) while the prompt is open. */
export function promptKey(state: ReviewState, input: { key: string } | { text: string }): Step {
  const screen = state.screens[state.screens.length - 1] as PromptScreen;
  if ("text" in input) return { state: typed(state, screen, screen.text + printable(input.text)), effects: [] };
  switch (input.key) {
    case "ctrl+c":
      return { state: closed(state), effects: [] };
    case "escape":
      return { state: closed(screen.prompt.kind === "filter" ? { ...state, filter: "" } : state), effects: [] };
    case "return":
      return taken(state, screen);
    case "backspace":
      return { state: typed(state, screen, [...screen.text].slice(0, -1).join("")), effects: [] };
    case "ctrl+u":
      return { state: typed(state, screen, ""), effects: [] };
    case "ctrl+w":
      return { state: typed(state, screen, screen.text.trimEnd().replace(/\S+$/, "")), effects: [] };
    case "space":
      return { state: typed(state, screen, `${screen.text} `), effects: [] };
    default:
      if ([...input.key].length !== 1) return { state, effects: [] };
      return { state: typed(state, screen, screen.text + printable(input.key)), effects: [] };
  }
}

/** Without control characters: pasted text is not trusted either. */
function printable(text: string): string {
  return [...text].filter((c) => c >= " " && c !== "\u007f" && !(c >= "\u0080" && c <= "\u009f")).join("");
}

/** The filter works while it is typed. */
function typed(state: ReviewState, screen: PromptScreen, text: string): ReviewState {
  const screens = [...state.screens.slice(0, -1), { ...screen, text }];
  const next = { ...state, screens };
  if (screen.prompt.kind !== "filter") return next;
  const filtered = { ...next, filter: text };
  const row = rowsOf(filtered)[cursorIndex(filtered)];
  return row === undefined || row.key === state.cursor
    ? filtered
    : { ...filtered, cursor: row.key, scroll: 0, step: -1, answer: 0 };
}

function closed(state: ReviewState): ReviewState {
  return { ...state, screens: state.screens.slice(0, -1) };
}

function taken(state: ReviewState, { prompt, text, targets }: PromptScreen): Step {
  const value = text.trim();
  const refused = refusal(prompt, value);
  if (refused) return { state: { ...state, message: refused }, effects: [] };
  const next: ReviewState = prompt.kind === "filter" ? closed(state) : { ...closed(state), marked: new Set() };
  return { state: next, effects: effectsOf(prompt, value, targets) };
}

function refusal(prompt: Prompt, value: string): Message | undefined {
  if (value !== "" || (prompt.kind !== "suppress" && prompt.kind !== "false-positive")) return undefined;
  return { text: "a reason is needed", tone: "bad" };
}

function effectsOf(prompt: Prompt, value: string, targets: string[]): Effect[] {
  switch (prompt.kind) {
    case "filter":
      return [];
    case "suppress":
      return prompt.how === "comment"
        ? [{ type: "suppress-comment", targets, reason: value }]
        : [{ type: "triage", targets, change: { state: "suppressed", reason: value } }];
    case "false-positive":
      return [{ type: "triage", targets, change: { state: "false-positive", reason: value } }];
    case "assign":
      return [{ type: "triage", targets, change: { assignee: value } }];
    case "note":
      return [{ type: "triage", targets, change: { note: value } }];
  }
}
