/** Which global a value of the IR stands for: enough to follow `PyModuleDef_Init(&def)` and callbacks. */
import { classNameOf } from "../../capi/type-names.ts";
import type { FunctionIr, Instr, ValueId } from "../../ir/types.ts";
import { destination } from "../../ir/visit.ts";

export type CallInstr = Extract<Instr, { op: "call" }>;

const MAX_STEPS = 20;

/** Names behind the values of one function, through copies, casts and address-of. */
export class NameTracker {
  private readonly ir: FunctionIr;
  private readonly definitions = new Map<ValueId, Instr[]>();

  constructor(ir: FunctionIr) {
    this.ir = ir;
    for (const block of ir.blocks) {
      for (const instr of block.instrs) {
        const dst = destination(instr);
        if (dst < 0) continue;
        const list = this.definitions.get(dst);
        if (list) list.push(instr);
        else this.definitions.set(dst, [instr]);
      }
    }
  }

  /** Every call of the function in block order. */
  *calls(): Generator<CallInstr> {
    for (const block of this.ir.blocks) for (const instr of block.instrs) if (instr.op === "call") yield instr;
  }

  /** Global names that the value can be; constants give their text, strings in quotes. */
  namesOf(value: ValueId): string[] {
    const names = new Set<string>();
    this.follow(value, names, new Set(), 0);
    return [...names];
  }

  /** Values that the function returns. */
  returned(): ValueId[] {
    return this.ir.blocks.flatMap(({ term }) => (term.op === "return" && term.value >= 0 ? [term.value] : []));
  }

  /**
   * What is stored into each automatic variable of a type, in order: the names and constants that every store can put in.
   * An initialiser is a sequence of stores.
   */
  storedInto(typeName: string): { value: ValueId; stored: string[][] }[] {
    const locals = new Map<ValueId, string[][]>();
    this.ir.values.forEach((value, id) => {
      if (value.kind === "local" && classNameOf(value.type) === typeName) locals.set(id, []);
    });
    if (locals.size === 0) return [];
    for (const block of this.ir.blocks) {
      for (const instr of block.instrs) {
        if (instr.op === "store") locals.get(instr.base)?.push(this.namesOf(instr.src));
      }
    }
    return [...locals].map(([value, stored]) => ({ value, stored }));
  }

  /** Place of the name of an automatic variable. */
  declarationOf(id: ValueId): { name: string; start: number; end: number } | undefined {
    const value = this.ir.values[id];
    return value?.kind === "local" ? value : undefined;
  }

  /** Types that casts give to parameter `index`, in order. */
  castsOf(index: number): string[] {
    const types: string[] = [];
    const aliases = new Set<ValueId>(this.ir.params[index] === undefined ? [] : [this.ir.params[index]]);
    for (const block of this.ir.blocks) {
      for (const instr of block.instrs) {
        if (instr.op !== "copy" || !aliases.has(instr.src)) continue;
        aliases.add(instr.dst);
        if (instr.cast) types.push(instr.cast);
        const target = this.ir.values[instr.dst];
        if (target?.kind === "local") types.push(target.type);
      }
    }
    return types;
  }

  private follow(id: ValueId, names: Set<string>, seen: Set<ValueId>, depth: number): void {
    if (id < 0 || seen.has(id) || depth > MAX_STEPS) return;
    seen.add(id);
    const value = this.ir.values[id];
    if (value?.kind === "global") {
      names.add(value.owner === undefined ? value.name : `${value.owner}::${value.name}`);
      return;
    }
    if (value?.kind === "const") {
      names.add(value.type === "string" ? `"${value.text}"` : value.text);
      return;
    }
    for (const instr of this.definitions.get(id) ?? []) {
      if (instr.op === "copy") this.follow(instr.src, names, seen, depth + 1);
      else if (instr.op === "addr" && (instr.path === "" || instr.path === "[]"))
        this.follow(instr.base, names, seen, depth + 1);
      // The result of `_PyCFunction_CAST(f)` and its like is `f`.
      else if (instr.op === "call" && instr.callee.includes("CAST")) {
        for (const arg of instr.args) this.follow(arg, names, seen, depth + 1);
      }
    }
  }
}
