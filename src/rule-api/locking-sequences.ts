/** Reads of items of sequences that `PySequence_Fast` may have passed through. */
import type { Definition } from "../flow/def-use.ts";
import type { CallInstr } from "../flow/environment.ts";
import type { FunctionAnalyses } from "../flow/function-analyses.ts";
import type { ValueId } from "../ir/types.ts";
import type { Point } from "../ir/visit.ts";
import { borrowedUses, unprotectedUses } from "./borrowed-uses.ts";
import { callsOf, type FoundCall } from "./calls.ts";
import type { FunctionContext } from "./context.ts";
import { type SharedContainer, sharedContainer } from "./locking-containers.ts";
import { isTestedAs } from "./type-tests.ts";

const ITEM_READS: ReadonlySet<string> = new Set(["PySequence_Fast_GET_ITEM", "PySequence_Fast_ITEMS"]);
/** Reads that are as bad if what they get came out of `PySequence_Fast`. */
const LIST_READS: ReadonlySet<string> = new Set(["PyList_GET_ITEM", "PyList_GetItem"]);

export const SEQUENCE_FAST_CALLS: ReadonlySet<string> = ITEM_READS;

export interface FastSequence {
  /** The first read of an item. */
  first: CallInstr;
  /** The `PySequence_Fast` call; undefined if the sequence came as it is. */
  made: CallInstr | undefined;
  container: SharedContainer;
}

/** One entry for each `PySequence_Fast` whose items are read while another thread may change them. */
export function fastSequences(fn: FunctionContext): FastSequence[] {
  if (fn.initOnly) return [];
  const groups = new Map<string, { made: Made | undefined; reads: FoundCall[] }>();
  for (const read of callsOf(fn, new Set([...ITEM_READS, ...LIST_READS]))) {
    const made = sequenceFast(fn.flow, read.call.args[0], read.point);
    if (made === undefined && LIST_READS.has(read.call.callee)) continue;
    const key =
      made === undefined ? fn.flow.accessPaths.of(read.call.args[0], read.point) : `made ${made.definition.id}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { made, reads: [read] });
    else group.reads.push(read);
  }
  const found: FastSequence[] = [];
  for (const { made, reads } of groups.values()) {
    const [first] = reads;
    const points = reads.flatMap((r) => [r.point, ...usesOf(fn.flow, r)]);
    const container =
      made === undefined
        ? sharedContainer(fn, first.call.args[0], first.point, points)
        : sharedContainer(fn, made.call.args[0], made.definition.point, [], []);
    const [sequence, at] =
      made === undefined ? [first.call.args[0], first.point] : [made.call.args[0], made.definition.point];
    if (isTestedAs(fn.flow, sequence, at, "tuple")) continue;
    if (container === undefined || isCovered(fn, made, first, points)) continue;
    found.push({ first: first.call, made: made?.call, container });
  }
  return found;
}

interface Made {
  call: CallInstr;
  definition: Definition;
}

/** Locked while items are read: the lock may be on the sequence or on what `PySequence_Fast` gave. */
function isCovered(fn: FunctionContext, made: Made | undefined, first: FoundCall, points: readonly Point[]): boolean {
  if (made === undefined) return false;
  const original = { value: made.call.args[0], point: made.definition.point };
  return sharedContainer(fn, first.call.args[0], first.point, points, [original]) === undefined;
}

/** Where the object of an item is used without a reference of one's own. */
function usesOf(flow: FunctionAnalyses, { call, point }: FoundCall): Point[] {
  const definition = flow.defUse.definitionAt(point);
  // The array of PySequence_Fast_ITEMS has uses all over; what is read from it is what matters, and where.
  if (definition === undefined) return [];
  const uses = borrowedUses(flow, definition);
  return call.callee === "PySequence_Fast_ITEMS"
    ? uses.uses.map((u) => u.point)
    : unprotectedUses(flow, uses).map((u) => u.point);
}

/** The `PySequence_Fast` call that `value` came out of, if it can be nothing else. */
function sequenceFast(flow: FunctionAnalyses, value: ValueId, point: Point): Made | undefined {
  let current = value;
  let at = point;
  for (let steps = 0; steps < 8; steps++) {
    const calls = flow.defUse.reaching(current, at).filter((d) => !isNullAssignment(flow, d));
    const [definition] = calls;
    if (calls.length !== 1 || definition.kind !== "assign") return undefined;
    const { instr } = definition;
    if (instr?.op === "call" && instr.callee === "PySequence_Fast") return { call: instr, definition };
    if (instr?.op !== "copy") return undefined;
    current = instr.src;
    at = definition.point;
  }
  return undefined;
}

function isNullAssignment(flow: FunctionAnalyses, { instr }: Definition): boolean {
  if (instr?.op !== "copy") return false;
  const v = flow.fn.values[instr.src];
  return v.kind === "const" && (v.type === "null" || v.text === "0");
}
