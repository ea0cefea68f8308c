/** Which lines of a text are new or changed, and where lines are gone. */
import { diffArrays } from "diff";

/** Lines are one-based. */
export interface ChangedLines {
  /** Lines that are not in the old text, both ends included; sorted. */
  added: Range[];
  /** Where lines of the old text are gone: between line `from` and the next, which is 0 and 1 for the first lines. `to` is `from`. */
  cuts: Range[];
}

/**
 * What was added or taken out can often be read in several ways: of two functions alike, the first or the second is the new one. The
 * range could begin as much as `up` lines earlier, and `down` lines later.
 */
interface Range {
  from: number;
  to: number;
  up: number;
  down: number;
}

/** Everything is new. */
export const WHOLE: ChangedLines = { added: [{ from: 1, to: Number.POSITIVE_INFINITY, up: 0, down: 0 }], cuts: [] };

/** Beyond this many lines added and taken out, all lines between the first and the last change count as changed. */
const MOST_EDITS = 3000;

/** Compares two texts by lines, whatever their line ends. */
export function changedLines(before: Uint8Array, after: Uint8Array): ChangedLines {
  const old = linesOf(before);
  const now = linesOf(after);
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const [oldPart, nowPart] = [old.slice(head, old.length - tail), now.slice(head, now.length - tail)];
  const changes = diffArrays(oldPart, nowPart, { maxEditLength: MOST_EDITS }) ?? [
    { removed: true, count: oldPart.length },
    { added: true, count: nowPart.length },
  ];
  const result: ChangedLines = { added: [], cuts: [] };
  let [line, oldLine] = [head, head];
  for (const [i, { added, removed, count }] of changes.entries()) {
    if (count === 0) continue;
    const isAlone = !isChange(changes[i - 1]) && !isChange(changes[i + 1]);
    if (removed) {
      const room = isAlone ? slides(old, oldLine, count) : NOWHERE;
      result.cuts.push({ from: line, to: line, ...room });
      oldLine += count;
    } else if (added) {
      const room = isAlone ? slides(now, line, count) : NOWHERE;
      result.added.push({ from: line + 1, to: line + count, ...room });
      line += count;
    } else {
      line += count;
      oldLine += count;
    }
  }
  return result;
}

const NOWHERE = { up: 0, down: 0 };

function isChange(change: { added?: boolean; removed?: boolean } | undefined): boolean {
  return change?.added === true || change?.removed === true;
}

/** How far `count` lines from `start` on can be moved so that the text stays the same. */
function slides(lines: readonly string[], start: number, count: number): { up: number; down: number } {
  let up = 0;
  while (start - up > 0 && lines[start - up - 1] === lines[start - up - 1 + count]) up++;
  let down = 0;
  while (start + down + count < lines.length && lines[start + down] === lines[start + down + count]) down++;
  return { up, down };
}

/** Bytes are characters here: no encoding changes what a line is. */
function linesOf(bytes: Uint8Array): string[] {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString("latin1")
    .split(/\r\n|\r|\n/);
}

/** True if one of the lines `from` to `to`, both included, is new or changed, or if lines between them are gone, however it is read. */
export function touches({ added, cuts }: ChangedLines, from: number, to: number): boolean {
  return (
    added.some((r) => r.from + r.down <= to && from <= r.to - r.up) ||
    cuts.some((cut) => from <= cut.from - cut.up && cut.from + cut.down < to)
  );
}

/** What two texts have in common: 0 for nothing, 1 for all of their lines. */
export function similarity(a: Uint8Array, b: Uint8Array): number {
  const counts = new Map<string, number>();
  const [linesA, linesB] = [linesOf(a), linesOf(b)].map((lines) => lines.map((l) => l.trim()).filter((l) => l !== ""));
  for (const line of linesA) counts.set(line, (counts.get(line) ?? 0) + 1);
  let common = 0;
  for (const line of linesB) {
    const left = counts.get(line) ?? 0;
    if (left === 0) continue;
    counts.set(line, left - 1);
    common++;
  }
  const total = linesA.length + linesB.length;
  return total === 0 ? 0 : (2 * common) / total;
}
