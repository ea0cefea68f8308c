/** Which struct a pointer points to. */
import type { ValueId } from "../ir/types.ts";
import type { Point } from "../ir/visit.ts";
import type { DefUse } from "./def-use.ts";
import type { FlowEnvironment } from "./environment.ts";

/** Copies and members that are followed; a list walked by `p = p->next` has no end. */
const MAX_STEPS = 12;

/** Struct by declaration, else by the last cast, else by the field it was read from; "" if none of them tells. */
export function pointedStruct(
  defUse: DefUse,
  environment: FlowEnvironment,
  value: ValueId,
  point: Point,
  steps = 0,
): string {
  const { fn } = defUse;
  const v = fn.values[value];
  if (v === undefined || v.kind === "const" || steps > MAX_STEPS) return "";
  const declared = v.kind === "global" ? environment.global(fn, v.name, v.owner).type : v.type;
  const named = declared === "" ? "" : environment.structOf(fn, declared);
  if (named !== "") return named;
  const definitions = defUse.reaching(value, point);
  if (definitions.length !== 1) return "";
  const [{ instr, point: at }] = definitions;
  if (instr?.op === "copy") {
    if (instr.cast !== undefined) {
      const cast = environment.structOf(fn, instr.cast);
      if (cast !== "") return cast;
    }
    return pointedStruct(defUse, environment, instr.src, at, steps + 1);
  }
  if (instr?.op !== "load" && instr?.op !== "addr") return "";
  const owner = pointedStruct(defUse, environment, instr.base, at, steps + 1);
  const type = owner === "" ? "" : environment.fieldType(fn, owner, instr.path);
  return type === "" ? "" : environment.structOf(fn, type);
}
