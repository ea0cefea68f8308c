/** The last step of lowering a function: unreachable and empty blocks go, the rest is numbered in source order. */
import type { Block, BlockId, Terminator } from "../../ir/types.ts";
import { successors } from "../../ir/visit.ts";

/** Longest chain of empty blocks that is followed. */
const MAX_HOPS = 1000;

/** `order` lists blocks in the order of their code; block 0 is the entry. All blocks have a terminator. */
export function compact(blocks: readonly Block[], order: readonly BlockId[]): Block[] {
  const seen = new Set<BlockId>([0]);
  const work: BlockId[] = [0];
  for (let at = work.pop(); at !== undefined; at = work.pop()) {
    const block = blocks[at];
    block.term = retargeted(block.term, (target) => forward(blocks, target));
    for (const next of successors(block.term)) {
      if (seen.has(next)) continue;
      seen.add(next);
      work.push(next);
    }
  }
  join(blocks, seen);
  const number = new Map<BlockId, BlockId>();
  const kept: Block[] = [];
  for (const id of [0, ...order, ...seen]) {
    if (!seen.has(id) || number.has(id)) continue;
    number.set(id, kept.length);
    kept.push(blocks[id]);
  }
  for (const block of kept) block.term = retargeted(block.term, (target) => number.get(target)!);
  return kept;
}

/** A block whose only way in is an unconditional jump becomes the end of the block that jumps. */
function join(blocks: readonly Block[], reachable: Set<BlockId>): void {
  const entries = new Map<BlockId, number>([[0, 1]]);
  for (const id of reachable) for (const to of successors(blocks[id].term)) entries.set(to, (entries.get(to) ?? 0) + 1);
  for (const id of [...reachable]) {
    if (!reachable.has(id)) continue;
    const block = blocks[id];
    for (;;) {
      const { term } = block;
      if (term.op !== "goto" || term.label !== undefined || entries.get(term.target) !== 1) break;
      const next = term.target;
      if (next === id || !reachable.has(next)) break;
      for (const instr of blocks[next].instrs) block.instrs.push(instr);
      block.term = blocks[next].term;
      reachable.delete(next);
    }
  }
}

/** Where a jump to `block` ends up when blocks that only jump on are skipped; a labelled `goto` keeps its block. */
function forward(blocks: readonly Block[], block: BlockId): BlockId {
  let at = block;
  for (let hops = 0; hops < MAX_HOPS; hops++) {
    const { instrs, term } = blocks[at];
    if (instrs.length > 0 || term.op !== "goto" || term.label !== undefined || term.target === at) return at;
    at = term.target;
  }
  return at;
}

function retargeted(term: Terminator, map: (target: BlockId) => BlockId): Terminator {
  switch (term.op) {
    case "goto":
      return { ...term, target: map(term.target) };
    case "branch": {
      const [yes, no] = [map(term.then), map(term.else)];
      const { op, cond, start, end, stmt } = term;
      // biome-ignore lint/suspicious/noThenProperty: a field of the IR
      return { op, cond, then: yes, else: no, start, end, stmt };
    }
    case "switch":
      return { ...term, cases: term.cases.map((c) => ({ text: c.text, target: map(c.target) })) };
    default:
      return term;
  }
}
