/** What the rules of the family `globals` say about a static variable. */
import { classNameOf, pointerDepth } from "../capi/type-names.ts";
import type { StaticAccess } from "../flow/shared/shared-state.ts";
import type { Span } from "../ir/types.ts";
import type { FunctionId, IndexedStatic, StaticId } from "../project/index-types.ts";
import type { ProjectContext } from "./context.ts";
import type { StaticUse } from "./globals-uses.ts";
import type { Risk } from "./types.ts";

export type GlobalRule = "global-object" | "lazy-static" | "global-mutable" | "global-container";

/** What a static holds, from its declaration. */
export type StaticShape = "object" | "pointer" | "function-pointer" | "container" | "aggregate" | "scalar";

export interface StaticProblem {
  rule: GlobalRule;
  risk: Risk;
  variable: IndexedStatic;
  shape: StaticShape;
  /** Accesses that other threads can make at the same time; writes first. */
  accesses: readonly StaticAccess[];
  /** Assignments while the module is initialised. */
  initWrites: readonly StaticAccess[];
  uses: readonly StaticUse[];
  /** Every write holds a lock, but some read does not. */
  onlyReadsUnlocked: boolean;
  /** Other statics that are filled under the same test of this one. */
  covers: StaticId[];
  /** For `global-container`: the function that looks and then changes. */
  race?: { function: FunctionId; look: Span; change: Span; lookApi: string; changeApi: string };
}

/** A static in the making: everything that is known of it before it is judged. */
export interface Candidate {
  variable: IndexedStatic;
  shape: StaticShape;
  accesses: readonly StaticAccess[];
  writes: readonly StaticAccess[];
  initWrites: readonly StaticAccess[];
  uses: readonly StaticUse[];
}

/** True for a write, a release of what is there, and for handing the place to code that may write it. */
export function changes({ access }: StaticAccess): boolean {
  return access.kind !== "read";
}

/** What a static holds, from its declaration and from whether references to it are counted. */
export function shapeOf(project: ProjectContext, { facts, file, role }: IndexedStatic, counted: boolean): StaticShape {
  // A tag can have the same name as a typedef that is a pointer.
  const isTagged = facts.type.startsWith("struct ") || facts.type.startsWith("union ");
  const type = isTagged ? facts.type : project.index.underlyingType(file, facts.type);
  if (role === "function-pointer" || type.includes("(")) return "function-pointer";
  if (isObjectType(project, type, file) || (counted && pointerDepth(type) === 1)) return "object";
  if (pointerDepth(type) > 0) return "pointer";
  if (classNameOf(type).startsWith("std::")) return "container";
  return facts.array || project.index.structOfType(file, type) !== undefined ? "aggregate" : "scalar";
}

const OBJECT_CLASSES = new Set(["py::object", "nb::object", "pybind11::object", "nanobind::object", "py::handle"]);

/** A pointer to a Python object: by its name, or because the project's struct begins like one. */
export function isObjectType(project: ProjectContext, type: string, file: string): boolean {
  const name = classNameOf(type);
  if (OBJECT_CLASSES.has(name)) return true;
  if (pointerDepth(type) !== 1) return false;
  if (name.startsWith("Py") && (name.endsWith("Object") || name === "PyObject")) return true;
  const struct = project.index.structOfType(file, type);
  return struct !== undefined && project.index.structs[struct].isObject;
}

/** True if some lock is held that can be the same one elsewhere. */
export function isLocked({ locks }: StaticAccess): boolean {
  return locks.length > 0;
}

/** True if one and the same lock is held at every access. */
export function commonLock(accesses: readonly StaticAccess[]): boolean {
  const [first, ...rest] = accesses;
  if (!first) return false;
  return first.locks.some((l) => l.at[0] === "@" && rest.every((a) => a.locks.some((x) => x.at === l.at)));
}
