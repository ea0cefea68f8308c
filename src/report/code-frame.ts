/** A finding's place in its source, with line numbers and an underline. */
import type { SourceLines } from "./source.ts";
import { cutEnd, showLine } from "./visible.ts";

export interface FramePlace {
  file: string;
  /** 1-based, columns in UTF-16 units, end exclusive. */
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

export interface FrameStyle {
  dim(text: string): string;
  mark(text: string): string;
}

/** Source lines longer than the frame are shown around the marked part, starting this many columns before it. */
const LEAD = 12;

/**
 * The marked line between its neighbours, each at most `columns` wide, tabs expanded, hidden characters escaped. Empty if the
 * source is not at hand. A place over several lines is marked to the end of its first.
 */
export function codeFrame(source: SourceLines, place: FramePlace, columns: number, style: FrameStyle): string[] {
  const marked = source.line(place.file, place.line);
  if (marked === undefined) return [];
  const gutter = String(place.line + 1).length;
  const room = Math.max(columns - gutter - 5, 20);

  // Long lines (minified tables, generated code) are cut around the mark before anything looks at each character.
  const start = fits(marked, room) ? 0 : Math.max(place.column - 1 - LEAD, 0);
  const part = window(marked, start, room);
  const shown = showLine(part);
  const from = Math.min(shown.columnOf(place.column - 1 - start), room - 1);
  const end = place.endLine > place.line ? part.trimEnd().length : place.endColumn - 1 - start;
  const to = Math.min(Math.max(shown.columnOf(end), from + 1), room);

  const row = (line: number, text: string, current: boolean) =>
    `${current ? style.mark(">") : " "} ${style.dim(`${String(line).padStart(gutter)} |`)} ${text}`.trimEnd();
  const rows: string[] = [];
  const neighbour = (line: number) => {
    const text = line > 0 ? source.line(place.file, line) : undefined;
    if (text !== undefined && text.trim() !== "") rows.push(row(line, cut(text, start, room), false));
  };
  neighbour(place.line - 1);
  rows.push(row(place.line, cut(marked, start, room), true));
  rows.push(`  ${style.dim(`${" ".repeat(gutter)} |`)} ${" ".repeat(from)}${style.mark("^".repeat(to - from))}`);
  neighbour(place.line + 1);
  return rows;
}

function fits(line: string, room: number): boolean {
  return line.length <= room && showLine(line).columnOf(line.length) <= room;
}

function window(line: string, start: number, room: number): string {
  return line.slice(start, start + room);
}

/** At most `room` columns of `line` from UTF-16 unit `start` on, with an ellipsis for what is left out. */
function cut(line: string, start: number, room: number): string {
  if (start === 0 && fits(line, room)) return showLine(line).text;
  const text = cutEnd(showLine(window(line, start, room)).text, room, line.length > start + room);
  return start > 0 && text !== "" ? `…${text.slice(1)}` : text;
}
