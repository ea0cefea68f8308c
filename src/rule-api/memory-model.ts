/** Memory blocks in one function: where a pointer comes from, in terms of allocations, parameters and places of the project. */
import { type AllocatorCall, allocatorCall, type Domain } from "../capi/allocators.ts";
import type { Definition, DefUse } from "../flow/def-use.ts";
import type { Instr, Span, ValueId } from "../ir/types.ts";
import { NO_VALUE } from "../ir/types.ts";
import type { Point } from "../ir/visit.ts";
import type { FunctionId, ProjectIndex } from "../project/index-types.ts";

type Call = Extract<Instr, { op: "call" }>;

export interface Allocation extends Span {
  domain: Domain;
  api: string;
  /** The function whose code allocates. */
  function: FunctionId;
}

export interface Release extends Span {
  domain: Domain;
  api: string;
  function: FunctionId;
}

/** What a pointer may be. A `slot` is a field of a struct type or a static variable, the same for the whole project. */
export type Block =
  | { kind: "allocation"; allocation: Allocation }
  | { kind: "slot"; slot: string }
  | { kind: "parameter"; index: number }
  | { kind: "null" }
  | { kind: "other" };

/** What callers need to know of a function. */
export interface MemorySummary {
  /** Allocations that its result may be. */
  returns: readonly Allocation[];
  /** The result may also be something that it did not allocate. */
  returnsOther: boolean;
  /** Releases of its parameters, by position. */
  frees: ReadonlyMap<number, Release>;
}

/** Copies that are followed back from a use to where the pointer came from. */
const MAX_DEPTH = 12;

export class Blocks {
  private readonly id: FunctionId;
  private readonly defUse: DefUse;
  private readonly index: ProjectIndex;
  private readonly summaryOf: (fn: FunctionId) => MemorySummary | undefined;

  constructor(
    id: FunctionId,
    defUse: DefUse,
    index: ProjectIndex,
    summaryOf: (fn: FunctionId) => MemorySummary | undefined,
  ) {
    this.id = id;
    this.defUse = defUse;
    this.index = index;
    this.summaryOf = summaryOf;
  }

  /** Everything that `value` may be when the instruction at `point` reads it, each once. */
  of(value: ValueId, point: Point): Block[] {
    const found = new Map<string, Block>();
    this.collect(value, point, 0, new Set(), found);
    return [...found.values()];
  }

  /** The allocation that a call makes, or undefined. */
  allocationOf(call: Call): Allocation | undefined {
    const row = this.allocator(call);
    if (row === undefined || row.action === "free" || row.outArg >= 0 || row.domain === "handle") return undefined;
    if (isPlacement(call, this.defUse)) return undefined;
    return { domain: row.domain, api: call.callee, function: this.id, start: call.start, end: call.end };
  }

  /** Knowledge of the called function, unless the project has one of that name itself. */
  allocator(call: Call): AllocatorCall | undefined {
    if (call.callee === "") return undefined;
    const row = allocatorCall(call.callee.startsWith("std::") ? call.callee.slice(5) : call.callee);
    if (row === undefined || call.receiver !== undefined) return undefined;
    return this.index.resolveFunction(this.defUse.fn.file, call.callee) === undefined ? row : undefined;
  }

  /** The slot that a place is, or undefined for memory of the function and for what has no known type. */
  slotOf(place: { base: ValueId; path: string; deref: boolean }, point: Point, depth = 0): string | undefined {
    if (place.path === "" || place.path.startsWith("[]")) {
      const value = this.defUse.fn.values[place.base];
      if (value.kind === "global") {
        const slot = this.globalSlot(place.base);
        return slot === undefined ? undefined : `${slot}${place.path}`;
      }
      if (depth >= MAX_DEPTH) return undefined;
      const bases = this.of(place.base, point);
      const [only] = bases.filter((b) => b.kind !== "null");
      return only?.kind === "slot" && place.path !== "" ? `${only.slot}${place.path}` : undefined;
    }
    const struct = this.index.structOfType(this.defUse.fn.file, this.typeOf(place.base));
    if (struct === undefined) return undefined;
    const field = this.index.field(struct, place.path);
    return field === undefined ? `s${struct}.${place.path}` : `s${field.struct}.${field.path}`;
  }

  /** Type of a value as written, "" if it is not known. */
  typeOf(value: ValueId): string {
    const v = this.defUse.fn.values[value];
    switch (v?.kind) {
      case "param":
      case "local":
        return v.type;
      case "temp": {
        if (v.type !== "") return v.type;
        const instr = this.defUse.soleDefinition(value)?.instr;
        if (instr?.op === "copy") return instr.cast ?? this.typeOf(instr.src);
        if (instr?.op !== "load") return "";
        const struct = this.index.structOfType(this.defUse.fn.file, this.typeOf(instr.base));
        return struct === undefined ? "" : this.index.fieldType(struct, instr.path);
      }
      case "global": {
        const found = this.index.resolveGlobal(this.defUse.fn.file, v.name, v.owner);
        return found.kind === "static" ? this.index.static(found.id).facts.type : "";
      }
      default:
        return "";
    }
  }

  private globalSlot(value: ValueId): string | undefined {
    const v = this.defUse.fn.values[value];
    if (v.kind !== "global") return undefined;
    const found = this.index.resolveGlobal(this.defUse.fn.file, v.name, v.owner);
    return found.kind === "static" ? `@${found.id}` : undefined;
  }

  private collect(value: ValueId, point: Point, depth: number, seen: Set<Definition>, found: Map<string, Block>): void {
    const add = (block: Block) => found.set(keyOf(block), block);
    if (value === NO_VALUE || depth > MAX_DEPTH) return void add(OTHER);
    const v = this.defUse.fn.values[value];
    if (v.kind === "const") return void add(v.type === "null" || v.text === "0" ? { kind: "null" } : OTHER);
    if (v.kind === "global") {
      const slot = this.globalSlot(value);
      return void add(slot === undefined ? OTHER : { kind: "slot", slot });
    }
    const definitions = this.defUse.reaching(value, point);
    if (definitions.length === 0) add(OTHER);
    for (const definition of definitions) {
      if (seen.has(definition)) continue;
      seen.add(definition);
      this.collectDefinition(definition, depth, seen, found);
    }
  }

  private collectDefinition(definition: Definition, depth: number, seen: Set<Definition>, found: Map<string, Block>) {
    const add = (block: Block) => found.set(keyOf(block), block);
    const { instr, point } = definition;
    const parameter = this.defUse.fn.values[definition.value];
    if (instr === undefined) {
      return add(parameter.kind === "param" ? { kind: "parameter", index: parameter.index } : OTHER);
    }
    if (definition.kind === "output") {
      const row = instr.op === "call" ? this.allocator(instr) : undefined;
      const ours = row !== undefined && row.outArg === definition.argument && row.domain !== "handle";
      if (!ours || instr.op !== "call") return add(OTHER);
      return add({ kind: "allocation", allocation: { ...row, function: this.id, api: row.name, ...spanOf(instr) } });
    }
    switch (instr.op) {
      case "copy":
        return this.collect(instr.src, point, depth + 1, seen, found);
      case "store":
        return instr.path === "" ? this.collect(instr.src, point, depth + 1, seen, found) : add(OTHER);
      case "load": {
        const slot = this.slotOf(instr, point, depth + 1);
        return add(slot === undefined ? OTHER : { kind: "slot", slot });
      }
      case "call":
        return this.collectCall(instr, found);
      default:
        return add(OTHER);
    }
  }

  private collectCall(call: Call, found: Map<string, Block>): void {
    const add = (block: Block) => found.set(keyOf(block), block);
    const allocation = this.allocationOf(call);
    if (allocation) return void add({ kind: "allocation", allocation });
    const callees = call.callee === "" ? [] : this.index.resolveCall(this.defUse.fn.file, call.callee);
    const summaries = callees.map((c) => this.summaryOf(c));
    // A method name can mean several functions: only what all of them do is known.
    if (callees.length !== 1 || !summaries[0] || summaries[0].returns.length === 0) return void add(OTHER);
    for (const a of summaries[0].returns) add({ kind: "allocation", allocation: a });
    if (summaries[0].returnsOther) add(OTHER);
  }
}

const OTHER: Block = { kind: "other" };

function spanOf({ start, end }: Span): Span {
  return { start, end };
}

function keyOf(block: Block): string {
  switch (block.kind) {
    case "allocation":
      return `a${block.allocation.function}.${block.allocation.start}`;
    case "slot":
      return block.slot;
    case "parameter":
      return `p${block.index}`;
    default:
      return block.kind;
  }
}

/** `new (memory) T`: nothing is allocated. `new (std::nothrow) T` allocates. */
function isPlacement(call: Call, { fn }: DefUse): boolean {
  if (!call.callee.startsWith("operator new")) return false;
  const placed = call.callee === "operator new" ? call.args : call.args.slice(1);
  return placed.some((arg) => {
    const value = fn.values[arg];
    return !(value?.kind === "global" && value.name.endsWith("nothrow"));
  });
}
