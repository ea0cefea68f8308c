/** A line of code in parts that are drawn alike. */
import { type PageLine, TOKEN_CLASSES } from "../../page-data.ts";

export interface LinePart {
  text: string;
  /** Class of the token; undefined for plain text. */
  token?: (typeof TOKEN_CLASSES)[number];
  isMarked: boolean;
}

/** What is marked in a line: columns in UTF-16 units of the whole line, from 0, the end exclusive. */
export interface Mark {
  start: number;
  end: number;
}

export interface CutLine {
  parts: LinePart[];
  /** Something of the line is missing before or after its parts. */
  cutBefore: boolean;
  cutAfter: boolean;
}

export function lineParts(line: PageLine, marks: readonly Mark[]): CutLine {
  const [text, spans, from] = typeof line === "string" ? [line, [], undefined] : line;
  const offset = from ?? 0;
  const cuts = new Set([0, text.length]);
  const put = (at: number) => cuts.add(Math.min(Math.max(at, 0), text.length));
  for (let i = 0; i < spans.length; i += 3) {
    put(spans[i]);
    put(spans[i] + spans[i + 1]);
  }
  const shifted = marks.map(({ start, end }) => ({ start: start - offset, end: end - offset }));
  for (const { start, end } of shifted) {
    put(start);
    put(end);
  }
  const at = [...cuts].sort((a, b) => a - b);
  const parts: LinePart[] = [];
  let span = 0;
  for (let i = 0; i + 1 < at.length; i++) {
    const [start, end] = [at[i], at[i + 1]];
    while (span < spans.length && spans[span] + spans[span + 1] <= start) span += 3;
    const isToken = span < spans.length && spans[span] <= start;
    parts.push({
      text: text.slice(start, end),
      ...(isToken ? { token: TOKEN_CLASSES[spans[span + 2]] } : {}),
      isMarked: shifted.some((m) => m.start <= start && end <= m.end),
    });
  }
  return { parts, cutBefore: offset > 0, cutAfter: from !== undefined };
}
