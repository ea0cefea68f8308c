/** Order of execution between single instructions. */
import type { Cfg } from "../ir/cfg.ts";
import { dominates } from "../ir/cfg.ts";
import type { BlockId, FunctionIr } from "../ir/types.ts";
import type { Point } from "../ir/visit.ts";

/** The terminator of a block as a point. */
export function endOf(fn: FunctionIr, block: BlockId): Point {
  return { block, index: fn.blocks[block].instrs.length };
}

/**
 * Whether execution can go from just after `from` to `to`, without executing `avoiding` in between (a new definition, a
 * new iteration's allocation). `to` itself may be `avoiding`.
 */
export function reaches(cfg: Cfg, from: Point, to: Point, avoiding?: Point): boolean {
  const blocked = (block: BlockId, first: number, last: number) =>
    avoiding !== undefined && avoiding.block === block && avoiding.index >= first && avoiding.index < last;
  if (from.block === to.block && from.index < to.index) {
    if (!blocked(from.block, from.index + 1, to.index)) return true;
  }
  if (blocked(from.block, from.index + 1, Number.POSITIVE_INFINITY)) return false;
  const seen = new Set<BlockId>();
  const work = [...cfg.successors[from.block]];
  while (work.length > 0) {
    const b = work.pop()!;
    if (seen.has(b)) continue;
    seen.add(b);
    if (b === to.block && !blocked(b, 0, to.index)) return true;
    if (blocked(b, 0, Number.POSITIVE_INFINITY)) continue;
    work.push(...cfg.successors[b]);
  }
  return false;
}

/** Whether every path from the entry to `b` executes `a` first. False for the same point. */
export function pointDominates(cfg: Cfg, a: Point, b: Point): boolean {
  if (a.block === b.block) return a.index < b.index && cfg.reachable[b.block];
  return dominates(cfg, a.block, b.block);
}

/**
 * Every point that can execute after `from` and before any of `stops` (region between BEGIN and END). The stops
 * themselves are not included. `visit` gets the points in no particular order; returning false ends that path.
 */
export function walkForward(fn: FunctionIr, cfg: Cfg, from: Point, visit: (point: Point) => boolean): void {
  const seen = new Set<BlockId>();
  const work: Point[] = [{ block: from.block, index: from.index + 1 }];
  while (work.length > 0) {
    const start = work.pop()!;
    const last = fn.blocks[start.block].instrs.length;
    let going = true;
    for (let i = start.index; i <= last && going; i++) going = visit({ block: start.block, index: i });
    if (!going) continue;
    for (const s of cfg.successors[start.block]) {
      if (seen.has(s)) continue;
      seen.add(s);
      work.push({ block: s, index: 0 });
    }
  }
}
