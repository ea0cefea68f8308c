/** `v = is_list ? PyList_GET_ITEM(s, i) : PyTuple_GET_ITEM(s, i);`: the other value becomes a reference of the function too. */
import { borrowedApi, usableReplacement } from "../../capi/borrowed.ts";
import { child } from "../../syntax/ast.ts";
import type { FixSource, SyntaxNode } from "../source.ts";
import type { StatementEdits } from "./statement-edits.ts";

export interface Choice {
  /** The conditional expression. */
  node: SyntaxNode;
  /** The value that is taken otherwise; undefined if that is NULL. */
  other: SyntaxNode | undefined;
  /** What makes a new reference of the other value, or is called instead of it. */
  api: string;
  /** The name of the call that is replaced. */
  callee?: SyntaxNode;
}

/** The conditional expression that `whole` is a value of, if its other value is a borrowed reference; a string says why it is not. */
export function choiceAround(source: FixSource, whole: SyntaxNode, minPython: number): Choice | string | undefined {
  const node = source.parentOf(whole);
  if (node?.type !== "conditional_expression" || whole.field === "condition") return undefined;
  const other = child(node, whole.field === "consequence" ? "alternative" : "consequence");
  if (other === undefined) return "the call is not always evaluated in its statement";
  const plain = unwrapped(other);
  if (plain.type === "null") return { node, other: undefined, api: "Py_NewRef" };
  if (plain.type === "call_expression") {
    const name = child(plain, "function");
    const api = name === undefined ? undefined : borrowedApi(source.textOf(name));
    const lends = api !== undefined && api.hazard !== "none" && api.owner === "list";
    const strong = lends ? usableReplacement(api, minPython)?.replacement : undefined;
    if (strong?.gives === "reference") return { node, other: plain, api: strong.api, callee: name };
    if (api === undefined || api.hazard !== "none")
      return "the other value of the conditional expression may be a new reference";
    return { node, other, api: api.onNull === "never" || api.onNull === "unchecked" ? "Py_NewRef" : "Py_XNewRef" };
  }
  if (plain.type === "identifier" || plain.type === "field_expression" || plain.type === "subscript_expression") {
    return { node, other, api: source.textOf(plain).startsWith("Py_") ? "Py_NewRef" : "Py_XNewRef" };
  }
  return "the other value of the conditional expression is not understood";
}

/** Makes a new reference of the other value. */
export function strengthenOther({ other, api, callee }: Choice, edits: StatementEdits): void {
  if (callee !== undefined) edits.replace(callee, api);
  if (other === undefined || callee !== undefined) return;
  edits.replace({ start: other.start, end: other.start }, `${api}(`);
  edits.replace({ start: other.end, end: other.end }, ")");
}

function unwrapped(node: SyntaxNode): SyntaxNode {
  return node.type === "parenthesized_expression" && node.children.length === 1 ? unwrapped(node.children[0]) : node;
}
