/** Values that a function looks at only to compare them with NULL or zero. */
import type { FunctionIr, ValueId } from "../../ir/types.ts";
import { forEachInstr, forEachOperand } from "../../ir/visit.ts";

/** Temporaries whose every use is such a comparison, or a branch on the value itself. */
export function onlyTested(ir: FunctionIr): ReadonlySet<ValueId> {
  const tested = new Set<ValueId>();
  const used = new Set<ValueId>();
  forEachInstr(ir, (instr) => {
    if (instr.op === "unary" && instr.operator === "!") tested.add(instr.operand);
    else if (instr.op === "binary" && (instr.operator === "==" || instr.operator === "!=")) {
      const sides = [instr.left, instr.right];
      const compared = sides.filter((v) => !isNothing(ir, v));
      for (const v of compared) (compared.length < sides.length ? tested : used).add(v);
    } else forEachOperand(instr, (v) => used.add(v));
  });
  for (const { term } of ir.blocks) {
    if (term.op === "branch") tested.add(term.cond);
    else if (term.op === "switch" || term.op === "return") used.add(term.value);
  }
  for (const v of used) tested.delete(v);
  return tested;
}

function isNothing(ir: FunctionIr, value: ValueId): boolean {
  const v = ir.values[value];
  return v?.kind === "const" && (v.type === "null" || v.text === "0");
}
