/** Where a place of one round stands in the texts before the first and after the last. */
import { type Edit, editedRanges } from "../../text/edits.ts";

/** Edits of a file in one round. */
type RoundEdits = ReadonlyMap<string, readonly Edit[]>;

export class EditHistory {
  private readonly rounds: RoundEdits[] = [];

  /** Adds the edits of one more round, by file. */
  add(edits: RoundEdits): void {
    this.rounds.push(edits);
  }

  /** The offset before the first round of what is at `offset` before round `round` (from 1). */
  first(file: string, offset: number, round: number): number {
    let at = offset;
    for (let i = round - 2; i >= 0; i--) at = backward(this.rounds[i].get(file) ?? [], at);
    return at;
  }

  /** The offset after the last round. What was replaced is where the replacement begins. */
  last(file: string, offset: number, round: number): number {
    let at = offset;
    for (let i = round - 1; i < this.rounds.length; i++) at = forward(this.rounds[i].get(file) ?? [], at);
    return at;
  }
}

function forward(edits: readonly Edit[], offset: number): number {
  let shift = 0;
  for (const { start, end, text } of edits) {
    if (end <= offset) shift += text.length - (end - start);
    else if (start < offset) shift -= offset - start;
  }
  return offset + shift;
}

function backward(edits: readonly Edit[], offset: number): number {
  const ranges = editedRanges(edits);
  let shift = 0;
  edits.forEach(({ start, end }, i) => {
    const own = ranges[i];
    if (own.end <= offset) shift += end - start - (own.end - own.start);
    else if (own.start < offset) shift -= offset - own.start;
  });
  return offset + shift;
}
