/** Functions and macros of which the project says that they take or release a lock: their calls become lock instructions. */
import { type FunctionIr, type Instr, NO_VALUE, type ValueId } from "../ir/types.ts";
import type { DeclaredLock } from "../project/declared.ts";

interface Meaning {
  op: "lock" | "unlock";
  argument: number | undefined;
  /** Name of the lock of a pair without argument. */
  common: string;
}

export class DeclaredLocks {
  private readonly meanings = new Map<string, Meaning>();

  constructor(locks: readonly DeclaredLock[]) {
    for (const { lock, unlock, argument } of locks) {
      // Several forms of taking a lock (to read, to write) have one that releases it: that names the lock.
      this.meanings.set(lock, { op: "lock", argument, common: unlock });
      this.meanings.set(unlock, { op: "unlock", argument, common: unlock });
    }
  }

  /** Replaces the calls in `ir`, which is changed, and returns it. `calls` are the names that the function calls. */
  applyTo(ir: FunctionIr, calls: readonly string[]): FunctionIr {
    if (this.meanings.size === 0 || !calls.some((name) => this.meanings.has(name))) return ir;
    for (const { instrs } of ir.blocks) {
      instrs.forEach((instr, i) => {
        const meaning = instr.op === "call" ? this.meanings.get(instr.callee) : undefined;
        if (meaning !== undefined) instrs[i] = replaced(ir, instr as Instr & { op: "call" }, meaning);
      });
    }
    return ir;
  }
}

/** Such a lock is nobody's but the project's: like a `PyMutex`, nothing says that it blocks the interpreter. */
function replaced(ir: FunctionIr, call: Instr & { op: "call" }, { op, argument, common }: Meaning): Instr {
  const { start, end, stmt, via, callee, dst } = call;
  const object = argument === undefined ? undefined : call.args[argument];
  return {
    op,
    lock: "pymutex",
    form: callee,
    args: [object ?? globalNamed(ir, common)],
    start,
    end,
    stmt,
    ...(via === undefined ? {} : { via }),
    ...(dst === NO_VALUE ? {} : { dst }),
  };
}

function globalNamed(ir: FunctionIr, name: string): ValueId {
  const known = ir.values.findIndex((v) => v.kind === "global" && v.name === name && v.owner === undefined);
  return known >= 0 ? known : ir.values.push({ kind: "global", name }) - 1;
}
