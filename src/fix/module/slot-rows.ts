/** The rows of a slots array as they are written. */
import { child, type SyntaxNode } from "../../syntax/ast.ts";
import type { FixSource } from "../source.ts";

export interface SlotArray {
  list: SyntaxNode;
  rows: SyntaxNode[];
  /** The row that ends the array. */
  sentinel: SyntaxNode;
}

/** The array whose initialiser covers the span; undefined if it is no list of rows that ends with a sentinel. */
export function slotArray(source: FixSource, init: { start: number; end: number }): SlotArray | undefined {
  const list = source.nodeWith(init, ["initializer_list"]);
  if (list === undefined) return undefined;
  const rows = list.children.filter((c) => c.type !== "comment");
  const sentinel = rows.at(-1);
  if (sentinel === undefined || !isSentinel(source, sentinel)) return undefined;
  return { list, rows, sentinel };
}

const NOTHING: ReadonlySet<string> = new Set(["0", "NULL", "nullptr", "{}", "PySlot_END"]);

/** `{0, NULL}`, `{0}`, `{}`, `{.slot = 0}`, `PySlot_END`. */
function isSentinel(source: FixSource, row: SyntaxNode): boolean {
  if (row.type !== "initializer_list") return NOTHING.has(source.textOf(row));
  return row.children.every((c) => {
    const value = c.type === "initializer_pair" ? child(c, "value") : c;
    return c.type === "comment" || (value !== undefined && isZero(source, value));
  });
}

function isZero(source: FixSource, value: SyntaxNode): boolean {
  if (value.type === "cast_expression" || value.type === "parenthesized_expression") {
    const inner = value.children.at(-1);
    return inner !== undefined && isZero(source, inner);
  }
  return NOTHING.has(source.textOf(value));
}

/** A row for the slot, in the style of the first row of the array. */
export function slotRow(source: FixSource, { rows, sentinel }: SlotArray, slot: string, value: string): string {
  const model = rows[0];
  if (model.type === "call_expression" || source.textOf(sentinel) === "PySlot_END") {
    return `PySlot_DATA(${slot}, ${value})`;
  }
  const pairs = model.children.filter((c) => c.type === "initializer_pair");
  const names = pairs.map((p) => source.textOf(child(p, "designator") ?? p));
  const first = model.children[0];
  const inner = model.start < (first?.start ?? 0) ? source.text.slice(model.start + 1, first.start) : "";
  const pad = inner === " " ? " " : "";
  const isDesignated = model !== sentinel && names.length === 2 && names.every((n) => n.startsWith("."));
  const words = isDesignated ? [`${names[0]} = ${slot}`, `${names[1]} = ${value}`] : [slot, value];
  return `{${pad}${words[0]},${alignment(source, model, words[0])}${words[1]}${pad}}`;
}

/** The blanks after the comma: as many as put the value into the column of the model's, if that is set off by more than one. */
function alignment(source: FixSource, model: SyntaxNode, first: string): string {
  const [key, value] = model.children.filter((c) => c.type !== "comment");
  if (key === undefined || value === undefined) return " ";
  const gap = source.text.slice(key.end + 1, value.start);
  if (gap.length < 2 || gap.trim() !== "" || gap.includes("\n") || gap.includes("\t")) return " ";
  return " ".repeat(Math.max(1, value.start - key.start - first.length - 1));
}
