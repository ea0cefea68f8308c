/** The neighbouring statements in which a reference lives. */
import type { FunctionAnalyses } from "../../flow/function-analyses.ts";
import type { Span } from "../../ir/types.ts";
import { forEachInstr } from "../../ir/visit.ts";
import type { FixSource, SyntaxNode } from "../source.ts";

export interface Region extends Span {
  /** From the statement with the call to the last that needs the object; neighbours in one block. */
  statements: SyntaxNode[];
  /** What they are the children of. */
  block: SyntaxNode;
}

const LISTS: readonly string[] = ["compound_statement", "case_statement"];

/**
 * The smallest list of neighbouring statements that has `statement` and all of `needed`; a string says why there is none.
 */
export function regionOf(
  source: FixSource,
  flow: FunctionAnalyses,
  statement: SyntaxNode,
  needed: readonly Span[],
): Region | string {
  const last = needed.reduce((end, s) => Math.max(end, s.end), statement.end);
  const first = needed.reduce((start, s) => Math.min(start, s.start), statement.start);
  let from = statement;
  let block = source.parentOf(statement);
  for (;;) {
    if (block === undefined || block.type === "function_definition") return "it is used outside of its block";
    const covers = block.start <= first && last <= block.end;
    if (covers && (LISTS.includes(block.type) || from === statement)) {
      if (LISTS.includes(block.type)) break;
      // The only statement of an `if` or a loop.
      if (from.start <= first && last <= from.end)
        return { statements: [from], block, start: from.start, end: from.end };
    }
    from = block;
    block = source.parentOf(block);
  }
  if (first < from.start) return "it is used in the next round of a loop";
  const siblings = block.children.filter((c) => c.field !== "value" && c.field !== "label");
  const start = siblings.indexOf(from);
  let end = siblings.findIndex((s) => last <= s.end);
  if (start < 0 || end < start) return "it is used outside of its block";
  end = closed(flow, siblings, start, end);
  if (end < 0) return "the thread state is detached, or a lock held, where it would have to be released";
  return { statements: siblings.slice(start, end + 1), block, start: from.start, end: siblings[end].end };
}

/** The first statement from `end` on behind which everything is closed that was opened since `start`; -1 if there is none. */
function closed(flow: FunctionAnalyses, siblings: readonly SyntaxNode[], start: number, end: number): number {
  for (let i = end; i < siblings.length; i++) {
    if (openAt(flow, siblings[start].start, siblings[i].end) === 0) return i;
  }
  return -1;
}

/** Number of regions without the thread state, or with a lock, that code from `from` on opens and does not close before `to`, in order of place. */
export function openAt({ fn }: FunctionAnalyses, from: number, to: number): number {
  let open = 0;
  forEachInstr(fn, (instr) => {
    if (instr.start < from || instr.end > to) return;
    if (instr.op === "detach" || (instr.op === "lock" && instr.lock.startsWith("critical"))) open++;
    if (instr.op === "attach" || (instr.op === "unlock" && instr.lock.startsWith("critical"))) open--;
  });
  return Math.max(0, open);
}
