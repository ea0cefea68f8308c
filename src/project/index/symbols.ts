/** Everything that has a name in the project, in one hand for the builders of the index. */
import type { FileFacts, Init } from "../../ir/facts.ts";
import type { FunctionId, GlobalResolution, SlotRef, StaticId } from "../index-types.ts";
import { FileGraph } from "./files.ts";
import { FunctionTable } from "./functions.ts";
import { MacroTable } from "./macros.ts";
import { RowReader } from "./rows.ts";
import { StaticTable } from "./statics.ts";
import { StructTable } from "./structs.ts";

/** `Type.tp_new = f`, written as an assignment in some function. */
export interface MemberAssign {
  value: string;
  function: FunctionId;
  file: string;
  start: number;
  end: number;
}

export class Symbols {
  readonly graph: FileGraph;
  readonly functions: FunctionTable;
  readonly statics: StaticTable;
  readonly structs: StructTable;
  readonly macros: MacroTable;
  readonly rows: RowReader;
  private readonly enumerators = new Set<string>();
  private readonly assigns = new Map<StaticId, Map<string, MemberAssign[]>>();

  /** @param files sorted by path. */
  constructor(files: readonly FileFacts[]) {
    this.graph = new FileGraph(files);
    this.functions = new FunctionTable(this.graph);
    this.statics = new StaticTable(this.graph);
    this.structs = new StructTable(this.graph);
    this.macros = new MacroTable(this.graph);
    this.rows = new RowReader(this.macros);
    for (const file of files) for (const name of file.enumerators) this.enumerators.add(name);
    for (const fn of this.functions.functions) {
      this.statics.addAccesses(fn);
      for (const { variable, path, value, start, end } of fn.facts.memberAssigns) {
        const id = this.statics.mentioned(fn, variable);
        if (id === undefined) continue;
        const fields = this.assigns.get(id) ?? new Map<string, MemberAssign[]>();
        this.assigns.set(id, fields);
        const field = path.slice(path.lastIndexOf(".") + 1);
        const list = fields.get(field) ?? [];
        list.push({ value, function: fn.id, file: fn.facts.instantiated?.file ?? fn.file, start, end });
        fields.set(field, list);
      }
    }
  }

  /** Values assigned to members of a static in functions, by the last part of the path. */
  assignsTo(id: StaticId): ReadonlyMap<string, readonly MemberAssign[]> {
    return this.assigns.get(id) ?? new Map();
  }

  resolveGlobal(file: string, name: string, owner?: string): GlobalResolution {
    const static_ = this.statics.resolve(file, name, owner);
    if (static_ !== undefined) return { kind: "static", id: static_ };
    const fn = this.functions.resolve(file, name);
    if (fn !== undefined) return { kind: "function", id: fn };
    if (this.enumerators.has(name)) return { kind: "enumerator" };
    const found = this.macros.resolve(file, name);
    if (found) return { kind: "macro", macro: found.macro, file: found.file };
    return { kind: "external" };
  }

  /** The first name in an initialiser's value that is a function of the project, through casts and macros. */
  functionIn(file: string, value: Init | undefined): FunctionId | undefined {
    for (const name of this.rows.namesIn(file, value)) {
      const id = this.functions.resolve(file, name);
      if (id !== undefined) return id;
    }
    return undefined;
  }

  /** The first name in an initialiser's value that is a static of the project. */
  staticIn(file: string, value: Init | undefined, owner?: string): StaticId | undefined {
    for (const name of this.rows.namesIn(file, value)) {
      const id = this.statics.resolve(file, name, owner);
      if (id !== undefined) return id;
    }
    return undefined;
  }

  slotRef(file: string, value: Init): SlotRef | undefined {
    const [name] = this.rows.namesIn(file, value);
    if (name === undefined || name === "NULL" || name === "nullptr") return undefined;
    const { start, end } = value;
    const fn = this.functionIn(file, value);
    return { name: fn === undefined ? name : this.functions.functions[fn].name, function: fn, file, start, end };
  }
}
