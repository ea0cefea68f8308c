/** Lines of a text. */

/** Where a line ends: `\r\n`, `\n` and `\r` each count as one line break. */
export class LineMap {
  /** Start offset of every line; the first is 0. */
  readonly starts: readonly number[];

  constructor(starts: readonly number[]) {
    this.starts = starts;
  }

  static of(text: string): LineMap {
    return new LineMap(lineStarts(text));
  }

  get lineCount(): number {
    return this.starts.length;
  }

  /** One-based line of a zero-based UTF-16 offset; offsets past the end belong to the last line. */
  lineOf(offset: number): number {
    const { starts } = this;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  /** One-based line and column (in UTF-16 units) of an offset. */
  position(offset: number): { line: number; column: number } {
    const line = this.lineOf(offset);
    return { line, column: offset - this.starts[line - 1]! + 1 };
  }

  /** Start offset of a one-based line; throws RangeError if there is no such line. */
  startOf(line: number): number {
    const start = this.starts[line - 1];
    if (start === undefined) throw new RangeError(`line ${line} of ${this.starts.length}`);
    return start;
  }
}

/** Start offsets of all lines of `text`, beginning with 0. */
export function lineStarts(text: string): number[] {
  const starts = [0];
  if (!text.includes("\r")) {
    for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) starts.push(i + 1);
    return starts;
  }
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
  }
  return starts;
}

export type Eol = "\n" | "\r\n" | "\r" | "mixed";

/** The line break that `text` uses throughout; `"\n"` for a text without any. */
export function detectEol(text: string): Eol {
  if (!text.includes("\r")) return "\n";
  let lf = 0;
  let crlf = 0;
  let cr = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10) lf++;
    else if (c === 13) {
      if (text.charCodeAt(i + 1) === 10) {
        crlf++;
        i++;
      } else cr++;
    }
  }
  if (crlf > 0 && lf + cr === 0) return "\r\n";
  if (cr > 0 && lf + crlf === 0) return "\r";
  return "mixed";
}
