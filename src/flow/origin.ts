/** Where an object comes from, and what that says about who else can have it. Plain data. */
import type { ObjectType } from "../capi/provenance.ts";
import type { Point } from "../ir/visit.ts";

/** One step of the evidence. Offsets are zero-based UTF-16 offsets into the file of the function. */
export interface Step {
  start: number;
  end: number;
  text: string;
}

/** A point after which an object made by the function can be reached by others. */
export interface Escape extends Step {
  point: Point;
  /** False if it only might (passed to a function that is not known). */
  certain: boolean;
}

interface Common {
  /** How the value got here, in order of execution. */
  steps: readonly Step[];
}

export type Origin =
  /** Made by this function. `escaped` is set if others can have it before the point that was asked for. */
  | (Common & { kind: "fresh"; api: string; type: ObjectType; made: Point; escaped?: Escape })
  | (Common & { kind: "args-tuple" | "args-array" | "kwargs-dict" | "kwnames" })
  /** An object that the caller has too: a parameter, or taken out of the arguments by `PyArg_ParseTuple` and its like. */
  | (Common & { kind: "parameter"; index: number; name: string; privateAtCallers?: string })
  /** The instance, class or module that the function was called on. */
  | (Common & { kind: "self"; exclusive: boolean })
  | (Common & { kind: "class" })
  | (Common & { kind: "module"; name: string })
  /** A member of a C structure. `bases` says whose. */
  | (Common & { kind: "field"; path: string; struct: string; bases: readonly Origin[] })
  | (Common & { kind: "static"; name: string; owner?: string; initOnly: boolean })
  | (Common & { kind: "module-dict" | "type-dict" | "sys" | "interpreter" })
  /** Value of an attribute. */
  | (Common & { kind: "attribute"; api: string; bases: readonly Origin[] })
  /** Out of a container (list, dict, tuple, iterator, cell, weak reference). */
  | (Common & { kind: "item"; api: string; reference: "new" | "borrowed"; bases: readonly Origin[] })
  /** Result of Python code or of a function that is not known. */
  | (Common & { kind: "call-result"; callee: string; reference: "new" | "borrowed" | "unknown" })
  /** Cannot change once made: str, int, tuple, constants, functions. */
  | (Common & { kind: "immutable"; type: ObjectType })
  | (Common & { kind: "null" })
  /** Belongs to the running thread: its exception state, its frame, thread-local variables. */
  | (Common & { kind: "own-thread" })
  /** Address of an automatic variable. */
  | (Common & { kind: "local"; name: string })
  /** No pointer to an object: a number, the result of a comparison. */
  | (Common & { kind: "scalar" })
  | (Common & { kind: "unknown"; reason: string });

/**
 * Who else can change or release the object.
 * `private`: nobody. `caller`: whoever called, if it shares the object between threads. `shared`: any thread.
 */
export type Sharing = "private" | "caller" | "shared";

const WORSE: Readonly<Record<Sharing, number>> = { private: 0, caller: 1, shared: 2 };

/** The worse of two. */
export function worseSharing(a: Sharing, b: Sharing): Sharing {
  return WORSE[a] >= WORSE[b] ? a : b;
}

/** What one origin says. */
export function sharingOf(origin: Origin): Sharing {
  switch (origin.kind) {
    case "fresh":
      if (origin.escaped === undefined) return "private";
      return origin.escaped.certain ? "shared" : "caller";
    case "args-tuple":
    case "args-array":
    case "kwargs-dict":
    case "kwnames":
    case "immutable":
    case "null":
    case "own-thread":
    case "local":
    case "scalar":
      return "private";
    case "parameter":
      return origin.privateAtCallers === undefined ? "caller" : "private";
    case "self":
      // The object itself is as shared as an argument; its fields are what every method of it reaches.
      return origin.exclusive ? "private" : "caller";
    case "static":
      return "shared";
    case "field":
      // A member of something that nobody else has is nobody else's, unless it was put there from elsewhere.
      return sharingOfAll(origin.bases) === "private" ? "private" : "shared";
    case "item":
      // What the caller put into its arguments, or into a container of its own, is the caller's.
      return sharingOfAll(origin.bases) === "shared" ? "shared" : "caller";
    case "class":
    case "module":
    case "module-dict":
    case "type-dict":
    case "sys":
    case "interpreter":
    case "attribute":
      return "shared";
    case "call-result":
    case "unknown":
      return "caller";
  }
}

/** The worst of several origins; `private` for none. NULL says nothing. */
export function sharingOfAll(origins: readonly Origin[]): Sharing {
  let worst: Sharing = "private";
  for (const origin of origins) worst = worseSharing(worst, sharingOf(origin));
  return worst;
}

/** The origin to show as evidence: the first of the worst. */
export function worstOrigin(origins: readonly Origin[]): Origin | undefined {
  let found: Origin | undefined;
  for (const origin of origins) {
    if (origin.kind === "null" && found !== undefined) continue;
    if (found === undefined || found.kind === "null" || WORSE[sharingOf(origin)] > WORSE[sharingOf(found)])
      found = origin;
  }
  return found;
}

/** A few words for messages: "the instance field `items`", "the argument tuple". */
export function describeOrigin(origin: Origin): string {
  switch (origin.kind) {
    case "fresh":
      return origin.escaped === undefined
        ? `an object made here by ${origin.api}`
        : `an object made here by ${origin.api} that others can have by now`;
    case "args-tuple":
      return "the argument tuple";
    case "args-array":
      return "the argument array";
    case "kwargs-dict":
      return "the private keyword dict";
    case "kwnames":
      return "the keyword names";
    case "parameter":
      return origin.name === "" ? "an argument of the caller" : `the caller's argument \`${origin.name}\``;
    case "self":
      return origin.exclusive ? "an instance that nobody else has" : "the instance";
    case "class":
      return "the class";
    case "module":
      return "a module";
    case "field":
      return origin.struct === ""
        ? `the field \`${origin.path}\``
        : `the field \`${origin.path}\` of \`${origin.struct}\``;
    case "static":
      return `the static variable \`${origin.name}\``;
    case "module-dict":
      return "a module's dict";
    case "type-dict":
      return "a type's dict";
    case "sys":
      return "an object of module sys";
    case "interpreter":
      return "an object of the interpreter";
    case "attribute":
      return `an attribute (${origin.api})`;
    case "item":
      return `an item of a container (${origin.api})`;
    case "call-result":
      return origin.callee === "" ? "the result of an indirect call" : `the result of \`${origin.callee}\``;
    case "immutable":
      return "an object that cannot change";
    case "null":
      return "NULL";
    case "own-thread":
      return "an object of the running thread";
    case "local":
      return `the automatic variable \`${origin.name}\``;
    case "scalar":
      return "a plain value";
    case "unknown":
      return "an unknown object";
  }
}

/** Identity for joining: two origins with the same key say the same. */
export function originKey(origin: Origin): string {
  switch (origin.kind) {
    case "fresh":
      return `fresh:${origin.made.block}.${origin.made.index}:${origin.escaped === undefined ? "" : "escaped"}`;
    case "parameter":
      return `parameter:${origin.index}`;
    case "field":
      return `field:${origin.struct}.${origin.path}(${origin.bases.map(originKey).join(",")})`;
    case "static":
      return `static:${origin.owner ?? ""}::${origin.name}`;
    case "attribute":
    case "item":
      return `${origin.kind}:${origin.api}(${origin.bases.map(originKey).join(",")})`;
    case "call-result":
      return `call:${origin.callee}`;
    case "local":
    case "module":
      return `${origin.kind}:${origin.name}`;
    case "unknown":
      return `unknown:${origin.reason}`;
    default:
      return origin.kind;
  }
}
