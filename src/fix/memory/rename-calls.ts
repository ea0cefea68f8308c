/** Calls that get another callee, with the same arguments. */
import { child } from "../../syntax/ast.ts";
import type { FixSource } from "../source.ts";
import type { FileEdit, FixContext } from "../types.ts";

export interface CalledName {
  file: string;
  /** Span of the callee's name. */
  start: number;
  end: number;
  from: string;
  to: string;
}

/** The edits, or why one of the calls cannot be changed. */
export function renameCalls(context: FixContext, calls: readonly CalledName[]): FileEdit[] | string {
  const edits: FileEdit[] = [];
  for (const call of calls) {
    const { file, start, end, from, to } = call;
    if (from === to) continue;
    const source = context.source(file);
    if (source === undefined) return `${file} is not there any more`;
    if (source.textOf({ start, end }) !== from || !isCallee(source, call))
      return `a call of \`${from}\` comes out of a macro`;
    if (!source.isPlain({ start, end })) return `a call of \`${from}\` is conditional`;
    edits.push({ file, ...difference(call) });
  }
  return edits;
}

/** The name is what a call in the syntax tree calls. */
function isCallee(source: FixSource, { start, end }: CalledName): boolean {
  const call = source.ancestor(source.nodeAt({ start, end }), "call_expression");
  const callee = call && child(call, "function");
  return callee !== undefined && callee.start === start && callee.end === end;
}

/** The part of the name that changes. The check of references takes a call whose whole name is new for a new one. */
function difference({ start, end, from, to }: CalledName): { start: number; end: number; text: string } {
  let same = 0;
  while (same < from.length && from[same] === to[same]) same++;
  return { start: start + same, end, text: to.slice(same) };
}
