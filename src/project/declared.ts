/** What a project says of itself that its code does not show, or not to a reader who sees one file at a time. */

/** A pair of functions or macros that take and release a lock. */
export interface DeclaredLock {
  lock: string;
  unlock: string;
  /** The argument whose lock it is, from 0; undefined: the pair has one lock of its own. */
  argument?: number;
}

/** A function or macro that returns a borrowed reference. */
export interface DeclaredBorrow {
  name: string;
  /** The argument that owns the object, from 0; -1: none does. */
  container: number;
  kind: "list" | "dict" | "other";
}

/** A function that any thread can call, although no table says so. */
export interface DeclaredEntry {
  function: string;
  /** The parameter that is the instance, from 0; -1: there is none. */
  self: number;
}

export interface Declared {
  /** Structs, typedefs or variables of type objects whose instances two threads never use at once. */
  notSharedTypes: readonly string[];
  locks: readonly DeclaredLock[];
  borrowed: readonly DeclaredBorrow[];
  /** Prefixes of the names of functions of libraries that are not thread-safe. */
  notThreadSafe: readonly string[];
  entryPoints: readonly DeclaredEntry[];
}

export const NOTHING_DECLARED: Declared = {
  notSharedTypes: [],
  locks: [],
  borrowed: [],
  notThreadSafe: [],
  entryPoints: [],
};

/** Names whose meaning is declared, so that macros of these names are calls, whatever their body; sorted. */
export function declaredCalls({ locks, borrowed }: Declared): string[] {
  return [...new Set([...locks.flatMap((l) => [l.lock, l.unlock]), ...borrowed.map((b) => b.name)])].sort();
}
