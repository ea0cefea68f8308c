/** Calls of C library functions that keep state of their own. */
import { NON_REENTRANT, type NonReentrant } from "../capi/nonreentrant.ts";
import { isNull } from "../flow/def-use.ts";
import type { CallInstr } from "../flow/environment.ts";
import { isSection } from "../flow/locks.ts";
import type { Point } from "../ir/visit.ts";
import type { Declared } from "../project/declared.ts";
import { callsOf } from "./calls.ts";
import type { FunctionContext } from "./context.ts";

/** Prefix of a library's names that the project declares as not thread-safe, if `name` begins with one. */
export function libraryOf(name: string, { notThreadSafe }: Declared): string | undefined {
  return notThreadSafe.find((prefix) => name.startsWith(prefix));
}

/** Names of the functions, with and without `std::`. */
export const NON_REENTRANT_CALLS: ReadonlySet<string> = new Set(
  [...NON_REENTRANT.keys()].flatMap((name) => [name, `std::${name}`]),
);

export interface UnsafeCall {
  call: CallInstr;
  facts: NonReentrant;
  /** Further calls of the same function. */
  others: CallInstr[];
}

/** Calls that run at any time and without a lock, one for each function of the library. */
export function unsafeCalls(fn: FunctionContext): UnsafeCall[] {
  if (fn.initOnly) return [];
  const found = new Map<string, UnsafeCall>();
  for (const { call, point } of callsOf(fn, NON_REENTRANT_CALLS)) {
    const facts = NON_REENTRANT.get(call.callee.replace("std::", ""));
    if (!facts || call.receiver !== undefined) continue;
    if (facts.onlyIfNull >= 0 && !isNull(fn.ir.values[call.args[facts.onlyIfNull] ?? -1])) continue;
    // Solaris has a reentrant one of the same name, which fills the caller's struct.
    if (facts.name === "getmntent" && call.args.length > 1) continue;
    if (facts.name === "setlocale" && isNull(fn.ir.values[call.args[1] ?? -1])) continue;
    if (isUnderLock(fn, point)) continue;
    const first = found.get(facts.name);
    if (first) first.others.push(call);
    else found.set(facts.name, { call, facts, others: [] });
  }
  return [...found.values()];
}

export interface LibraryCall {
  call: CallInstr;
  /** Further calls of the same library. */
  others: CallInstr[];
}

/** Calls of libraries that are declared as not thread-safe, at any time and without a lock, one for each library. */
export function libraryCalls(fn: FunctionContext): LibraryCall[] {
  const { declared, index } = fn.project;
  if (fn.initOnly || declared.notThreadSafe.length === 0) return [];
  const names = new Set(
    fn.facts.calls.filter((c) => libraryOf(c, declared) !== undefined && index.resolveCall(fn.file, c).length === 0),
  );
  const found = new Map<string, LibraryCall>();
  for (const { call, point } of names.size === 0 ? [] : callsOf(fn, names)) {
    if (isUnderLock(fn, point)) continue;
    const library = libraryOf(call.callee, declared)!;
    const first = found.get(library);
    if (first) first.others.push(call);
    else found.set(library, { call, others: [] });
  }
  return [...found.values()];
}

/** A critical section excludes only users of the same object. */
function isUnderLock(fn: FunctionContext, point: Point): boolean {
  return (
    fn.flow.locks.heldAt(point).some((site) => !isSection(site.kind)) || fn.project.shared.contextOf(fn.id).length > 0
  );
}
