/** Text of audited files made safe and measurable for a terminal. */
import stringWidth from "string-width";
import { visible } from "./hidden-characters.ts";

export { visible };

/** Columns between tab stops in code frames. */
const TAB = 4;

/** One source line as shown: tabs expanded, hidden characters escaped. `columnOf(i)` is the terminal column of UTF-16 unit `i`. */
export interface ShownLine {
  text: string;
  columnOf(index: number): number;
}

export function showLine(line: string): ShownLine {
  let text = "";
  let column = 0;
  const columns = new Uint32Array(line.length + 1);
  let at = 0;
  for (const character of line) {
    columns.fill(column, at, at + character.length);
    const shown = character === "\t" ? " ".repeat(TAB - (column % TAB)) : visible(character);
    text += shown;
    column += /^[\x20-\x7e]+$/.test(shown) ? shown.length : stringWidth(shown);
    at += character.length;
  }
  columns[line.length] = column;
  return { text, columnOf: (index) => columns[Math.min(Math.max(index, 0), line.length)] };
}

/** Columns that `text` takes on a terminal. */
export function width(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? text.length : stringWidth(text);
}

/** `text` cut to `columns` from the left, with an ellipsis where something was dropped. */
export function cutStart(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  const characters = [...text];
  while (characters.length > 0 && width(characters.join("")) > columns - 1) characters.shift();
  return `…${characters.join("")}`;
}

/** `text` cut to `columns` from the right, with an ellipsis where something was dropped or (`more`) follows anyway. */
export function cutEnd(text: string, columns: number, more = false): string {
  if (width(text) <= columns && !more) return text;
  const characters = [...text];
  while (characters.length > 0 && width(characters.join("")) > columns - 1) characters.pop();
  return `${characters.join("")}…`;
}

/** Words of `text` (already visible) in lines of at most `columns`; a longer word stands alone. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (word === "") continue;
    if (line !== "" && width(line) + 1 + width(word) > columns) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  if (line !== "" || lines.length === 0) lines.push(line);
  return lines;
}
