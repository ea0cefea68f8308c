/** What branches tell about the classes of objects: a helper that asks again what its caller has ruled out does nothing there. */
import { type Cfg, dominates } from "../../ir/cfg.ts";
import type { BlockId, FunctionIr, Instr, ValueId } from "../../ir/types.ts";
import { destination } from "../../ir/visit.ts";
import type { TypeTest } from "./access-types.ts";
import type { PointsTo } from "./points-to.ts";

/** Tests known to have answered yes, and no, when a block starts. */
export interface KnownTests {
  passed: readonly TypeTest[];
  failed: readonly TypeTest[];
}

const NOTHING: KnownTests = { passed: [], failed: [] };

/** For each block the tests of parameters that every path to it has made. */
export function typeTests(ir: FunctionIr, cfg: Cfg, pointsTo: PointsTo): readonly KnownTests[] {
  const definitions = soleDefinitions(ir);
  const known: KnownTests[] = ir.blocks.map(() => NOTHING);
  const note = (from: BlockId, answer: keyof KnownTests, tests: readonly TypeTest[]) => {
    if (cfg.predecessors[from].length !== 1) return;
    for (const b of cfg.order) {
      if (dominates(cfg, from, b)) known[b] = { ...known[b], [answer]: [...known[b][answer], ...tests] };
    }
  };
  for (const { term } of ir.blocks) {
    if (term.op !== "branch" || term.then === term.else) continue;
    const { call, negated } = testedCall(term.cond, definitions);
    if (call === undefined) continue;
    const test = nameOf(ir, call, definitions);
    const tests = pointsTo.of(call.args[0] ?? -1).flatMap((at) => (at[0] === "p" ? [{ at, test }] : []));
    if (tests.length === 0) continue;
    note(negated ? term.else : term.then, "passed", tests);
    note(negated ? term.then : term.else, "failed", tests);
  }
  return known;
}

function soleDefinitions(ir: FunctionIr): Map<ValueId, Instr> {
  const found = new Map<ValueId, Instr>();
  const several = new Set<ValueId>();
  for (const instr of ir.blocks.flatMap((b) => b.instrs)) {
    const dst = destination(instr);
    if (found.has(dst)) several.add(dst);
    found.set(dst, instr);
  }
  for (const value of several) found.delete(value);
  return found;
}

/** The type test that a condition is, behind `!` and copies. */
function testedCall(
  cond: ValueId,
  definitions: ReadonlyMap<ValueId, Instr>,
): { call?: Instr & { op: "call" }; negated: boolean } {
  let negated = false;
  let value = cond;
  for (let steps = 0; steps < 6; steps++) {
    const instr = definitions.get(value);
    if (instr?.op === "copy") value = instr.src;
    else if (instr?.op === "unary" && instr.operator === "!") {
      negated = !negated;
      value = instr.operand;
    } else return instr?.op === "call" && isTypeTest(instr.callee) ? { call: instr, negated } : { negated };
  }
  return { negated };
}

/** By CPython's naming of its own tests, which projects follow. */
function isTypeTest(callee: string): boolean {
  return callee.endsWith("Check") || callee.endsWith("CheckExact") || callee === "Py_IS_TYPE";
}

/** Name of the test with the class it asks for: `PyObject_TypeCheck Counter_Type`. */
function nameOf(ir: FunctionIr, call: Instr & { op: "call" }, definitions: ReadonlyMap<ValueId, Instr>): string {
  const names = call.args.slice(1).map((arg) => {
    const instr = definitions.get(arg);
    const value = ir.values[instr?.op === "addr" && instr.path === "" ? instr.base : arg];
    return value?.kind === "global" ? value.name : `value ${arg} of ${ir.name}`;
  });
  return [call.callee, ...names].join(" ");
}
