/** What a function does to memory that others may see. All plain data. */
import type { LockKind } from "../../ir/types.ts";
import type { FunctionId } from "../../project/index-types.ts";
import type { Location } from "./location.ts";

/**
 * `read`, `write`: of the place itself. `touch`: handed to code that may write there and is not known.
 * `free`: what is there was released. `content`: a Python container behind the place was looked into or filled, `empties`: it was
 * emptied; each of these is safe by itself.
 */
export type AccessKind = "read" | "write" | "touch" | "free" | "content" | "empties";

/** A question about the class of what is at a place, such as `PyObject_TypeCheck Counter_Type`. */
export interface TypeTest {
  at: Location;
  test: string;
}

export interface HeldLock {
  kind: LockKind;
  at: Location;
}

export interface Access {
  at: Location;
  kind: AccessKind;
  /** Locks that are effective at the access; a critical section is not while the thread is detached. */
  locks: readonly HeldLock[];
  /** For a write: what is stored. `update` depends on the old value (`x++`, `x |= y`). */
  stored?: "null" | "constant" | "update" | "value";
  /** Tests of parameters that must have answered yes for the access to happen. */
  passed?: readonly TypeTest[];
  /** For a read: the value is only compared with NULL or zero. */
  tested?: boolean;
  /** The function whose file the span points into. */
  function: FunctionId;
  start: number;
  end: number;
  /** Type of the place as written, "" if not known. */
  type: string;
  /** Calls that lead from the summarised function to the access, outermost first; empty for its own. */
  chain: readonly CallStep[];
}

export interface CallStep {
  function: FunctionId;
  callee: FunctionId;
  start: number;
  end: number;
}

export interface CallSite {
  callees: readonly FunctionId[];
  /** For each parameter what the argument may point to; key -1 is the receiver. */
  arguments: ReadonlyMap<number, readonly Location[]>;
  /** Tests of the caller's parameters that have answered yes, and no, before the call. */
  passed: readonly TypeTest[];
  failed: readonly TypeTest[];
  locks: readonly HeldLock[];
  start: number;
  end: number;
}

export interface FunctionAccesses {
  function: FunctionId;
  own: readonly Access[];
  calls: readonly CallSite[];
  /** Types that casts and declarations give to what pointers point to, as written. */
  types: ReadonlyMap<Location, string>;
  /** What its result may point to. */
  returns: readonly Location[];
  /** Locks it holds when it returns, and locks of others that it released. */
  acquires: readonly HeldLock[];
  releases: readonly HeldLock[];
}
