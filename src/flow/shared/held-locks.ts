/** Which locks are effective at each point of a function, as locations. */
import type { Cfg } from "../../ir/cfg.ts";
import type { FunctionIr, Instr, LockKind } from "../../ir/types.ts";
import type { Point } from "../../ir/visit.ts";
import { type Domain, type Solution, solve } from "../solver.ts";
import type { HeldLock } from "./access-types.ts";
import { type Location, parameterOf, rebase, UNKNOWN } from "./location.ts";
import type { PointsTo, SummaryOf } from "./points-to.ts";

interface Fact {
  held: readonly HeldLock[];
  detached: boolean;
}

const isSection = (kind: LockKind) => kind === "critical-section" || kind === "critical-section2";

export class HeldLocks {
  private readonly solution: Solution<Fact>;

  constructor(ir: FunctionIr, cfg: Cfg, pointsTo: PointsTo, summaryOf: SummaryOf) {
    const domain: Domain<Fact> = {
      direction: "forward",
      boundary: { held: [], detached: false },
      join: (a, b) => ({
        held: a.held.filter((x) => b.held.some((y) => sameLock(x, y))),
        detached: a.detached || b.detached,
      }),
      equal: (a, b) => a.detached === b.detached && a.held.length === b.held.length,
      transfer: (fact, instr) => transfer(fact, instr, pointsTo, summaryOf),
    };
    this.solution = solve(ir, cfg, domain);
  }

  /** Locks effective just before `point`; a critical section is not effective while the thread is detached. */
  at(point: Point): readonly HeldLock[] {
    const fact = this.solution.before(point);
    if (!fact) return [];
    return fact.detached ? fact.held.filter((l) => !isSection(l.kind)) : fact.held;
  }
}

const ANONYMOUS: HeldLock = { kind: "native", at: UNKNOWN };

/** `m.lock()`, `m.unlock()` and their like on a C++ mutex or a class that behaves like one. */
export function lockMethod(instr: Instr): "lock" | "unlock" | undefined {
  if (instr.op !== "call" || instr.receiver === undefined || instr.args.length > 0) return undefined;
  if (instr.callee === "lock" || instr.callee === "lock_shared" || instr.callee === "acquire") return "lock";
  return instr.callee === "unlock" || instr.callee === "unlock_shared" || instr.callee === "release"
    ? "unlock"
    : undefined;
}

export function sameLock(a: HeldLock, b: HeldLock): boolean {
  return a.at === b.at && a.kind === b.kind;
}

function transfer(fact: Fact, instr: Instr, pointsTo: PointsTo, summaryOf: SummaryOf): Fact {
  switch (instr.op) {
    case "detach":
      return { ...fact, detached: true };
    case "attach":
      return { ...fact, detached: false };
    case "lock":
      return { ...fact, held: [...fact.held, ...locksOf(instr.args, instr.lock, pointsTo)] };
    case "unlock":
      return { ...fact, held: release(fact.held, instr, pointsTo) };
    case "call": {
      let { held } = fact;
      const method = lockMethod(instr);
      if (method !== undefined) {
        const locks = pointsTo.receiverOf(instr).map((at): HeldLock => ({ kind: "native", at }));
        if (method === "lock") return { ...fact, held: [...held, ...(locks.length > 0 ? locks : [ANONYMOUS])] };
        const gone = locks.length > 0 ? locks : [ANONYMOUS];
        return { ...fact, held: held.filter((l) => !gone.some((g) => g.at === l.at)) };
      }
      for (const id of pointsTo.calleesOf(instr)) {
        const summary = summaryOf(id);
        if (!summary || (summary.acquires.length === 0 && summary.releases.length === 0)) continue;
        const onto = (lock: HeldLock): HeldLock[] => {
          const n = parameterOf(lock.at);
          if (n === undefined) return [lock];
          const targets = n < 0 ? pointsTo.receiverOf(instr) : pointsTo.of(instr.args[n] ?? -1);
          return targets.map((t) => ({ kind: lock.kind, at: rebase(lock.at, t) }));
        };
        const gone = summary.releases.flatMap(onto);
        held = held.filter((l) => !gone.some((g) => sameLock(l, g)));
        held = [...held, ...summary.acquires.flatMap(onto)];
      }
      return held === fact.held ? fact : { ...fact, held };
    }
    default:
      return fact;
  }
}

/** What a lock instruction with these arguments locks. */
export function locksOf(args: readonly number[], kind: LockKind, pointsTo: PointsTo): HeldLock[] {
  const found: HeldLock[] = [];
  for (const arg of args) {
    const targets = pointsTo.of(arg);
    const places = targets.length > 0 ? targets : pointsTo.sourceOf(arg);
    for (const at of places.length > 0 ? places : [named(arg, pointsTo)]) found.push({ kind, at });
  }
  return found.length > 0 ? found : [{ kind, at: UNKNOWN }];
}

/** A lock that is no variable of the project is known by its name. */
function named(arg: number, { ir }: PointsTo): Location {
  const value = ir.values[arg];
  return value?.kind === "global" ? `@lock:${value.name}` : UNKNOWN;
}

function release(
  held: readonly HeldLock[],
  instr: Instr & { op: "lock" | "unlock" },
  pointsTo: PointsTo,
): readonly HeldLock[] {
  if (isSection(instr.lock) || instr.args.length === 0) {
    // An END closes the innermost BEGIN, which may have locked two objects.
    for (let i = held.length - 1; i >= 0; i--) {
      if (isSection(held[i].kind) !== isSection(instr.lock)) continue;
      const from =
        held[i].kind === "critical-section2" && i > 0 && held[i - 1].kind === "critical-section2" ? i - 1 : i;
      return [...held.slice(0, from), ...held.slice(i + 1)];
    }
    return held;
  }
  const gone = locksOf(instr.args, instr.lock, pointsTo);
  return held.filter((l) => !gone.some((g) => g.at === l.at));
}
