/** Whole screens as lines: the review itself, and what lies on top of it. */
import { visible, wrap } from "../../../src/report/visible.ts";
import { RISKS, type Risk } from "../../../src/rule-api/types.ts";
import { currentItem, hiddenMarks } from "../model/rows.ts";
import type { Item, ReviewState, Screen } from "../model/types.ts";
import { dashboardLines } from "./dashboard-lines.ts";
import { type DetailContext, detailWindow } from "./detail-lines.ts";
import { MIN_SPLIT_COLUMNS } from "./diff-lines.ts";
import { footerLine, helpLines } from "./help-lines.ts";
import { fitted, type Line, plain, type Segment, type Window, windowOf } from "./lines.ts";
import { listLines } from "./list-lines.ts";
import { chooseFixLines, chooseSuppressionLines, confirmFixLines, confirmQuitLines } from "./question-lines.ts";

/** The list takes this share of a wide terminal, within limits. */
const LIST_SHARE = 0.4;
const MIN_LIST = 30;
const MAX_LIST = 64;
/** Narrower, the side with the focus has the terminal for itself. */
const BOTH_COLUMNS = 64;
/** Narrower, the right side has the terminal for itself while it has the focus. */
const WIDE_COLUMNS = 110;

/**
 * Lines of the terminal but the last, each exactly as wide as it: a frame that used the last one would be drawn by clearing the
 * terminal first. `scroll` is how far the screen on top, or the right side, is really scrolled.
 */
export function frameOf(state: ReviewState, context: DetailContext): Window {
  const { columns, rows } = state.size;
  const height = Math.max(rows - 3, 1);
  const top = state.screens[state.screens.length - 1];
  const base = top.kind === "prompt" ? state.screens[state.screens.length - 2] : top;
  const body = bodyWindow(state, base, columns, height, context);
  const lines = [headerLine(state), ...body.lines, footerLine(state, columns)];
  return { lines: lines.map((line) => fitted(line, columns)), scroll: body.scroll };
}

/** The lines of `frameOf`. */
export function screenLines(state: ReviewState, context: DetailContext): Line[] {
  return frameOf(state, context).lines;
}

function bodyWindow(
  state: ReviewState,
  screen: Screen,
  columns: number,
  height: number,
  context: DetailContext,
): Window {
  switch (screen.kind) {
    case "help":
      return windowOf(helpLines(columns), screen.scroll, height);
    case "dashboard":
      return windowOf(dashboardLines(state, columns), screen.scroll, height);
    case "confirm-fix":
      return windowOf(confirmFixLines(state, screen, columns), screen.scroll, height);
    case "choose-fix":
      return windowOf(chooseFixLines(state, screen, columns), 0, height);
    case "choose-suppression":
      return windowOf(chooseSuppressionLines(screen, columns), 0, height);
    case "confirm-quit":
      return windowOf(confirmQuitLines(screen, columns), 0, height);
    default:
      return sidesWindow(state, columns, height, context);
  }
}

/** List and detail side by side, or the one with the focus where both are too much. */
function sidesWindow(state: ReviewState, columns: number, height: number, context: DetailContext): Window {
  if (state.focus === "detail" && isAlone(state, columns)) return rightSide(state, columns, height, context);
  if (columns < BOTH_COLUMNS) return { lines: listLines(state, columns, height), scroll: state.scroll };
  const left = leftColumns(columns);
  const right = columns - left - 3;
  const list = listLines(state, left, height);
  const detail = rightSide(state, right, height, context);
  const bar: Segment = { text: state.focus === "list" ? " │ " : " ┃ ", tone: "dim" };
  const lines = list.map((line, i): Line => [...line, bar, ...fitted(detail.lines[i], right)]);
  return { lines, scroll: detail.scroll };
}

function leftColumns(columns: number): number {
  return Math.min(Math.max(Math.floor(columns * LIST_SHARE), MIN_LIST), MAX_LIST);
}

/** True if the right side takes the whole width while it has the focus. */
function isAlone({ tab, diff }: ReviewState, columns: number): boolean {
  if (columns < WIDE_COLUMNS) return true;
  return tab === "fix" && diff === "split" && columns - leftColumns(columns) - 3 < MIN_SPLIT_COLUMNS;
}

function rightSide(state: ReviewState, columns: number, height: number, context: DetailContext): Window {
  const item = currentItem(state);
  if (item !== undefined) return detailWindow(state, item, columns, height, context);
  const { failure } = state;
  if (failure === undefined) return windowOf([], 0, height);
  const parts = wrap(visible(failure), columns).map((part) => plain(part, "bad"));
  return windowOf([plain("The scan failed.", "strong"), [], ...parts], 0, height);
}

interface Counts {
  risks: Record<Risk, number>;
  open: number;
}

/** Open findings, counted once for the same items. */
const counted = new WeakMap<readonly Item[], Counts>();

function countsOf(items: readonly Item[]): Counts {
  const known = counted.get(items);
  if (known !== undefined) return known;
  const counts: Counts = { risks: { high: 0, medium: 0, low: 0, info: 0 }, open: 0 };
  for (const { state, finding } of items) {
    if (state !== "open") continue;
    counts.risks[finding.risk]++;
    counts.open++;
  }
  counted.set(items, counts);
  return counts;
}

/** The most important first: what does not fit is cut. */
function headerLine(state: ReviewState): Line {
  const segments: Segment[] = [
    { text: " ungil review ", tone: "strong", inverse: true },
    { text: " ", tone: "plain" },
  ];
  if (state.phase === "scanning") return [...segments, { text: progressText(state), tone: "info" }];
  if (state.phase === "failed") return [...segments, { text: "the scan failed", tone: "bad" }];
  if (state.busy !== undefined) segments.push({ text: `${state.busy}…  `, tone: "medium" });
  const { risks, open } = countsOf(state.items);
  for (const risk of RISKS) if (risks[risk] > 0) segments.push({ text: `${risks[risk]} ${risk}  `, tone: risk });
  if (open === 0) segments.push({ text: "nothing open  ", tone: "good" });
  if (open < state.items.length) segments.push({ text: `${state.items.length - open} done  `, tone: "good" });
  if (state.marked.size > 0) {
    const hidden = hiddenMarks(state);
    const text = `${state.marked.size} marked${hidden > 0 ? ` (${hidden} hidden)` : ""}  `;
    segments.push({ text, tone: "mark" });
  }
  if (state.filter !== "") segments.push({ text: `/${visible(state.filter)}  `, tone: "info" });
  segments.push({ text: `by ${state.grouping}, then ${state.sort}`, tone: "dim" });
  return segments;
}

function progressText({ progress }: ReviewState): string {
  if (progress === undefined) return "looking for files";
  const { phase, done, total, functions, findings } = progress;
  const what = {
    discover: "looking for files",
    read: "reading",
    analyse: "analysing",
    index: "joining",
    rules: "judging",
    fixes: "proving fixes",
  };
  const counts = phase === "rules" ? `${findings} findings in ${functions} functions` : `${functions} functions`;
  return `${what[phase]} ${total > 0 ? `${done}/${total}, ` : ""}${counts}`;
}
