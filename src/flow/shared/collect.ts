/** Reads and writes of one function that others may see, and the calls through which it reaches more of them. */

import { lockTypeKind } from "../../capi/locks.ts";
import { buildCfg } from "../../ir/cfg.ts";
import type { BlockId, FunctionIr, Instr, ValueId } from "../../ir/types.ts";
import type { FunctionId, ProjectIndex } from "../../project/index-types.ts";
import type { Access, AccessKind, CallSite, FunctionAccesses, HeldLock } from "./access-types.ts";
import { effectOnArgument, effectOnContent, isPythonApi, replacesArgument } from "./callee-effects.ts";
import { HeldLocks, lockMethod, locksOf, sameLock } from "./held-locks.ts";
import { isPrivate, type Location, rootOf, UNKNOWN } from "./location.ts";
import { onlyTested } from "./null-tests.ts";
import { isNumberType } from "./number-types.ts";
import { typeOfLocation } from "./place-types.ts";
import { PointsTo, type SummaryOf } from "./points-to.ts";
import { type KnownTests, typeTests } from "./type-tests.ts";

/** Collects what `ir` does itself; what its callees do is added by `compose`. */
export function collectAccesses(
  id: FunctionId,
  ir: FunctionIr,
  index: ProjectIndex,
  summaryOf: SummaryOf,
): FunctionAccesses {
  return new Collector(id, ir, index, summaryOf).run();
}

class Collector {
  private readonly own: Access[] = [];
  private readonly calls: CallSite[] = [];
  private readonly pointsTo: PointsTo;
  private readonly locks: HeldLocks;
  private readonly returns = new Set<Location>();
  private readonly tested: ReadonlySet<ValueId>;
  private readonly tests: readonly KnownTests[];
  private held: readonly HeldLock[] = [];
  private block: BlockId = 0;
  private definitions: Map<ValueId, Instr> | undefined;
  private readonly id: FunctionId;
  private readonly ir: FunctionIr;
  private readonly index: ProjectIndex;

  constructor(id: FunctionId, ir: FunctionIr, index: ProjectIndex, summaryOf: SummaryOf) {
    this.id = id;
    this.ir = ir;
    this.index = index;
    this.tested = onlyTested(ir);
    this.pointsTo = new PointsTo(ir, index, summaryOf);
    const cfg = buildCfg(ir);
    this.locks = new HeldLocks(ir, cfg, this.pointsTo, summaryOf);
    this.tests = typeTests(ir, cfg, this.pointsTo);
  }

  run(): FunctionAccesses {
    const exits: (readonly HeldLock[])[] = [];
    const returnsNumber = isNumberType(this.index.underlyingType(this.ir.file, this.ir.returnType));
    let unlocks: HeldLock[] = [];
    this.ir.blocks.forEach((block, b) => {
      this.block = b;
      block.instrs.forEach((instr, i) => {
        this.held = this.locks.at({ block: b, index: i });
        this.visit(instr);
        if (instr.op === "unlock" && this.held.length === 0) unlocks = [...unlocks, ...this.foreignLocks(instr)];
      });
      const { term } = block;
      this.held = this.locks.at({ block: b, index: block.instrs.length });
      if (term.op === "return") {
        exits.push(this.held);
        if (term.value >= 0) {
          if (!returnsNumber) for (const t of this.pointsTo.of(term.value)) this.returns.add(t);
          this.readVariable(term.value, term);
        }
      } else if (term.op === "branch") this.readVariable(term.cond, term);
    });
    const [first = [], ...others] = exits;
    return {
      function: this.id,
      own: this.own,
      calls: this.calls,
      types: this.pointsTo.types,
      returns: [...this.returns].slice(0, 4),
      acquires: [
        ...first.filter((l) => l.at !== UNKNOWN && others.every((o) => o.some((x) => sameLock(x, l)))),
        ...(unlocks.length === 0 ? this.takenByChoice(exits) : []),
        ...busyFlags(this.own, true),
      ],
      releases: [...unlocks, ...busyFlags(this.own, false)],
    };
  }

  /**
   * Locks that a function without result leaves held on some path and never releases: it cannot tell its caller which path
   * it went, so the others are those on which no lock is needed (`if (state->lock) acquire(state->lock)`).
   */
  private takenByChoice(exits: readonly (readonly HeldLock[])[]): HeldLock[] {
    if (this.ir.returnType !== "void") return [];
    const instrs = this.ir.blocks.flatMap((b) => b.instrs);
    if (instrs.some((i) => i.op === "unlock")) return [];
    const everywhere = (l: HeldLock) => exits.every((o) => o.some((x) => sameLock(x, l)));
    const locks = instrs.flatMap((i) => (i.op === "lock" ? locksOf(i.args, i.lock, this.pointsTo) : []));
    return locks.filter((l, n) => {
      return l.at !== UNKNOWN && !everywhere(l) && locks.findIndex((x) => sameLock(x, l)) === n;
    });
  }

  /** An unlock of something that the function did not lock: its caller's. */
  private foreignLocks(instr: Instr & { op: "lock" | "unlock" }): HeldLock[] {
    return instr.args.flatMap((a) => this.pointsTo.of(a)).map((at) => ({ kind: instr.lock, at }));
  }

  private visit(instr: Instr): void {
    switch (instr.op) {
      case "copy":
        this.readVariable(instr.src, instr);
        this.writeVariable(instr, (at) => this.storedKind(instr.src, at));
        return;
      case "load":
        if (instr.deref) this.readVariable(instr.base, instr);
        for (const at of this.pointsTo.placesOf(instr)) {
          this.record(at, "read", instr, undefined, this.tested.has(instr.dst));
        }
        this.writeVariable(instr, () => "value");
        return;
      case "addr":
        this.writeVariable(instr, () => "value");
        return;
      case "store":
        if (instr.deref) this.readVariable(instr.base, instr);
        this.readVariable(instr.src, instr);
        for (const at of this.pointsTo.placesOf(instr)) this.record(at, "write", instr, this.storedKind(instr.src, at));
        return;
      case "unary":
        this.readVariable(instr.operand, instr);
        this.writeVariable(instr, (at) => this.computedKind(at, [instr.operand]));
        return;
      case "binary":
        this.readVariable(instr.left, instr);
        this.readVariable(instr.right, instr);
        this.writeVariable(instr, (at) => this.computedKind(at, [instr.left, instr.right]));
        return;
      case "call":
        this.visitCall(instr);
        return;
    }
  }

  private visitCall(instr: Instr & { op: "call" }): void {
    if (lockMethod(instr) !== undefined) return;
    for (const arg of instr.args) this.readVariable(arg, instr);
    this.writeVariable(instr, () => "value");
    if (replacesArgument(instr.callee)) {
      const stored = instr.callee === "Py_CLEAR" ? "null" : "value";
      for (const at of this.pointsTo.sourceOf(instr.args[0] ?? -1)) this.record(at, "write", instr, stored);
      return;
    }
    const callees = this.pointsTo.calleesOf(instr);
    if (callees.length > 0) {
      const args = new Map<number, readonly Location[]>();
      for (const [n, a] of instr.args.entries()) args.set(n, this.pointsTo.of(a));
      const receivers = this.pointsTo.receiverOf(instr);
      args.set(-1, receivers);
      // Whatever a method does, it looks at the object that it is called on.
      if (instr.receiver !== undefined)
        for (const at of receivers) if (at !== rootOf(at)) this.record(at, "read", instr);
      const { passed, failed } = this.tests[this.block];
      const { start, end } = instr;
      this.calls.push({ callees, arguments: args, passed, failed, locks: this.held, start, end });
      return;
    }
    // Where an unknown pointer leads is not known: nothing is claimed about what it does.
    if (instr.callee === "") return;
    if (instr.receiver !== undefined) {
      const kind = effectOnArgument(instr.callee, 0, true) ?? "read";
      for (const at of this.pointsTo.receiverOf(instr)) this.record(at, kind, instr);
    }
    const content = effectOnContent(instr.callee);
    for (const at of content ? this.pointsTo.of(instr.args[0] ?? -1) : []) {
      // Statics have their own rule for containers.
      if (at[0] === "p" && at.endsWith("*")) this.record(at, content!, instr);
    }
    instr.args.forEach((arg, n) => {
      if (this.isNumber(arg)) return;
      // An array that decays is read by the API like any other C memory; only `&x` is an out parameter.
      const isName = this.ir.values[arg]?.kind === "global";
      for (const at of this.pointsTo.of(arg)) {
        const direct = !at.endsWith("*") && !(isName && isPythonApi(instr.callee));
        // A root is an object of its own (a parameter, a result): calls on objects are theirs to protect.
        if (at === rootOf(at) && at[0] !== "@") continue;
        // Objects handed to code outside the project protect their own content.
        if (!direct && this.isObjectPointer(arg, instr.callee)) continue;
        const kind = effectOnArgument(instr.callee, n, direct);
        if (kind) this.record(at, kind, instr);
      }
    });
  }

  private isObjectPointer(arg: ValueId, callee: string): boolean {
    const [source] = this.pointsTo.sourceOf(arg);
    const type = source === undefined ? "" : this.typeOf(source);
    if (type === "") return isPythonApi(callee);
    return /\bPy\w*Object\b/.test(type) || this.isInstance(type);
  }

  /** A plain number has nothing behind it, wherever it was read from. */
  private isNumber(arg: ValueId): boolean {
    const value = this.ir.values[arg];
    const type = value?.kind === "temp" || value?.kind === "local" || value?.kind === "param" ? value.type : "";
    if (type !== "") return isNumberType(type);
    const [source] = this.pointsTo.sourceOf(arg);
    return source !== undefined && isNumberType(this.index.underlyingType(this.ir.file, this.typeOf(source)));
  }

  private isInstance(type: string): boolean {
    const struct = this.index.structOfType(this.ir.file, type);
    return struct !== undefined && this.index.structs[struct].isObject;
  }

  private readVariable(value: ValueId, instr: { start: number; end: number }): void {
    if (value < 0 || this.ir.values[value].kind !== "global") return;
    for (const at of this.pointsTo.sourceOf(value)) this.record(at, "read", instr);
  }

  /** A static variable as the destination of an instruction. */
  private writeVariable(
    instr: { dst: ValueId; start: number; end: number },
    stored: (at: Location) => Access["stored"],
  ): void {
    if (instr.dst < 0 || this.ir.values[instr.dst].kind !== "global") return;
    for (const at of this.pointsTo.sourceOf(instr.dst)) this.record(at, "write", instr, stored(at));
  }

  /** `update` if the place itself is among the operands. */
  private computedKind(at: Location, operands: readonly ValueId[]): Access["stored"] {
    return operands.some((o) => this.pointsTo.sourceOf(o).includes(at)) ? "update" : "value";
  }

  private storedKind(src: ValueId, at: Location): Access["stored"] {
    const v = this.ir.values[src];
    if (v?.kind === "const") return v.type === "null" || v.text === "0" ? "null" : "constant";
    const def = this.definition(src);
    return def?.op === "binary" ? this.computedKind(at, [def.left, def.right]) : "value";
  }

  private definition(value: ValueId): Instr | undefined {
    if (this.ir.values[value]?.kind !== "temp") return undefined;
    if (this.definitions === undefined) {
      this.definitions = new Map();
      for (const block of this.ir.blocks) {
        for (const instr of block.instrs)
          if ("dst" in instr && instr.dst !== undefined) this.definitions.set(instr.dst, instr);
      }
    }
    return this.definitions.get(value);
  }

  private record(
    at: Location,
    kind: AccessKind,
    instr: { start: number; end: number },
    stored?: Access["stored"],
    tested = false,
  ): void {
    if (at === UNKNOWN || isPrivate(at) || at.startsWith("r:")) return;
    const type = this.typeOf(at);
    if (/\batomic\b|_Atomic/.test(type) || lockTypeKind(type) !== undefined) return;
    const { passed } = this.tests[this.block];
    this.own.push({
      at,
      kind,
      locks: this.held,
      stored,
      ...(tested ? { tested } : {}),
      ...(passed.length > 0 ? { passed } : {}),
      function: this.id,
      start: instr.start,
      end: instr.end,
      type,
      chain: [],
    });
  }

  /** Type of a place as its declaration has it, or "". */
  private typeOf(at: Location): string {
    return typeOfLocation(at, this.pointsTo.types, this.ir.file, this.index);
  }
}

/**
 * Members that a function uses as a lock of its own making: under a real lock it tests the flag and sets it (`taken`), or does
 * nothing but clear it (not `taken`).
 */
function busyFlags(own: readonly Access[], taken: boolean): HeldLock[] {
  const isMember = (a: Access) => /^p-?\d+\.[A-Za-z_]\w*$/.test(a.at) && a.locks.length > 0;
  const writes = own.filter((a) => isMember(a) && a.kind === "write" && a.stored === (taken ? "constant" : "null"));
  return writes
    .filter((w) => {
      const others = own.filter((a) => a.at === w.at && a !== w);
      return taken ? others.some((a) => a.kind === "read" && isMember(a)) && others.every(isMember) : own.length === 1;
    })
    .map(({ at }) => ({ kind: "native" as const, at }));
}
