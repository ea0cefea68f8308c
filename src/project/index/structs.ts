/** Struct layouts: by name and type expression, and fields through embedded and base structs. */
import { classNameOf, lastComponent, pointerDepth } from "../../capi/type-names.ts";
import type { FieldFacts } from "../../ir/facts.ts";
import type { IndexedStruct, ResolvedField, StructId } from "../index-types.ts";
import type { FileGraph } from "./files.ts";
import { nearness } from "./files.ts";
import { FileMemo } from "./memo.ts";
import { append } from "./multimap.ts";

/** Instance structs of CPython that extensions embed as their first member. */
const OBJECT_STRUCTS: ReadonlySet<string> = new Set([
  "PyObject",
  "PyVarObject",
  "PyTypeObject",
  "PyHeapTypeObject",
  "PyListObject",
  "PyTupleObject",
  "PyDictObject",
  "PySetObject",
  "PyLongObject",
  "PyFloatObject",
  "PyComplexObject",
  "PyUnicodeObject",
  "PyBytesObject",
  "PyByteArrayObject",
  "PyModuleObject",
  "PyFunctionObject",
  "PyCFunctionObject",
  "PyMethodObject",
  "PyWeakReference",
  "PyBaseExceptionObject",
  "PyOSErrorObject",
  "PyStopIterationObject",
  "PyArrayObject_fields",
  "PyDescrObject",
]);

const MAX_DEPTH = 12;

export class StructTable {
  readonly structs: readonly IndexedStruct[];
  private readonly graph: FileGraph;
  private readonly byName = new Map<string, StructId[]>();
  private readonly typedefs = new Map<string, { file: string; type: string }[]>();
  private readonly named = new FileMemo<StructId | undefined>();
  private readonly fields = new Map<string, ResolvedField | null>();

  constructor(graph: FileGraph) {
    this.graph = graph;
    const structs: IndexedStruct[] = [];
    for (const file of graph.files) {
      for (const facts of file.structs) {
        const id = structs.length;
        const name = facts.typedefs[0] ?? facts.tag;
        structs.push({ id, file: file.file, facts, name, isObject: facts.objectHead !== "" });
        const names = new Set([facts.tag, ...facts.typedefs].flatMap((n) => [n, lastComponent(n)]));
        for (const alias of names) if (alias !== "") append(this.byName, alias, id);
      }
      for (const { name, type } of file.typedefs) append(this.typedefs, name, { file: file.file, type });
    }
    this.structs = structs;
    for (const struct of structs) if (!struct.isObject) struct.isObject = this.beginsWithObject(struct, 0);
    this.named.clear();
  }

  /** Struct for a tag, class or typedef name, seen from `file`. */
  structNamed(file: string, name: string): StructId | undefined {
    return this.named.get(file, name, () => this.find(file, name, 0));
  }

  /** Struct for a type as written; pointers, references and qualifiers are ignored. */
  structOfType(file: string, type: string): StructId | undefined {
    const name = classNameOf(type);
    return name === "" ? undefined : this.structNamed(file, name);
  }

  /** What a type means behind the typedefs of the project, as written; the type itself if none of them names it. */
  underlyingType(file: string, type: string): string {
    let current = { at: file, type };
    for (let depth = 0; depth < MAX_DEPTH && pointerDepth(current.type) === 0; depth++) {
      const name = classNameOf(current.type);
      const aliases = (this.typedefs.get(name) ?? []).map((a) => ({
        file: a.file,
        value: { at: a.file, type: a.type },
      }));
      const alias = this.pick(current.at, aliases, (a) => classNameOf(a.type) !== name);
      if (!alias || alias.type === current.type) break;
      current = alias;
    }
    return current.type;
  }

  /** Field at `path`, as `Place.path` writes it: members joined by `.`, elements as `[]`. */
  field(struct: StructId, path: string): ResolvedField | undefined {
    const key = `${struct}\n${path}`;
    let found = this.fields.get(key);
    if (found === undefined) {
      found = this.walk(struct, path.replaceAll("[]", ""), 0) ?? null;
      this.fields.set(key, found);
    }
    return found ?? undefined;
  }

  /** Bases and the embedded first member: structs whose fields are the struct's own. */
  private bases(struct: IndexedStruct): StructId[] {
    const types = [...struct.facts.bases];
    const first = struct.facts.fields[0];
    if (first && pointerDepth(first.type) === 0 && !first.array) types.push(first.type);
    return types
      .map((type) => this.structOfType(struct.file, type))
      .filter((id) => id !== undefined && id !== struct.id) as StructId[];
  }

  private beginsWithObject(struct: IndexedStruct, depth: number): boolean {
    if (depth > MAX_DEPTH) return false;
    const first = struct.facts.fields[0];
    const embedded = [...struct.facts.bases];
    if (first && pointerDepth(first.type) === 0 && !first.array) embedded.push(first.type);
    return embedded.some((type) => {
      if (OBJECT_STRUCTS.has(lastComponent(classNameOf(type)))) return true;
      const id = this.structOfType(struct.file, type);
      if (id === undefined || id === struct.id) return false;
      const base = this.structs[id];
      return base.facts.objectHead !== "" || this.beginsWithObject(base, depth + 1);
    });
  }

  private walk(id: StructId, path: string, depth: number): ResolvedField | undefined {
    if (depth > MAX_DEPTH || path === "") return undefined;
    const struct = this.structs[id];
    const whole = struct.facts.fields.find((field) => field.name === path);
    if (whole) return { struct: id, path, facts: whole };
    const { first, rest } = longestField(struct.facts.fields, path);
    if (first) {
      const inner = this.structOfType(struct.file, first.type);
      const found = inner === undefined ? undefined : this.walk(inner, rest, depth + 1);
      // An embedded object is the same object: its fields are known under its own struct.
      const isBase = first === struct.facts.fields[0] && pointerDepth(first.type) === 0;
      if (found && isBase && this.structs[found.struct].isObject) return found;
      return { struct: id, path, facts: found?.facts ?? { ...first, name: path, type: "" } };
    }
    for (const base of this.bases(struct)) {
      const found = this.walk(base, path, depth + 1);
      if (found) return found;
    }
    return undefined;
  }

  private find(file: string, name: string, depth: number): StructId | undefined {
    if (depth > MAX_DEPTH) return undefined;
    const all = this.byName.get(name) ?? this.byName.get(lastComponent(name)) ?? [];
    // `Variable` of the bindings wraps `lib::Variable`: unqualified, in the bindings, it is the object.
    const objects = all.filter((id) => this.structs[id].isObject);
    const ids = objects.length > 0 && !name.includes("::") ? objects : all;
    const struct = this.pick(
      file,
      ids.map((id) => ({ file: this.structs[id].file, value: id })),
      // A forward declaration without fields says nothing while a definition exists.
      (id) => this.structs[id].facts.fields.length > 0,
    );
    if (struct !== undefined) return struct;
    const aliases = (this.typedefs.get(name) ?? []).map(({ file: at, type }) => ({ file: at, value: { at, type } }));
    const alias = this.pick(file, aliases, ({ type }) => classNameOf(type) !== name);
    if (!alias || classNameOf(alias.type) === name) return undefined;
    return this.find(alias.at, classNameOf(alias.type), depth + 1);
  }

  private pick<T>(
    file: string,
    candidates: { file: string; value: T }[],
    isGood: (value: T) => boolean,
  ): T | undefined {
    const good = candidates.filter(({ value }) => isGood(value));
    const from = good.length > 0 ? good : candidates;
    if (from.length <= 1) return from[0]?.value;
    const own = from.find((candidate) => candidate.file === file);
    if (own) return own.value;
    for (const seen of this.graph.visibleFrom(file)) {
      const found = from.find((candidate) => candidate.file === seen);
      if (found) return found.value;
    }
    return [...from].sort((a, b) => nearness(file, b.file) - nearness(file, a.file))[0].value;
  }
}

/** The longest field name that begins `path` at a dot, and what is left. */
function longestField(fields: readonly FieldFacts[], path: string): { first?: FieldFacts; rest: string } {
  for (let at = path.lastIndexOf("."); at > 0; at = path.lastIndexOf(".", at - 1)) {
    const head = path.slice(0, at);
    const first = fields.find((field) => field.name === head);
    if (first) return { first, rest: path.slice(at + 1) };
  }
  return { rest: "" };
}
