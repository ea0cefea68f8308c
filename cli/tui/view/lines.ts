/** Screens as lines of coloured text, before any terminal: what components print and tests compare. */

import stringWidth from "string-width";
import { width } from "../../../src/report/visible.ts";

/** Meanings of text; the theme gives them colours. */
export type Tone =
  | "plain"
  | "dim"
  | "strong"
  | "title"
  | "high"
  | "medium"
  | "low"
  | "info"
  | "good"
  | "bad"
  | "added"
  | "removed"
  | "hunk"
  | "mark"
  | "comment"
  | "directive"
  | "string"
  | "number"
  | "keyword"
  | "type"
  | "call";

/** `text` holds no control characters. */
export interface Segment {
  text: string;
  tone: Tone;
  /** Under the cursor, or the marked place. */
  inverse?: boolean;
}

export type Line = readonly Segment[];

export function plain(text: string, tone: Tone = "plain"): Line {
  return [{ text, tone }];
}

export function lineWidth(line: Line): number {
  return line.reduce((n, s) => n + width(s.text), 0);
}

export function textOf(line: Line): string {
  return line.map((s) => s.text).join("");
}

/** The line in exactly `columns` columns: cut with an ellipsis, or filled with blanks. */
export function fitted(line: Line, columns: number): Line {
  const full = lineWidth(line);
  if (full <= columns) {
    const last = line[line.length - 1];
    const fill = " ".repeat(columns - full);
    return fill === "" ? line : [...line, { text: fill, tone: "plain", ...(last?.inverse ? { inverse: true } : {}) }];
  }
  const cut: Segment[] = [];
  let room = columns - 1;
  for (const segment of line) {
    if (room <= 0) break;
    const text = takeColumns(segment.text, room);
    cut.push({ ...segment, text });
    room -= width(text);
    if (text !== segment.text) break;
  }
  const rest = columns - cut.reduce((n, s) => n + width(s.text), 0);
  const inverse = line[line.length - 1]?.inverse;
  return [...cut, { text: `…${" ".repeat(Math.max(rest - 1, 0))}`, tone: "dim", ...(inverse ? { inverse } : {}) }];
}

/** As many characters of `text` as fit into `columns`. */
function takeColumns(text: string, columns: number): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text.slice(0, columns);
  let taken = "";
  let used = 0;
  for (const c of text) {
    const w = stringWidth(c);
    if (used + w > columns) break;
    taken += c;
    used += w;
  }
  return taken;
}

/** What fits of `lines`, and how far that is scrolled: no further than to the last line. */
export interface Window {
  lines: Line[];
  scroll: number;
}

/** `height` lines, `scroll` below `base`; filled with empty ones. */
export function windowOf(lines: readonly Line[], scroll: number, height: number, base = 0): Window {
  const last = Math.max(lines.length - height, 0);
  const start = between(0, base, last);
  const from = between(0, start + scroll, last);
  const shown = lines.slice(from, from + height);
  while (shown.length < height) shown.push([]);
  return { lines: shown, scroll: from - start };
}

export function between(least: number, value: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
