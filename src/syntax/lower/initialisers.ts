/** Brace initialisers of automatic variables, as stores. */
import type { ValueId } from "../../ir/types.ts";
import { child, type SyntaxNode } from "../ast.ts";
import { rvalue } from "./expressions.ts";
import { elementType, type Place, store } from "./places.ts";
import type { Lowering } from "./state.ts";

/** Constant items stored one by one; the rest of a large table is left out. */
const MAX_CONSTANTS = 32;

/** Stores the items of `list` into `place`. `elementTypeText` is the type of an array's elements, else the type itself. */
export function initialise(L: Lowering, list: SyntaxNode, place: Place, elementTypeText: string): void {
  const items = list.children.filter((c) => c.type !== "comment");
  const zero = L.constant("int", "0");
  // What no item names is zero.
  if (place.kind === "value") L.emit(list, { op: "copy", dst: place.id, src: zero });
  else if (items.length === 0) store(L, list, place, zero);
  const names = place.array ? undefined : L.ctx.types.fieldNames(place.type);
  let position = 0;
  let constants = 0;
  for (const item of items) {
    if (item.type === "ERROR") {
      L.unknown(item, "syntax error");
      continue;
    }
    const pair = item.type === "initializer_pair";
    const value = pair ? child(item, "value") : item;
    if (!value) continue;
    let target: Place;
    if (pair) {
      target = designated(L, item, place, elementTypeText);
      const first = item.children[0];
      const named = names && first ? names.indexOf(L.text(first.children[0] ?? first)) : -1;
      if (named >= 0) position = named;
    } else if (isListLike(place)) target = element(place, L.constant("int", String(position)), elementTypeText);
    else {
      const field = names?.[position];
      target =
        field === undefined ? element(place, L.constant("int", String(position)), "") : memberOf(L, place, field);
    }
    position++;
    if (value.type === "initializer_list") {
      initialise(L, value, target, target.array ? elementType(target.type) : target.type);
      continue;
    }
    const id = rvalue(L, value);
    if (L.values[id].kind === "const" && ++constants > MAX_CONSTANTS) continue;
    if (items.length === 1 && isZero(L, id)) continue;
    store(L, item, target, id);
  }
}

function isListLike(place: Place): boolean {
  return place.array || place.type.endsWith("]");
}

function isZero(L: Lowering, id: ValueId): boolean {
  const value = L.values[id];
  return value.kind === "const" && (value.text === "0" || value.type === "null");
}

function designated(L: Lowering, pair: SyntaxNode, outer: Place, elementTypeText: string): Place {
  let place = outer;
  for (const d of pair.children) {
    if (d.field !== "designator") continue;
    if (d.type === "field_designator" || d.type === "field_identifier") {
      const nameNode = d.children[0] ?? d;
      place = memberOf(L, place, L.text(nameNode));
    } else if (d.type === "subscript_designator" && d.children[0]) {
      place = element(place, rvalue(L, d.children[0]), elementTypeText);
    } else place = element(place, L.constant("int", "0"), elementTypeText);
  }
  return place;
}

function memberOf(L: Lowering, outer: Place, field: string): Place {
  const info = L.ctx.types.field(outer.type, field);
  const type = info?.type ?? "";
  const array = info?.array ?? false;
  if (outer.kind === "value") return { kind: "memory", base: outer.id, path: field, deref: false, type, array };
  return { ...outer, path: outer.path === "" ? field : `${outer.path}.${field}`, type, array };
}

function element(outer: Place, index: ValueId, type: string): Place {
  if (outer.kind === "value")
    return { kind: "memory", base: outer.id, path: "[]", deref: false, index, type, array: false };
  return { ...outer, path: `${outer.path}[]`, index: outer.index ?? index, type, array: type.endsWith("]") };
}
