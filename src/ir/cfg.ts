/** The control-flow graph of one function: edges, orders, dominators and loops. */
import type { BlockId, FunctionIr } from "./types.ts";
import { successors } from "./visit.ts";

/** A natural loop: every block from which `header` is reached again without leaving through the header. */
export interface Loop {
  header: BlockId;
  /** Sources of the back edges, ascending. */
  latches: BlockId[];
  /** All blocks of the loop with the header, ascending. */
  blocks: BlockId[];
}

export interface Cfg {
  successors: BlockId[][];
  predecessors: BlockId[][];
  /** True for blocks that some path from the entry reaches. */
  reachable: boolean[];
  /** Reachable blocks in reverse post-order; the entry first. */
  order: BlockId[];
  /** Position of a block in `order`, -1 for unreachable blocks. */
  position: number[];
  /** Immediate dominator; -1 for the entry and for unreachable blocks. */
  idom: BlockId[];
}

/** Builds the graph. Linear but for dominators, which take a few passes on reducible code. */
export function buildCfg(fn: FunctionIr): Cfg {
  const count = fn.blocks.length;
  const next = fn.blocks.map((block) => successors(block.term));
  const previous: BlockId[][] = Array.from({ length: count }, () => []);
  next.forEach((targets, b) => {
    for (const t of targets) previous[t].push(b);
  });
  const order = reversePostOrder(next);
  const position = new Array<number>(count).fill(-1);
  order.forEach((b, i) => {
    position[b] = i;
  });
  const reachable = position.map((p) => p !== -1);
  return {
    successors: next,
    predecessors: previous,
    reachable,
    order,
    position,
    idom: dominators(order, position, previous),
  };
}

function reversePostOrder(next: BlockId[][]): BlockId[] {
  if (next.length === 0) return [];
  const seen = new Array<boolean>(next.length).fill(false);
  const post: BlockId[] = [];
  // An explicit stack: generated functions have thousands of blocks in a chain.
  const stack: { block: BlockId; child: number }[] = [{ block: 0, child: 0 }];
  seen[0] = true;
  while (stack.length > 0) {
    const top = stack[stack.length - 1];
    if (top.child < next[top.block].length) {
      const target = next[top.block][top.child++];
      if (!seen[target]) {
        seen[target] = true;
        stack.push({ block: target, child: 0 });
      }
    } else {
      post.push(top.block);
      stack.pop();
    }
  }
  return post.reverse();
}

function dominators(order: BlockId[], position: number[], previous: BlockId[][]): BlockId[] {
  const idom = new Array<number>(position.length).fill(-1);
  if (order.length === 0) return idom;
  const entry = order[0];
  idom[entry] = entry;
  const intersect = (a: BlockId, b: BlockId) => {
    while (a !== b) {
      while (position[a] > position[b]) a = idom[a];
      while (position[b] > position[a]) b = idom[b];
    }
    return a;
  };
  let changed = true;
  while (changed) {
    changed = false;
    for (let i = 1; i < order.length; i++) {
      const block = order[i];
      let best = -1;
      for (const p of previous[block]) {
        if (position[p] === -1 || idom[p] === -1) continue;
        best = best === -1 ? p : intersect(p, best);
      }
      if (idom[block] !== best) {
        idom[block] = best;
        changed = true;
      }
    }
  }
  idom[entry] = -1;
  return idom;
}

/** Whether every path from the entry to `b` goes through `a`; a block dominates itself. False if `b` is unreachable. */
export function dominates(cfg: Cfg, a: BlockId, b: BlockId): boolean {
  if (!cfg.reachable[b]) return false;
  for (let block = b; block !== -1; block = cfg.idom[block]) if (block === a) return true;
  return false;
}

/** Natural loops, by header in reverse post-order (outer before inner). Irreducible cycles have no dominating header and are left out. */
export function findLoops(cfg: Cfg): Loop[] {
  const latches = new Map<BlockId, BlockId[]>();
  for (const b of cfg.order) {
    for (const target of cfg.successors[b]) {
      if (!dominates(cfg, target, b)) continue;
      const list = latches.get(target);
      if (list === undefined) latches.set(target, [b]);
      else list.push(b);
    }
  }
  const loops: Loop[] = [];
  for (const header of cfg.order) {
    const sources = latches.get(header);
    if (sources === undefined) continue;
    const inside = new Set<BlockId>([header]);
    const work = [...sources];
    while (work.length > 0) {
      const b = work.pop()!;
      if (inside.has(b) || !cfg.reachable[b]) continue;
      inside.add(b);
      work.push(...cfg.predecessors[b]);
    }
    const ascending = (a: number, b: number) => a - b;
    loops.push({ header, latches: sources.sort(ascending), blocks: [...inside].sort(ascending) });
  }
  return loops;
}

/** Blocks reachable from the end of `from` by one edge or more (contains `from` only if it is in a cycle). */
export function reachableFrom(cfg: Cfg, from: BlockId): Set<BlockId> {
  const found = new Set<BlockId>();
  const work = [...cfg.successors[from]];
  while (work.length > 0) {
    const b = work.pop()!;
    if (found.has(b)) continue;
    found.add(b);
    for (const s of cfg.successors[b]) if (!found.has(s)) work.push(s);
  }
  return found;
}
