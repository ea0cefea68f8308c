/** The left side: groups and findings. */
import { cutEnd, cutStart, visible, width } from "../../../src/report/visible.ts";
import type { Risk } from "../../../src/rule-api/types.ts";
import { cursorIndex, type Row, rowsOf } from "../model/rows.ts";
import type { Item, ItemState, ReviewState } from "../model/types.ts";
import { fitted, type Line, plain, type Segment } from "./lines.ts";

/** A letter beside the colour, so that neither carries the meaning alone. */
export const RISK_LETTERS: Record<Risk, string> = { high: "H", medium: "M", low: "L", info: "i" };
export const STATE_SIGNS: Record<ItemState, string> = { open: " ", fixed: "✓", suppressed: "-", "false-positive": "x" };

/** Columns for the name of who a finding is assigned to, at most. */
const MAX_NAME = 12;

/** The rows around the cursor in `height` lines of `columns` columns. Only these are made, however many findings there are. */
export function listLines(state: ReviewState, columns: number, height: number): Line[] {
  const rows = rowsOf(state);
  if (rows.length === 0) return emptyList(state, columns, height);
  const cursor = cursorIndex(state);
  const from = firstShown(cursor, rows.length, height);
  const lines: Line[] = [];
  for (let i = from; i < Math.min(from + height, rows.length); i++) {
    lines.push(rowLine(rows[i], state, columns, i === cursor));
  }
  while (lines.length < height) lines.push(fitted([], columns));
  return lines;
}

/** Keeps the cursor in the middle of the window, except at both ends of the list. */
function firstShown(cursor: number, count: number, height: number): number {
  return Math.max(Math.min(cursor - Math.floor(height / 2), count - height), 0);
}

function emptyList(state: ReviewState, columns: number, height: number): Line[] {
  const text =
    state.phase === "scanning"
      ? "scanning…"
      : state.phase === "failed"
        ? "not scanned"
        : state.items.length === 0
          ? "nothing found"
          : "no finding matches the filter";
  return Array.from({ length: height }, (_, i) => fitted(i === 0 ? plain(` ${text}`, "dim") : [], columns));
}

function rowLine(row: Row, state: ReviewState, columns: number, isCursor: boolean): Line {
  const line = row.kind === "group" ? groupLine(row, columns - 1) : itemLine(row.item, state, columns - 1);
  // The sign is for terminals that cannot show text inverse.
  const signed: Line = [{ text: isCursor ? ">" : " ", tone: "mark" }, ...line];
  return fitted(isCursor ? signed.map((s) => ({ ...s, inverse: true })) : signed, columns);
}

function groupLine(row: Extract<Row, { kind: "group" }>, columns: number): Line {
  const count = row.open === row.total ? `${row.total}` : `${row.open}/${row.total}`;
  const room = columns - count.length - 4;
  const title = cutStart(visible(row.title), room);
  return [
    { text: row.folded ? "▸ " : "▾ ", tone: "dim" },
    { text: title, tone: row.open > 0 ? "title" : "dim" },
    { text: " ".repeat(Math.max(room - width(title) + 1, 1)), tone: "plain" },
    { text: count, tone: row.open > 0 ? row.worst : "good" },
  ];
}

function itemLine({ finding, state: own, triage }: Item, state: ReviewState, columns: number): Line {
  const isDone = own !== "open";
  const mark = state.marked.has(finding.fingerprint) ? "●" : " ";
  const place = state.grouping === "file" ? `${finding.line}` : `${visible(finding.file)}:${finding.line}`;
  const name = state.grouping === "rule" ? visible(finding.function || finding.symbol) : finding.rule;
  const head: Segment[] = [
    { text: mark, tone: "mark" },
    { text: STATE_SIGNS[own], tone: own === "fixed" ? "good" : "dim" },
    { text: `${RISK_LETTERS[finding.risk]} `, tone: isDone ? "dim" : finding.risk },
  ];
  const who = triage?.assignee ? ` @${cutEnd(visible(triage.assignee), MAX_NAME)}` : "";
  const symbol = state.grouping === "rule" ? "" : ` ${visible(finding.symbol)}`;
  const room = columns - 4 - width(who);
  const middle =
    state.grouping === "file"
      ? `${place.padStart(5)} ${name}${symbol}`
      : `${name} ${cutStart(place, Math.max(room - width(name) - 1, 8))}`;
  const fits = cutEnd(middle, Math.max(room, 8));
  return [...head, { text: fits, tone: isDone ? "dim" : "plain" }, { text: who, tone: "info" }];
}
