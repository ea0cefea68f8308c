/** What the code does to a reference, by the place where it does it. */
import { resultOf } from "../../capi/provenance.ts";
import { refcountCall } from "../../capi/refcounting.ts";
import type { Definition } from "../../flow/def-use.ts";
import { samePoint, type Use } from "../../flow/def-use.ts";
import type { FunctionAnalyses } from "../../flow/function-analyses.ts";
import { argumentEffect } from "../../flow/reference-events.ts";
import type { Span } from "../../ir/types.ts";
import type { Life } from "./life.ts";

/**
 * `lend`: the call that lends it. `add`/`drop`: one reference more or less by the present code's own account. `drop-on-success`: perhaps one less.
 * `clear`: one less, and the variable is NULL. `replace`: the variable gets something else.
 */
export type EventKind = "lend" | "add" | "drop" | "drop-on-success" | "clear" | "replace";

export interface ReferenceEvent extends Span {
  kind: EventKind;
  use?: Use;
}

/** Key of a span in maps. */
export function keyOf({ start, end }: Span): string {
  return `${start},${end}`;
}

/** Events by the span of their expression or statement, in order of execution. */
export function eventsOf(flow: FunctionAnalyses, definition: Definition, life: Life): Map<string, ReferenceEvent[]> {
  const events = new Map<string, ReferenceEvent[]>();
  const add = (kind: EventKind, { start, end }: Span, use?: Use) => {
    const key = keyOf({ start, end });
    const list = events.get(key) ?? [];
    list.push({ kind, start, end, use });
    events.set(key, list);
  };
  const { instr } = definition;
  if (instr !== undefined) add("lend", instr);
  for (const use of life.uses) {
    const kind = kindOf(flow, use);
    if (kind !== undefined && !samePoint(use.point, definition.point)) add(kind, (use.instr ?? use.term)!, use);
  }
  return events;
}

/**
 * Lets each `return` of the object hand on the new reference: as if the code took one there, which then goes away. The answer has what
 * was added.
 */
export function addMoves(events: Map<string, ReferenceEvent[]>): ReferenceEvent[] {
  const added: ReferenceEvent[] = [];
  for (const list of events.values()) {
    const at = list.findIndex((e) => e.kind === "drop" && e.use?.term !== undefined);
    if (at < 0) continue;
    const { start, end } = list[at];
    const move: ReferenceEvent = { kind: "add", start, end };
    list.splice(at, 0, move);
    added.push(move);
  }
  return added;
}

/** The same with the assignments that give the variable something else. */
export function withReplacements(
  events: ReadonlyMap<string, readonly ReferenceEvent[]>,
  replacements: readonly Span[],
): Map<string, readonly ReferenceEvent[]> {
  const all = new Map(events);
  for (const { start, end } of replacements) {
    const key = keyOf({ start, end });
    all.set(key, [...(all.get(key) ?? []), { kind: "replace", start, end }]);
  }
  return all;
}

/** What one use of a holder does to the object's references; undefined: nothing, or it is not known (the proof will tell). */
function kindOf(flow: FunctionAnalyses, { instr, term, role, argument }: Use): EventKind | undefined {
  const { fn, defUse } = flow;
  if (term !== undefined) return term.op === "return" ? "drop" : undefined;
  if (instr?.op === "store" && role === "store") {
    if (!instr.deref && fn.values[instr.base].kind !== "global") return undefined;
    return defUse.addressOf(instr.base) === undefined ? "drop" : undefined;
  }
  if (instr?.op === "copy" && fn.values[instr.dst].kind === "global") return "drop";
  if (instr?.op !== "call" || role !== "argument") return undefined;
  switch (argumentEffect(fn, instr, argument, flow.environment)) {
    case "increment":
      return "add";
    case "decrement":
      return refcountCall(instr.callee)?.effect === "clear" ? "clear" : "drop";
    case "steal":
      return "drop";
    case "steal-on-success":
      return "drop-on-success";
    default:
      return undefined;
  }
}

/** True if the call gives a reference that its caller owns, so that the object it was got from is not needed for it. */
export function givesStrong(callee: string): boolean {
  return resultOf(callee)?.reference === "new";
}
