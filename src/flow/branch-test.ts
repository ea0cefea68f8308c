/** What a branch condition says about the sign of a value: the way C code tests pointers and status results. */
import type { Value, ValueId } from "../ir/types.ts";
import { type Definition, type DefUse, isNull } from "./def-use.ts";

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
      const constantLeft = signOfConstant(values[instr.left]) !== undefined;
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

/** Sign of a literal, or of a name that stands for a truth value; undefined if it is neither. */
export function signOfConstant(value: Value | undefined): Sign | undefined {
  if (value?.kind === "global") return TRUTH[value.name];
  if (value?.kind !== "const") return undefined;
  if (isNull(value)) return "zero";
  if (value.type !== "int") return undefined;
  if (isDigit(value.text[0])) return "positive";
  return value.text.startsWith("-") ? "negative" : TRUTH[value.text];
}

function isDigit(c: string | undefined): boolean {
  return c !== undefined && c >= "0" && c <= "9";
}

const TRUTH: Readonly<Record<string, Sign | undefined>> = {
  TRUE: "positive",
  true: "positive",
  FALSE: "zero",
  false: "zero",
};

function comparison(operator: string, constant: Value | undefined): readonly Sign[] | undefined {
  const sign = signOfConstant(constant);
  if (sign === "zero") {
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
  if (sign === undefined) return undefined;
  const text = constant?.kind === "const" && TRUTH[constant.text] === undefined ? constant.text : "1";
  if (text === "-1") {
    if (operator === "==") return ["negative"];
    if (operator === "!=" || operator === ">") return ["zero", "positive"];
  }
  if (text === "1") {
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

/**
 * Automatic variables that are only ever assigned constants and that branches test: flags such as `failed` or `ret`. An
 * analysis that keeps paths apart follows them to know which tests agree.
 */
export function flagVariables(defUse: DefUse): ReadonlySet<ValueId> {
  const flags = new Set<ValueId>();
  for (const block of defUse.fn.blocks) {
    if (block.term.op !== "branch") continue;
    for (const { value } of branchTests(defUse, block.term.cond)) {
      const variable = defUse.fn.values[value];
      if (variable?.kind !== "local" || flags.has(value) || defUse.addressEscapes(value)) continue;
      const definitions = defUse.definitionsOf(value);
      if (definitions.length > 1 && definitions.every((d) => constantSign(defUse, d) !== undefined)) flags.add(value);
    }
  }
  return flags;
}

/** Sign of the constant that a definition assigns. */
export function constantSign(defUse: DefUse, definition: Definition): Sign | undefined {
  const { instr } = definition;
  return definition.kind === "assign" && instr?.op === "copy" ? signOfConstant(defUse.fn.values[instr.src]) : undefined;
}
