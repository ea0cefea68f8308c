/**
 * The one dataflow solver. An analysis is a `Domain`: a lattice with a transfer function for instructions and, where
 * it pays, a refinement of the fact along an edge (after `if (x == NULL)`). Facts are immutable: transfer returns a new
 * one or the same.
 */
import type { Cfg } from "../ir/cfg.ts";
import type { BlockId, FunctionIr, Instr, Terminator } from "../ir/types.ts";
import type { Point } from "../ir/visit.ts";

export type Direction = "forward" | "backward";

export interface Domain<F> {
  direction: Direction;
  /** The fact at the entry (forward), or at every exit (backward). */
  boundary: F;
  /** Least upper bound of two facts that reach the same point. */
  join(a: F, b: F): F;
  equal(a: F, b: F): boolean;
  transfer(fact: F, instr: Instr, point: Point): F;
  /** Backward analyses see the terminator first, forward analyses last. Default: no effect. */
  terminator?(fact: F, term: Terminator, block: BlockId): F;
  /** The fact on the edge `from -> to`; null if no execution takes it. Forward only. Default: unchanged. */
  edge?(fact: F, from: BlockId, to: BlockId, term: Terminator): F | null;
}

export interface Solution<F> {
  /** True if the limit of visits was reached: the facts are then not to be trusted, and `before`/`after` give null. */
  gaveUp: boolean;
  /** Blocks visited, for statistics. */
  visits: number;
  /** Fact just before an instruction in execution order, null if nothing reaches it. */
  before(point: Point): F | null;
  /** Fact just after an instruction in execution order, null if nothing reaches it. */
  after(point: Point): F | null;
  /** Fact at the start (`index` 0) of a block, null if nothing reaches it. */
  atStart(block: BlockId): F | null;
  /** Fact after the terminator of a block, null if nothing reaches it. */
  atEnd(block: BlockId): F | null;
}

export interface SolverOptions {
  /** Visits allowed per block before the solver gives up. */
  visitsPerBlock?: number;
  /** Forward only: the block where `boundary` holds instead of the entry; what it does not reach stays without a fact. */
  start?: BlockId;
}

/** Enough for the finite lattices here, whose chains are as long as the number of things they track. */
const DEFAULT_VISITS = 60;

/** Runs `domain` over `fn` to its fixed point, or gives up after a bounded number of visits. */
export function solve<F>(fn: FunctionIr, cfg: Cfg, domain: Domain<F>, options: SolverOptions = {}): Solution<F> {
  const forward = domain.direction === "forward";
  const count = fn.blocks.length;
  /** Fact where the analysis enters a block: its start (forward) or its end (backward). */
  const entering = new Array<F | null>(count).fill(null);
  const queue = new BlockQueue(cfg, forward);
  if (forward) {
    const start = options.start ?? 0;
    if (count > 0) {
      entering[start] = domain.boundary;
      queue.add(start);
    }
  } else {
    for (const b of cfg.order) {
      if (cfg.successors[b].length > 0) continue;
      entering[b] = domain.boundary;
      queue.add(b);
    }
  }
  const limit = count * (options.visitsPerBlock ?? DEFAULT_VISITS);
  let visits = 0;
  for (let b = queue.take(); b !== undefined; b = queue.take()) {
    if (++visits > limit) return abandoned(visits);
    const fact = entering[b];
    if (fact === null) continue;
    const result = runBlock(fn, domain, fact, b);
    const { term } = fn.blocks[b];
    for (const next of forward ? cfg.successors[b] : cfg.predecessors[b]) {
      const passed = forward && domain.edge !== undefined ? domain.edge(result, b, next, term) : result;
      if (passed === null) continue;
      const old = entering[next];
      const joined = old === null ? passed : domain.join(old, passed);
      if (old !== null && domain.equal(old, joined)) continue;
      entering[next] = joined;
      queue.add(next);
    }
  }
  return new Facts(fn, domain, entering, visits);
}

function abandoned<F>(visits: number): Solution<F> {
  const nothing = () => null;
  return { gaveUp: true, visits, before: nothing, after: nothing, atStart: nothing, atEnd: nothing };
}

function runBlock<F>(fn: FunctionIr, domain: Domain<F>, fact: F, b: BlockId): F {
  const { instrs, term } = fn.blocks[b];
  let current = fact;
  if (domain.direction === "forward") {
    for (let i = 0; i < instrs.length; i++) current = domain.transfer(current, instrs[i], { block: b, index: i });
    return domain.terminator === undefined ? current : domain.terminator(current, term, b);
  }
  if (domain.terminator !== undefined) current = domain.terminator(current, term, b);
  for (let i = instrs.length - 1; i >= 0; i--) current = domain.transfer(current, instrs[i], { block: b, index: i });
  return current;
}

/** Facts at block boundaries; inside a block they are recomputed, and the last block asked for is kept. */
class Facts<F> implements Solution<F> {
  readonly gaveUp = false;
  readonly visits: number;
  private readonly fn: FunctionIr;
  private readonly domain: Domain<F>;
  private readonly entering: (F | null)[];
  private cachedBlock = -1;
  /** Facts between the instructions of the cached block, in source order; two more than instructions. */
  private cached: (F | null)[] = [];

  constructor(fn: FunctionIr, domain: Domain<F>, entering: (F | null)[], visits: number) {
    this.fn = fn;
    this.domain = domain;
    this.entering = entering;
    this.visits = visits;
  }

  before(point: Point): F | null {
    return this.factsOf(point.block)[point.index];
  }

  after(point: Point): F | null {
    return this.factsOf(point.block)[point.index + 1];
  }

  atStart(block: BlockId): F | null {
    return this.factsOf(block)[0];
  }

  atEnd(block: BlockId): F | null {
    return this.factsOf(block)[this.fn.blocks[block].instrs.length + 1];
  }

  private factsOf(b: BlockId): (F | null)[] {
    if (b === this.cachedBlock) return this.cached;
    const { instrs, term } = this.fn.blocks[b];
    const facts = new Array<F | null>(instrs.length + 2).fill(null);
    let current = this.entering[b];
    if (current !== null) {
      const { domain } = this;
      if (domain.direction === "forward") {
        facts[0] = current;
        for (let i = 0; i < instrs.length; i++) {
          current = domain.transfer(current, instrs[i], { block: b, index: i });
          facts[i + 1] = current;
        }
        facts[instrs.length + 1] = domain.terminator === undefined ? current : domain.terminator(current, term, b);
      } else {
        facts[instrs.length + 1] = current;
        if (domain.terminator !== undefined) current = domain.terminator(current, term, b);
        facts[instrs.length] = current;
        for (let i = instrs.length - 1; i >= 0; i--) {
          current = domain.transfer(current, instrs[i], { block: b, index: i });
          facts[i] = current;
        }
      }
    }
    this.cachedBlock = b;
    this.cached = facts;
    return facts;
  }
}

/** Blocks to visit, each once, in reverse post-order (backward: post-order), as a binary heap of positions. */
class BlockQueue {
  private readonly cfg: Cfg;
  private readonly forward: boolean;
  private readonly heap: number[] = [];
  private readonly queued: boolean[];

  constructor(cfg: Cfg, forward: boolean) {
    this.cfg = cfg;
    this.forward = forward;
    this.queued = new Array<boolean>(cfg.position.length).fill(false);
  }

  /** Blocks that the entry does not reach are never visited. */
  add(b: BlockId): void {
    if (this.queued[b] || !this.cfg.reachable[b]) return;
    this.queued[b] = true;
    const { heap } = this;
    heap.push(this.forward ? this.cfg.position[b] : -this.cfg.position[b]);
    let i = heap.length - 1;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (heap[up] <= heap[i]) break;
      [heap[up], heap[i]] = [heap[i], heap[up]];
      i = up;
    }
  }

  take(): BlockId | undefined {
    const { heap } = this;
    const top = heap[0];
    if (top === undefined) return undefined;
    const last = heap.pop()!;
    if (heap.length > 0) {
      heap[0] = last;
      for (let i = 0; ; ) {
        let least = i;
        for (const child of [2 * i + 1, 2 * i + 2]) if (child < heap.length && heap[child] < heap[least]) least = child;
        if (least === i) break;
        [heap[least], heap[i]] = [heap[i], heap[least]];
        i = least;
      }
    }
    const b = this.cfg.order[this.forward ? top : -top];
    this.queued[b] = false;
    return b;
  }
}
