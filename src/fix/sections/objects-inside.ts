/** Objects that are used inside of a section without being protected by it. */
import { refcountCall } from "../../capi/refcounting.ts";
import { stealsArg } from "../../capi/stealing.ts";
import { isObjectPointer } from "../../capi/type-names.ts";
import type { Definition } from "../../flow/def-use.ts";
import { effectAt } from "../../flow/effects.ts";
import type { FunctionAnalyses } from "../../flow/function-analyses.ts";
import { pointDominates } from "../../flow/points.ts";
import type { Instr, Span, ValueId } from "../../ir/types.ts";
import type { Point } from "../../ir/visit.ts";

/** An object that is only borrowed from its field goes to a call that runs Python code, or that keeps it: the section does not hold it meanwhile. */
export function borrowedInside(flow: FunctionAnalyses, accesses: readonly Span[]): string[] {
  for (const point of pointsOf(flow.fn.blocks, accesses)) {
    const instr = flow.fn.blocks[point.block].instrs[point.index];
    const definition = instr.op === "load" ? flow.defUse.definitionAt(point) : undefined;
    if (definition === undefined || !isObject(flow, instr, point)) continue;
    const { uses } = flow.defUse.flowOf(definition);
    const taken = uses.filter((u) => u.instr?.op === "call" && refcountCall(u.instr.callee) !== undefined);
    for (const use of uses) {
      if (use.instr?.op !== "call" || use.role !== "argument" || refcountCall(use.instr.callee)) continue;
      if (taken.some((t) => pointDominates(flow.cfg, t.point, use.point))) continue;
      if (stealsArg(use.instr.callee, use.argument) !== undefined && !isTakenElsewhere(flow, instr)) {
        return [`\`${use.instr.callee}\` keeps an object that is only borrowed from its field`];
      }
      if (effectAt(flow, use.point).effect !== "python") continue;
      return [`\`${use.instr.callee}\` runs Python code while the object is only borrowed from its field`];
    }
  }
  return [];
}

/** Another read of the same field gets the reference: `Py_INCREF(self->value)`. */
function isTakenElsewhere({ fn, defUse }: FunctionAnalyses, read: Instr): boolean {
  if (read.op !== "load") return false;
  return fn.blocks.some(({ instrs }) =>
    instrs.some((i) => {
      const counted = i.op === "call" ? refcountCall(i.callee) : undefined;
      if (i.op !== "call" || counted === undefined) return false;
      const from = defUse.soleDefinition(i.args[counted.arg])?.instr;
      return from?.op === "load" && from.path === read.path;
    }),
  );
}

function isObject(flow: FunctionAnalyses, instr: Instr, point: Point): boolean {
  if (instr.op !== "load") return false;
  const type = typeRead(flow, instr, point);
  if (type !== "") return isObjectPointer(type);
  // An element of the array that a field points to.
  const array = flow.defUse.soleDefinition(instr.base);
  if (array?.instr?.op !== "load") return false;
  const elements = typeRead(flow, array.instr, array.point);
  return elements.endsWith("*") && isObjectPointer(elements.slice(0, -1).trimEnd());
}

function typeRead(
  { provenance, environment, fn }: FunctionAnalyses,
  instr: Instr & { op: "load" },
  point: Point,
): string {
  const struct = provenance.structOf(instr.base, point);
  return struct === "" ? "" : environment.fieldType(fn, struct, instr.path);
}

/** A pointer that got its value in several places points into different objects: the section is on one of them. */
export function oneOfSeveral(flow: FunctionAnalyses, accesses: readonly Span[]): string[] {
  for (const point of pointsOf(flow.fn.blocks, accesses)) {
    const instr = flow.fn.blocks[point.block].instrs[point.index];
    const pointers = instr.op === "call" ? instr.args : instr.op === "load" || instr.op === "store" ? [instr.base] : [];
    for (const pointer of pointers) {
      const name = ambiguous(flow, pointer, point);
      if (name !== undefined) return [`\`${name}\` points into one object or into another`];
    }
  }
  return [];
}

/** The variable's name if it points to parts of different objects, depending on the way there. */
function ambiguous({ defUse, fn }: FunctionAnalyses, value: ValueId, point: Point): string | undefined {
  const parts = defUse.reaching(value, point).filter(isPart);
  const known = fn.values[value];
  return parts.length > 1 && known?.kind === "local" ? known.name : undefined;
}

function isPart({ instr }: Definition): boolean {
  return instr?.op === "addr" && instr.deref;
}

/** The instructions whose code is one of `spans`. */
export function pointsOf(blocks: readonly { instrs: readonly Instr[] }[], spans: readonly Span[]): Point[] {
  const keys = new Set(spans.map((s) => `${s.start}-${s.end}`));
  return blocks.flatMap(({ instrs }, block) =>
    instrs.flatMap((instr, index) => (keys.has(`${instr.start}-${instr.end}`) ? [{ block, index }] : [])),
  );
}
