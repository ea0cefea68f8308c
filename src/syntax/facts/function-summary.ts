/** What a function's IR says of names: calls, reads and writes of globals, assignments to members of globals. */
import type { FunctionFacts } from "../../ir/facts.ts";
import type { FunctionIr, Instr, ValueId } from "../../ir/types.ts";
import { destination, forEachOperand, terminatorOperand } from "../../ir/visit.ts";

export type NameFacts = Pick<
  FunctionFacts,
  "calls" | "reads" | "writes" | "memberAssigns" | "unknowns" | "unknownReasons"
>;

const MAX_REASONS = 5;

/** Collects the name facts of a function. */
export function nameFacts(ir: FunctionIr): NameFacts {
  const calls = new Set<string>();
  const reads = new Set<string>();
  const writes = new Set<string>();
  const memberAssigns: FunctionFacts["memberAssigns"] = [];
  const reasons = new Set<string>();
  let unknowns = 0;
  const aliases = globalAliases(ir);
  const names = ir.values.map((v) => {
    if (v.kind !== "global" || v.name.startsWith("<") || v.name.startsWith("&&")) return "";
    return v.owner === undefined ? v.name : `${v.owner}::${v.name}`;
  });
  const read = (id: ValueId) => {
    if (id >= 0 && names[id] !== "") reads.add(names[id]);
  };
  for (const block of ir.blocks) {
    for (const instr of block.instrs) {
      forEachOperand(instr, read);
      const dst = destination(instr);
      if (dst >= 0 && names[dst] !== "") writes.add(names[dst]);
      if (instr.op === "call") {
        if (instr.callee !== "") calls.add(instr.callee);
      } else if (instr.op === "detach" || instr.op === "attach") calls.add(instr.form);
      else if (instr.op === "store") storeFacts(instr, names, aliases, writes, memberAssigns);
      else if (instr.op === "unknown") {
        unknowns++;
        if (reasons.size < MAX_REASONS) reasons.add(instr.reason);
      }
    }
    read(terminatorOperand(block.term));
  }
  return {
    calls: [...calls],
    reads: [...reads],
    writes: [...writes],
    memberAssigns,
    unknowns,
    unknownReasons: [...reasons],
  };
}

function storeFacts(
  instr: Extract<Instr, { op: "store" }>,
  names: string[],
  aliases: Map<ValueId, Alias>,
  writes: Set<string>,
  memberAssigns: FunctionFacts["memberAssigns"],
): void {
  const root = aliases.get(instr.base) ?? { id: instr.base, path: "" };
  const variable = names[root.id];
  if (variable === "") return;
  if (root.path === "") writes.add(variable);
  const source = aliases.get(instr.src);
  const value = source && source.path === "" ? names[source.id] : names[instr.src];
  if (value === "" || instr.path === "") return;
  const path = root.path === "" ? instr.path : `${root.path}.${instr.path}`;
  memberAssigns.push({ variable, path, value, start: instr.start, end: instr.end });
}

interface Alias {
  id: ValueId;
  /** What was loaded from the global, "" for the global itself or its address. */
  path: string;
}

/**
 * Values that are a global, its address or a member of it, through casts: `((PyTypeObject *)&T)->tp_new`, `(destructor)f`,
 * `T.tp_as_number->nb_add`, and variables assigned once (`PyTypeObject *type = &T`).
 */
function globalAliases(ir: FunctionIr): Map<ValueId, Alias> {
  const definitions = new Uint8Array(ir.values.length);
  for (const block of ir.blocks) {
    for (const instr of block.instrs) {
      const dst = destination(instr);
      if (dst >= 0 && definitions[dst] < 2) definitions[dst]++;
    }
  }
  const aliases = new Map<ValueId, Alias>();
  const rootOf = (id: ValueId): Alias | undefined =>
    ir.values[id]?.kind === "global" ? { id, path: "" } : aliases.get(id);
  for (const block of ir.blocks) {
    for (const instr of block.instrs) {
      if (instr.op !== "copy" && instr.op !== "addr" && instr.op !== "load") continue;
      const { kind } = ir.values[instr.dst];
      if (definitions[instr.dst] !== 1 || (kind !== "temp" && kind !== "local")) continue;
      const source = rootOf(instr.op === "copy" ? instr.src : instr.base);
      if (!source) continue;
      if (instr.op === "copy") aliases.set(instr.dst, source);
      else if (instr.op === "addr" && instr.path === "" && !instr.deref) aliases.set(instr.dst, source);
      else if (instr.op === "load" && instr.path !== "" && source.path === "") {
        aliases.set(instr.dst, { id: source.id, path: instr.path });
      }
    }
  }
  return aliases;
}
