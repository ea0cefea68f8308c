/**
 * What the values of one function may point to: a flow-insensitive points-to analysis over `Location`s, good enough for
 * code that keeps a pointer in one variable, which is what extensions do with `self`.
 */

import { refcountCall } from "../../capi/refcounting.ts";
import { lastComponent, pointerDepth } from "../../capi/type-names.ts";
import type { FunctionIr, Instr, Value, ValueId } from "../../ir/types.ts";
import type { FunctionId, ProjectIndex } from "../../project/index-types.ts";
import type { FunctionAccesses } from "./access-types.ts";
import { makesObject } from "./callee-effects.ts";
import { type Location, member, parameterOf, pointee, rebase, UNKNOWN } from "./location.ts";
import { isNumberType } from "./number-types.ts";
import { typeOfLocation } from "./place-types.ts";

/** More targets than this for one value say no more than "unknown". */
const MAX_TARGETS = 6;
const MAX_ROUNDS = 4;

/** Answers what a callee returns; undefined while it is not summarised (recursion). */
export type SummaryOf = (fn: FunctionId) => FunctionAccesses | undefined;

export class PointsTo {
  readonly ir: FunctionIr;
  readonly types = new Map<Location, string>();
  private readonly targets: (Location[] | undefined)[] = [];
  private readonly loadedFrom = new Map<ValueId, Location[]>();
  private readonly index: ProjectIndex;
  private readonly summaryOf: SummaryOf;
  private changed = false;
  private self: ValueId | undefined;

  constructor(ir: FunctionIr, index: ProjectIndex, summaryOf: SummaryOf) {
    this.ir = ir;
    this.index = index;
    this.summaryOf = summaryOf;
    for (const id of ir.params) {
      const value = ir.values[id];
      if (value.kind !== "param") continue;
      if (value.index === -1 && value.name === "this") this.self = id;
      const at = `p${value.index}`;
      this.add(id, [at]);
      this.noteType(at, value.type);
    }
    for (let round = 0; round < MAX_ROUNDS; round++) {
      this.changed = false;
      for (const block of ir.blocks) for (const instr of block.instrs) this.visit(instr);
      if (!this.changed) break;
    }
  }

  /** What the pointer `value` may point to; empty if nothing is known. */
  of(value: ValueId): readonly Location[] {
    if (value < 0) return [];
    const v = this.ir.values[value];
    if (v.kind === "global") {
      const at = this.memoryOf(value);
      return at === undefined ? [] : [this.isAggregate(v) ? at : pointee(at)];
    }
    return this.targets[value] ?? [];
  }

  /** Where the value was read from, if a single load made it. */
  sourceOf(value: ValueId): readonly Location[] {
    if (value < 0) return [];
    if (this.ir.values[value].kind === "global") {
      const at = this.memoryOf(value);
      return at === undefined ? [] : [at];
    }
    return this.loadedFrom.get(value) ?? [];
  }

  /** The memory of a variable itself: a static of the project or an automatic variable. */
  memoryOf(value: ValueId): Location | undefined {
    const v = this.ir.values[value];
    if (v?.kind === "global") {
      const resolved = this.index.resolveGlobal(this.ir.file, v.name, v.owner);
      return resolved.kind === "static" ? `@${resolved.id}` : undefined;
    }
    return v?.kind === "local" || v?.kind === "param" ? `l${value}` : undefined;
  }

  /** The memory that a load, store or addr names. */
  placesOf(instr: { base: ValueId; path: string; deref: boolean }): Location[] {
    if (instr.deref) return this.of(instr.base).map((b) => member(b, instr.path));
    const memory = this.memoryOf(instr.base);
    if (memory !== undefined && this.ir.values[instr.base].kind !== "temp") return [member(memory, instr.path)];
    return this.sourceOf(instr.base).map((b) => member(b, instr.path));
  }

  private isAggregate(v: Value & { kind: "global" }): boolean {
    const resolved = this.index.resolveGlobal(this.ir.file, v.name, v.owner);
    return resolved.kind === "static" && this.index.static(resolved.id).facts.array;
  }

  private add(value: ValueId, locations: readonly Location[]): void {
    if (value < 0 || locations.length === 0 || this.isNumber(value)) return;
    if (this.targets[value] === undefined) this.targets[value] = [];
    const set = this.targets[value];
    for (const l of locations) {
      if (set.includes(l)) continue;
      if (set.length >= MAX_TARGETS) {
        if (!set.includes(UNKNOWN)) set.push(UNKNOWN);
        return;
      }
      set.push(l);
      this.changed = true;
    }
  }

  private isNumber(value: ValueId): boolean {
    const v = this.ir.values[value];
    return (v.kind === "local" || v.kind === "param" || v.kind === "temp") && isNumberType(v.type);
  }

  private noteType(at: Location, type: string | undefined): void {
    if (!type || at === UNKNOWN) return;
    const known = this.types.get(at);
    // The cast to the concrete struct says more than the PyObject * it was before.
    if (known === undefined || (/\bPyObject\b|\bvoid\b/.test(known) && !/\bPyObject\b|\bvoid\b/.test(type))) {
      this.types.set(at, type);
    }
  }

  private visit(instr: Instr): void {
    switch (instr.op) {
      case "copy": {
        const dst = this.ir.values[instr.dst];
        const from = this.of(instr.src);
        this.add(instr.dst, from);
        for (const t of from) {
          this.noteType(t, instr.cast);
          if (dst?.kind === "local" || dst?.kind === "param") this.noteType(t, dst.type);
        }
        if (dst?.kind === "temp") this.addSource(instr.dst, this.sourceOf(instr.src));
        return;
      }
      case "load": {
        const places = this.placesOf(instr);
        this.addSource(instr.dst, places);
        this.add(instr.dst, places.map(pointee));
        return;
      }
      case "addr":
        this.add(instr.dst, this.placesOf(instr));
        return;
      case "binary":
        if (instr.operator === "+" || instr.operator === "-") this.add(instr.dst, this.of(instr.left));
        return;
      case "call":
        this.visitCall(instr);
        return;
    }
  }

  private addSource(value: ValueId, places: readonly Location[]): void {
    if (places.length === 0 || this.loadedFrom.has(value)) return;
    this.loadedFrom.set(value, [...places]);
    this.changed = true;
  }

  private visitCall(instr: Instr & { op: "call" }): void {
    for (const arg of instr.args) {
      // An automatic variable whose address is handed out may point anywhere the callee likes.
      for (const t of this.of(arg)) {
        if (/^l\d+$/.test(t)) this.add(Number(t.slice(1)), [`r:${instr.callee}`]);
      }
    }
    if (instr.dst < 0) return;
    const callees = this.calleesOf(instr);
    let known = false;
    for (const callee of callees) {
      const summary = this.summaryOf(callee);
      if (!summary) continue;
      known = true;
      for (const r of summary.returns) this.add(instr.dst, this.rebased(r, instr, callee));
      if (summary.returns.length === 0) known = false;
    }
    if (known) return;
    if (callees.length === 0 && makesObject(instr.callee)) this.add(instr.dst, [`f${instr.start}`]);
    else if (
      instr.callee === "" &&
      this.sourceOf(instr.target).some((l) => l.endsWith(".tp_alloc") || l.endsWith(".tp_new"))
    )
      this.add(instr.dst, [`f${instr.start}`]);
    else if (callees.length === 0 && isIdentity(instr.callee)) this.add(instr.dst, this.of(instr.args[0] ?? -1));
    else this.add(instr.dst, [`r:${instr.callee || "?"}`]);
  }

  private rebased(location: Location, instr: Instr & { op: "call" }, callee: FunctionId): Location[] {
    const n = parameterOf(location);
    if (n === undefined) return [location[0] === "f" ? `f${instr.start}` : location];
    if (n < 0) return this.receiverOf(instr).map((a) => rebase(location, a));
    // A function written as a method and called with its object first has the object in front of its parameters.
    const facts = this.index.functions[callee].facts;
    const arg = instr.args[n];
    return arg === undefined || n >= facts.params.length ? [] : this.of(arg).map((a) => rebase(location, a));
  }

  /** Functions of the project that a direct call may reach; for a method the class of the receiver decides, where it is known. */
  calleesOf(instr: Instr & { op: "call" }): readonly FunctionId[] {
    if (instr.callee === "") return [];
    const all = this.index.resolveCall(this.ir.file, instr.callee);
    if (instr.receiver === undefined) return all;
    const [place] = this.receiverOf(instr);
    const type = place === undefined ? "" : typeOfLocation(place, this.types, this.ir.file, this.index);
    const struct = type === "" ? undefined : this.index.structOfType(this.ir.file, type);
    if (struct === undefined) return all;
    const owner = `${lastComponent(this.index.structs[struct].name)}::${lastComponent(instr.callee)}`;
    const own = this.index.functionsNamed(lastComponent(instr.callee)).filter((fn) => {
      const { name } = this.index.functions[fn];
      return name === owner || name.endsWith(`::${owner}`);
    });
    return own.length > 0 ? own : all;
  }

  /** What the receiver of a C++ method call is: the object itself, not a pointer to it. A call without one is made on `this`. */
  receiverOf(instr: Instr & { op: "call" }): Location[] {
    if (instr.receiver === undefined) return this.self === undefined ? [] : [...this.of(this.self)];
    if (instr.receiver < 0) return [];
    const v = this.ir.values[instr.receiver];
    const memory = v.kind === "temp" ? undefined : this.memoryOf(instr.receiver);
    const pointed = this.of(instr.receiver);
    if (v.kind === "local" && !v.type.includes("*") && memory !== undefined && pointed.length === 0) return [memory];
    const sources = this.sourceOf(instr.receiver);
    if (v.kind !== "global") return [...(pointed.length > 0 ? pointed : sources)];
    // `pointer->f()` is a call on what the variable points to, `object.f()` on the variable.
    const found = this.index.resolveGlobal(this.ir.file, v.name, v.owner);
    const isPointer = found.kind === "static" && pointerDepth(this.index.static(found.id).facts.type) > 0;
    return [...(isPointer ? pointed : sources)];
  }
}

/** Calls that give back their first argument. */
function isIdentity(callee: string): boolean {
  return refcountCall(callee)?.effect === "new" || callee === "_PyObject_CAST" || callee === "PyObject_Init";
}
