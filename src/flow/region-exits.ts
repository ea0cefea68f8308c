/** Ways out of a region between an opening and a closing instruction that do not pass the closing one. */
import type { Cfg } from "../ir/cfg.ts";
import type { BlockId, FunctionIr, Terminator } from "../ir/types.ts";
import type { Point } from "../ir/visit.ts";

export interface RegionExit {
  block: BlockId;
  term: Terminator;
}

/**
 * Terminators that leave a region for good: returns inside it, and jumps (`goto`, `break`, `continue`) behind which no closing
 * instruction comes any more. `region` are the blocks at whose end the region is open, `closings` the instructions that close
 * it. Empty if nothing closes it at all. In block order.
 */
export function regionExits(
  fn: FunctionIr,
  cfg: Cfg,
  region: readonly BlockId[],
  closings: readonly Point[],
): RegionExit[] {
  if (closings.length === 0) return [];
  const inside = new Set(region);
  const closing = new Set(closings.map((p) => p.block));
  const leading = leadingTo(cfg, closing, inside);
  const exits = new Map<BlockId, Terminator>();
  for (const b of region) {
    const { term } = fn.blocks[b];
    if (term.op === "return") {
      // A return reached through another exit is that exit's consequence.
      const from = cfg.predecessors[b].filter((p) => inside.has(p));
      if (from.length === 0 || from.some((p) => leading.has(p))) exits.set(b, term);
      continue;
    }
    if (!leading.has(b)) continue;
    for (const next of cfg.successors[b]) {
      if (leading.has(next) || closing.has(next)) continue;
      const { op } = fn.blocks[next].term;
      const exit = op === "goto" || op === "return" ? next : b;
      exits.set(exit, fn.blocks[exit].term);
    }
  }
  return [...exits].sort(([a], [b]) => a - b).map(([block, term]) => ({ block, term }));
}

/** Blocks of the region from whose end a closing block is reached without leaving the region. */
function leadingTo(cfg: Cfg, closing: ReadonlySet<BlockId>, inside: ReadonlySet<BlockId>): Set<BlockId> {
  const found = new Set<BlockId>();
  const work = [...closing];
  while (work.length > 0) {
    const b = work.pop()!;
    for (const p of cfg.predecessors[b]) {
      if (!inside.has(p) || found.has(p)) continue;
      found.add(p);
      work.push(p);
    }
  }
  return found;
}
