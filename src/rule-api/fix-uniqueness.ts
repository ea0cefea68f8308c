/** Fixes for tests of reference counts and for fields of interpreter objects. */
import { recipeForField, useAccessor } from "../fix/uniqueness/accessor.ts";
import { askForUniqueness, type CountedObject, withheld } from "../fix/uniqueness/test.ts";
import type { ContainerFacts } from "./container.ts";
import type { FunctionContext } from "./context.ts";
import { contextsAt } from "./fix-memory.ts";
import type { FixAnswers, FixingContext, FixRequest } from "./fixing.ts";
import { internalAccesses } from "./locking-internals.ts";
import { uniquenessTests } from "./locking-uniqueness.ts";
import { Blocks } from "./memory-model.ts";

/** The test of a count becomes the API's. */
export function fixUniqueness(request: FixRequest, context: FixingContext): FixAnswers {
  const [fn] = contextsAt(context, request);
  if (fn === undefined) return [];
  const found = uniquenessTests(fn).find((u) => u.start === request.start && u.end === request.end);
  if (found === undefined) return [];
  if (found.sets) return [withheld("a count that is set by hand has no other form")];
  return [askForUniqueness(context, request.file, request, countedObject(fn, request, found.object))];
}

function countedObject(fn: FunctionContext, { start, end }: FixRequest, { origin }: ContainerFacts): CountedObject {
  const pointer = countedType(fn, { start, end });
  switch (origin?.kind) {
    case "fresh":
      return { pointer, doubts: [] };
    case "call-result":
      return { pointer, doubts: origin.reference === "new" ? [] : [OTHERS] };
    case "field":
    case "static":
    case "item":
      return { pointer, doubts: [LOCK] };
    default:
      return { pointer, doubts: [ARGUMENT] };
  }
}

const ARGUMENT =
  "if the object is an argument, `PyUnstable_Object_IsUniqueReferencedTemporary` (3.14) is what tells whether it is a temporary";
const LOCK = "other threads reach the object: the test holds only under a lock that is held until the change is made";
const OTHERS = "it is not known who else has the object";

/** Type of the object whose count the instruction at the span reads, as written, "" if it is not known. */
function countedType(
  { id, project, ir, flow }: FunctionContext,
  { start, end }: { start: number; end: number },
): string {
  const blocks = new Blocks(id, flow.defUse, project.index, () => undefined);
  for (const { instrs } of ir.blocks) {
    for (const instr of instrs) {
      if (instr.op === "call" && instr.calleeStart === start && instr.calleeEnd === end)
        return blocks.typeOf(instr.args[0]);
      if (instr.op === "load" && instr.start === start && instr.end === end) return blocks.typeOf(instr.base);
    }
  }
  return "";
}

/** Accessors for fields that have one with the same meaning; what to do about the others. */
export function fixInternals(request: FixRequest, context: FixingContext): FixAnswers {
  const [fn] = contextsAt(context, request);
  const found = fn && internalAccesses(fn).find((a) => a.start === request.start && a.end === request.end);
  if (found === undefined) return [];
  return [useAccessor(context, request.file, found) ?? { level: "manual", ...recipeForField(found.field) }];
}
