/** Initialisers of tables as rows with named fields, whatever the style they are written in. */
import { ROW_LAYOUTS, slotLayout } from "../../capi/slots.ts";
import type { Init } from "../../ir/facts.ts";
import type { SourcePlace } from "../index-types.ts";
import { parseInit, parseItems, wordsOf } from "./init-text.ts";
import { expandBody, type MacroTable, textOf } from "./macros.ts";
import { isNull } from "./static-role.ts";

/** One row: its fields by name. The place is where the row stands in the table, also if a macro wrote it. */
export interface Row extends SourcePlace {
  fields: ReadonlyMap<string, Init>;
}

const MAX_EXPANSION = 8;

/**
 * Constants of CPython mean themselves, also where a scan sees their definitions (CPython's own tree, compatibility headers).
 * Macros of the project that look like them but stand for whole rows are expanded.
 */
function isApiConstant(name: string, body: string): boolean {
  const looksLikeApi = name.startsWith("Py_") || name.startsWith("METH_") || name.startsWith("_Py_");
  return looksLikeApi && !body.includes("{");
}

type Item = { designator?: string; value: Init };

export class RowReader {
  private readonly macros: MacroTable;

  constructor(macros: MacroTable) {
    this.macros = macros;
  }

  /** Rows of an array of `struct`, without the ones that end it. */
  rows(file: string, init: Init | undefined, struct: string): Row[] {
    const layout = ROW_LAYOUTS[struct] ?? slotLayout(struct);
    if (!init || !layout) return [];
    const rows: Row[] = [];
    for (const { value, place } of this.items(file, init, 0)) {
      if (isNull(value)) continue;
      const fields = value.kind === "list" ? this.fieldsOf(value.items, layout) : undefined;
      if (fields) rows.push({ file, start: place.start, end: place.end, fields });
      // A row that no macro of the project explains: kept, so that callers can look into its arguments.
      else if (value.kind === "call")
        rows.push({ file, start: place.start, end: place.end, fields: new Map([["", value]]) });
    }
    return rows;
  }

  /** Fields of one struct. Heads of objects and modules (`PyVarObject_HEAD_INIT`) take the first field, present or not. */
  fields(file: string, init: Init | undefined, struct: string): ReadonlyMap<string, Init> {
    const layout = ROW_LAYOUTS[struct] ?? slotLayout(struct);
    if (!init || !layout) return new Map();
    const value = this.resolved(file, init);
    if (value.kind !== "list") return new Map();
    const items = this.flattened(file, value.items);
    return this.fieldsOf(hasHead(struct) ? withHead(items) : items, layout);
  }

  /** The value behind macros of the project without parameters: `#define HANDLER do_it`. */
  resolved(file: string, init: Init): Init {
    let value = init.kind === "other" ? parseInit(init.text, init.start) : init;
    for (let depth = 0; depth < MAX_EXPANSION && value.kind === "name"; depth++) {
      const found = this.macros.resolve(file, value.name);
      if (!found || found.macro.params !== null || found.macro.body.trim() === "") break;
      if (isApiConstant(value.name, found.macro.body)) break;
      value = at(parseInit(found.macro.body), init);
    }
    return value;
  }

  /** As `resolved`, but also through macros with parameters. */
  expandedCall(file: string, init: Init): Init {
    let value = this.resolved(file, init);
    for (let depth = 0; depth < MAX_EXPANSION && value.kind === "call"; depth++) {
      const found = this.macros.resolve(file, value.callee);
      if (!found || found.macro.params === null) break;
      value = at(parseInit(expandBody(found.macro, value.args.map(textOf))), init);
    }
    return value;
  }

  /** Names in a value, through macros: candidates for the function it stands for, best first. */
  namesIn(file: string, init: Init | undefined): string[] {
    if (!init) return [];
    const value = this.resolved(file, init);
    switch (value.kind) {
      case "name":
        return [value.name];
      case "call": {
        const found = this.macros.resolve(file, value.callee);
        const inner = value.args.flatMap((arg) => this.namesIn(file, arg));
        const body = found ? wordsOf(expandBody(found.macro, value.args.map(textOf))) : [];
        return [...inner, ...body];
      }
      case "other":
        return wordsOf(value.text);
      case "string":
        return [];
      case "list":
        return value.items.flatMap((item) => this.namesIn(file, item.value));
    }
  }

  /** Identifiers of a value as they mean after expansion of the project's macros (flags). */
  words(file: string, init: Init | undefined, depth = 0): string[] {
    if (!init) return [];
    return wordsOf(textOf(init)).flatMap((word) => {
      const found = depth < MAX_EXPANSION ? this.macros.resolve(file, word) : undefined;
      if (!found || found.macro.params !== null || isApiConstant(word, found.macro.body)) return [word];
      return this.words(found.file, parseInit(found.macro.body), depth + 1);
    });
  }

  private *items(file: string, init: Init, depth: number): Generator<{ value: Init; place: Init }> {
    const list = init.kind === "list" ? init.items : [{ value: init }];
    for (const { value: given } of list) {
      const value = given.kind === "other" ? parseInit(given.text, given.start) : given;
      const expanded = depth < MAX_EXPANSION ? this.expansion(file, value) : undefined;
      if (!expanded) yield { value, place: value };
      else
        for (const inner of this.items(file, { ...value, kind: "list", items: expanded }, depth + 1))
          yield { value: inner.value, place: value };
    }
  }

  /** What a macro of the project puts in the place of rows or fields; undefined if `value` is no use of one. */
  private expansion(file: string, value: Init): Item[] | undefined {
    if (value.kind !== "name" && value.kind !== "call") return undefined;
    const found = this.macros.resolve(file, value.kind === "name" ? value.name : value.callee);
    if (!found || (found.macro.params === null) !== (value.kind === "name")) return undefined;
    if (isApiConstant(found.macro.name, found.macro.body)) return undefined;
    const args = value.kind === "call" ? value.args.map(textOf) : [];
    const items = parseItems(expandBody(found.macro, args), value.start);
    return items.some((item) => item.value.kind === "list" || item.designator !== undefined) || items.length !== 1
      ? items
      : undefined;
  }

  /** Fields that a macro of the project puts in (`.tp_x = ..., FOO_SLOTS`). */
  private flattened(file: string, items: readonly Item[]): Item[] {
    return items.flatMap((item) => {
      if (item.designator !== undefined) return [item];
      const inner = this.expansion(file, item.value);
      return inner && inner.length > 0 && inner.every((i) => i.value.kind !== "list" || i.designator !== undefined)
        ? inner
        : [item];
    });
  }

  private fieldsOf(items: readonly Item[], layout: readonly string[]): ReadonlyMap<string, Init> {
    const fields = new Map<string, Init>();
    let position = 0;
    for (const { designator, value } of items) {
      if (designator !== undefined) {
        const name = designator.startsWith(".") ? designator.slice(1) : designator;
        const simple = name.slice(name.lastIndexOf(".") + 1);
        position = layout.indexOf(simple) + 1 || position;
        fields.set(simple, value);
      } else {
        const name = layout[position++];
        if (name !== undefined) fields.set(name, value);
      }
    }
    return fields;
  }
}

function hasHead(struct: string): boolean {
  return struct === "PyTypeObject" || struct === "PyModuleDef";
}

/** Makes the first positional item the head, so that the second field follows it. */
function withHead(items: readonly Item[]): Item[] {
  const [first, ...rest] = items;
  const placeholder: Item = { value: { kind: "other", text: "", start: 0, end: 0 } };
  if (!first || first.designator !== undefined) return [...items];
  if (!isHead(first.value)) return [placeholder, ...items];
  // Old code: `PyObject_HEAD_INIT(NULL) 0, "name"`, where 0 is the size of the head.
  const second = rest[0]?.value;
  const isSize = second?.kind === "other" && second.text === "0" && rest[1]?.designator === undefined;
  if (isSize && rest[1] !== undefined && (rest[1].value.kind === "string" || rest[1].value.kind === "call"))
    return [first, ...rest.slice(1)];
  return [...items];
}

function isHead(value: Init): boolean {
  switch (value.kind) {
    case "list":
      return true;
    case "call":
      return value.callee.includes("HEAD_INIT") || value.callee.includes("_HEAD");
    case "name":
      return value.name.includes("HEAD");
    case "other":
      return value.text === "" || value.text.includes("HEAD") || value.text === "0";
    case "string":
      return false;
  }
}

function at(init: Init, place: Init): Init {
  return { ...init, start: place.start, end: place.end };
}
