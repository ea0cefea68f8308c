/**
 * State that threads share: fields of instances and static variables, with every access that a thread can make while
 * another runs, and the locks that it holds then.
 */
import type { FunctionIr } from "../../ir/types.ts";
import type { Entry, FunctionId, ProjectIndex, StaticId, StructId } from "../../project/index-types.ts";
import type { Access, HeldLock } from "./access-types.ts";
import { type Summary, summarise } from "./compose.ts";
import { firstMember, type Location, objectPrefixes, parameterOf, rootOf, staticOf } from "./location.ts";

/** An access to a field of an instance, seen from the entry point through which a thread makes it. */
export interface FieldAccess {
  entry: Entry;
  access: Access;
  struct: StructId;
  /** First member of the path inside the struct. */
  field: string;
  /** The whole path inside the struct, as in `Location`: `len`, `buffer*`, `state*.count`. */
  path: string;
  /** The object: a location of the entry function. */
  object: Location;
}

export interface FieldState {
  struct: StructId;
  field: string;
  type: string;
  writes: FieldAccess[];
  reads: FieldAccess[];
}

export interface StaticAccess {
  access: Access;
  /** The function that names the variable; the access itself is in a callee of it if the access has a chain. */
  function: FunctionId;
  /** Locks held at the access and by every caller. */
  locks: readonly HeldLock[];
}

const RUNS_FOR_THREADS = new Set<Entry["kind"]>([
  "method",
  "class-method",
  "static-method",
  "module-method",
  "slot",
  "getter",
  "setter",
  "callback",
  "framework",
  "capsule-destructor",
]);

/** True for entries that other threads can run at any time on the same object. */
export function isConcurrentEntry(entry: Entry): boolean {
  return RUNS_FOR_THREADS.has(entry.kind) && entry.exclusivity === "shared" && entry.wrapper === undefined;
}

export class SharedState {
  readonly summaries: ReadonlyMap<FunctionId, Summary>;
  private readonly index: ProjectIndex;
  private byField: Map<string, FieldState> | undefined;
  private byEntry: Map<Entry, FieldAccess[]> | undefined;
  private byStatic: Map<StaticId, { always: StaticAccess[]; init: StaticAccess[] }> | undefined;
  private contexts: Map<FunctionId, readonly HeldLock[]> | undefined;

  constructor(index: ProjectIndex, decode: (fn: FunctionId) => FunctionIr) {
    this.index = index;
    this.summaries = summarise(index, decode);
  }

  /** Fields that some thread writes while others may look, by `struct.field`. */
  fields(): ReadonlyMap<string, FieldState> {
    if (!this.byField) this.collectFields();
    return this.byField!;
  }

  /** What one entry point does to fields of instances. */
  accessesOf(entry: Entry): readonly FieldAccess[] {
    if (!this.byEntry) this.collectFields();
    return this.byEntry!.get(entry) ?? [];
  }

  fieldOf(access: FieldAccess): FieldState {
    return this.fields().get(keyOf(access))!;
  }

  /** All accesses to a static, in code that can run at any time. Code that runs only while a module is initialised is left out. */
  static(id: StaticId): readonly StaticAccess[] {
    if (!this.byStatic) this.collectStatics();
    return this.byStatic!.get(id)?.always ?? [];
  }

  /** Accesses to a static by code that runs only while a module is initialised. */
  staticInInit(id: StaticId): readonly StaticAccess[] {
    if (!this.byStatic) this.collectStatics();
    return this.byStatic!.get(id)?.init ?? [];
  }

  private collectFields(): void {
    this.byField = new Map();
    this.byEntry = new Map();
    const done = new Set<string>();
    for (const entry of this.index.entries) {
      if (!isConcurrentEntry(entry) || this.index.isInitOnly(entry.function)) continue;
      const once = `${entry.function} ${entry.slot ?? entry.kind}`;
      if (done.has(once)) continue;
      done.add(once);
      const accesses = this.fieldAccesses(entry);
      this.byEntry.set(entry, accesses);
      for (const a of accesses) {
        const key = keyOf(a);
        let state = this.byField.get(key);
        if (!state) {
          const type = this.index.fieldType(a.struct, a.field);
          state = { struct: a.struct, field: a.field, type, writes: [], reads: [] };
          this.byField.set(key, state);
        }
        (a.access.kind === "read" || a.access.kind === "content" ? state.reads : state.writes).push(a);
      }
    }
  }

  private fieldAccesses(entry: Entry): FieldAccess[] {
    const summary = this.summaries.get(entry.function);
    if (!summary) return [];
    const { file } = this.index.functions[entry.function];
    const found: FieldAccess[] = [];
    for (const access of summary.all) {
      if (access.at[0] !== "p") continue;
      const split = this.splitAtInstance(access.at, summary, entry, file);
      if (split) found.push({ entry, access, ...split });
    }
    return found;
  }

  /** The innermost instance on the way to `at`, and the field of it that is accessed. */
  private splitAtInstance(at: Location, summary: Summary, entry: Entry, file: string) {
    for (const { object, path } of objectPrefixes(at)) {
      const struct = this.structAt(object, summary, entry, file);
      if (struct === undefined || !this.index.structs[struct].isObject) continue;
      const field = firstMember(path);
      if (this.isHeader(struct, field)) return undefined;
      return { struct, field, path, object };
    }
    return undefined;
  }

  private structAt(object: Location, summary: Summary, entry: Entry, file: string): StructId | undefined {
    if (parameterOf(object) === entry.selfParam && object === rootOf(object) && entry.type !== undefined) {
      const { struct } = this.index.types[entry.type];
      if (struct !== undefined) return struct;
    }
    const type = summary.types.get(object);
    if (type !== undefined) return this.index.structOfType(file, type);
    // A pointer member of an instance: its declared type.
    if (!object.endsWith("*")) return undefined;
    for (const { object: outer, path } of objectPrefixes(object)) {
      const struct = this.structAt(outer, summary, entry, file);
      if (struct === undefined) continue;
      const declared = this.index.fieldType(struct, path.replace(/\*$/, ""));
      return declared === "" ? undefined : this.index.structOfType(file, declared);
    }
    return undefined;
  }

  private isHeader(struct: StructId, field: string): boolean {
    return field.startsWith("ob_") && this.index.structs[struct].isObject && !this.index.field(struct, field);
  }

  private collectStatics(): void {
    const found = new Map<StaticId, { always: StaticAccess[]; init: StaticAccess[] }>();
    for (const [fn, summary] of this.summaries) {
      const initOnly = this.index.isInitOnly(fn);
      const context = initOnly ? [] : this.contextOf(fn);
      // What callees do through a pointer to the variable is in `all`, with the calls that lead to it.
      for (const access of [...summary.own, ...summary.all.filter((a) => a.at[0] === "@" && a.chain.length > 0)]) {
        const variable = staticOf(access.at);
        if (variable === undefined) continue;
        let lists = found.get(variable);
        if (!lists) {
          lists = { always: [], init: [] };
          found.set(variable, lists);
        }
        lists[initOnly ? "init" : "always"].push({ access, function: fn, locks: [...access.locks, ...context] });
      }
    }
    this.byStatic = found;
  }

  /** Locks that every caller of `fn` holds around the call; none for an entry point or a function nobody calls. */
  contextOf(fn: FunctionId): readonly HeldLock[] {
    if (!this.contexts) this.computeContexts();
    return this.contexts!.get(fn) ?? [];
  }

  private computeContexts(): void {
    const contexts = new Map<FunctionId, readonly HeldLock[]>();
    const sites = new Map<FunctionId, { caller: FunctionId; locks: readonly HeldLock[] }[]>();
    for (const [caller, summary] of this.summaries) {
      if (this.index.isInitOnly(caller)) continue;
      for (const call of summary.calls) {
        for (const callee of call.callees) {
          if (!sites.has(callee)) sites.set(callee, []);
          sites
            .get(callee)!
            .push({ caller, locks: call.locks.filter((l) => l.at[0] === "@" || l.kind !== "critical-section") });
        }
      }
    }
    // Callers before callees: the order of the components, backwards.
    for (const component of [...this.index.bottomUp].reverse()) {
      for (const fn of component) {
        const calls = sites.get(fn);
        if (!calls || this.index.entriesOf(fn).some(isConcurrentEntry) || this.index.functions[fn].addressTaken)
          continue;
        const [first, ...rest] = calls.map((c) => [...c.locks, ...(contexts.get(c.caller) ?? [])]);
        contexts.set(
          fn,
          first.filter((l) => rest.every((r) => r.some((x) => x.at === l.at))),
        );
      }
    }
    this.contexts = contexts;
  }
}

function keyOf(a: { struct: StructId; field: string }): string {
  return `${a.struct}.${a.field}`;
}

/** True if `write` changes memory that `other` looks at: the same place, a part of it, or what it was handed out with. */
export function changes(write: FieldAccess, other: FieldAccess): boolean {
  const { kind } = write.access;
  if (kind === "read" || kind === "content") return false;
  if (kind === "empties") return other.path === write.path && other.access.kind !== "read";
  if (write.path === other.path || within(write.path, other.path) || within(other.path, write.path)) return true;
  return (
    (kind === "touch" || kind === "free") &&
    other.path.startsWith(`${write.path}`) &&
    /^[.*]/.test(other.path.slice(write.path.length))
  );
}

function within(part: string, whole: string): boolean {
  return part.startsWith(`${whole}.`);
}
