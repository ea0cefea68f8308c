/** Keys as data: what they do, and what the help says of them. */

/** What keys can ask of the page. */
export interface Controls {
  /** Moves in the list by so many rows. */
  move(rows: number): void;
  moveToEnd(end: "first" | "last"): void;
  fold(closed: boolean): void;
  /** Opens or closes a group, or goes into the finding. */
  activate(): void;
  back(): void;
  filter(): void;
  step(by: 1 | -1): void;
  copy(what: "place" | "comment" | "command" | "link"): void;
  nextGrouping(): void;
  nextSort(): void;
  clear(): void;
  overview(): void;
  theme(): void;
  help(): void;
}

export interface Command {
  /** As `KeyboardEvent.key` has them. */
  keys: readonly string[];
  help: string;
  run(controls: Controls): void;
  /** Only where the list has the keyboard, so that buttons and scrolling keep their keys. */
  inList?: true;
}

/** Rows that Page Up and Page Down go. */
const PAGE = 10;

export const COMMANDS: readonly Command[] = [
  { keys: ["j"], help: "next finding", run: (c) => c.move(1) },
  { keys: ["k"], help: "previous finding", run: (c) => c.move(-1) },
  { keys: ["ArrowDown"], help: "down", inList: true, run: (c) => c.move(1) },
  { keys: ["ArrowUp"], help: "up", inList: true, run: (c) => c.move(-1) },
  { keys: ["PageDown"], help: "ten rows down", inList: true, run: (c) => c.move(PAGE) },
  { keys: ["PageUp"], help: "ten rows up", inList: true, run: (c) => c.move(-PAGE) },
  { keys: ["Home"], help: "first row", inList: true, run: (c) => c.moveToEnd("first") },
  { keys: ["End"], help: "last row", inList: true, run: (c) => c.moveToEnd("last") },
  { keys: ["ArrowLeft"], help: "close the group", inList: true, run: (c) => c.fold(true) },
  { keys: ["ArrowRight"], help: "open the group", inList: true, run: (c) => c.fold(false) },
  { keys: ["Enter", " "], help: "go into the finding; open or close a group", inList: true, run: (c) => c.activate() },
  { keys: ["Escape"], help: "back to the list", run: (c) => c.back() },
  { keys: ["/"], help: "filter", run: (c) => c.filter() },
  { keys: ["x"], help: "clear all filters", run: (c) => c.clear() },
  { keys: ["]"], help: "next step of the evidence", run: (c) => c.step(1) },
  { keys: ["["], help: "previous step of the evidence", run: (c) => c.step(-1) },
  { keys: ["g"], help: "group by the next thing", run: (c) => c.nextGrouping() },
  { keys: ["s"], help: "sort by the next thing", run: (c) => c.nextSort() },
  { keys: ["c"], help: "copy the place", run: (c) => c.copy("place") },
  { keys: ["i"], help: "copy the comment that ignores it", run: (c) => c.copy("comment") },
  { keys: ["f"], help: "copy the command that fixes it", run: (c) => c.copy("command") },
  { keys: ["l"], help: "copy a link to this view", run: (c) => c.copy("link") },
  { keys: ["o"], help: "overview", run: (c) => c.overview() },
  { keys: ["t"], help: "light, dark, or as the system is", run: (c) => c.theme() },
  { keys: ["?"], help: "this help", run: (c) => c.help() },
];

const NAMES: Readonly<Record<string, string>> = {
  " ": "Space",
  ArrowDown: "↓",
  ArrowUp: "↑",
  ArrowLeft: "←",
  ArrowRight: "→",
  PageDown: "Page ↓",
  PageUp: "Page ↑",
  Escape: "Esc",
};

/** What stands on a key. */
export function keyName(key: string): string {
  return NAMES[key] ?? key;
}
