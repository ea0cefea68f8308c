/** What changed inside of the lines of a diff. */
import type { PageHunk, PageLine } from "../../page-data.ts";
import type { Mark } from "./line-parts.ts";

export interface DiffLine {
  kind: "same" | "added" | "removed" | "remark";
  line: PageLine;
  /** One-based numbers before and after. */
  old?: number;
  now?: number;
  /** The part that changed, if the line took the place of another one that is much like it. */
  changed?: Mark;
}

/** Lines of a hunk with their numbers. */
export function diffLines({ oldStart, newStart, signs, lines }: PageHunk): DiffLine[] {
  let old = oldStart;
  let now = newStart;
  const shown = lines.map((line, i): DiffLine => {
    if (signs[i] === "+") return { kind: "added", line, now: now++ };
    if (signs[i] === "-") return { kind: "removed", line, old: old++ };
    if (signs[i] === "\\") return { kind: "remark", line };
    return { kind: "same", line, old: old++, now: now++ };
  });
  for (let i = 0; i < shown.length; ) {
    const removed = runOf(shown, i, "removed");
    const added = runOf(shown, i + removed, "added");
    pair(shown.slice(i, i + removed), shown.slice(i + removed, i + removed + added));
    i += Math.max(removed + added, 1);
  }
  return shown;
}

function runOf(lines: readonly DiffLine[], from: number, kind: DiffLine["kind"]): number {
  let n = 0;
  while (lines[from + n]?.kind === kind) n++;
  return n;
}

/** Lines that have less in common than this are different lines. */
const ALIKE = 0.4;
/** Halves of pairs are not taken apart, either. */
const WORD = /[\w\ud800-\udfff]/;

/** Marks what changed between each removed line and the added one that is most like it, in order. */
function pair(removed: readonly DiffLine[], added: readonly DiffLine[]): void {
  let from = 0;
  for (const line of removed) {
    let best = -1;
    let most = ALIKE;
    for (let k = from; k < added.length; k++) {
      const alike = likeness(textOf(line.line), textOf(added[k].line));
      if (alike > most) [best, most] = [k, alike];
    }
    if (best < 0) continue;
    mark(line, added[best]);
    from = best + 1;
  }
}

/** Lengths of what two texts have in common at their begin and their end. */
function commonEnds(a: string, b: string): { head: number; tail: number } {
  const most = Math.min(a.length, b.length);
  let head = 0;
  while (head < most && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < most - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  return { head, tail };
}

/** From 0 to 1; white space does not count. */
function likeness(a: string, b: string): number {
  const { head, tail } = commonEnds(a, b);
  const common = a.slice(0, head).trim().length + a.slice(a.length - tail).trim().length;
  return common / Math.max(a.trim().length, b.trim().length, 1);
}

function mark(one: DiffLine, other: DiffLine): void {
  const [a, b] = [textOf(one.line), textOf(other.line)];
  let { head, tail } = commonEnds(a, b);
  const isWord = (c: string | undefined) => c !== undefined && WORD.test(c);
  while (head > 0 && isWord(a[head - 1]) && (isWord(a[head]) || isWord(b[head]))) head--;
  while (tail > 0 && isWord(a.at(-tail)) && (isWord(a.at(-tail - 1)) || isWord(b.at(-tail - 1)))) tail--;
  one.changed = { start: head, end: a.length - tail };
  other.changed = { start: head, end: b.length - tail };
}

function textOf(line: PageLine): string {
  return typeof line === "string" ? line : line[0];
}
