/**
 * Every API that hands out a borrowed reference: who owns the object, whether it can be freed by another thread, and
 * what returns a strong reference instead.
 */

import { BORROWED_CONTAINERS } from "./borrowed-containers.ts";
import { BORROWED_HARMLESS, BORROWED_INTERPRETER, BORROWED_OBJECTS } from "./borrowed-other.ts";
import type { Source } from "./sources.ts";
import type { ApiVersion } from "./versions.ts";

/** What owns the object that is lent. */
export type Owner =
  | "list"
  | "list-or-tuple"
  | "tuple"
  | "dict"
  | "set"
  | "weakref"
  | "cell"
  | "sys-modules"
  | "module"
  | "sys"
  | "frame"
  | "interpreter"
  | "interpreter-list"
  | "own-thread"
  | "function"
  | "method"
  | "descriptor"
  | "type"
  | "type-cache"
  | "object-header"
  | "memoryview"
  | "static"
  | "constant"
  | "argument"
  | "collector";

/** Rules that report a borrowed reference, and the one that takes the iteration and raw-array cases. */
export type BorrowedRule =
  | "borrowed-list-item"
  | "borrowed-dict-item"
  | "borrowed-weakref"
  | "borrowed-module"
  | "borrowed-cell"
  | "borrowed-other"
  | "unlocked-dict-iteration"
  | "unlocked-sequence-fast"
  | "foreign-frame";

/** What changes for code that moves to the strong form. */
export type Difference =
  /** The old form checked nothing; the new one can fail, so a NULL check is needed. */
  | "can-now-fail"
  /** The old form swallowed errors (or reported them as unraisable); the new one reports them. */
  | "errors-now-raised"
  /** "Missing" becomes a status of 0 instead of a NULL result. */
  | "missing-is-status"
  /** A dead referent is status 0 and NULL, no longer None. */
  | "dead-is-status-not-none"
  /** Status 0 means the default was inserted, 1 that the key was there. */
  | "status-tells-inserted"
  /** A list slot that is still NULL gives NULL in the old form and crashes in the new one. */
  | "null-slot-crashes"
  /** The old form hashed once with a known hash; the new one hashes again. */
  | "hashes-again"
  /** Wrong type raises another exception (SystemError, TypeError). */
  | "other-exception"
  /** The old form returns one object that later calls update; the new one a snapshot. */
  | "snapshot"
  /** An absent value comes as None instead of NULL. */
  | "none-for-absent"
  /** Takes a C string where the old form took an object, or the reverse. */
  | "other-argument"
  /** An empty cell gives NULL without an exception in both forms. */
  | "empty-is-null"
  /** What is missing is not made, as the old form makes it. */
  | "not-created"
  /** Absence is an exception now. */
  | "missing-raises"
  /** The compatibility shim is built from two calls, so it is not atomic. */
  | "shim-not-atomic"
  /** The compatibility shim increments a borrowed reference, so it still races. */
  | "shim-still-races";

export interface Replacement {
  api: string;
  /** First version that has it; undefined: every supported version. */
  since?: ApiVersion;
  /** First version of the limited API that has it, where it differs. */
  limitedSince?: ApiVersion;
  /** pythoncapi-compat defines it for versions before this one; undefined: it does not. */
  compatBefore?: ApiVersion;
  /** `reference`: returned. `status`: returned as 1/0/-1 with the reference in an out parameter. `idiom`: no single call. */
  gives: "reference" | "status" | "idiom";
  /** For `status`: position of the out parameter. */
  outArg?: number;
  differences: readonly Difference[];
  note?: string;
}

export interface BorrowedApi {
  name: string;
  owner: Owner;
  /** Argument that is the owner, -1 if there is none (current frame, interpreter). */
  containerArg: number;
  /** Parameters through which references come out; empty: the result is the reference. */
  outArgs: readonly number[];
  /**
   * `if-shared`: another thread that reaches the owner can free the object. `always`: even if nobody shares the owner.
   * `none`: it cannot happen, `why` says so.
   */
  hazard: "if-shared" | "always" | "none";
  why: string;
  rule: BorrowedRule | null;
  replacements: readonly Replacement[];
  /** What NULL means: an exception is set, the thing is absent, both are possible, errors are lost; or it is never NULL. */
  onNull: "exception" | "absent" | "absent-or-exception" | "absent-or-swallowed" | "never" | "unchecked";
  since?: ApiVersion;
  /** First version whose public headers lack it. */
  removed?: ApiVersion;
  source: Source;
}

export const BORROWED: ReadonlyMap<string, BorrowedApi> = new Map(
  [...BORROWED_CONTAINERS, ...BORROWED_INTERPRETER, ...BORROWED_OBJECTS, ...BORROWED_HARMLESS].map((row) => [
    row.name,
    row,
  ]),
);

/** What is known of an API that lends a reference; undefined if it lends none. */
export function borrowedApi(name: string): BorrowedApi | undefined {
  return BORROWED.get(name);
}

/** Names that a rule has to look at, for its call triggers. */
export function borrowedNames(rule: BorrowedRule): ReadonlySet<string> {
  const names = new Set<string>();
  for (const row of BORROWED.values()) if (row.rule === rule) names.add(row.name);
  return names;
}

/** The strong form that code built for `minPython` can use: directly, or through the compatibility header. */
export function usableReplacement(
  api: Pick<BorrowedApi, "replacements">,
  minor: number,
): { replacement: Replacement; needsCompat: boolean } | undefined {
  const minorOf = (version: ApiVersion | undefined) => (version === undefined ? 0 : Number(version.slice(2)));
  const direct = api.replacements.find((r) => minorOf(r.since) <= minor);
  if (direct) return { replacement: direct, needsCompat: false };
  const shimmed = api.replacements.find(
    (r) => r.compatBefore !== undefined && !r.differences.includes("shim-still-races"),
  );
  return shimmed ? { replacement: shimmed, needsCompat: true } : undefined;
}
