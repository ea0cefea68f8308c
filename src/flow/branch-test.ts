/** What a branch condition says about the sign of a value: the way C code tests pointers and status results. */
import type { Value, ValueId } from "../ir/types.ts";
import { type DefUse, isNull } from "./def-use.ts";

/** NULL is `zero`; any other pointer is `positive`. */
export type Sign = "negative" | "zero" | "positive";

export interface BranchTest {
  value: ValueId;
  /** Signs with which the condition is true. Sound for results that are -1, 0 or 1. */
  whenTrue: readonly Sign[];
}

const ALL: readonly Sign[] = ["negative", "zero", "positive"];

/**
 * The tests that decide `cond`, innermost operand last: of `!x` that of `x` as well. A caller takes the first whose value it
 * knows something about.
 */
export function branchTests(defUse: DefUse, cond: ValueId): BranchTest[] {
  const found: BranchTest[] = [];
  let value = cond;
  let whenTrue: readonly Sign[] = ["negative", "positive"];
  for (let steps = 0; steps < 8; steps++) {
    found.push({ value, whenTrue });
    const instr = defUse.soleDefinition(value)?.instr;
    if (instr?.op === "copy") value = instr.src;
    else if (instr?.op === "unary" && instr.operator === "!") {
      whenTrue = whenTrue.includes("zero") ? ["negative", "positive"] : ["zero"];
      value = instr.operand;
    } else if (instr?.op === "binary") {
      const { values } = defUse.fn;
      const constantLeft = values[instr.left]?.kind === "const";
      const operator = constantLeft ? mirrored(instr.operator) : instr.operator;
      const signs = comparison(operator, values[constantLeft ? instr.left : instr.right]);
      if (signs === undefined) break;
      // The comparison is 0 or 1: the condition wants one or the other.
      whenTrue = whenTrue.includes("positive") ? signs : ALL.filter((s) => !signs.includes(s));
      value = constantLeft ? instr.right : instr.left;
    } else break;
  }
  return found;
}

function comparison(operator: string, constant: Value | undefined): readonly Sign[] | undefined {
  if (isNull(constant)) {
    switch (operator) {
      case "==":
        return ["zero"];
      case "!=":
        return ["negative", "positive"];
      case "<":
        return ["negative"];
      case "<=":
        return ["negative", "zero"];
      case ">":
        return ["positive"];
      case ">=":
        return ["zero", "positive"];
      default:
        return undefined;
    }
  }
  if (constant?.kind !== "const" || constant.type !== "int") return undefined;
  if (constant.text === "-1") {
    if (operator === "==") return ["negative"];
    if (operator === "!=" || operator === ">") return ["zero", "positive"];
  }
  if (constant.text === "1") {
    if (operator === "==" || operator === ">=") return ["positive"];
    if (operator === "!=" || operator === "<") return ["negative", "zero"];
  }
  return undefined;
}

function mirrored(operator: string): string {
  switch (operator) {
    case "<":
      return ">";
    case "<=":
      return ">=";
    case ">":
      return "<";
    case ">=":
      return "<=";
    default:
      return operator;
  }
}
