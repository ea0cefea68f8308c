/**
 * Access summaries across functions: what a function does to the memory behind its parameters, itself and through its
 * callees, computed bottom-up over the strongly connected components of the call graph.
 */
import type { FunctionIr } from "../../ir/types.ts";
import type { FunctionId, ProjectIndex } from "../../project/index-types.ts";
import type { Access, CallSite, FunctionAccesses, HeldLock } from "./access-types.ts";
import { collectAccesses } from "./collect.ts";
import { isPrivate, type Location, parameterOf, rebase, UNKNOWN } from "./location.ts";

/** A summary keeps no more accesses than this; further ones of the same function would tell a reader nothing new. */
const MAX_ACCESSES = 300;
/** Deepest chain of calls that is followed from an entry point to an access. */
const MAX_CHAIN = 8;

export interface Summary extends FunctionAccesses {
  /** Own accesses and those of callees, rebased onto the function's own parameters. Statics are not among the latter. */
  all: readonly Access[];
}

/** Summarises every function once. `decode` gives the code of a function. */
export function summarise(index: ProjectIndex, decode: (fn: FunctionId) => FunctionIr): Map<FunctionId, Summary> {
  const summaries = new Map<FunctionId, Summary>();
  const summaryOf = (fn: FunctionId) => summaries.get(fn);
  for (const component of index.bottomUp) {
    for (const fn of component) {
      const own = collectAccesses(fn, decode(fn), index, summaryOf);
      summaries.set(fn, compose(own, summaries));
    }
    // In a cycle of calls the first members were summarised before the last: once more, now that all are known.
    if (component.length > 1) for (const fn of component) summaries.set(fn, compose(summaries.get(fn)!, summaries));
  }
  return summaries;
}

function compose(own: FunctionAccesses, summaries: ReadonlyMap<FunctionId, Summary>): Summary {
  const all: Access[] = [];
  const seen = new Set<string>();
  const add = (access: Access) => {
    const key = `${access.at} ${access.kind} ${access.locks.map((l) => l.at).join(",")} ${access.chain[0]?.start ?? -1}`;
    if (seen.has(key) || all.length >= MAX_ACCESSES) return;
    seen.add(key);
    all.push(access);
  };
  for (const access of own.own) add(access);
  const types = new Map(own.types);
  for (const call of own.calls) {
    for (const callee of call.callees) {
      const summary = summaries.get(callee);
      if (!summary || callee === own.function) continue;
      for (const access of summary.all) for (const lifted of lift(access, call, own.function, callee)) add(lifted);
      for (const [at, type] of summary.types) {
        for (const onto of rebased(at, call)) if (!types.has(onto) || isVague(types.get(onto)!)) types.set(onto, type);
      }
    }
  }
  return { ...own, types, all };
}

function isVague(type: string): boolean {
  return /\bPyObject\b|\bvoid\b/.test(type);
}

function lift(access: Access, call: CallSite, caller: FunctionId, callee: FunctionId): Access[] {
  if (access.chain.length >= MAX_CHAIN) return [];
  const locks = [
    ...call.locks,
    ...access.locks.flatMap((l): HeldLock[] => rebased(l.at, call).map((at) => ({ kind: l.kind, at }))),
  ];
  const step = { function: caller, callee, start: call.start, end: call.end };
  if (access.at[0] === "@") return [];
  return rebased(access.at, call)
    .filter((at) => at !== UNKNOWN && !isPrivate(at) && at[0] !== "r")
    .map((at) => ({ ...access, at, locks, chain: [step, ...access.chain] }));
}

/** A location of the callee in terms of the caller; a static stays what it is, what hangs on no parameter is dropped. */
function rebased(at: Location, call: CallSite): Location[] {
  if (at[0] === "@") return [at];
  const parameter = parameterOf(at);
  if (parameter === undefined) return [];
  return (call.arguments.get(parameter) ?? []).map((argument) => rebase(at, argument));
}
