/** Who calls whom, in which order summaries can be made, and which functions only run while a module is initialised. */
import type { CallEdge, Concurrency, Entry, FunctionId } from "../index-types.ts";
import type { FunctionValue } from "./callbacks.ts";
import type { Symbols } from "./symbols.ts";

export class CallGraph {
  readonly callees: readonly CallEdge[][];
  readonly callers: readonly CallEdge[][];

  constructor(symbols: Symbols, values: readonly FunctionValue[]) {
    const { functions } = symbols.functions;
    const callees: CallEdge[][] = functions.map(() => []);
    const callers: CallEdge[][] = functions.map(() => []);
    const seen = functions.map(() => new Set<FunctionId>());
    const add = (from: FunctionId, to: FunctionId, via: CallEdge["via"]) => {
      if (seen[from].has(to)) return;
      seen[from].add(to);
      callees[from].push({ function: to, via });
      callers[to].push({ function: from, via });
    };
    for (const fn of functions) {
      for (const callee of fn.facts.calls) {
        for (const to of symbols.functions.candidates(fn.file, callee)) add(fn.id, to, "direct");
      }
    }
    for (const value of values) {
      if (value.from !== undefined) add(value.from, value.to, "callback");
      else if (value.static !== undefined) {
        for (const reader of symbols.statics.statics[value.static].readers) add(reader, value.to, "pointer");
      }
    }
    for (const list of [...callees, ...callers]) list.sort((a, b) => a.function - b.function);
    this.callees = callees;
    this.callers = callers;
  }

  /** Functions reached from `roots`, the roots included. */
  reachable(roots: Iterable<FunctionId>): Set<FunctionId> {
    const seen = new Set(roots);
    const queue = [...seen];
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      for (const edge of this.callees[id]) {
        if (seen.has(edge.function)) continue;
        seen.add(edge.function);
        queue.push(edge.function);
      }
    }
    return seen;
  }

  /** Breadth first against the direction of calls, `start` first. */
  *reaching(start: FunctionId): Generator<FunctionId> {
    const seen = new Set([start]);
    const queue = [start];
    for (let i = 0; i < queue.length; i++) {
      yield queue[i];
      for (const edge of this.callers[queue[i]]) {
        if (seen.has(edge.function)) continue;
        seen.add(edge.function);
        queue.push(edge.function);
      }
    }
  }

  /** A shortest path of calls, both ends included; empty if there is none. */
  path(from: FunctionId, to: FunctionId): FunctionId[] {
    const before = new Map<FunctionId, FunctionId>([[from, from]]);
    const queue = [from];
    for (let i = 0; i < queue.length && !before.has(to); i++) {
      for (const edge of this.callees[queue[i]]) {
        if (before.has(edge.function)) continue;
        before.set(edge.function, queue[i]);
        queue.push(edge.function);
      }
    }
    if (!before.has(to)) return [];
    const path = [to];
    for (let at = to; at !== from; at = before.get(at)!) path.unshift(before.get(at)!);
    return path;
  }

  /** Strongly connected components, callees before callers (Tarjan, without recursion). */
  bottomUp(): FunctionId[][] {
    const n = this.callees.length;
    const order = new Int32Array(n).fill(-1);
    const low = new Int32Array(n);
    const onStack = new Uint8Array(n);
    const next = new Int32Array(n);
    const stack: FunctionId[] = [];
    const components: FunctionId[][] = [];
    let counter = 0;
    for (let root = 0; root < n; root++) {
      if (order[root] >= 0) continue;
      const work = [root];
      while (work.length > 0) {
        const id = work[work.length - 1];
        if (order[id] < 0) {
          order[id] = low[id] = counter++;
          stack.push(id);
          onStack[id] = 1;
        }
        const edge = this.callees[id][next[id]++];
        if (edge !== undefined) {
          if (order[edge.function] < 0) work.push(edge.function);
          else if (onStack[edge.function]) low[id] = Math.min(low[id], order[edge.function]);
          continue;
        }
        work.pop();
        const parent = work[work.length - 1];
        if (parent !== undefined) low[parent] = Math.min(low[parent], low[id]);
        if (low[id] !== order[id]) continue;
        const component: FunctionId[] = [];
        let member: FunctionId;
        do {
          member = stack.pop()!;
          onStack[member] = 0;
          component.push(member);
        } while (member !== id);
        components.push(component.sort((a, b) => a - b));
      }
    }
    return components;
  }
}

/** Entries that run while a module is made or destroyed: nobody else has it then. */
const LIFECYCLE: ReadonlySet<Entry["kind"]> = new Set(["module-init", "module-exec", "module-create", "module-gc"]);

/**
 * When each function can run. A function is `init-only` if everything that leads to it is: init functions, exec slots,
 * `call_once` callbacks, `Py_AtExit` functions. A function that only dead code or other projects could call is `unknown`.
 */
export function concurrencyOf(
  symbols: Symbols,
  graph: CallGraph,
  entries: readonly Entry[],
  values: readonly FunctionValue[],
): { concurrency: Concurrency[]; addressTaken: boolean[] } {
  const { functions } = symbols.functions;
  const addressTaken = functions.map(() => false);
  const concurrentRoots = new Set<FunctionId>();
  const lifecycleRoots = new Set<FunctionId>();
  for (const entry of entries) {
    const isExit =
      entry.kind === "callback" &&
      (entry.name === "Py_AtExit" || entry.name === "PyUnstable_AtExit" || entry.name === "atexit");
    if (LIFECYCLE.has(entry.kind) || isExit) lifecycleRoots.add(entry.function);
    // A converter runs for the function that parses with it: the edge from there is enough.
    else if (!(entry.kind === "callback" && entry.name.includes("PyArg_"))) concurrentRoots.add(entry.function);
  }
  for (const value of values) {
    addressTaken[value.to] = true;
    if (value.taker === "sort" || value.taker === "converter" || value.taker === "exit") continue;
    if (value.taker === "once") lifecycleRoots.add(value.to);
    else if (value.static === undefined || leavesFile(symbols, value.static)) {
      if (!lifecycleRoots.has(value.to)) concurrentRoots.add(value.to);
    }
  }
  const concurrent = graph.reachable(concurrentRoots);
  const lifecycle = graph.reachable(lifecycleRoots);
  const others = graph.reachable(
    functions.filter((fn) => !concurrent.has(fn.id) && !lifecycle.has(fn.id)).map((fn) => fn.id),
  );
  const concurrency = functions.map(({ id }): Concurrency => {
    if (concurrent.has(id)) return "concurrent";
    return others.has(id) || !lifecycle.has(id) ? "unknown" : "init-only";
  });
  return { concurrency, addressTaken };
}

/**
 * An array of functions that only this file sees, and somebody there reads, is called by its readers. A struct of functions
 * is what APIs want to be handed.
 */
function leavesFile(symbols: Symbols, id: number): boolean {
  const { facts, readers } = symbols.statics.statics[id];
  const isPrivate = facts.isStatic || facts.owner !== undefined;
  return !isPrivate || !facts.array || readers.length === 0;
}
