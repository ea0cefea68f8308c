/** Checks the invariants of the IR that analyses rely on; used by tests of the lowering and by `--debug`. */
import type { FunctionIr, Terminator, ValueId } from "./types.ts";
import { NO_VALUE } from "./types.ts";
import { destination, forEachOperand, terminatorOperand } from "./visit.ts";

/** What is wrong with a function, one sentence each, in code order; empty if it is well formed. */
export function validateFunction(fn: FunctionIr): string[] {
  const problems: string[] = [];
  if (fn.blocks.length === 0) problems.push("no entry block");
  checkTables(fn, problems);
  const defined = new Set<ValueId>(fn.params);
  const read: { value: ValueId; where: string }[] = [];
  const use = (value: ValueId, where: string) => {
    if (!Number.isInteger(value) || value < 0 || value >= fn.values.length) {
      problems.push(`${where}: value ${value} does not exist`);
    } else read.push({ value, where });
  };
  fn.blocks.forEach((block, b) => {
    block.instrs.forEach((instr, i) => {
      const where = `bb${b}[${i}] ${instr.op}`;
      checkSpan(instr, where, problems);
      if (instr.stmt < -1 || instr.stmt >= fn.statements.length) problems.push(`${where}: no statement ${instr.stmt}`);
      if (instr.via !== undefined && (instr.via < 0 || instr.via >= fn.macroUses.length)) {
        problems.push(`${where}: no macro use ${instr.via}`);
      }
      forEachOperand(instr, (value) => use(value, where));
      const dst = destination(instr);
      if (dst === NO_VALUE) {
        if (instr.op === "copy" || instr.op === "load" || instr.op === "addr")
          problems.push(`${where}: no destination`);
      } else if (dst < 0 || dst >= fn.values.length) problems.push(`${where}: value ${dst} does not exist`);
      else {
        if (fn.values[dst].kind === "const") problems.push(`${where}: writes a constant`);
        defined.add(dst);
      }
      if (instr.op === "call") {
        if (instr.argSpans.length !== instr.args.length * 2)
          problems.push(`${where}: argSpans and args differ in length`);
        if ((instr.callee === "") === (instr.target === NO_VALUE)) {
          problems.push(`${where}: needs either a callee or a target`);
        }
      }
    });
    checkTerminator(fn, block.term, `bb${b} ${block.term.op}`, use, problems);
  });
  for (const { value, where } of read) {
    if (fn.values[value].kind === "temp" && !defined.has(value)) {
      problems.push(`${where}: reads a temporary that nothing defines`);
    }
  }
  return problems;
}

function checkTables(fn: FunctionIr, problems: string[]): void {
  for (const id of fn.params) {
    if (fn.values[id]?.kind !== "param") problems.push(`parameter list names value ${id}, which is no parameter`);
  }
  fn.values.forEach((value, id) => {
    if (value.kind === "param" && !fn.params.includes(id)) problems.push(`parameter ${value.name} is not in the list`);
  });
  fn.statements.forEach((statement, index) => {
    checkSpan(statement, `statement ${index}`, problems);
    if (statement.parent < -1 || statement.parent >= index) {
      problems.push(`statement ${index}: parent ${statement.parent} does not come before it`);
    }
  });
  fn.macroUses.forEach((use, index) => {
    checkSpan(use, `macro use ${index}`, problems);
    if (use.parent < -1 || use.parent >= index) problems.push(`macro use ${index}: parent does not come before it`);
  });
}

function checkSpan(span: { start: number; end: number }, where: string, problems: string[]): void {
  if (!(span.start >= 0 && span.end >= span.start))
    problems.push(`${where}: span ${span.start}..${span.end} is no range`);
}

function checkTerminator(
  fn: FunctionIr,
  term: Terminator,
  where: string,
  use: (value: ValueId, where: string) => void,
  problems: string[],
): void {
  checkSpan(term, where, problems);
  const operand = terminatorOperand(term);
  if (operand !== NO_VALUE) use(operand, where);
  else if (term.op === "branch" || term.op === "switch") problems.push(`${where}: no condition`);
  if ("stmt" in term && (term.stmt < -1 || term.stmt >= fn.statements.length)) {
    problems.push(`${where}: no statement ${term.stmt}`);
  }
  const target = (block: number) => {
    if (!Number.isInteger(block) || block < 0 || block >= fn.blocks.length)
      problems.push(`${where}: no block ${block}`);
  };
  if (term.op === "goto") target(term.target);
  else if (term.op === "branch") {
    target(term.then);
    target(term.else);
  } else if (term.op === "switch") {
    for (const c of term.cases) target(c.target);
    // Alternatives of the preprocessor can each bring a default of their own.
    if (!term.cases.some((c) => c.text === null)) problems.push(`${where}: no default case`);
  }
}
