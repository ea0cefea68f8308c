/** Text edits. */

/** Replaces the half-open range of UTF-16 offsets by `text`; an empty range inserts. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

/**
 * `text` with all `edits` made. Offsets refer to the unedited text; insertions at one offset keep their given order.
 * Throws RangeError if edits overlap or lie outside the text.
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const sorted = edits.map((edit, order) => ({ edit, order }));
  sorted.sort((a, b) => a.edit.start - b.edit.start || a.edit.end - b.edit.end || a.order - b.order);
  let result = "";
  let position = 0;
  for (const { edit } of sorted) {
    if (edit.end < edit.start || edit.end > text.length) {
      throw new RangeError(`edit ${edit.start}..${edit.end} outside a text of ${text.length}`);
    }
    if (edit.start < position) throw new RangeError(`edits overlap at ${edit.start}`);
    result += text.slice(position, edit.start) + edit.text;
    position = edit.end;
  }
  return result + text.slice(position);
}

/** Where the texts of `edits` stand in `applyEdits(text, edits)`, in the order of `edits`; a deletion is an empty range. */
export function editedRanges(edits: readonly Edit[]): { start: number; end: number }[] {
  const sorted = edits.map((edit, order) => ({ edit, order }));
  sorted.sort((a, b) => a.edit.start - b.edit.start || a.edit.end - b.edit.end || a.order - b.order);
  const ranges: { start: number; end: number }[] = [];
  let shift = 0;
  for (const { edit, order } of sorted) {
    const start = edit.start + shift;
    ranges[order] = { start, end: start + edit.text.length };
    shift += edit.text.length - (edit.end - edit.start);
  }
  return ranges;
}
