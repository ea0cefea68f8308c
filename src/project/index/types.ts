/** Python types that the project makes: static type objects, specs, and slot arrays. */
import { slot, slotOfNumber } from "../../capi/slots.ts";
import { classNameOf, pointerDepth } from "../../capi/type-names.ts";
import type { Init } from "../../ir/facts.ts";
import type {
  IndexedFunction,
  IndexedStatic,
  InstanceType,
  MemberRow,
  SlotRef,
  SourcePlace,
  StaticId,
  StructId,
} from "../index-types.ts";
import { parseInit, wordsOf } from "./init-text.ts";
import type { NameTracker } from "./ir-names.ts";
import { textOf } from "./macros.ts";
import type { Tracker } from "./modules.ts";
import { slotPairs } from "./slot-pairs.ts";
import { isNull } from "./static-role.ts";
import type { Symbols } from "./symbols.ts";

/** Types in the order of their statics: type objects, specs, slot arrays that no spec names, then the ones built in functions. */
export function buildTypes(symbols: Symbols, tracker: Tracker): InstanceType[] {
  const { statics } = symbols.statics;
  const reader = new TypeReader(symbols);
  const types: InstanceType[] = [];
  const add = (type: InstanceType | undefined) => {
    if (type) types.push({ ...type, id: types.length });
  };
  for (const entry of statics) if (entry.role === "type-object") add(reader.typeObject(entry));
  for (const entry of statics) if (entry.role === "type-spec") add(reader.spec(entry));
  for (const entry of statics) {
    const isSlots = entry.role === "type-slots" || (entry.role === "module-slots" && reader.holdsTypeSlots(entry));
    if (isSlots && !reader.claimed.has(entry.id)) add(reader.slotArray(entry));
  }
  for (const fn of symbols.functions.functions) {
    if (!fn.facts.calls.some((callee) => callee.startsWith("PyType_From"))) continue;
    for (const type of reader.inFunction(fn, tracker(fn.id), types)) add(type);
  }
  const byStatic = new Map(
    types.flatMap((type) => (type.typeObject === undefined ? [] : [[type.typeObject, type.id] as const])),
  );
  for (const type of types) {
    const base = symbols.statics.resolve(type.file, type.baseName);
    if (base !== undefined) type.base = byStatic.get(base);
    type.struct ??= structFromMethods(symbols, type);
  }
  return types;
}

class TypeReader {
  readonly claimed = new Set<StaticId>();
  private readonly symbols: Symbols;

  constructor(symbols: Symbols) {
    this.symbols = symbols;
  }

  /** Undefined for a type object that only is declared: it belongs to somebody else. */
  typeObject(entry: IndexedStatic): InstanceType | undefined {
    const { facts, file } = entry;
    const assigns = this.symbols.assignsTo(entry.id);
    if (!facts.init && assigns.size === 0) return undefined;
    if (pointerDepth(facts.type) > 0) return undefined;
    const type = this.empty(entry, false);
    type.typeObject = entry.id;
    for (const [field, value] of this.symbols.rows.fields(file, facts.init, "PyTypeObject")) {
      this.set(type, field, value, file, facts.owner);
    }
    this.assigned(type, entry.id);
    return type;
  }

  spec(entry: IndexedStatic): InstanceType | undefined {
    const { facts, file } = entry;
    const fields = this.symbols.rows.fields(file, facts.init, "PyType_Spec");
    if (fields.size === 0) return undefined;
    const type = this.empty(entry, true);
    type.spec = entry.id;
    for (const [field, value] of fields) {
      if (field === "name") this.set(type, "tp_name", value, file, facts.owner);
      else if (field === "basicsize") this.set(type, "tp_basicsize", value, file, facts.owner);
      else if (field === "flags") this.set(type, "tp_flags", value, file, facts.owner);
    }
    const slots = this.symbols.staticIn(file, fields.get("slots"), facts.owner);
    if (slots !== undefined) this.addSlots(type, slots);
    return type;
  }

  slotArray(entry: IndexedStatic): InstanceType | undefined {
    const type = this.empty(entry, true);
    this.addSlots(type, entry.id);
    return type.slots.size === 0 && type.methods.length === 0 ? undefined : type;
  }

  holdsTypeSlots(entry: IndexedStatic): boolean {
    return slotPairs(this.symbols, entry).some(({ slot: name }) => name.startsWith("Py_tp_"));
  }

  /**
   * Slots and specs in automatic variables: `PyType_Slot slots[] = {...}; PyType_Spec spec = {..., slots};`. A spec of that
   * kind over a static array of slots says more of the type that is known already.
   */
  inFunction(fn: IndexedFunction, names: NameTracker, known: readonly InstanceType[]): InstanceType[] {
    const { file } = fn;
    const specs = names.storedInto("PyType_Spec");
    const made: InstanceType[] = [];
    for (const { value, stored } of names.storedInto("PyType_Slot")) {
      const place = names.declarationOf(value);
      if (!place) continue;
      const type = emptyType({ file, start: place.start, end: place.end }, place.name, true);
      let slotName: string | undefined;
      for (const [name] of stored) {
        const field = name === undefined ? undefined : slotOfNumber(name);
        if (field) slotName = field;
        else if (slotName !== undefined && name !== undefined) {
          this.set(type, slotName, { kind: "name", name, start: place.start, end: place.end }, file, fn.name);
          slotName = undefined;
        }
      }
      if (type.slots.size > 0 || type.methods.length > 0) made.push(type);
    }
    specs.forEach(({ stored }, i) => {
      const all = stored.flat();
      const slots = all.map((name) => this.symbols.statics.mentioned(fn, name)).find((id) => id !== undefined);
      const place = slots === undefined ? undefined : this.symbols.statics.statics[slots];
      const type = place
        ? known.find((t) => t.file === place.file && t.start === place.facts.nameStart)
        : made[specs.length === made.length ? i : -1];
      if (!type) return;
      for (const text of all) {
        const value = parseInit(text);
        if (value.kind === "string") type.pythonName ||= value.text;
        else if (text.includes("sizeof")) type.struct ??= structOfSize(this.symbols, file, value);
      }
    });
    return made;
  }

  private addSlots(type: InstanceType, id: StaticId): void {
    this.claimed.add(id);
    const entry = this.symbols.statics.statics[id];
    for (const { slot: number, value } of slotPairs(this.symbols, entry)) {
      const field = slotOfNumber(number);
      if (field) this.set(type, field, value, entry.file, entry.facts.owner);
    }
    this.assigned(type, id);
  }

  private empty({ file, facts }: IndexedStatic, isHeap: boolean): InstanceType {
    return emptyType({ file, start: facts.nameStart, end: facts.nameEnd }, facts.name, isHeap);
  }

  private assigned(type: InstanceType, id: StaticId): void {
    for (const [field, assigns] of this.symbols.assignsTo(id)) {
      for (const { value, file, start, end } of assigns) {
        if (slot(field)) this.set(type, field, { kind: "name", name: value, start, end }, file, undefined);
      }
    }
  }

  private set(type: InstanceType, field: string, value: Init, file: string, owner: string | undefined): void {
    const info = slot(field);
    if (!info || isNull(value)) return;
    switch (field) {
      case "tp_name":
        type.pythonName = textIn(this.symbols, file, value);
        return;
      case "tp_basicsize":
        type.struct ??= structOfSize(this.symbols, file, value);
        return;
      case "tp_flags":
        type.flags = [...new Set(this.symbols.rows.words(file, value))].filter((word) => word.includes("FLAGS")).sort();
        return;
      case "tp_base":
        type.baseName = this.symbols.rows.namesIn(file, value)[0] ?? "";
        return;
    }
    if (info.holds === "function") {
      const ref = this.symbols.slotRef(file, value);
      if (ref) type.slots.set(field, ref);
    } else if (info.holds === "table") this.setTable(type, field, value, file, owner);
  }

  private setTable(type: InstanceType, field: string, value: Init, file: string, owner: string | undefined): void {
    const id = this.symbols.staticIn(file, value, owner);
    if (id === undefined) return;
    const table = this.symbols.statics.statics[id];
    if (field === "tp_methods") type.methods.push(id);
    else if (field === "tp_getset") type.getset.push(id);
    else if (field === "tp_members") type.members.push(...memberRows(this.symbols, table));
    else {
      const struct = classNameOf(table.facts.type);
      for (const [inner, innerValue] of this.symbols.rows.fields(table.file, table.facts.init, struct)) {
        this.set(type, inner, innerValue, table.file, table.facts.owner);
      }
      this.assigned(type, id);
    }
  }
}

function emptyType(place: SourcePlace, variable: string, isHeap: boolean): InstanceType {
  return {
    id: -1,
    ...place,
    variable,
    pythonName: "",
    isHeap,
    slots: new Map<string, SlotRef>(),
    methods: [],
    getset: [],
    members: [],
    baseName: "",
    flags: [],
  };
}

function textIn(symbols: Symbols, file: string, value: Init): string {
  const resolved = symbols.rows.resolved(file, value);
  return resolved.kind === "string" ? resolved.text : textOf(resolved);
}

/** `sizeof(Foo)`, also inside a sum or behind a macro. */
function structOfSize(symbols: Symbols, file: string, value: Init): StructId | undefined {
  const resolved = symbols.rows.resolved(file, value);
  const words = wordsOf(textOf(resolved));
  const at = words.indexOf("sizeof");
  if (at < 0) return undefined;
  const name = words[at + 1] === "struct" ? words[at + 2] : words[at + 1];
  return name === undefined ? undefined : symbols.structs.structOfType(file, name);
}

function memberRows(symbols: Symbols, table: IndexedStatic): MemberRow[] {
  const rows: MemberRow[] = [];
  for (const { fields, file, start, end } of symbols.rows.rows(table.file, table.facts.init, "PyMemberDef")) {
    const offset = fields.get("offset");
    const place = offset ? fieldOfOffset(symbols, file, offset) : undefined;
    if (!place) continue;
    const flags = symbols.rows.words(file, fields.get("flags"));
    rows.push({
      name: fields.has("name") ? textIn(symbols, file, fields.get("name")!) : "",
      memberType: symbols.rows.namesIn(file, fields.get("type"))[0] ?? "",
      ...place,
      readonly: flags.some((flag) => flag === "READONLY" || flag === "Py_READONLY"),
      file,
      start,
      end,
    });
  }
  return rows;
}

/** `offsetof(Foo, bar)`, also behind a macro such as `#define OFF(x) offsetof(Foo, x)`. */
function fieldOfOffset(symbols: Symbols, file: string, value: Init): { struct: string; field: string } | undefined {
  const words = wordsOf(textOf(symbols.rows.expandedCall(file, value))).filter((word) => word !== "struct");
  const at = words.indexOf("offsetof");
  if (at < 0 || words.length < at + 3) return undefined;
  return { struct: words[at + 1], field: words.slice(at + 2).join(".") };
}

/** Without a size that names it, the struct is what most slots and methods take as their instance. */
function structFromMethods(symbols: Symbols, type: InstanceType): StructId | undefined {
  const votes = new Map<StructId, number>();
  for (const [name, { function: fn }] of type.slots) {
    const self = slot(name)?.self ?? -1;
    const param = fn === undefined || self < 0 ? undefined : symbols.functions.functions[fn].facts.params[self];
    const struct = param ? symbols.structs.structOfType(type.file, param.type) : undefined;
    if (struct !== undefined && symbols.structs.structs[struct].isObject)
      votes.set(struct, (votes.get(struct) ?? 0) + 1);
  }
  return [...votes].sort(([a, n], [b, m]) => m - n || a - b)[0]?.[0];
}
