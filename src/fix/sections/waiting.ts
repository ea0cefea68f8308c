/** Calls that may wait for a lock, and so give up the sections that are held, although they run no Python code. */
import { effectAt } from "../../flow/effects.ts";
import type { FunctionAnalyses } from "../../flow/function-analyses.ts";
import type { Point } from "../../ir/visit.ts";

/**
 * What waits at `point`, in words; undefined if nothing does. Where Python code may run, other threads could get in with the GIL as well:
 * the code has to expect that, and it does not count. A container that nobody else has is not waited for.
 */
export function waitingAt(flow: FunctionAnalyses, point: Point): string | undefined {
  const instr = flow.fn.blocks[point.block].instrs[point.index];
  if (instr === undefined || instr.op === "detach" || !flow.cfg.reachable[point.block]) return undefined;
  const { effect, why } = effectAt(flow, point);
  if (effect !== "suspends") return undefined;
  if (instr.op === "call" && instr.callee !== "") {
    const [container] = instr.args;
    const isOwn = CONTAINERS.some((prefix) => instr.callee.startsWith(prefix));
    if (isOwn && container !== undefined && flow.provenance.sharing(container, point) === "private") return undefined;
    return `\`${instr.callee}\``;
  }
  return instr.op === "lock" ? `\`${instr.form}\`` : why;
}

const CONTAINERS: readonly string[] = ["PyList_", "PyDict_", "PySet_"];
