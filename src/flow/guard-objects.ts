/**
 * Classes of the project whose constructor takes a lock and whose destructor releases it. Lowering sees one file and does
 * not know a class of a header, so variables of such classes become lock and unlock instructions here.
 */
import { classNameOf, lastComponent } from "../capi/type-names.ts";
import type { BlockId, FunctionIr, Instr, LockKind, Terminator, ValueId } from "../ir/types.ts";
import type { IndexedFunction } from "../project/index-types.ts";

type LockInstr = Extract<Instr, { op: "lock" | "unlock" }>;

/** A variable of a guard class, with the instructions that initialise it. */
interface Guard {
  local: ValueId;
  name: string;
  kind: LockKind;
  /** Where the variable is declared. */
  start: number;
}

export class GuardObjects {
  /** Kind of the lock by the last component of the class's name. */
  private readonly kinds = new Map<string, LockKind>();

  /** `decode` gives the code of a function of `functions`; it is asked for destructors and for the constructors of guards. */
  constructor(functions: readonly IndexedFunction[], decode: (fn: number) => FunctionIr) {
    for (const { id, name } of functions) {
      const last = lastComponent(name);
      if (!last.startsWith("~")) continue;
      const className = last.slice(1);
      const released = onlyKind(decode(id), "unlock");
      if (released === undefined) continue;
      const constructors = functions.filter((f) => isConstructor(f.name, className));
      if (constructors.some((f) => onlyKind(decode(f.id), "lock") === released)) this.kinds.set(className, released);
    }
  }

  /** Puts the locks of guards into `ir`, which is changed, and returns it. */
  applyTo(ir: FunctionIr): FunctionIr {
    if (this.kinds.size === 0) return ir;
    // The guard declared last is destroyed first.
    for (const guard of this.guardsOf(ir).reverse()) {
      const args = takeConstruction(ir, guard);
      if (args === undefined) continue;
      const lock = { lock: guard.kind, form: guard.name, args: args.values };
      const { start, end, stmt } = args.at;
      ir.blocks[args.block].instrs.splice(args.index, 0, { op: "lock", ...lock, start, end, stmt });
      releaseAtEnd(ir, guard, (at) => ({ op: "unlock", ...lock, ...at }));
    }
    return ir;
  }

  private guardsOf(ir: FunctionIr): Guard[] {
    return ir.values.flatMap((value, local) => {
      if (value.kind !== "local" || value.type.includes("*") || value.type.includes("&")) return [];
      const name = lastComponent(classNameOf(value.type));
      const kind = this.kinds.get(name);
      return kind === undefined ? [] : [{ local, name, kind, start: value.start }];
    });
  }
}

function isConstructor(name: string, className: string): boolean {
  return name === `${className}::${className}` || name.endsWith(`::${className}::${className}`);
}

/** The kind of lock that the function takes (or releases) and does not release (or take) itself. */
function onlyKind(ir: FunctionIr, op: "lock" | "unlock"): LockKind | undefined {
  const found = ir.blocks.flatMap((b) => b.instrs.filter((i): i is LockInstr => i.op === "lock" || i.op === "unlock"));
  return found.every((i) => i.op === op) ? found[0]?.lock : undefined;
}

/**
 * Finds what initialises the guard: a constructor call, which goes, or stores into its members where the class is declared in
 * the same file. The result is where the lock is taken and what the first argument locks.
 */
function takeConstruction(
  ir: FunctionIr,
  { local, name, kind }: Guard,
): { values: ValueId[]; block: number; index: number; at: Instr } | undefined {
  const count = kind === "critical-section2" ? 2 : 1;
  for (const [block, { instrs }] of ir.blocks.entries()) {
    for (const [index, instr] of instrs.entries()) {
      if (instr.op === "call" && instr.dst === local && lastComponent(instr.callee) === name) {
        instrs.splice(index, 1);
        return { values: instr.args.slice(0, count), block, index, at: instr };
      }
      if (instr.op !== "copy" || instr.dst !== local) continue;
      const values: ValueId[] = [];
      let end = index + 1;
      for (; end < instrs.length; end++) {
        const next = instrs[end];
        if (next.op === "store" && next.base === local) values.push(next.src);
        if (next.stmt !== instr.stmt) break;
      }
      if (values.length > 0) return { values: values.slice(0, count), block, index: end, at: instr };
    }
  }
  return undefined;
}

/** Releases where control leaves the block that the guard is declared in. */
function releaseAtEnd(
  ir: FunctionIr,
  guard: Guard,
  release: (at: { start: number; end: number; stmt: number }) => Instr,
): void {
  const scope = ir.statements
    .map((s, id) => ({ ...s, id }))
    .filter((s) => s.kind === "compound_statement" && s.start <= guard.start && guard.start < s.end)
    .sort((a, b) => b.start - a.start)[0];
  const end = scope?.end ?? Number.POSITIVE_INFINITY;
  const inside = (at: { start: number }) => guard.start <= at.start && at.start < end;
  const outside = (block: number) => (ir.blocks[block].instrs[0] ?? ir.blocks[block].term).start >= end;
  for (const { instrs, term } of [...ir.blocks]) {
    if (!inside(instrs[instrs.length - 1] ?? term) && !inside(term)) continue;
    const at = { start: term.start, end: term.end };
    if (term.op === "return") instrs.push(release({ ...at, stmt: term.stmt }));
    if (term.op !== "goto" && term.op !== "branch" && term.op !== "switch") continue;
    replaceTargets(term, (target) => {
      if (!outside(target)) return target;
      const instr = release({ ...at, stmt: scope?.id ?? -1 });
      return ir.blocks.push({ instrs: [instr], term: { op: "goto", target, ...at } }) - 1;
    });
  }
}

function replaceTargets(
  term: Extract<Terminator, { op: "goto" | "branch" | "switch" }>,
  replace: (target: BlockId) => BlockId,
): void {
  if (term.op === "goto") term.target = replace(term.target);
  else if (term.op === "branch") {
    const same = term.then === term.else;
    // biome-ignore lint/suspicious/noThenProperty: a field of the IR
    term.then = replace(term.then);
    term.else = same ? term.then : replace(term.else);
  } else for (const branch of term.cases) branch.target = replace(branch.target);
}
