/** Increments of an object that can go away when the function has a reference of its own from the start. */

import { isNewRef } from "../../capi/refcounting.ts";
import type { Span } from "../../ir/types.ts";
import { child } from "../../syntax/ast.ts";
import type { FixSource, SyntaxNode } from "../source.ts";
import type { ReferenceEvent } from "./events.ts";
import type { StatementEdits } from "./statement-edits.ts";

export interface Increment extends Span {
  event: ReferenceEvent;
  remove(edits: StatementEdits): void;
}

/** Statements `Py_INCREF(v);` and calls `Py_NewRef(v)`, in order of place. */
export function removableIncrements(
  source: FixSource,
  events: ReadonlyMap<string, readonly ReferenceEvent[]>,
): Increment[] {
  const found: Increment[] = [];
  for (const list of events.values()) {
    for (const event of list) {
      const { instr } = event.use ?? {};
      if (event.kind !== "add" || instr?.op !== "call" || instr.via !== undefined) continue;
      const call = source.nodeWith(instr, ["call_expression"]);
      if (call === undefined || !source.isPlain(call)) continue;
      const remove = removalOf(source, call, instr.callee);
      if (remove !== undefined) found.push({ start: call.start, end: call.end, event, remove });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

function removalOf(source: FixSource, call: SyntaxNode, callee: string): Increment["remove"] | undefined {
  const args = child(call, "arguments")?.children ?? [];
  if (args.length !== 1) return undefined;
  if (isNewRef(callee)) {
    const name = child(call, "function");
    if (name === undefined || source.textOf(name) !== callee) return undefined;
    return (edits) => {
      edits.replace({ start: call.start, end: args[0].start }, "");
      edits.replace({ start: args[0].end, end: call.end }, "");
    };
  }
  const statement = source.parentOf(call);
  if (statement?.type !== "expression_statement") return undefined;
  return (edits) => edits.remove(statement);
}
