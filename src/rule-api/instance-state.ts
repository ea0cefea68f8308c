/**
 * Unlocked access to instance fields, grouped to what a maintainer repairs: one group for the function that holds all
 * accesses of an entry point, with every entry point that reaches it.
 */

import { isObjectPointer, pointerDepth } from "../capi/type-names.ts";
import type { HeldLock } from "../flow/shared/access-types.ts";
import { type Location, rootOf } from "../flow/shared/location.ts";
import {
  changes,
  type FieldAccess,
  type FieldState,
  isConcurrentEntry,
  type SharedState,
} from "../flow/shared/shared-state.ts";
import type { Entry, FunctionId, ProjectIndex } from "../project/index-types.ts";
import type { ProjectContext } from "./context.ts";
import { isNotShared } from "./not-shared.ts";
import type { EvidenceStep, Risk } from "./types.ts";

/** One unlocked access together with an access of another thread that it collides with. */
export interface Collision {
  access: FieldAccess;
  state: FieldState;
  /** The most telling other access: a writer if there is one in another function. */
  other: FieldAccess;
}

export interface StateGroup {
  /** The function where a lock would cover all of them. */
  function: FunctionId;
  entries: Entry[];
  collisions: Collision[];
  /** Every collision is a plain read of a `PyObject *` field that somebody replaces. */
  onlyObjectReads: boolean;
  risk: Risk;
}

const memo = new WeakMap<ProjectContext, StateGroup[]>();

/** All groups of the project in order of function, computed once. */
export function stateGroups(project: ProjectContext): StateGroup[] {
  let groups = memo.get(project);
  if (!groups) {
    groups = collect(project);
    memo.set(project, groups);
  }
  return groups;
}

function collect(project: ProjectContext): StateGroup[] {
  const { shared, index } = project;
  const groups = new Map<FunctionId, StateGroup>();
  const found = index.entries.filter(isConcurrentEntry).map((entry) => {
    const collisions = shared
      .accessesOf(entry)
      .filter((access) => !isNotShared(project, access.struct))
      .filter((access) => access.access.kind !== "empties" || isRefilled(access, shared))
      .map((access) => collisionOf(access, shared))
      .filter((c): c is Collision => c !== undefined);
    return { entry, collisions, at: placeOf(entry, collisions, index) };
  });
  const covered = coveredByEntries(found);
  for (const { entry, collisions, at } of found) {
    if (collisions.length === 0) continue;
    const fn = covered.has(at) ? entry.function : at;
    let group = groups.get(fn);
    if (!group) {
      group = { function: fn, entries: [], collisions: [], onlyObjectReads: false, risk: "low" };
      groups.set(fn, group);
    }
    group.entries.push(entry);
    // The same helper reached from several entry points shows the same accesses: the first entry's will do.
    if (group.entries.length === 1) group.collisions.push(...collisions);
  }
  for (const group of groups.values()) {
    group.onlyObjectReads = group.collisions.every((c) => isObjectRead(c));
    group.risk = riskOf(group);
  }
  return [...groups.values()].sort((a, b) => a.function - b.function);
}

/**
 * Helpers that other entry points, which have accesses of their own too, run under the lock that they need anyway: for the sake of
 * one lock order the lock belongs into the entry points then. `__init__` alone does not decide that.
 */
function coveredByEntries(found: { entry: Entry; collisions: Collision[]; at: FunctionId }[]): Set<FunctionId> {
  const covered = new Set<FunctionId>();
  for (const { entry, collisions, at } of found) {
    if (at !== entry.function || entry.slot === "tp_init") continue;
    for (const { access } of collisions) for (const step of access.access.chain) covered.add(step.callee);
  }
  return covered;
}

/**
 * The deepest function that contains all of `collisions`, the way the accesses were reached from `entry`, and that has the
 * object at hand: a lock of the object cannot be taken further down.
 */
function placeOf(entry: Entry, collisions: Collision[], index: ProjectIndex): FunctionId {
  let fn = entry.function;
  for (let depth = 0; collisions.length > 0; depth++) {
    const next = new Set(collisions.map((c) => c.access.access.chain[depth]?.callee));
    const [only] = next;
    if (next.size !== 1 || only === undefined || !takesObject(index, only)) break;
    fn = only;
  }
  return fn;
}

/** A container that the same entry point fills and empties: scratch space of one call, which two calls at a time would share. */
function isRefilled(emptied: FieldAccess, shared: SharedState): boolean {
  return shared.accessesOf(emptied.entry).some((a) => {
    return a.access.kind === "content" && a.field === emptied.field && a.path === emptied.path;
  });
}

function takesObject(index: ProjectIndex, fn: FunctionId): boolean {
  const { facts } = index.functions[fn];
  return facts.params.some(({ type }) => {
    if (isObjectPointer(type)) return true;
    const struct = pointerDepth(type) > 0 ? index.structOfType(facts.file, type) : undefined;
    return struct !== undefined && index.structs[struct].isObject;
  });
}

function collisionOf(access: FieldAccess, shared: SharedState): Collision | undefined {
  // A kept thread state is another rule's finding.
  if (isProtected(access) || access.access.type.includes("PyThreadState")) return undefined;
  const state = shared.fieldOf(access);
  const changing = state.writes.filter((w) => changes(w, access));
  const writers = changing.every(isInitWrite) ? [] : changing;
  // Using a container is safe by itself; it matters only beside one that is emptied.
  if (access.access.kind === "content") return undefined;
  if (access.access.kind === "read") {
    const other = preferOther(writers, access);
    return other && { access, state, other };
  }
  const readers = state.reads.filter((r) => changes(access, r));
  if (isInitWrite(access) && writers.length === 0 && readers.length === 0) return undefined;
  return { access, state, other: preferOther(writers, access) ?? preferOther(readers, access) ?? access };
}

function preferOther(candidates: FieldAccess[], access: FieldAccess): FieldAccess | undefined {
  return candidates.find((c) => c.access.function !== access.access.function) ?? candidates[0];
}

/** `__init__` normally runs once, before anybody else has the object. */
function isInitWrite(access: FieldAccess): boolean {
  return access.entry.slot === "tp_init";
}

/** True if a lock of the same object, or one that is no object's, is held. */
export function isProtected(access: FieldAccess): boolean {
  return access.access.locks.some((lock) => covers(lock, access));
}

function covers(lock: HeldLock, access: FieldAccess): boolean {
  const isSection = lock.kind === "critical-section" || lock.kind === "critical-section2";
  // A mutex may guard any object, save one that is said to be the lock of an object.
  if (!isSection && !isArgument(lock.at)) return true;
  return lock.at === access.object || access.object.startsWith(`${lock.at}.`) || lock.at === rootOf(access.object);
}

/** An entry point's arguments are objects. */
function isArgument(at: Location): boolean {
  return at[0] === "p" && at === rootOf(at);
}

function isObjectRead({ access }: Collision): boolean {
  return access.access.kind === "read" && access.path === access.field && isObjectPointer(access.access.type);
}

function riskOf(group: StateGroup): Risk {
  if (group.entries.every((e) => e.slot === "tp_init")) return "low";
  const telling = group.collisions.filter((c) => !isContent(c) && !isTest(c));
  if (telling.some(isPointerRace)) return "high";
  if (telling.some((c) => isCompound(c) || isForeign(c) || c.access.access.kind !== "read")) return "medium";
  return "low";
}

/** A pointer that is only compared with NULL: the answer can be out of date, but nothing is touched. */
function isTest({ access }: Collision): boolean {
  return access.access.tested === true;
}

/** Numbers in a buffer: two threads can see each other's half-done work there, but nothing breaks. */
function isContent({ access, other }: Collision): boolean {
  return [access, other].every(({ path, access: { kind, type } }) => {
    return (kind === "read" || kind === "write") && path.endsWith("*") && type !== "" && pointerDepth(type) === 0;
  });
}

/** A pointer that one thread replaces or releases while another may be about to use it. */
function isPointerRace({ access, other }: Collision): boolean {
  return [access, other].some(({ access: { kind, type } }) => {
    return kind === "free" || (kind === "write" && (pointerDepth(type) > 0 || isObjectPointer(type)));
  });
}

function isCompound({ access, other }: Collision): boolean {
  return access.access.stored === "update" || other.access.stored === "update";
}

/** Work on something whose code is not in the project, such as the handle of a library. */
function isForeign({ access, other }: Collision): boolean {
  return access.access.kind === "touch" || other.access.kind === "touch";
}

/** `self->items` and the like, each once, in order of first access; at most `limit`, then "...". */
export function fieldNames(group: StateGroup, limit = 4): string {
  const names = [...new Set(group.collisions.map((c) => `\`${c.access.field}\``))];
  return names.length <= limit
    ? names.join(", ")
    : `${names.slice(0, limit).join(", ")} and ${names.length - limit} more`;
}

/** The steps that show a reader who else touches the fields, one pair a field. */
export function stateEvidence(group: StateGroup, index: ProjectIndex, limit = 6): EvidenceStep[] {
  const steps: EvidenceStep[] = [];
  const [entry] = group.entries;
  const names = [...new Set(group.entries.map((e) => `\`${e.name}\``))];
  steps.push({
    text: `any thread can get here through ${names.slice(0, 4).join(", ")}${names.length > 4 ? " and others" : ""}`,
    file: entry.file,
    start: entry.start,
    end: entry.end,
  });
  const seen = new Set<string>();
  for (const { access, other } of group.collisions) {
    if (seen.has(access.field) || seen.size >= limit) continue;
    seen.add(access.field);
    steps.push(step(index, access, `${verb(access)} \`${access.field}\` here without a lock`));
    if (other !== access) {
      const held = isProtected(other) ? ", under a lock that is not held here" : "";
      const object = other.path.includes("*") ? `\`${other.field}\`` : "it";
      steps.push(
        step(index, other, `\`${index.functions[other.access.function].name}\` ${verb(other)} ${object}${held}`),
      );
    }
  }
  return steps;
}

function step(index: ProjectIndex, field: FieldAccess, text: string): EvidenceStep {
  const { access } = field;
  return {
    text,
    file: index.functions[access.function].facts.file,
    start: access.start,
    end: access.end,
    isAccess: !isProtected(field),
  };
}

/** What an access does, as a verb in the third person. */
export function verb({ access, path }: FieldAccess): string {
  const behind = path.includes("*");
  switch (access.kind) {
    case "read":
      return behind ? "reads what is behind" : "reads";
    case "write":
      if (access.stored === "update") return behind ? "updates what is behind" : "updates";
      return behind ? "writes what is behind" : "writes";
    case "touch":
      return behind ? "hands out what is behind" : "hands out";
    case "free":
      return "releases what is behind";
    case "content":
      return "works with the content of";
    case "empties":
      return "empties";
  }
}

/** The span of the first access in the function that the group belongs to, or the call that leads to it. */
export function groupSpan(group: StateGroup): { start: number; end: number } {
  const worst = group.collisions.find((c) => c.access.access.kind !== "read") ?? group.collisions[0];
  for (const step of worst.access.access.chain) if (step.function === group.function) return step;
  return worst.access.access;
}
