/**
 * What a single instruction can do beside its own work: run Python code, or give the thread state up (and so suspend the
 * critical sections that are held). Also: what lies between two points.
 */
import { lockCall } from "../capi/locks.ts";
import { callEffect } from "../capi/may-run-python.ts";
import type { BlockId, Instr } from "../ir/types.ts";
import type { Point } from "../ir/visit.ts";
import type { CallInstr } from "./environment.ts";
import type { FunctionAnalyses } from "./function-analyses.ts";

export interface InstrEffect {
  /**
   * `python`: runs arbitrary Python code or code that is not known. `python-if-custom`: only if an operand is of a type that is
   * not built in. `suspends`: may give the thread state up. `neither`: none of these.
   */
  effect: "python" | "python-if-custom" | "suspends" | "neither";
  why: string;
}

const NEITHER: InstrEffect = { effect: "neither", why: "" };

/** Effect of the instruction at `point`. */
export function effectAt(analyses: FunctionAnalyses, point: Point): InstrEffect {
  const instr: Instr | undefined = analyses.fn.blocks[point.block].instrs[point.index];
  switch (instr?.op) {
    case "call":
      return effectOfCall(analyses, instr);
    case "unknown":
      return { effect: "python", why: "code that was not understood" };
    case "detach":
      return { effect: "suspends", why: `${instr.form} detaches the thread state` };
    case "lock": {
      const waits = lockCall(instr.form)?.whileWaiting === "detaches" || instr.lock.startsWith("critical-section");
      return waits ? { effect: "suspends", why: `${instr.form} may wait for the lock` } : NEITHER;
    }
    default:
      return NEITHER;
  }
}

function effectOfCall(analyses: FunctionAnalyses, call: CallInstr): InstrEffect {
  if (call.callee === "") return effectOfIndirect(analyses, call);
  const summary = analyses.environment.callee(analyses.fn, call);
  if (summary !== undefined) {
    if (summary.mayRunPython) return { effect: "python", why: `\`${call.callee}\` may run Python code` };
    if (summary.maySuspend) return { effect: "suspends", why: `\`${call.callee}\` may give the thread state up` };
    return NEITHER;
  }
  const known = callEffect(call.callee);
  return known === undefined || known.effect === "neither" ? NEITHER : { effect: known.effect, why: known.why };
}

/** A call through a slot of a type runs whatever the type has there; allocation and `free` slots run no Python code. */
function effectOfIndirect(analyses: FunctionAnalyses, call: CallInstr): InstrEffect {
  const load = analyses.defUse.soleDefinition(call.target)?.instr;
  const slot = load?.op === "load" ? load.path.slice(load.path.lastIndexOf(".") + 1) : "";
  if (slot === "tp_alloc") return { effect: "suspends", why: "an allocation may start the garbage collector" };
  if (slot === "tp_free") return NEITHER;
  return { effect: "python", why: slot === "" ? "an indirect call" : `a call through \`${slot}\`` };
}

/**
 * Instructions that can execute after `from` and before `to`, in code order; neither of the two is among them unless a loop
 * leads back to it. `avoiding` ends a path (a new definition).
 */
export function pointsBetween(analyses: FunctionAnalyses, from: Point, to: Point, avoiding?: Point): Point[] {
  const { fn, cfg } = analyses;
  const isAt = (p: Point | undefined, block: BlockId, index: number) => p?.block === block && p.index === index;
  /** First index after which forward execution is known, per block. */
  const forward = new Map<string, Point>();
  const seen = new Set<BlockId>();
  const starts: Point[] = [{ block: from.block, index: from.index + 1 }];
  while (starts.length > 0) {
    const start = starts.pop()!;
    const { instrs } = fn.blocks[start.block];
    let ended = false;
    for (let i = start.index; i < instrs.length && !ended; i++) {
      if (isAt(avoiding, start.block, i)) ended = true;
      else if (!isAt(to, start.block, i)) forward.set(`${start.block}.${i}`, { block: start.block, index: i });
    }
    if (ended) continue;
    for (const s of cfg.successors[start.block]) {
      if (seen.has(s)) continue;
      seen.add(s);
      starts.push({ block: s, index: 0 });
    }
  }
  const found: Point[] = [];
  const seenBack = new Set<BlockId>();
  const ends: Point[] = [{ block: to.block, index: to.index - 1 }];
  const collected = new Set<string>();
  while (ends.length > 0) {
    const end = ends.pop()!;
    let ended = false;
    for (let i = end.index; i >= 0 && !ended; i--) {
      const key = `${end.block}.${i}`;
      const point = forward.get(key);
      if (point !== undefined && !collected.has(key)) {
        collected.add(key);
        found.push(point);
      }
      ended = isAt(avoiding, end.block, i) || isAt(from, end.block, i);
    }
    if (ended) continue;
    for (const p of cfg.predecessors[end.block]) {
      if (seenBack.has(p)) continue;
      seenBack.add(p);
      ends.push({ block: p, index: fn.blocks[p].instrs.length - 1 });
    }
  }
  return found.sort((a, b) => a.block - b.block || a.index - b.index);
}

/** The first instruction between two points that has one of `effects`, with what it does. */
export function firstEffectBetween(
  analyses: FunctionAnalyses,
  from: Point,
  to: Point,
  effects: readonly InstrEffect["effect"][],
  avoiding?: Point,
): { point: Point; instr: Instr; why: string } | undefined {
  for (const point of pointsBetween(analyses, from, to, avoiding)) {
    const { effect, why } = effectAt(analyses, point);
    if (effects.includes(effect)) return { point, instr: analyses.fn.blocks[point.block].instrs[point.index], why };
  }
  return undefined;
}
