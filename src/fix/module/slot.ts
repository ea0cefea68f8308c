/** Adds the `Py_mod_gil` slot to a module that is made by multi-phase initialisation. */

import { classNameOf } from "../../capi/type-names.ts";
import type { IndexedStatic, ModuleInfo } from "../../project/index-types.ts";
import type { Edit } from "../../text/edits.ts";
import type { FixSource } from "../source.ts";
import type { FixContext, Proposal, Withheld } from "../types.ts";
import { slotGuard } from "./guard.ts";
import { type SlotArray, slotArray, slotRow } from "./slot-rows.ts";

const TITLE = "add the `Py_mod_gil` slot";
const SLOT = "Py_mod_gil";
const VALUE = "Py_MOD_GIL_NOT_USED";

const RECIPE = [
  "find the array that `m_slots` of the module's definition points to",
  "add the row `{Py_mod_gil, Py_MOD_GIL_NOT_USED}` before the row that ends it",
  "put `#ifdef Py_GIL_DISABLED` and `#endif` around the row if Pythons before 3.13 are supported",
];

export function withheld(reason: string, recipe: string[] = RECIPE): Withheld {
  return { level: "manual", reason, recipe };
}

/** The edit that adds the slot to the array `slots`. */
export function addGilSlot(context: FixContext, slots: IndexedStatic): Proposal | Withheld {
  const { file, facts } = slots;
  const source = context.source(file);
  if (source === undefined || facts.init === undefined) return withheld("the slots are not an array with rows");
  const array = slotArray(source, facts.init);
  if (array === undefined) return withheld("the rows of the slots array are not understood");
  const { list, sentinel } = array;
  const isSteady = source.conditionsAt(list.start).length === source.conditionsAt(sentinel.start).length;
  if (!isSteady || !source.isPlain(sentinel)) return withheld("the row that ends the slots array is conditional");
  return {
    level: "safe",
    title: TITLE,
    edits: rowEdits(context, source, array).map((e) => ({ file, ...e })),
    needs: [],
    review: [],
  };
}

function rowEdits(context: FixContext, source: FixSource, array: SlotArray): Edit[] {
  const { list, sentinel } = array;
  const row = `${slotRow(source, array, SLOT, VALUE)},`;
  const guard = slotGuard(context, source);
  if (source.isFirstOnLine(sentinel.start)) {
    const at = source.lineStart(sentinel.start);
    const lines = `${source.indentAt(sentinel.start)}${row}\n`;
    return [insertion(at, guard === undefined ? lines : `${guard}\n${lines}#endif\n`)];
  }
  if (guard === undefined) return [insertion(sentinel.start, `${row} `)];
  const isOneLine = source.lines.lineOf(list.start) === source.lines.lineOf(list.end);
  const base = source.indentAt(list.start);
  const indent = isOneLine ? base + source.indentUnit : source.indentAt(sentinel.start);
  const guarded = `\n${guard}\n${indent}${row}\n#endif\n${indent}`;
  const gaps = isOneLine ? brokenGaps(source, array, `\n${indent}`, `\n${base}`) : undefined;
  const before = trimmedStart(source, sentinel.start);
  if (gaps === undefined) return [{ start: before, end: sentinel.start, text: guarded }];
  return gaps.map((gap) => (gap.end === sentinel.start ? { ...gap, text: guarded } : gap));
}

function insertion(at: number, text: string): Edit {
  return { start: at, end: at, text };
}

/** Start of the blanks before an offset. */
function trimmedStart(source: FixSource, offset: number): number {
  let at = offset;
  while (source.text[at - 1] === " " || source.text[at - 1] === "\t") at--;
  return at;
}

/** The blanks between the rows of an array on one line, each to become a line break; undefined if comments stand there. */
function brokenGaps(source: FixSource, { list, rows }: SlotArray, between: string, last: string): Edit[] | undefined {
  if (list.children.length > rows.length) return undefined;
  const gaps = rows.map((row): Edit => ({ start: trimmedStart(source, row.start), end: row.start, text: between }));
  const close = list.end - 1;
  return [...gaps, { start: trimmedStart(source, close), end: close, text: last }];
}

/** For a module whose definition has no slots at all: an array with the slot, and the definition's pointer to it. */
export function makeSlots(context: FixContext, module: ModuleInfo): Proposal | Withheld {
  const def = module.def === undefined ? undefined : context.project.index.static(module.def);
  const source = def && context.source(def.file);
  if (def?.facts.init === undefined || source === undefined) return withheld("the module's definition is not found");
  const list = source.nodeWith(def.facts.init, ["initializer_list"]);
  const declaration = source.ancestor(list, "declaration");
  if (list === undefined || declaration === undefined || classNameOf(def.facts.type) !== "PyModuleDef") {
    return withheld("the module's definition is not an initialiser");
  }
  if (!source.isPlain(declaration) || !source.isFirstOnLine(declaration.start)) {
    return withheld("the module's definition is conditional, or made by a macro");
  }
  const name = `${module.name}_slots`;
  if (context.project.index.resolveGlobal(def.file, name).kind !== "external") return withheld(`\`${name}\` is taken`);
  const pointer = slotsPointer(source, list, name);
  if (pointer === undefined) return withheld("the fields of the module's definition are not understood");
  const guard = slotGuard(context, source);
  const unit = source.indentUnit;
  const indent = source.indentAt(declaration.start);
  const row = `${indent}${unit}{${SLOT}, ${VALUE}},\n`;
  const array = `${indent}static PyModuleDef_Slot ${name}[] = {\n${guard === undefined ? row : `${guard}\n${row}#endif\n`}${indent}${unit}{0, NULL}\n${indent}};\n\n`;
  const edits = [insertion(source.lineStart(declaration.start), array), pointer].map((e) => ({ file: def.file, ...e }));
  return { level: "safe", title: TITLE, edits, needs: [], review: [] };
}

const SLOTS_POSITION = 5;

/** `m_slots` where the definition says NULL, or after its last field. */
function slotsPointer(
  source: FixSource,
  list: { start: number; end: number; children: readonly { type: string; start: number; end: number }[] },
  name: string,
): Edit | undefined {
  const items = list.children.filter((c) => c.type !== "comment");
  const last = items.at(-1);
  if (last === undefined) return undefined;
  const designated = items.filter((c) => c.type === "initializer_pair");
  if (designated.length === 0) {
    const slots = items[SLOTS_POSITION];
    if (slots !== undefined) return isNull(source, slots) ? { ...spanOf(slots), text: name } : undefined;
    if (items.length !== SLOTS_POSITION) return undefined;
    return insertion(last.end, separated(source, last, name));
  }
  const given = designated.find((c) => source.textOf(c).startsWith(".m_slots"));
  if (given !== undefined) return { ...spanOf(given), text: `.m_slots = ${name}` };
  if (designated.length < items.length - 1 || last.type !== "initializer_pair") return undefined;
  return insertion(last.end, separated(source, last, `.m_slots = ${name}`));
}

/** The text after a comma, on a line of its own if the item before it is. */
function separated(source: FixSource, last: { start: number }, text: string): string {
  return source.isFirstOnLine(last.start) ? `,\n${source.indentAt(last.start)}${text}` : `, ${text}`;
}

function isNull(source: FixSource, node: { start: number; end: number }): boolean {
  return ["NULL", "0", "nullptr"].includes(source.textOf(node));
}

function spanOf({ start, end }: { start: number; end: number }) {
  return { start, end };
}
