/** How the interpreter gets into the project: methods, slots, getters and setters, module functions. */
import { methodConvention, SLOTS, slot } from "../../capi/slots.ts";
import { isObjectPointer } from "../../capi/type-names.ts";
import type { Init } from "../../ir/facts.ts";
import type { DeclaredEntry } from "../declared.ts";
import type { Entry, EntryKind, FunctionId, InstanceType, ModuleInfo, SourcePlace, StaticId } from "../index-types.ts";
import type { Symbols } from "./symbols.ts";

type Shape = Pick<Entry, "convention" | "selfParam" | "argsParam" | "kwargsParam" | "objectParams">;

interface Owner {
  type?: number;
  module?: number;
}

/** Entries from the tables of types and modules and from tables that belong to neither, wrappers of Argument Clinic resolved. */
export function tableEntries(
  symbols: Symbols,
  types: readonly InstanceType[],
  modules: readonly ModuleInfo[],
): Entry[] {
  const builder = new EntryBuilder(symbols);
  const owned = new Set<StaticId>();
  /** Owners by file and name of the table: alternatives of one table (`#if`) belong to the same. */
  const owners = new Map<string, Owner>();
  const own = (id: StaticId, owner: Owner) => {
    owned.add(id);
    owners.set(tableKey(symbols, id), owner);
  };
  for (const type of types) {
    for (const [name, ref] of type.slots) {
      if (ref.function !== undefined) builder.slot(ref.function, name, ref, type.id);
    }
    for (const id of type.methods) {
      own(id, { type: type.id });
      builder.methods(id, "method", { type: type.id });
    }
    for (const id of type.getset) {
      own(id, { type: type.id });
      builder.getset(id, type.id);
    }
  }
  modules.forEach((module, i) => {
    if (module.init !== undefined) builder.moduleInit(module.init, module, i);
    for (const id of module.methods) {
      own(id, { module: i });
      builder.methods(id, "module-method", { module: i });
    }
    for (const row of module.slotRows)
      if (row.function !== undefined) builder.moduleSlot(row.function, row.slot, row, i);
    if (module.def !== undefined) {
      owned.add(module.def);
      builder.moduleDef(module.def, i);
    }
  });
  for (const { id, role } of symbols.statics.statics) {
    if (owned.has(id)) continue;
    const owner = owners.get(tableKey(symbols, id)) ?? {};
    if (role === "method-table") builder.methods(id, owner.module === undefined ? "method" : "module-method", owner);
    else if (role === "getset-table") builder.getset(id, owner.type);
    else if (role === "module-def") builder.moduleDef(id, undefined);
  }
  builder.clinic();
  return builder.entries;
}

/**
 * Entries of functions that the project says any thread can call. The instance is the parameter it names; every other
 * object may be the caller's too.
 */
export function declaredEntries(symbols: Symbols, declared: readonly DeclaredEntry[]): Entry[] {
  const builder = new EntryBuilder(symbols);
  for (const { function: name, self } of declared) {
    for (const id of symbols.functions.named(name)) {
      const { file, facts } = symbols.functions.functions[id];
      const objectParams = facts.params.flatMap((p, i) => (i !== self && isObjectPointer(p.type) ? [i] : []));
      const shape = { ...NO_PARAMS, selfParam: self, objectParams };
      builder.declared(id, { file, start: facts.nameStart, end: facts.nameEnd }, shape);
    }
  }
  return builder.entries;
}

function tableKey(symbols: Symbols, id: StaticId): string {
  const { file, facts } = symbols.statics.statics[id];
  return `${file}\n${facts.owner ?? ""}\n${facts.name}`;
}

class EntryBuilder {
  readonly entries: Entry[] = [];
  private readonly symbols: Symbols;
  private readonly seen = new Set<string>();

  constructor(symbols: Symbols) {
    this.symbols = symbols;
  }

  slot(fn: FunctionId, name: string, place: SourcePlace, type: number): void {
    const info = slot(name);
    if (info?.holds !== "function") return;
    this.add(fn, "slot", name, place, { type }, info.exclusivity, {
      convention: "slot",
      selfParam: info.self,
      argsParam: info.args,
      kwargsParam: info.kwargs,
      objectParams: [...info.objects],
    });
  }

  methods(table: StaticId, kind: EntryKind, owner: Owner): void {
    const { file, facts } = this.symbols.statics.statics[table];
    const add = (value: Init | undefined, name: string, flags: string[], place: SourcePlace) => {
      const fn = this.symbols.functionIn(file, value);
      if (fn === undefined) return;
      const how = methodConvention(flags);
      const bound: EntryKind =
        how?.binding === "class" ? "class-method" : how?.binding === "static" ? "static-method" : kind;
      this.add(
        fn,
        bound,
        name,
        place,
        owner,
        "shared",
        how
          ? {
              ...how,
              selfParam: how.self,
              argsParam: how.args,
              kwargsParam: how.kwargs,
              objectParams: [...how.objects],
            }
          : this.guess(fn),
      );
    };
    for (const { fields, ...place } of this.symbols.rows.rows(file, facts.init, "PyMethodDef")) {
      const call = fields.get("");
      if (call) add(call, "", [], place);
      else
        add(
          fields.get("ml_meth"),
          this.text(file, fields.get("ml_name")),
          this.symbols.rows.words(file, fields.get("ml_flags")),
          place,
        );
    }
    // A single definition that is no array: `static PyMethodDef def = {"f", f, METH_O}`.
    if (facts.init && !facts.array && facts.init.kind === "list" && facts.init.items[0]?.value.kind !== "list") {
      const fields = this.symbols.rows.fields(file, facts.init, "PyMethodDef");
      const { start, end } = facts.init;
      add(
        fields.get("ml_meth"),
        this.text(file, fields.get("ml_name")),
        this.symbols.rows.words(file, fields.get("ml_flags")),
        { file, start, end },
      );
    }
    const assigned = this.symbols.assignsTo(table);
    for (const { value, file: at, start, end } of assigned.get("ml_meth") ?? []) {
      add({ kind: "name", name: value, start, end }, "", [], { file: at, start, end });
    }
  }

  getset(table: StaticId, type: number | undefined): void {
    const { file, facts } = this.symbols.statics.statics[table];
    for (const { fields, ...place } of this.symbols.rows.rows(file, facts.init, "PyGetSetDef")) {
      const name = this.text(file, fields.get("name"));
      const self = { convention: "other", selfParam: 0, argsParam: -1, kwargsParam: -1 } as const;
      const get = this.symbols.functionIn(file, fields.get("get"));
      if (get !== undefined) this.add(get, "getter", name, place, { type }, "shared", { ...self, objectParams: [] });
      const set = this.symbols.functionIn(file, fields.get("set"));
      if (set !== undefined) this.add(set, "setter", name, place, { type }, "shared", { ...self, objectParams: [1] });
      const call = fields.get("");
      if (!call) continue;
      for (const word of this.symbols.rows.namesIn(file, call)) {
        const fn = this.symbols.functions.resolve(file, word);
        if (fn === undefined) continue;
        const setter = this.symbols.functions.functions[fn].facts.params.length > 2;
        this.add(fn, setter ? "setter" : "getter", name, place, { type }, "shared", {
          ...self,
          objectParams: setter ? [1] : [],
        });
      }
    }
  }

  moduleInit(fn: FunctionId, module: ModuleInfo, index: number): void {
    const place = { file: module.file, start: module.start, end: module.end };
    this.add(fn, "module-init", module.name, place, { module: index }, "fresh", NO_PARAMS);
  }

  moduleSlot(fn: FunctionId, number: string, place: SourcePlace, module: number): void {
    const kind = number === "Py_mod_exec" ? "module-exec" : number === "Py_mod_create" ? "module-create" : undefined;
    const gc = number === "Py_mod_state_traverse" || number === "Py_mod_state_clear" || number === "Py_mod_state_free";
    if (kind)
      this.add(fn, kind, number, place, { module }, "fresh", {
        ...NO_PARAMS,
        selfParam: kind === "module-exec" ? 0 : -1,
      });
    else if (gc)
      this.add(fn, "module-gc", number.replace("Py_mod_state", "m"), place, { module }, "collector", {
        ...NO_PARAMS,
        selfParam: 0,
      });
  }

  moduleDef(def: StaticId, module: number | undefined): void {
    const { file, facts } = this.symbols.statics.statics[def];
    const fields = this.symbols.rows.fields(file, facts.init, "PyModuleDef");
    for (const name of ["m_traverse", "m_clear", "m_free"]) {
      const fn = this.symbols.functionIn(file, fields.get(name));
      const place = { file, start: fields.get(name)?.start ?? facts.start, end: fields.get(name)?.end ?? facts.end };
      const exclusivity = SLOTS.get(name)?.exclusivity ?? "collector";
      if (fn !== undefined)
        this.add(fn, "module-gc", name, place, { module }, exclusivity, { ...NO_PARAMS, selfParam: 0 });
    }
  }

  /**
   * Argument Clinic: the wrapper `f` converts arguments and calls `f_impl`, which is the method as people wrote it. Both are
   * entries; the second has the same instance.
   */
  clinic(): void {
    for (const entry of [...this.entries]) {
      const fn = this.symbols.functions.functions[entry.function];
      const callee = fn.facts.calls.find((name) => name === `${fn.name}_impl`) ?? clinicCallee(fn.file, fn.facts.calls);
      const impl = callee === undefined ? undefined : this.symbols.functions.resolve(fn.file, callee);
      if (impl === undefined || impl === fn.id) continue;
      entry.impl = impl;
      const { params } = this.symbols.functions.functions[impl].facts;
      const shifted = entry.kind === "static-method" && params[0] !== undefined ? 0 : 1;
      const objectParams = params.flatMap((param, i) => (i >= shifted && isObjectPointer(param.type) ? [i] : []));
      const { type, module } = entry;
      this.addOne(impl, entry.kind, entry.name, entry, { type, module }, entry.exclusivity, {
        convention: "clinic-impl",
        selfParam: entry.selfParam,
        argsParam: -1,
        kwargsParam: -1,
        objectParams,
      });
      const added = this.entries.at(-1);
      if (added?.function === impl) added.wrapper = fn.id;
    }
  }

  declared(fn: FunctionId, place: SourcePlace, shape: Shape): void {
    this.addOne(fn, "method", this.symbols.functions.functions[fn].name, place, {}, "shared", shape);
  }

  private add(
    fn: FunctionId,
    kind: EntryKind,
    name: string,
    place: SourcePlace,
    owner: Owner,
    exclusivity: Entry["exclusivity"],
    shape: Shape,
  ): void {
    const { functions } = this.symbols.functions;
    const named = this.symbols.functions.candidates(place.file, functions[fn].name);
    const all = new Set([fn, ...this.symbols.functions.alternatives(fn), ...(named.includes(fn) ? named : [])]);
    for (const id of all) this.addOne(id, kind, name, place, owner, exclusivity, shape);
  }

  private addOne(
    fn: FunctionId,
    kind: EntryKind,
    name: string,
    { file, start, end }: SourcePlace,
    owner: Owner,
    exclusivity: Entry["exclusivity"],
    shape: Shape,
  ): void {
    const key = `${fn} ${kind} ${name} ${owner.type ?? ""} ${owner.module ?? ""} ${file} ${start}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    const count = this.symbols.functions.functions[fn].facts.params.length;
    const has = (param: number) => (param < count ? param : -1);
    const entry: Entry = {
      function: fn,
      kind,
      name,
      convention: shape.convention,
      selfParam: has(shape.selfParam),
      argsParam: has(shape.argsParam),
      kwargsParam: has(shape.kwargsParam),
      objectParams: shape.objectParams.filter((param) => param < count),
      exclusivity,
      file,
      start,
      end,
    };
    if (kind === "slot" || kind === "module-gc") entry.slot = name;
    if (owner.type !== undefined) entry.type = owner.type;
    if (owner.module !== undefined) entry.module = owner.module;
    this.entries.push(entry);
  }

  /** Without flags: the instance first, then whatever objects there are. */
  private guess(fn: FunctionId): Shape {
    const { params } = this.symbols.functions.functions[fn].facts;
    const objectParams = params.flatMap((param, i) => (i > 0 && isObjectPointer(param.type) ? [i] : []));
    return { convention: "other", selfParam: 0, argsParam: -1, kwargsParam: -1, objectParams };
  }

  private text(file: string, value: Init | undefined): string {
    if (!value) return "";
    const resolved = this.symbols.rows.resolved(file, value);
    return resolved.kind === "string" ? resolved.text : "";
  }
}

const NO_PARAMS: Shape = { convention: "other", selfParam: -1, argsParam: -1, kwargsParam: -1, objectParams: [] };

/** In a generated `clinic/` file the only `_impl` that a wrapper calls is its own, whatever the wrapper is called. */
function clinicCallee(file: string, calls: readonly string[]): string | undefined {
  if (!file.includes("clinic/")) return undefined;
  return calls.find((name) => name.endsWith("_impl"));
}
