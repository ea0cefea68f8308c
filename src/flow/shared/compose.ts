/**
 * Access summaries across functions: what a function does to the memory behind its parameters, itself and through its
 * callees, computed bottom-up over the strongly connected components of the call graph.
 */
import type { FunctionIr } from "../../ir/types.ts";
import type { FunctionId, ProjectIndex } from "../../project/index-types.ts";
import type { Access, CallSite, CallStep, FunctionAccesses, HeldLock, TypeTest } from "./access-types.ts";
import { collectAccesses } from "./collect.ts";
import { isPrivate, type Location, parameterOf, rebase, UNKNOWN } from "./location.ts";

/** A summary keeps no more accesses than this; further ones of the same function would tell a reader nothing new. */
const MAX_ACCESSES = 120;
/** Deepest chain of calls that is followed from an entry point to an access. */
const MAX_CHAIN = 8;
/** Types of places kept a function: the near ones come first, those behind many pointers are seldom asked for. */
const MAX_TYPES = 40;

export interface Summary extends FunctionAccesses {
  /** Own accesses and those of callees, rebased onto the function's own parameters. Statics are not among the latter. */
  all: readonly Access[];
}

/** Summarises every function once. `decode` gives the code of a function. */
export function summarise(index: ProjectIndex, decode: (fn: FunctionId) => FunctionIr): Map<FunctionId, Summary> {
  const summaries = new Map<FunctionId, Summary>();
  const summaryOf = (fn: FunctionId) => summaries.get(fn);
  const position = new Map<FunctionId, number>();
  for (const [i, component] of index.bottomUp.entries()) {
    for (const fn of component) {
      position.set(fn, i);
      const own = collectAccesses(fn, decode(fn), index, summaryOf);
      summaries.set(fn, compose(own, summaries));
    }
    // In a cycle of calls the first members were summarised before the last: once more, now that all are known.
    if (component.length > 1) for (const fn of component) summaries.set(fn, compose(summaries.get(fn)!, summaries));
  }
  complete(summaries, position);
  return summaries;
}

/** Recompositions a function may cause on the average before the rest is left as it is. */
const MAX_RECOMPOSITIONS = 4;

/**
 * The order of the components comes from names alone. Where the class of a receiver leads to another method, the callee may have been
 * summarised after its caller: such callers are composed again, and theirs if something was added.
 */
function complete(summaries: Map<FunctionId, Summary>, position: ReadonlyMap<FunctionId, number>): void {
  const callers = new Map<FunctionId, FunctionId[]>();
  // Insertion order is the order of work; a function waits once however often it is asked for.
  const queue = new Set<FunctionId>();
  for (const [fn, summary] of summaries) {
    let early = false;
    for (const callee of new Set(summary.calls.flatMap((c) => c.callees))) {
      const known = callers.get(callee);
      if (known) known.push(fn);
      else callers.set(callee, [fn]);
      early ||= position.get(callee)! > position.get(fn)!;
    }
    if (early) queue.add(fn);
  }
  let left = summaries.size * MAX_RECOMPOSITIONS;
  for (const fn of queue) {
    queue.delete(fn);
    if (left-- <= 0) break;
    const old = summaries.get(fn)!;
    const summary = compose(old, summaries);
    if (summary.all.length === old.all.length && summary.types.size === old.types.size) continue;
    summaries.set(fn, summary);
    for (const caller of callers.get(fn) ?? []) queue.add(caller);
  }
}

function compose(own: FunctionAccesses, summaries: ReadonlyMap<FunctionId, Summary>): Summary {
  const all: Access[] = [];
  const seen = new Set<string>();
  const add = (access: Access, callee: FunctionId | undefined) => {
    // One way into a callee shows what there is to see; further calls of it add nothing.
    const locks = access.locks.map((l) => l.at).join(",");
    const tests = access.passed?.map((t) => `${t.at} ${t.test}`).join(",") ?? "";
    const key = `${access.at} ${access.kind} ${locks} ${callee ?? access.start} ${tests}`;
    if (seen.has(key) || all.length >= MAX_ACCESSES) return;
    seen.add(key);
    all.push(access);
  };
  for (const access of own.own) add(access, undefined);
  const types = new Map<Location, string>();
  for (const [at, type] of own.types) if (isVisible(at)) types.set(at, type);
  for (const call of own.calls) {
    for (const callee of call.callees) {
      const summary = summaries.get(callee);
      if (!summary || callee === own.function) continue;
      const step = { function: own.function, callee, start: call.start, end: call.end };
      for (const access of summary.all) lift(access, call, step, add);
      for (const [at, type] of summary.types) {
        for (const onto of rebased(at, call)) {
          if (!isVisible(onto)) continue;
          const known = types.get(onto);
          if (known === undefined ? types.size < MAX_TYPES : isVague(known)) types.set(onto, type);
        }
      }
    }
  }
  return { ...own, types, all };
}

/** Places that a caller, or another thread, can name too. */
function isVisible(at: Location): boolean {
  return at[0] === "p" || at[0] === "@";
}

function isVague(type: string): boolean {
  return /\bPyObject\b|\bvoid\b/.test(type);
}

/** An access of a callee as its caller sees it; what does not change is the callee's. */
class LiftedAccess implements Access {
  readonly at: Location;
  readonly locks: readonly HeldLock[];
  readonly passed: readonly TypeTest[] | undefined;
  /** Calls between the summarised function and the access. */
  readonly depth: number;
  private readonly origin: Access;
  private readonly step: CallStep;

  constructor(
    at: Location,
    locks: readonly HeldLock[],
    passed: readonly TypeTest[] | undefined,
    origin: Access,
    step: CallStep,
  ) {
    this.at = at;
    this.locks = locks;
    this.passed = passed;
    this.origin = origin;
    this.step = step;
    this.depth = depthOf(origin) + 1;
  }

  get kind() {
    return this.origin.kind;
  }
  get stored() {
    return this.origin.stored;
  }
  get tested() {
    return this.origin.tested;
  }
  get function() {
    return this.origin.function;
  }
  get start() {
    return this.origin.start;
  }
  get end() {
    return this.origin.end;
  }
  get type() {
    return this.origin.type;
  }
  get chain(): readonly CallStep[] {
    return [this.step, ...this.origin.chain];
  }
}

function depthOf(access: Access): number {
  return access instanceof LiftedAccess ? access.depth : 0;
}

function lift(
  access: Access,
  call: CallSite,
  step: CallStep,
  add: (access: Access, callee: FunctionId | undefined) => void,
): void {
  if (access.at[0] === "@" || depthOf(access) >= MAX_CHAIN) return;
  const passed = testsOf(access, call);
  if (passed?.some((t) => call.failed.some((f) => f.at === t.at && f.test === t.test))) return;
  let locks: readonly HeldLock[] | undefined;
  for (const at of rebased(access.at, call)) {
    if (at === UNKNOWN || isPrivate(at) || at[0] === "r") continue;
    locks ??= locksOf(access, call);
    add(new LiftedAccess(at, locks, passed, access, step), step.callee);
  }
}

function testsOf(access: Access, call: CallSite): readonly TypeTest[] | undefined {
  const own = (access.passed ?? []).flatMap(({ at, test }) => {
    const onto = rebased(at, call);
    // An argument that is one of several things need not be the one that the test was about.
    return onto.length === 1 ? [{ at: onto[0], test }] : [];
  });
  return own.length + call.passed.length === 0 ? undefined : [...call.passed, ...own];
}

function locksOf(access: Access, call: CallSite): readonly HeldLock[] {
  if (access.locks.length === 0) return call.locks;
  const own = access.locks.flatMap((l): HeldLock[] => rebased(l.at, call).map((at) => ({ kind: l.kind, at })));
  return [...call.locks, ...own];
}

/** A location of the callee in terms of the caller; a static stays what it is, what hangs on no parameter is dropped. */
function rebased(at: Location, call: CallSite): Location[] {
  if (at[0] === "@") return [at];
  const parameter = parameterOf(at);
  if (parameter === undefined) return [];
  return (call.arguments.get(parameter) ?? []).map((argument) => rebase(at, argument));
}
