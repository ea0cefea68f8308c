/** What the code itself has made sure of before it uses an object. */
import { typeTest } from "../capi/immutable.ts";
import type { ObjectType } from "../capi/provenance.ts";
import { branchTests } from "../flow/branch-test.ts";
import type { FunctionAnalyses } from "../flow/function-analyses.ts";
import { dominates } from "../ir/cfg.ts";
import type { BlockId, ValueId } from "../ir/types.ts";
import { forEachInstr, type Point } from "../ir/visit.ts";

/** True if every path to `point` went through a test that the object in `value` is of `type`, which came out true. */
export function isTestedAs(flow: FunctionAnalyses, value: ValueId, point: Point, type: ObjectType): boolean {
  const { fn, accessPaths } = flow;
  const name = accessPaths.of(value, point);
  let found = false;
  forEachInstr(fn, (instr, block, index) => {
    if (found || instr.op !== "call" || typeTest(instr.callee)?.type !== type) return;
    const [tested] = instr.args;
    if (tested === undefined || accessPaths.of(tested, { block, index }) !== name) return;
    found = trueSides(flow, instr.dst).some((b) => b === point.block || dominates(flow.cfg, b, point.block));
  });
  return found;
}

/** Blocks that are entered only if `result` is not 0. */
function trueSides({ fn, cfg, defUse }: FunctionAnalyses, result: ValueId): BlockId[] {
  const sides: BlockId[] = [];
  for (const { term } of fn.blocks) {
    if (term.op !== "branch" || term.then === term.else) continue;
    const test = branchTests(defUse, term.cond).find((t) => t.value === result);
    if (test === undefined) continue;
    const side = test.whenTrue.includes("zero") ? term.else : term.then;
    if (cfg.predecessors[side].length === 1) sides.push(side);
  }
  return sides;
}
