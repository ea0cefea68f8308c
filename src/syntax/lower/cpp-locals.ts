/** `T x(a, b);` inside a function: read by the grammar as a prototype, meant as a construction. */

import { lockGuard } from "../../capi/locks.ts";
import { threadStateGuard } from "../../capi/thread-state.ts";
import { NO_VALUE, type ValueId } from "../../ir/types.ts";
import { child, type SyntaxNode } from "../ast.ts";
import type { Declared, Specifiers } from "./declarator.ts";
import { rvalue } from "./expressions.ts";
import { takeGuard } from "./guards.ts";
import type { Lowering } from "./state.ts";

/** True if every "parameter" is a mere name, which no prototype inside a function body has reason to be. */
export function looksLikeConstruction(L: Lowering, type: string, info: Declared): boolean {
  if (lockGuard(type) || threadStateGuard(type)) return true;
  const params = info.functionNode ? child(info.functionNode, "parameters") : undefined;
  if (!params || params.children.length === 0) return false;
  return params.children.every((p) => {
    if (p.type !== "parameter_declaration") return false;
    const typeNode = child(p, "type");
    if (!typeNode || child(p, "declarator")) return false;
    if (typeNode.type === "qualified_identifier") return true;
    return typeNode.type === "type_identifier" && !L.ctx.types.isType(L.text(typeNode));
  });
}

/** Lowers such a declaration: the guard's or constructor's call with the names as arguments. */
export function constructed(
  L: Lowering,
  at: SyntaxNode,
  spec: Specifiers,
  info: Declared,
  functionNode: SyntaxNode,
): ValueId {
  const params = child(functionNode, "parameters");
  const nodes = (params?.children ?? []).map((p) => child(p, "type") ?? p);
  const span = L.span(info.nameNode!);
  const id = L.addValue({ kind: "local", name: info.name, type: spec.type, start: span.start, end: span.end });
  L.declare(info.name, id);
  const list: SyntaxNode = {
    type: "argument_list",
    field: "arguments",
    start: params?.start ?? at.start,
    end: params?.end ?? at.end,
    children: nodes,
  };
  if (takeGuard(L, at, id, spec.type, list)) return id;
  const args = nodes.map((n) => rvalue(L, n));
  const argSpans = nodes.flatMap((n) => [L.span(n).start, L.span(n).end]);
  L.emit(at, {
    op: "call",
    dst: id,
    callee: spec.type,
    target: NO_VALUE,
    args,
    argSpans,
    calleeStart: span.start,
    calleeEnd: span.end,
  });
  return id;
}
