/**
 * Definitions and uses of the variables of one function. Most values have one definition, so reaching definitions are
 * searched backwards on demand instead of being solved for all variables at once.
 *
 * A definition is a place where a variable may get a value: the entry (parameters), an instruction that writes it, a store
 * through a pointer to it, or a call that gets its address. The last kind does not kill earlier ones: the call may fail.
 */
import { refcountCall } from "../capi/refcounting.ts";
import type { BlockId, FunctionIr, Instr, Terminator, Value, ValueId } from "../ir/types.ts";
import { NO_VALUE } from "../ir/types.ts";
import { destination, forEachOperand, type Point, successors, terminatorOperand } from "../ir/visit.ts";

export interface Definition {
  id: number;
  value: ValueId;
  /** The entry has block 0 and index -1. */
  point: Point;
  /**
   * `entry`: a parameter. `assign`: the instruction's destination, or a store through the address. `output`: a call that
   * got the variable's address as argument `argument`.
   * `part`: a member or element of the aggregate.
   */
  kind: "entry" | "assign" | "output" | "part";
  /** Undefined for the entry. */
  instr?: Instr;
  argument: number;
}

export type UseRole =
  /** Compared with NULL, negated, or the condition of a branch. */
  | "null-test"
  | "copy"
  | "argument"
  | "receiver"
  /** The callee of an indirect call. */
  | "target"
  /** Written to memory or to a global variable. */
  | "store"
  /** The pointer or aggregate that a load, store or address is taken of. */
  | "base"
  | "index"
  | "operand"
  | "return"
  | "switch"
  | "lock"
  | "unknown";

export interface Use {
  value: ValueId;
  /** `index` is the number of instructions for the terminator. */
  point: Point;
  /** Undefined if the terminator uses it. */
  instr?: Instr;
  term?: Terminator;
  role: UseRole;
  /** Argument number for role `argument`, else -1. */
  argument: number;
}

/** Address of a variable, as far as it is known which one. */
export interface VariableAddress {
  variable: ValueId;
  path: string;
}

/** What flows out of one definition: copies of it and every use of any of them. */
export interface Flow {
  definitions: Definition[];
  uses: Use[];
}

export class DefUse {
  readonly fn: FunctionIr;
  readonly definitions: Definition[] = [];
  private readonly byValue: (Definition[] | undefined)[];
  private readonly usesByValue: (Use[] | undefined)[];
  private readonly predecessors: BlockId[][];
  private readonly reachingIn = new Map<number, Definition[]>();
  private readonly escaping = new Set<ValueId>();
  private readonly flows = new Map<number, Flow>();
  private readonly globalStores: Definition[] = [];

  constructor(fn: FunctionIr) {
    this.fn = fn;
    this.byValue = new Array(fn.values.length);
    this.usesByValue = new Array(fn.values.length);
    this.predecessors = fn.blocks.map(() => []);
    fn.blocks.forEach((block, b) => {
      for (const s of successors(block.term)) this.predecessors[s].push(b);
    });
    for (const id of fn.params) this.define(id, { block: 0, index: -1 }, "entry", undefined);
    this.collectDirect();
    this.collectIndirect();
    for (const list of this.byValue) list?.sort(byPoint);
  }

  /** Definitions of a value in code order, weak ones included. */
  definitionsOf(value: ValueId): readonly Definition[] {
    return this.byValue[value] ?? [];
  }

  /** The definition if there is exactly one, else undefined. */
  soleDefinition(value: ValueId): Definition | undefined {
    const list = this.byValue[value];
    return list?.length === 1 ? list[0] : undefined;
  }

  usesOf(value: ValueId): readonly Use[] {
    return this.usesByValue[value] ?? [];
  }

  /** Assignments of whole global variables, in code order. */
  get globalAssignments(): readonly Definition[] {
    return this.globalStores;
  }

  /** True if the address of the variable is stored somewhere or computed with, so that any call may change it. */
  addressEscapes(value: ValueId): boolean {
    return this.escaping.has(value);
  }

  /** Definitions that may have given `value` its content when the instruction at `point` reads it. */
  reaching(value: ValueId, point: Point): readonly Definition[] {
    const list = this.byValue[value];
    if (list === undefined) return [];
    if (list.length === 1) return list;
    const found: Definition[] = [];
    if (this.scanBlock(list, point.block, point.index, found)) return found.sort(byPoint);
    return union(found, this.reachingBlock(value, list, point.block));
  }

  /** Uses that read what `definition` wrote. */
  usesOfDefinition(definition: Definition): readonly Use[] {
    const uses = this.usesOf(definition.value);
    if (this.byValue[definition.value]?.length === 1) return uses;
    return uses.filter((use) => this.reaching(definition.value, use.point).includes(definition));
  }

  /** Everything that can be done with what `definition` wrote, through copies, casts and `Py_NewRef`. */
  flowOf(definition: Definition): Flow {
    const known = this.flows.get(definition.id);
    if (known !== undefined) return known;
    const definitions = [definition];
    const seen = new Set<number>([definition.id]);
    const uses: Use[] = [];
    for (const current of definitions) {
      for (const use of this.usesOfDefinition(current)) {
        uses.push(use);
        const next = this.copyDestination(use);
        if (next === undefined || seen.has(next.id)) continue;
        seen.add(next.id);
        definitions.push(next);
      }
    }
    const flow = { definitions, uses: uses.sort(byPoint) };
    this.flows.set(definition.id, flow);
    return flow;
  }

  /** The definition made by the instruction at `point` of its own destination. */
  definitionAt(point: Point): Definition | undefined {
    const instr = this.fn.blocks[point.block].instrs[point.index];
    if (instr === undefined) return undefined;
    const dst = destination(instr);
    if (dst === NO_VALUE) return undefined;
    return this.byValue[dst]?.find((d) => samePoint(d.point, point) && d.kind === "assign");
  }

  /** The variable that `value` points to, if it can be nothing else. */
  addressOf(value: ValueId): VariableAddress | undefined {
    let current = value;
    for (let steps = 0; steps < 8; steps++) {
      const sole = this.soleDefinition(current);
      if (sole?.instr === undefined || sole.kind !== "assign") return undefined;
      if (sole.instr.op === "copy") current = sole.instr.src;
      else if (sole.instr.op === "addr" && !sole.instr.deref && isVariable(this.fn.values[sole.instr.base])) {
        return { variable: sole.instr.base, path: sole.instr.path };
      } else return undefined;
    }
    return undefined;
  }

  private copyDestination(use: Use): Definition | undefined {
    const { instr } = use;
    if (instr?.op === "copy" && use.role === "copy") return this.definitionAt(use.point);
    if (instr?.op === "call" && use.role === "argument") {
      const counting = refcountCall(instr.callee);
      if (counting?.effect === "new" && counting.arg === use.argument) return this.definitionAt(use.point);
    }
    return undefined;
  }

  /** Adds what reaches `index` from inside the block; true if something there kills everything earlier. */
  private scanBlock(list: Definition[], block: BlockId, index: number, found: Definition[]): boolean {
    for (let i = list.length - 1; i >= 0; i--) {
      const d = list[i];
      if (d.point.block !== block || d.point.index >= index) continue;
      found.push(d);
      if (kills(d)) return true;
    }
    return false;
  }

  private reachingBlock(value: ValueId, list: Definition[], block: BlockId): Definition[] {
    const key = value * this.fn.blocks.length + block;
    const known = this.reachingIn.get(key);
    if (known !== undefined) return known;
    const found: Definition[] = [];
    const seen = new Set<BlockId>();
    const work = [...this.predecessors[block]];
    while (work.length > 0) {
      const b = work.pop()!;
      if (seen.has(b)) continue;
      seen.add(b);
      const here: Definition[] = [];
      const killed = this.scanBlock(list, b, Number.POSITIVE_INFINITY, here);
      for (const d of here) if (!found.includes(d)) found.push(d);
      if (!killed) work.push(...this.predecessors[b]);
    }
    found.sort(byPoint);
    this.reachingIn.set(key, found);
    return found;
  }

  private define(
    value: ValueId,
    point: Point,
    kind: Definition["kind"],
    instr: Instr | undefined,
    argument = -1,
  ): void {
    const definition: Definition = { id: this.definitions.length, value, point, kind, argument };
    if (instr !== undefined) definition.instr = instr;
    this.definitions.push(definition);
    if (this.fn.values[value].kind === "global") {
      this.globalStores.push(definition);
      return;
    }
    const list = this.byValue[value];
    if (list === undefined) this.byValue[value] = [definition];
    else list.push(definition);
  }

  private use(use: Use): void {
    const list = this.usesByValue[use.value];
    if (list === undefined) this.usesByValue[use.value] = [use];
    else list.push(use);
  }

  private collectDirect(): void {
    this.fn.blocks.forEach((block, b) => {
      block.instrs.forEach((instr, i) => {
        const point = { block: b, index: i };
        this.collectUses(instr, point);
        const dst = destination(instr);
        if (dst !== NO_VALUE) this.define(dst, point, "assign", instr);
        if (instr.op === "store" && !instr.deref && isVariable(this.fn.values[instr.base])) {
          this.define(instr.base, point, instr.path === "" ? "assign" : "part", instr);
        }
      });
      const value = terminatorOperand(block.term);
      if (value === NO_VALUE) return;
      const role = block.term.op === "branch" ? "null-test" : block.term.op === "return" ? "return" : "switch";
      this.use({ value, point: { block: b, index: block.instrs.length }, term: block.term, role, argument: -1 });
    });
  }

  /** Definitions through addresses; needs the direct definitions. */
  private collectIndirect(): void {
    this.fn.blocks.forEach((block, b) => {
      block.instrs.forEach((instr, i) => {
        const point = { block: b, index: i };
        if (instr.op === "store" && instr.deref) {
          const target = this.addressOf(instr.base);
          if (target === undefined) return;
          const whole = target.path === "" && instr.path === "";
          this.define(target.variable, point, whole ? "assign" : "part", instr);
        } else if (instr.op === "call" || instr.op === "unknown" || instr.op === "lock") {
          instr.args.forEach((arg, n) => {
            const target = arg === NO_VALUE ? undefined : this.addressOf(arg);
            if (target !== undefined) this.define(target.variable, point, "output", instr, n);
          });
        }
      });
    });
    for (const block of this.fn.blocks) {
      for (const instr of block.instrs) {
        if (instr.op === "addr" && !instr.deref && isVariable(this.fn.values[instr.base])) this.checkEscape(instr);
      }
    }
  }

  private checkEscape(addr: Instr & { op: "addr" }): void {
    const work = [addr.dst];
    const seen = new Set<ValueId>(work);
    while (work.length > 0) {
      const value = work.pop()!;
      if (this.fn.values[value].kind === "global") this.escaping.add(addr.base);
      for (const use of this.usesOf(value)) {
        if (use.role === "copy" && use.instr?.op === "copy") {
          if (!seen.has(use.instr.dst)) work.push(use.instr.dst);
          seen.add(use.instr.dst);
          if (this.soleDefinition(use.instr.dst) === undefined) this.escaping.add(addr.base);
        } else if (use.role === "store" || use.role === "return" || use.role === "operand") {
          this.escaping.add(addr.base);
        }
      }
    }
  }

  private collectUses(instr: Instr, point: Point): void {
    const add = (value: ValueId, role: UseRole, argument = -1) => {
      if (value !== NO_VALUE) this.use({ value, point, instr, role, argument });
    };
    switch (instr.op) {
      case "copy":
        add(instr.src, this.fn.values[instr.dst]?.kind === "global" ? "store" : "copy");
        return;
      case "load":
      case "addr":
      case "store":
        add(instr.base, "base");
        if (instr.index !== undefined) add(instr.index, "index");
        if (instr.op === "store") add(instr.src, "store");
        return;
      case "unary":
        add(instr.operand, instr.operator === "!" ? "null-test" : "operand");
        return;
      case "binary": {
        const comparison = instr.operator === "==" || instr.operator === "!=";
        add(instr.left, comparison && isNull(this.fn.values[instr.right]) ? "null-test" : "operand");
        add(instr.right, comparison && isNull(this.fn.values[instr.left]) ? "null-test" : "operand");
        return;
      }
      case "call":
        add(instr.target, "target");
        if (instr.receiver !== undefined) add(instr.receiver, "receiver");
        instr.args.forEach((arg, n) => {
          add(arg, "argument", n);
        });
        return;
      case "unknown":
        forEachOperand(instr, (value) => add(value, "unknown"));
        return;
      default:
        instr.args.forEach((arg, n) => {
          add(arg, "lock", n);
        });
    }
  }
}

/** True for NULL and the literal 0. */
export function isNull(value: Value | undefined): boolean {
  return value?.kind === "const" && (value.type === "null" || (value.type === "int" && value.text === "0"));
}

/** True for values that only the function itself can write: parameters, automatic variables, temporaries. */
export function isVariable(value: Value | undefined): boolean {
  return value !== undefined && value.kind !== "global" && value.kind !== "const";
}

export function samePoint(a: Point, b: Point): boolean {
  return a.block === b.block && a.index === b.index;
}

/** Code order: by block, then by index. */
export function byPoint(a: { point: Point }, b: { point: Point }): number {
  return a.point.block - b.point.block || a.point.index - b.point.index;
}

function kills(definition: Definition): boolean {
  return definition.kind !== "output" && definition.kind !== "part";
}

function union(a: Definition[], b: Definition[]): Definition[] {
  const found = a.slice();
  for (const d of b) if (!found.includes(d)) found.push(d);
  return found.sort(byPoint);
}

/** An automatic object of a class of its own (or another aggregate), whose constructor and destructor may count references. */
export function isClassObject(value: Value | undefined): boolean {
  if (value === undefined) return false;
  if (value.kind !== "local" && value.kind !== "param") return false;
  return value.type !== "" && !value.type.includes("*") && value.type !== "auto" && !isArithmetic(value.type);
}

const ARITHMETIC: ReadonlySet<string> = new Set([
  "int",
  "long",
  "size_t",
  "Py_ssize_t",
  "intptr_t",
  "uintptr_t",
  "bool",
]);

function isArithmetic(type: string): boolean {
  return ARITHMETIC.has(type.replace("const ", "")) || type.startsWith("unsigned");
}
