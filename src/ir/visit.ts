/** Small questions about instructions and terminators that every analysis asks. */
import type { BlockId, FunctionIr, Instr, Terminator, ValueId } from "./types.ts";
import { NO_VALUE } from "./types.ts";

/** A place in the code of one function; `index === instrs.length` is the terminator of the block. */
export interface Point {
  block: BlockId;
  index: number;
}

/** The value that an instruction writes, or `NO_VALUE`. A store writes memory, not a value. */
export function destination(instr: Instr): ValueId {
  switch (instr.op) {
    case "copy":
    case "load":
    case "addr":
    case "unary":
    case "binary":
    case "call":
      return instr.dst;
    case "lock":
    case "unlock":
    case "detach":
    case "attach":
      return instr.dst ?? NO_VALUE;
    default:
      return NO_VALUE;
  }
}

/** Calls `visit` for every value that an instruction reads, in order of evaluation; `NO_VALUE` is left out. */
export function forEachOperand(instr: Instr, visit: (value: ValueId) => void): void {
  switch (instr.op) {
    case "copy":
      visit(instr.src);
      return;
    case "load":
    case "addr":
      visit(instr.base);
      if (instr.index !== undefined && instr.index !== NO_VALUE) visit(instr.index);
      return;
    case "store":
      visit(instr.base);
      if (instr.index !== undefined && instr.index !== NO_VALUE) visit(instr.index);
      visit(instr.src);
      return;
    case "unary":
      visit(instr.operand);
      return;
    case "binary":
      visit(instr.left);
      visit(instr.right);
      return;
    case "call":
      if (instr.target !== NO_VALUE) visit(instr.target);
      if (instr.receiver !== undefined && instr.receiver !== NO_VALUE) visit(instr.receiver);
      for (const arg of instr.args) if (arg !== NO_VALUE) visit(arg);
      return;
    default:
      for (const arg of instr.args) if (arg !== NO_VALUE) visit(arg);
  }
}

/** Values that an instruction reads, in order of evaluation. */
export function operands(instr: Instr): ValueId[] {
  const found: ValueId[] = [];
  forEachOperand(instr, (value) => found.push(value));
  return found;
}

/** The value that a terminator reads (condition, switch value, returned value), or `NO_VALUE`. */
export function terminatorOperand(term: Terminator): ValueId {
  switch (term.op) {
    case "branch":
      return term.cond;
    case "switch":
    case "return":
      return term.value;
    default:
      return NO_VALUE;
  }
}

/** Blocks that may run next, without repetition, in source order. */
export function successors(term: Terminator): BlockId[] {
  switch (term.op) {
    case "goto":
      return [term.target];
    case "branch":
      return term.then === term.else ? [term.then] : [term.then, term.else];
    case "switch": {
      const targets: BlockId[] = [];
      for (const c of term.cases) if (!targets.includes(c.target)) targets.push(c.target);
      return targets;
    }
    default:
      return [];
  }
}

/** Calls `visit` for every instruction in block order. */
export function forEachInstr(fn: FunctionIr, visit: (instr: Instr, block: BlockId, index: number) => void): void {
  for (let b = 0; b < fn.blocks.length; b++) {
    const { instrs } = fn.blocks[b];
    for (let i = 0; i < instrs.length; i++) visit(instrs[i], b, i);
  }
}

/** Number of instructions without terminators. */
export function instructionCount(fn: FunctionIr): number {
  let count = 0;
  for (const block of fn.blocks) count += block.instrs.length;
  return count;
}
