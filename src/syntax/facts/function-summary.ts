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
      } else if (instr.op === "store") storeFacts(instr, names, aliases, writes, memberAssigns);
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
  aliases: Map<ValueId, ValueId>,
  writes: Set<string>,
  memberAssigns: FunctionFacts["memberAssigns"],
): void {
  const root = aliases.get(instr.base) ?? instr.base;
  const variable = names[root];
  if (variable === "") return;
  writes.add(variable);
  const value = names[aliases.get(instr.src) ?? instr.src];
  if (value === "" || instr.path === "") return;
  memberAssigns.push({ variable, path: instr.path, value, start: instr.start, end: instr.end });
}

/** Temporaries that are a global or its address, through casts: `((PyTypeObject *)&T)->tp_new`, `(destructor)f`. */
function globalAliases(ir: FunctionIr): Map<ValueId, ValueId> {
  const aliases = new Map<ValueId, ValueId>();
  for (const block of ir.blocks) {
    for (const instr of block.instrs) {
      if (instr.op === "copy" && ir.values[instr.dst].kind === "temp") {
        const source = aliases.get(instr.src) ?? instr.src;
        if (ir.values[source]?.kind === "global") aliases.set(instr.dst, source);
      } else if (instr.op === "addr" && instr.path === "" && ir.values[instr.base].kind === "global") {
        if (ir.values[instr.dst].kind === "temp") aliases.set(instr.dst, instr.base);
      }
    }
  }
  return aliases;
}
