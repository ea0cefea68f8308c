/** The code that the page shows: lines around every place, each once, with classes of tokens. */
import { type ClassedSpan, classify, languageOfName, type TokenClass } from "../../syntax/highlight.ts";
import { LineMap } from "../../text/lines.ts";
import { type PageLine, type PageRegion, TOKEN_CLASSES } from "./page-data.ts";

/** Lines that are wanted around a place, one-based and inclusive. */
export interface WantedLines {
  from: number;
  to: number;
  /** Column, one-based, that must be among what is kept of a very long line. */
  column: number;
  /** Line of that column. */
  line: number;
}

const CLASSES: readonly TokenClass[] = TOKEN_CLASSES;
/** Regions closer than this are one: a gap of two lines would take as much room. */
const JOINED = 3;
/** UTF-16 units of a line that are kept; generated tables have lines of megabytes. */
const LONGEST = 600;
/** What is kept before the place in a longer line. */
const LEAD = 100;

/** The lines of `text` that are `wanted`, as regions in order. */
export function codeRegions(file: string, text: string, wanted: readonly WantedLines[]): PageRegion[] {
  const map = LineMap.of(text);
  const spans = classify(text, languageOfName(file));
  const columns = new Map<number, number>();
  for (const { line, column } of wanted) columns.set(line, Math.min(columns.get(line) ?? Infinity, column));
  // Regions and spans are both in order.
  let next = 0;
  return joined(wanted, map.lineCount).map(([from, to]): PageRegion => {
    const lines: PageLine[] = [];
    for (let line = from; line <= to; line++) {
      const start = map.startOf(line);
      const end = line < map.lineCount ? map.startOf(line + 1) : text.length;
      while (next < spans.length && spans[next].end <= start) next++;
      lines.push(pageLine(text.slice(start, end).replace(/[\r\n]+$/, ""), start, columns.get(line) ?? 1, spans, next));
    }
    return { first: from, lines };
  });
}

/** The lines of a text of its own, such as a part of a file. */
export function codeLines(file: string, lines: readonly string[]): PageLine[] {
  const all = { from: 1, to: lines.length, line: 1, column: 1 };
  return codeRegions(file, lines.join("\n"), [all])[0]?.lines ?? [];
}

function joined(wanted: readonly WantedLines[], lineCount: number): [number, number][] {
  const ranges = wanted
    .map(({ from, to }): [number, number] => [Math.max(from, 1), Math.min(to, lineCount)])
    .filter(([from, to]) => from <= to)
    .sort(([a], [b]) => a - b);
  const regions: [number, number][] = [];
  for (const range of ranges) {
    const last = regions.at(-1);
    if (last && range[0] <= last[1] + JOINED) last[1] = Math.max(last[1], range[1]);
    else regions.push(range);
  }
  return regions;
}

/** `spans[first]` is the first one that may reach into the line. */
function pageLine(
  whole: string,
  start: number,
  column: number,
  spans: readonly ClassedSpan[],
  first: number,
): PageLine {
  const from = whole.length <= LONGEST ? 0 : Math.max(0, Math.min(column - 1 - LEAD, whole.length - LONGEST));
  const text = whole.slice(from, from + LONGEST);
  const flat: number[] = [];
  for (let i = first; i < spans.length && spans[i].start < start + from + text.length; i++) {
    const kind = CLASSES.indexOf(spans[i].class);
    const a = Math.max(spans[i].start - start - from, 0);
    const b = Math.min(spans[i].end - start - from, text.length);
    if (kind >= 0 && a < b) flat.push(a, b - a, kind);
  }
  if (whole.length > LONGEST) return [text, flat, from];
  return flat.length === 0 ? text : [text, flat];
}
