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
    for (let k = 0; k < Math.min(removed, added); k++) compare(shown[i + k], shown[i + removed + k]);
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

function compare(one: DiffLine, other: DiffLine): void {
  const [a, b] = [textOf(one.line), textOf(other.line)];
  const most = Math.min(a.length, b.length);
  let head = 0;
  while (head < most && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < most - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const common = (text: string) => text.slice(0, head).trim().length + text.slice(text.length - tail).trim().length;
  if (common(a) < ALIKE * Math.max(a.trim().length, b.trim().length)) return;
  const isWord = (c: string | undefined) => c !== undefined && WORD.test(c);
  while (head > 0 && isWord(a[head - 1]) && (isWord(a[head]) || isWord(b[head]))) head--;
  while (tail > 0 && isWord(a.at(-tail)) && (isWord(a.at(-tail - 1)) || isWord(b.at(-tail - 1)))) tail--;
  one.changed = { start: head, end: a.length - tail };
  other.changed = { start: head, end: b.length - tail };
}

function textOf(line: PageLine): string {
  return typeof line === "string" ? line : line[0];
}
