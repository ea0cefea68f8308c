/** Native locks that a thread waits for while it is attached to the interpreter. */
import { lockCall } from "../capi/locks.ts";
import { maySuspend } from "../capi/may-run-python.ts";
import { neverReturns } from "../capi/no-return.ts";
import { walkForward } from "../flow/points.ts";
import type { Instr, LockKind } from "../ir/types.ts";
import type { Point } from "../ir/visit.ts";
import type { FunctionContext } from "./context.ts";
import { isReachedAttached, stateNeed } from "./thread-state.ts";

type LockInstr = Extract<Instr, { op: "lock" | "unlock" }>;

export interface AttachedWait {
  lock: LockInstr;
  /** A call that may run Python code or wait for other threads while the lock is held; undefined if there is none. */
  use?: { name: string; start: number; end: number };
}

const NATIVE: ReadonlySet<LockKind> = new Set(["native", "thread-lock", "raii"]);

/** Blocking acquisitions of native locks in `fn` that are made attached. */
export function attachedWaits(fn: FunctionContext): AttachedWait[] {
  const found: AttachedWait[] = [];
  fn.ir.blocks.forEach((block, b) => {
    if (!fn.flow.cfg.reachable[b]) return;
    block.instrs.forEach((instr, i) => {
      const point = { block: b, index: i };
      if (instr.op !== "lock" || !NATIVE.has(instr.lock) || !blocks(fn, instr, point)) return;
      if (fn.flow.threadStates.at(point) === "attached")
        found.push({ lock: instr, use: useWhileHeld(fn, instr, point) });
    });
  });
  return found.length > 0 && !fn.initOnly && isReachedAttached(fn.project, fn.id) ? found : [];
}

/** False for attempts: by their name, by a constant 0, or because the result is tested. */
function blocks(fn: FunctionContext, instr: LockInstr, point: Point): boolean {
  const known = lockCall(instr.form);
  if (known?.whileWaiting === "never-waits" || known?.tries === true) return false;
  if (known?.tries !== "flag") return true;
  if (instr.dst === undefined) return true;
  return !fn.flow.defUse.usesOf(instr.dst).some((u) => u.point.block >= point.block && u.role === "null-test");
}

/** The first call between acquisition and release that may let another thread wait for this one. */
function useWhileHeld(fn: FunctionContext, lock: LockInstr, from: Point): AttachedWait["use"] {
  const { index } = fn.project;
  let found: AttachedWait["use"];
  walkForward(fn.ir, fn.flow.cfg, from, (point) => {
    const instr = fn.ir.blocks[point.block].instrs[point.index];
    if (instr === undefined || found) return !found;
    if (instr.op === "unlock" && (instr.lock === lock.lock || lock.lock === "raii" || instr.lock === "raii"))
      return false;
    if (instr.op !== "call" || instr.callee === "" || neverReturns(instr.callee)) return true;
    const callees = index.resolveCall(fn.file, instr.callee);
    const uses =
      callees.length === 0
        ? instr.receiver === undefined && stateNeed(instr.callee) !== undefined && maySuspend(instr.callee)
        : callees.every((c) => fn.project.maySuspend(c));
    if (uses) found = { name: instr.callee, start: instr.start, end: instr.end };
    return !found;
  });
  return found;
}
