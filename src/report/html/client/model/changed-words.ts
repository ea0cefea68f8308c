/** What changed inside of the lines of a diff. */

export interface DiffLine {
  kind: "same" | "added" | "removed" | "remark";
  text: string;
  /** One-based numbers before and after. */
  old?: number;
  now?: number;
  /** The part that changed, if the line took the place of another one that is much like it. */
  changed?: { start: number; end: number };
}

interface Hunk {
  oldStart: number;
  newStart: number;
  lines: readonly string[];
}

/** Lines of a hunk with their numbers. */
export function diffLines({ oldStart, newStart, lines }: Hunk): DiffLine[] {
  let old = oldStart;
  let now = newStart;
  const shown = lines.map((line): DiffLine => {
    const text = line.slice(1);
    if (line.startsWith("+")) return { kind: "added", text, now: now++ };
    if (line.startsWith("-")) return { kind: "removed", text, old: old++ };
    if (line.startsWith("\\")) return { kind: "remark", text };
    return { kind: "same", text, old: old++, now: now++ };
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

function compare(a: DiffLine, b: DiffLine): void {
  const most = Math.min(a.text.length, b.text.length);
  let head = 0;
  while (head < most && a.text[head] === b.text[head]) head++;
  let tail = 0;
  while (tail < most - head && a.text.at(-1 - tail) === b.text.at(-1 - tail)) tail++;
  // No cut between the halves of a pair.
  if (/[\ud800-\udbff]/.test(a.text[head - 1] ?? "")) head--;
  if (tail > 0 && /[\udc00-\udfff]/.test(a.text.at(-tail) ?? "")) tail--;
  const common = (text: string) => text.slice(0, head).trim().length + text.slice(text.length - tail).trim().length;
  if (common(a.text) < ALIKE * Math.max(a.text.trim().length, b.text.trim().length)) return;
  a.changed = { start: head, end: a.text.length - tail };
  b.changed = { start: head, end: b.text.length - tail };
}
