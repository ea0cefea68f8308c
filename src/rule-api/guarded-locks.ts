/**
 * Locks that are taken and released on one condition: `if (self->shared) lock` ... `if (self->shared) unlock`. On the paths
 * where the condition is false nothing is held and nothing is missing.
 */
import type { FunctionAnalyses } from "../flow/function-analyses.ts";
import type { LockSite } from "../flow/locks.ts";
import { endOf } from "../flow/points.ts";
import type { BlockId, Terminator } from "../ir/types.ts";
import type { Point } from "../ir/visit.ts";

/** Held at `point` on every path, or on every path on which the condition of a guarded lock is true. */
export function heldOrGuarded(flow: FunctionAnalyses, point: Point): LockSite[] {
  return flow.locks
    .mayHoldAt(point)
    .filter((h) => h.must || isGuarded(flow, h.site))
    .map((h) => h.site);
}

/** True if the lock is taken under a condition under which it is also released. */
export function isGuarded(flow: FunctionAnalyses, site: LockSite): boolean {
  return guardedReleases(flow, site).length > 0;
}

/** Terminators of returns that `site` is still held at, on paths that a guarded release does not explain. */
export function unreleasedReturns(flow: FunctionAnalyses, site: LockSite): { block: BlockId; term: Terminator }[] {
  const { fn, cfg, locks } = flow;
  const guarded = new Set(guardedReleases(flow, site));
  const released = new Set(locks.releasesOf(site).map((p) => p.block));
  const seen = new Set<BlockId>();
  const found: { block: BlockId; term: Terminator }[] = [];
  const work: BlockId[] = [site.point.block];
  while (work.length > 0) {
    const block = work.pop()!;
    const { term } = fn.blocks[block];
    if (term.op === "return" && locks.mayHoldAt(endOf(fn, block)).some((h) => h.site === site))
      found.push({ block, term });
    if (guarded.has(block) || (released.has(block) && block !== site.point.block)) continue;
    for (const next of cfg.successors[block]) {
      if (seen.has(next)) continue;
      seen.add(next);
      work.push(next);
    }
  }
  return found.sort((a, b) => a.term.start - b.term.start);
}

/** Blocks that branch on the condition of `site` into a block that releases it. */
function guardedReleases(flow: FunctionAnalyses, site: LockSite): BlockId[] {
  const guard = conditionOf(flow, site.point.block);
  if (guard === undefined) return [];
  return flow.locks.releasesOf(site).flatMap(({ block }) => {
    const condition = conditionOf(flow, block);
    return condition !== undefined && condition.name === guard.name && condition.side === guard.side
      ? [condition.block]
      : [];
  });
}

/** The condition on which alone a block is entered. */
function conditionOf(
  flow: FunctionAnalyses,
  entered: BlockId,
): { block: BlockId; name: string; side: boolean } | undefined {
  const { fn, cfg, accessPaths } = flow;
  let current = entered;
  for (let steps = 0; steps < 4; steps++) {
    const [block, ...others] = cfg.predecessors[current];
    if (block === undefined || others.length > 0) return undefined;
    const { term } = fn.blocks[block];
    if (term.op === "branch" && term.then !== term.else) {
      const name = accessPaths.of(term.cond, endOf(fn, block));
      return { block, name, side: term.then === current };
    }
    current = block;
  }
  return undefined;
}
