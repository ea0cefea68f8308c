/** Calls that allocate, sorted by what their memory becomes. */
import { ALLOCATORS, type AllocatorCall, type Domain } from "../capi/allocators.ts";
import type { CallInstr } from "../flow/environment.ts";
import type { Point } from "../ir/visit.ts";
import type { FunctionContext } from "./context.ts";
import { Blocks } from "./memory-model.ts";
import { memoryUse } from "./memory-objects.ts";
import type { EvidenceStep } from "./types.ts";

function namesWhere(wanted: (row: AllocatorCall) => boolean): ReadonlySet<string> {
  const names = [...ALLOCATORS.values()].filter(wanted).map((row) => row.name);
  return new Set(names.flatMap((n) => (n.startsWith("operator") ? [n] : [n, `std::${n}`])));
}

/** Names of calls that allocate in the object domain. */
export const OBJECT_ALLOCATORS = namesWhere((row) => row.domain === "object" && row.action !== "free");

const FOREIGN: ReadonlySet<Domain> = new Set(["mem", "raw", "libc", "cpp"]);
/** Names of calls that allocate outside the object domain. */
export const FOREIGN_ALLOCATORS = namesWhere((row) => FOREIGN.has(row.domain) && row.action !== "free");

/** Old names of calls that allocate or release. */
export const LEGACY_ALLOCATORS = namesWhere((row) => row.legacyOf !== undefined);

function allocatorCalls(fn: FunctionContext): { call: CallInstr; point: Point; row: AllocatorCall }[] {
  const blocks = new Blocks(fn.id, fn.flow.defUse, fn.project.index, () => undefined);
  const found: { call: CallInstr; point: Point; row: AllocatorCall }[] = [];
  fn.ir.blocks.forEach((block, b) => {
    if (!fn.flow.cfg.reachable[b]) return;
    block.instrs.forEach((instr, i) => {
      const row = instr.op === "call" ? blocks.allocator(instr) : undefined;
      if (instr.op === "call" && row) found.push({ call: instr, point: { block: b, index: i }, row });
    });
  });
  return found;
}

/** Allocations in the object domain that do not become Python objects; `type` is "" if it is not seen what they become. */
export function objectBlocks(fn: FunctionContext): { call: CallInstr; replacement: string; type: string }[] {
  const blocks = new Blocks(fn.id, fn.flow.defUse, fn.project.index, () => undefined);
  return allocatorCalls(fn).flatMap(({ call, point, row }) => {
    if (row.domain !== "object" || row.action === "free") return [];
    if (row.action === "reallocate" && !startsFromNothing(blocks, call, point)) return [];
    if (fn.entries.some((e) => e.slot === "tp_alloc")) return [];
    const use = memoryUse(fn, point);
    if (use.object || use.initialised) return [];
    const replacement = (row.legacyOf ?? call.callee).replace("PyObject_", "PyMem_");
    return [{ call, replacement, type: use.data?.type ?? "" }];
  });
}

/** What is resized was allocated by the same call, in an earlier round of a loop, or is still NULL. */
function startsFromNothing(blocks: Blocks, call: CallInstr, point: Point): boolean {
  const from = blocks.of(call.args[0] ?? -1, point);
  return (
    from.some((b) => b.kind === "null") &&
    from.every((b) => b.kind === "null" || (b.kind === "allocation" && b.allocation.start === call.start))
  );
}

/** Python objects in memory that does not come from the object domain. */
export function foreignObjects(fn: FunctionContext): { call: CallInstr; evidence: EvidenceStep[] }[] {
  const blocks = new Blocks(fn.id, fn.flow.defUse, fn.project.index, () => undefined);
  return allocatorCalls(fn).flatMap(({ call, point, row }) => {
    if (!FOREIGN.has(row.domain) || blocks.allocationOf(call) === undefined) return [];
    const use = memoryUse(fn, point);
    if (!use.object || !use.initialised) return [];
    const { start, end } = use.initialised;
    return [{ call, evidence: [{ text: "made a Python object here", file: fn.file, start, end }] }];
  });
}

/** Calls by an old name, one of each name, with the further calls of it. */
export function legacyCalls(fn: FunctionContext): { call: CallInstr; current: string; others: CallInstr[] }[] {
  const found = new Map<string, { call: CallInstr; current: string; others: CallInstr[] }>();
  for (const { call, row } of allocatorCalls(fn)) {
    if (row.legacyOf === undefined) continue;
    const first = found.get(call.callee);
    if (first) first.others.push(call);
    else found.set(call.callee, { call, current: row.legacyOf, others: [] });
  }
  return [...found.values()];
}
