/**
 * What an analysis of one function asks of the world around it. The project index answers in an audit; tests and
 * editors without an index use `EMPTY_ENVIRONMENT`, which knows only the C API.
 */
import type { FunctionIr, Instr } from "../ir/types.ts";

export type CallInstr = Extract<Instr, { op: "call" }>;

/** How an argument arrives in a parameter. */
export type ParameterRole =
  /** The argument tuple of METH_VARARGS, tp_new, tp_init, tp_call: private to the call and immutable. */
  | "args-tuple"
  /** The C array of METH_FASTCALL: on the caller's stack. */
  | "args-array"
  /** The keyword dict of METH_KEYWORDS, tp_new, tp_init: private to the call. */
  | "kwargs-dict"
  /** The names tuple of METH_FASTCALL | METH_KEYWORDS. */
  | "kwnames"
  /** The instance whose method or slot this is. */
  | "self"
  /** The module object of a module-level function. */
  | "module"
  /** The class of a class method, or of tp_new. */
  | "type"
  /** An object that the caller has too. */
  | "object"
  /** No Python object (a length, a flag, a C structure), or not known to be one. */
  | "plain";

export interface ParameterFacts {
  role: ParameterRole;
  /** Nobody else can have the object during the call (an instance in tp_dealloc). */
  exclusive?: boolean;
  /** For a helper: every known caller passes something that nobody else has; says what, for evidence. */
  privateAtCallers?: string;
  /** Why: text for evidence, e.g. "the argument tuple of method `append`". */
  why: string;
}

export interface GlobalFacts {
  /**
   * `constant`: never changes once made (None, exceptions, built-in types, enumerators, string macros).
   * `static`: a variable of the project with static storage. `external`: a variable or name that nothing explains.
   */
  kind: "function" | "constant" | "type" | "static" | "thread-local" | "external";
  /** Written only while the module is initialised, or never. */
  initOnly?: boolean;
  type: string;
}

/** Argument number of the object that a C++ method is called on. */
export const RECEIVER = -1;

/** What a call returns, seen from the caller. Parameter numbers are argument numbers of the call, or `RECEIVER`. */
export type ReturnFacts =
  | { kind: "fresh" }
  | { kind: "immutable" }
  /** The argument itself (or the same reference). */
  | { kind: "argument"; index: number }
  /** A borrowed reference out of the argument (container, instance). */
  | { kind: "borrowed-from-argument"; index: number; api: string }
  | { kind: "field-of-argument"; index: number; path: string }
  | { kind: "static"; name: string }
  | { kind: "borrowed-from-static"; name: string; api: string }
  | { kind: "unknown" };

/** A lock that a called function takes and keeps, or releases, named from the caller's side. */
export interface LockEffect {
  action: "lock" | "unlock";
  kind: "critical-section" | "critical-section2" | "pymutex" | "thread-lock" | "native" | "raii";
  /** Argument number that the lock is reached from, -1 for a static. */
  argument: number;
  /** Path from the argument (`->lock`), or the static's name. */
  path: string;
}

/** Summary of a called function, as its caller sees it. */
export interface CalleeFacts {
  name: string;
  /** Everything the result may be; more than one entry if paths differ. */
  returns: readonly ReturnFacts[];
  /** The result is a reference that the caller owns. */
  returnsOwned: boolean | undefined;
  /** Per argument: does it become reachable from elsewhere. */
  escapes: readonly ("no" | "maybe" | "yes")[];
  /** Per argument: the call takes over the caller's reference. */
  steals: readonly boolean[];
  /** Objects that are written through the pointer argument `index`; empty if it writes none. */
  outputs: readonly { index: number; returns: readonly ReturnFacts[]; owned: boolean | undefined }[];
  lockEffects: readonly LockEffect[];
  mayRunPython: boolean;
  /** May detach the thread state, and so suspend critical sections. */
  maySuspend: boolean;
  /** What the thread state is after the call, where it differs. */
  threadState: "same" | "detached" | "attached" | "unknown";
}

export interface FlowEnvironment {
  /** `index` counts from 0; -1 is the C++ `this`. */
  parameter(fn: FunctionIr, index: number): ParameterFacts;
  /** A `global` value of the IR of `fn`. */
  global(fn: FunctionIr, name: string, owner: string | undefined): GlobalFacts;
  /** Summary of the functions that a direct call may reach; undefined if it is no function of the project. */
  callee(fn: FunctionIr, call: CallInstr): CalleeFacts | undefined;
  /** Name of the struct that a type as written means (`Foo *`, `const struct foo *`), "" if it is none. */
  structOf(fn: FunctionIr, type: string): string;
  /** Type of a field as written, "" if it is not known. */
  fieldType(fn: FunctionIr, struct: string, path: string): string;
  /** The thread state when `fn` is entered. */
  entryThreadState(fn: FunctionIr): "attached" | "detached" | "unknown";
}

/** Knows nothing but the function itself: parameters are plain, globals external, calls unknown. */
export const EMPTY_ENVIRONMENT: FlowEnvironment = {
  parameter: () => ({ role: "plain", why: "a parameter" }),
  global: (_fn, name) => ({ kind: name.startsWith("Py") ? "constant" : "external", type: "" }),
  callee: () => undefined,
  structOf: () => "",
  fieldType: () => "",
  entryThreadState: () => "attached",
};
