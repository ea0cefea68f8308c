/** Objects that a function is still filling, although they hang somewhere already. */
import type { Origin } from "../flow/origin.ts";
import { pointDominates } from "../flow/points.ts";
import type { ValueId } from "../ir/types.ts";
import { forEachInstr, type Point } from "../ir/visit.ts";
import type { ContainerFacts } from "./container.ts";
import type { FunctionContext } from "./context.ts";

/**
 * True for a container that the function put where it was read from (`self->names = PyTuple_New(n)` before), or that hangs on a
 * new object which another function returned.
 */
export function isUnderConstruction(
  fn: FunctionContext,
  value: ValueId,
  point: Point,
  { origin }: ContainerFacts,
): boolean {
  if (origin !== undefined && isResult(origin)) return true;
  return storedBefore(fn, value, point);
}

/** Out of a call that gives new references, or a member of what such a call gave. */
function isResult(origin: Origin): boolean {
  if (origin.kind === "call-result") return true;
  return origin.kind === "field" && origin.bases.length > 0 && origin.bases.every(isResult);
}

/** The place that `value` was read from got a new object on every path to `point`. */
function storedBefore(fn: FunctionContext, value: ValueId, point: Point): boolean {
  const { flow } = fn;
  const [definition, ...others] = flow.defUse.reaching(value, point);
  if (definition?.instr?.op !== "load" || others.length > 0) return false;
  const place = flow.accessPaths.place(definition.instr, definition.point);
  let found = false;
  forEachInstr(fn.ir, (instr, block, index) => {
    if (found || instr.op !== "store") return;
    const at = { block, index };
    if (flow.accessPaths.place(instr, at) !== place || !pointDominates(flow.cfg, at, point)) return;
    const origins = flow.provenance.of(instr.src, at).filter((o) => o.kind !== "null");
    found = origins.length > 0 && origins.every((o) => o.kind === "fresh");
  });
  return found;
}
