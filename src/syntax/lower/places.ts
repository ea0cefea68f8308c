/** Places: what can be read, written and have its address taken. */
import type { ValueId } from "../../ir/types.ts";
import { child, type SyntaxNode } from "../ast.ts";
import { rvalue } from "./expressions.ts";
import { resolveName } from "./names.ts";
import { DROP, type Lowering } from "./state.ts";

export type Place =
  /** A variable as a whole, or the result of an expression. */
  | { kind: "value"; id: ValueId; type: string; array: boolean }
  | {
      kind: "memory";
      base: ValueId;
      path: string;
      deref: boolean;
      index?: ValueId;
      /** Type where the file tells it, else "". */
      type: string;
      array: boolean;
    };

/** The place of a variable; a reference stands for what it refers to. */
export function variablePlace(L: Lowering, id: ValueId): Place {
  const type = L.typeOf(id);
  if (L.references.has(id)) return { kind: "memory", base: id, path: "", deref: true, type, array: false };
  return { kind: "value", id, type, array: isArray(L, id, type) };
}

function isArray(L: Lowering, id: ValueId, type: string): boolean {
  const value = L.values[id];
  if (value.kind === "global") return L.variableType(id)?.array ?? false;
  return value.kind !== "param" && type.endsWith("]");
}

/** Finds the place that an expression denotes; subexpressions are evaluated. */
export function placeOf(L: Lowering, node: SyntaxNode): Place {
  switch (node.type) {
    case "identifier":
    case "field_identifier":
    case "type_identifier":
    case "qualified_identifier":
    case "this": {
      const name = resolveName(L, node);
      if (name.kind === "node") return L.within(name.env, () => placeOf(L, name.node));
      return name.kind === "place" ? name.place : variablePlace(L, name.id);
    }
    case "parenthesized_expression":
      if (node.children.length === 1 && node.children[0].type !== "compound_statement") {
        return placeOf(L, node.children[0]);
      }
      break;
    case "extension_expression":
      if (node.children.length === 1) return placeOf(L, node.children[0]);
      break;
    case "field_expression":
      return fieldPlace(L, node);
    case "subscript_expression":
      return elementPlace(L, node);
    case "pointer_expression":
      if (node.operator === "*") {
        const pointer = child(node, "argument");
        if (pointer) return pointeePlace(L, pointer);
      }
      break;
    default:
      break;
  }
  const id = rvalue(L, node);
  return { kind: "value", id, type: L.typeOf(id), array: false };
}

/** `*p`. */
function pointeePlace(L: Lowering, pointer: SyntaxNode): Place {
  const inner = strip(pointer);
  if (inner.type === "pointer_expression" && inner.operator === "&") {
    const target = child(inner, "argument");
    if (target) return placeOf(L, target);
  }
  const base = rvalue(L, pointer);
  return { kind: "memory", base, path: "", deref: true, type: elementType(L.typeOf(base)), array: false };
}

function fieldPlace(L: Lowering, node: SyntaxNode): Place {
  const argument = child(node, "argument");
  const fieldNode = child(node, "field");
  const field = fieldNode ? fieldName(L, fieldNode) : "";
  if (!argument) return { kind: "value", id: L.constant("int", "0"), type: "", array: false };
  const known = (type: string) => L.ctx.types.field(type, field);
  if (node.operator === "->") {
    const inner = strip(argument);
    if (inner.type === "pointer_expression" && inner.operator === "&") {
      const target = child(inner, "argument");
      if (target) return member(L, placeOf(L, target), field);
    }
    const base = rvalue(L, argument);
    const info = known(L.typeOf(base));
    return {
      kind: "memory",
      base,
      path: field,
      deref: true,
      type: info?.type ?? "",
      array: info?.array ?? false,
    };
  }
  return member(L, placeOf(L, argument), field);
}

/** Member `field` of an aggregate. */
function member(L: Lowering, outer: Place, field: string): Place {
  const info = L.ctx.types.field(outer.type, field);
  const type = info?.type ?? "";
  const array = info?.array ?? false;
  if (outer.kind === "value") return { kind: "memory", base: outer.id, path: field, deref: false, type, array };
  return { ...outer, path: outer.path === "" ? field : `${outer.path}.${field}`, type, array };
}

function elementPlace(L: Lowering, node: SyntaxNode): Place {
  const argument = child(node, "argument");
  const indices = child(node, "index") ?? child(node, "indices");
  if (!argument) return { kind: "value", id: L.constant("int", "0"), type: "", array: false };
  const array = placeOf(L, argument);
  const embedded = array.array || isClassObject(L, array.type);
  let base = -1;
  if (!embedded) base = array.kind === "value" ? array.id : load(L, argument, array);
  const index = indexValue(L, indices);
  const type = elementType(array.type);
  const nested = array.array && type.endsWith("]");
  if (!embedded) return { kind: "memory", base, path: "[]", deref: true, index, type, array: nested };
  if (array.kind === "value")
    return { kind: "memory", base: array.id, path: "[]", deref: false, index, type, array: nested };
  return { ...array, path: `${array.path}[]`, index: array.index ?? index, type, array: nested };
}

function indexValue(L: Lowering, node: SyntaxNode | undefined): ValueId {
  if (!node) return L.constant("int", "0");
  if (node.type !== "subscript_argument_list") return rvalue(L, node);
  let id = L.constant("int", "0");
  for (const c of node.children) id = rvalue(L, c);
  return id;
}

/** C++ objects with an `operator[]`: the element belongs to the object, as far as sharing is concerned. */
function isClassObject(L: Lowering, type: string): boolean {
  if (L.ctx.language !== "cpp" || type === "" || type.endsWith("*")) return false;
  return type.includes("::") || type.includes("<");
}

/** `PyObject **` gives `PyObject *`, `char [4]` gives `char`; "" if the type tells nothing. */
export function elementType(type: string): string {
  if (type.endsWith("]")) {
    const open = type.indexOf("[");
    const close = type.indexOf("]", open);
    return (type.slice(0, open) + type.slice(close + 1)).trim();
  }
  if (type.endsWith("*")) return type.slice(0, -1).trim();
  return "";
}

/** The name of a member as written, without template arguments and qualification by a base class. */
export function fieldName(L: Lowering, node: SyntaxNode): string {
  if (node.type === "template_method" || node.type === "dependent_name" || node.type === "template_function") {
    const inner = child(node, "name") ?? node.children[0];
    return inner ? fieldName(L, inner) : L.text(node);
  }
  if (node.type === "qualified_identifier") {
    const names = node.children.filter((c) => c.field === "name");
    return names.length > 0 ? fieldName(L, names[names.length - 1]) : L.text(node);
  }
  return L.text(node);
}

/** The value in a place. An array gives its address, as in C. */
export function load(L: Lowering, at: SyntaxNode, place: Place, want = -1): ValueId {
  if (place.kind === "value") return place.id;
  const { base, path, deref, index } = place;
  if (want === DROP && path === "") return base;
  const dst = L.into(want, place.type);
  if (place.array) L.emit(at, { op: "addr", dst, base, path, deref, ...(index === undefined ? {} : { index }) });
  else L.emit(at, { op: "load", dst, base, path, deref, ...(index === undefined ? {} : { index }) });
  return dst;
}

/** Writes `src` to a place. */
export function store(L: Lowering, at: SyntaxNode, place: Place, src: ValueId, cast?: string): void {
  if (place.kind === "value") {
    if (place.id === src) return;
    const dst = L.values[place.id].kind === "const" ? L.temp() : place.id;
    L.emit(at, cast === undefined ? { op: "copy", dst, src } : { op: "copy", dst, src, cast });
    return;
  }
  const { base, path, deref, index } = place;
  L.emit(at, { op: "store", base, path, deref, src, ...(index === undefined ? {} : { index }) });
}

/** The address of a place. */
export function addressOf(L: Lowering, at: SyntaxNode, place: Place, want = -1): ValueId {
  if (place.kind === "memory" && place.deref && place.path === "") return place.base;
  const type = place.type === "" ? "" : `${place.type} *`;
  const dst = L.into(want, type);
  if (place.kind === "value") L.emit(at, { op: "addr", dst, base: place.id, path: "", deref: false });
  else {
    const { base, path, deref, index } = place;
    L.emit(at, { op: "addr", dst, base, path, deref, ...(index === undefined ? {} : { index }) });
  }
  return dst;
}

/** The expression without parentheses around it. */
export function strip(node: SyntaxNode): SyntaxNode {
  let at = node;
  while (at.type === "parenthesized_expression" && at.children.length === 1) at = at.children[0];
  return at;
}
