/** Key bindings as data: dispatch, footer and help read the same table. */
import type { ReviewState, Screen } from "../model/types.ts";

/** Where a binding holds: on a screen, or on the list while its left or right side has the focus. */
export type Context = Screen["kind"] | "list-left" | "list-right" | "everywhere";

export interface Binding {
  /** What the reducer is told. */
  command: string;
  /** Keys as `keyName` gives them; the first one is shown in the footer. */
  keys: readonly string[];
  contexts: readonly Context[];
  /** For the help: what it does. */
  help: string;
  /** For the footer, in a word or two; a binding without it is in the help only. */
  hint?: string;
  /** The hint goes first where the footer is too narrow for all. */
  minor?: true;
  section: "Move" | "Look" | "Decide" | "Session";
}

const LIST: readonly Context[] = ["list"];
const SCROLLED: readonly Context[] = ["list-right", "help", "dashboard", "confirm-fix"];
const CHOICES: readonly Context[] = ["choose-fix", "choose-suppression"];

export const BINDINGS: readonly Binding[] = [
  { command: "down", keys: ["down", "j"], contexts: ["list-left"], help: "next row", section: "Move" },
  { command: "up", keys: ["up", "k"], contexts: ["list-left"], help: "row before", section: "Move" },
  { command: "next", keys: ["n"], contexts: LIST, help: "next open finding", section: "Move" },
  { command: "previous", keys: ["N"], contexts: LIST, help: "open finding before", section: "Move" },
  { command: "page-down", keys: ["pagedown", "ctrl+d"], contexts: ["list-left"], help: "a page down", section: "Move" },
  { command: "page-up", keys: ["pageup", "ctrl+u"], contexts: ["list-left"], help: "a page up", section: "Move" },
  { command: "first", keys: ["home", "g"], contexts: ["list-left"], help: "first row", section: "Move" },
  { command: "last", keys: ["end", "G"], contexts: ["list-left"], help: "last row", section: "Move" },
  { command: "fold", keys: ["left", "h"], contexts: ["list-left"], help: "fold the group", section: "Move" },
  {
    command: "unfold",
    keys: ["right", "l"],
    contexts: ["list-left"],
    help: "unfold the group, or go to the right side",
    section: "Move",
  },
  { command: "fold-all", keys: ["z"], contexts: LIST, help: "fold or unfold all groups", section: "Move" },
  {
    command: "enter",
    keys: ["return"],
    contexts: ["list-left"],
    help: "fold a group, or go to the right side",
    hint: "look",
    minor: true,
    section: "Move",
  },
  {
    command: "focus-list",
    keys: ["left", "h", "escape"],
    contexts: ["list-right"],
    help: "back to the list",
    hint: "list",
    section: "Move",
  },
  {
    command: "scroll-down",
    keys: ["down", "j"],
    contexts: SCROLLED,
    help: "a line down",
    hint: "scroll",
    minor: true,
    section: "Move",
  },
  { command: "scroll-up", keys: ["up", "k"], contexts: SCROLLED, help: "a line up", section: "Move" },
  {
    command: "scroll-page-down",
    keys: ["pagedown", "ctrl+d", "space"],
    contexts: SCROLLED,
    help: "a page down",
    section: "Move",
  },
  { command: "scroll-page-up", keys: ["pageup", "ctrl+u"], contexts: SCROLLED, help: "a page up", section: "Move" },
  {
    command: "tab-next",
    keys: ["tab"],
    contexts: LIST,
    help: "next view of the finding: code, evidence, fix, rule",
    hint: "view",
    section: "Look",
  },
  { command: "tab-previous", keys: ["shift+tab"], contexts: LIST, help: "view before", section: "Look" },
  { command: "tab-code", keys: ["1"], contexts: LIST, help: "the code", section: "Look" },
  { command: "tab-evidence", keys: ["2"], contexts: LIST, help: "the evidence, step by step", section: "Look" },
  { command: "tab-fix", keys: ["3"], contexts: LIST, help: "the fix as a diff", section: "Look" },
  { command: "tab-rule", keys: ["4"], contexts: LIST, help: "what the rule says", section: "Look" },
  { command: "step-next", keys: ["]"], contexts: LIST, help: "next step of the evidence", section: "Look" },
  { command: "step-previous", keys: ["["], contexts: LIST, help: "step before", section: "Look" },
  {
    command: "diff",
    keys: ["D"],
    contexts: ["list", "confirm-fix"],
    help: "diff side by side or unified",
    section: "Look",
  },
  {
    command: "filter",
    keys: ["/"],
    contexts: LIST,
    help: "filter: words, risk:high rule:... file:... state:... who:...",
    hint: "filter",
    section: "Look",
  },
  {
    command: "filter-clear",
    keys: ["escape"],
    contexts: ["list-left"],
    help: "clear the filter, then the marks",
    section: "Look",
  },
  {
    command: "group",
    keys: ["v"],
    contexts: LIST,
    help: "group by file, module, family or rule",
    hint: "group",
    minor: true,
    section: "Look",
  },
  { command: "sort", keys: ["o"], contexts: LIST, help: "sort by risk, place, rule or state", section: "Look" },
  {
    command: "dashboard",
    keys: ["b"],
    contexts: LIST,
    help: "dashboard: what is done and what is left",
    section: "Look",
  },
  {
    command: "mark",
    keys: ["space"],
    contexts: ["list-left"],
    help: "mark the finding or the group",
    hint: "mark",
    section: "Decide",
  },
  {
    command: "apply",
    keys: ["a"],
    contexts: LIST,
    help: "apply the fix: safe at once, review after a look at the diff",
    hint: "apply",
    section: "Decide",
  },
  { command: "choose", keys: ["A"], contexts: LIST, help: "choose among alternative fixes", section: "Decide" },
  {
    command: "suppress",
    keys: ["s"],
    contexts: LIST,
    help: "suppress with a reason",
    hint: "suppress",
    section: "Decide",
  },
  {
    command: "false-positive",
    keys: ["f"],
    contexts: LIST,
    help: "mark as a false positive, with a reason",
    section: "Decide",
  },
  {
    command: "reopen",
    keys: ["r"],
    contexts: LIST,
    help: "take suppression or false positive back",
    section: "Decide",
  },
  { command: "assign", keys: ["w"], contexts: LIST, help: "assign to somebody", section: "Decide" },
  { command: "note", keys: ["m"], contexts: LIST, help: "add a note", section: "Decide" },
  {
    command: "edit",
    keys: ["e"],
    contexts: LIST,
    help: "open in $EDITOR at the line",
    hint: "edit",
    minor: true,
    section: "Decide",
  },
  { command: "copy", keys: ["y"], contexts: LIST, help: "copy the place as file:line", section: "Decide" },
  { command: "export", keys: ["x"], contexts: LIST, help: "write the selection as Markdown", section: "Decide" },
  {
    command: "undo",
    keys: ["u"],
    contexts: LIST,
    help: "undo the last change of files",
    hint: "undo",
    section: "Session",
  },
  { command: "redo", keys: ["U", "ctrl+r"], contexts: LIST, help: "do it again", section: "Session" },
  { command: "rescan", keys: ["R"], contexts: LIST, help: "scan again", section: "Session" },
  { command: "suspend", keys: ["ctrl+z"], contexts: ["everywhere"], help: "suspend", section: "Session" },
  {
    command: "help",
    keys: ["?"],
    contexts: ["list", "dashboard"],
    help: "this help",
    hint: "help",
    section: "Session",
  },
  { command: "quit", keys: ["q"], contexts: LIST, help: "quit", hint: "quit", section: "Session" },
  { command: "quit", keys: ["ctrl+c"], contexts: ["everywhere"], help: "quit", section: "Session" },
  { command: "choice-down", keys: ["down", "j"], contexts: CHOICES, help: "next choice", section: "Move" },
  { command: "choice-up", keys: ["up", "k"], contexts: CHOICES, help: "choice before", section: "Move" },
  { command: "choice-take", keys: ["return"], contexts: CHOICES, help: "take it", hint: "take", section: "Decide" },
  {
    command: "confirm",
    keys: ["y", "return"],
    contexts: ["confirm-fix", "confirm-quit"],
    help: "yes",
    hint: "yes",
    section: "Decide",
  },
  {
    command: "back",
    keys: ["escape", "q", "n"],
    contexts: ["confirm-fix", "confirm-quit"],
    help: "no",
    hint: "no",
    section: "Decide",
  },
  {
    command: "back",
    keys: ["escape", "q"],
    contexts: ["dashboard", ...CHOICES],
    help: "back",
    hint: "back",
    section: "Session",
  },
  {
    command: "back",
    keys: ["escape", "q", "?"],
    contexts: ["help"],
    help: "back",
    hint: "back",
    section: "Session",
  },
];

/** Contexts that hold now, the most particular first. */
export function contextsOf(state: ReviewState): Context[] {
  const top = state.screens[state.screens.length - 1].kind;
  const side: Context[] = top === "list" ? [state.focus === "list" ? "list-left" : "list-right"] : [];
  return [...side, top, "everywhere"];
}

/** The command that a key means now; undefined if it means nothing. */
export function commandFor(state: ReviewState, key: string): string | undefined {
  const contexts = contextsOf(state);
  for (const context of contexts) {
    const found = BINDINGS.find((b) => b.contexts.includes(context) && b.keys.includes(key));
    if (found) return found.command;
  }
  return undefined;
}

/** Bindings with a hint that hold now, for the footer. */
export function hintsFor(state: ReviewState): { key: string; hint: string; minor: boolean }[] {
  const contexts = contextsOf(state);
  return BINDINGS.filter((b) => b.hint !== undefined && b.contexts.some((c) => contexts.includes(c))).map((b) => ({
    key: b.keys[0],
    hint: b.hint!,
    minor: b.minor === true,
  }));
}

export interface TerminalKey {
  upArrow?: boolean;
  downArrow?: boolean;
  leftArrow?: boolean;
  rightArrow?: boolean;
  pageDown?: boolean;
  pageUp?: boolean;
  home?: boolean;
  end?: boolean;
  return?: boolean;
  escape?: boolean;
  ctrl?: boolean;
  shift?: boolean;
  tab?: boolean;
  meta?: boolean;
  backspace?: boolean;
  delete?: boolean;
}

/** Name of a key press as in `BINDINGS`, from what the terminal library says. */
export function keyName(input: string, key: TerminalKey): string {
  if (key.upArrow) return "up";
  if (key.downArrow) return "down";
  if (key.leftArrow) return "left";
  if (key.rightArrow) return "right";
  if (key.pageDown) return "pagedown";
  if (key.pageUp) return "pageup";
  if (key.home) return "home";
  if (key.end) return "end";
  if (key.tab) return key.shift ? "shift+tab" : "tab";
  if (key.return) return "return";
  if (key.escape) return "escape";
  if (key.backspace || key.delete) return "backspace";
  if (key.ctrl) return `ctrl+${input}`;
  // With Alt a letter is another key: it must not do what the letter does.
  if (key.meta) return `alt+${input}`;
  return input === " " ? "space" : input;
}
