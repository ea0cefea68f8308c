/** `T x(a, f(b));` inside a function: read by the grammar as a prototype, meant as a construction. */
import { lockGuard } from "../../capi/locks.ts";
import { threadStateGuard } from "../../capi/thread-state.ts";
import { NO_VALUE, type ValueId } from "../../ir/types.ts";
import { child, type SyntaxNode } from "../ast.ts";
import { type Declared, declared, type Specifiers } from "./declarator.ts";
import { rawText } from "./env.ts";
import { rvalue } from "./expressions.ts";
import { takeGuard } from "./guards.ts";
import type { Lowering } from "./state.ts";

/** True if no "parameter" has what a parameter of a prototype has: a basic type, or a type and a name. */
export function looksLikeConstruction(L: Lowering, type: string, info: Declared): boolean {
  if (lockGuard(type) || threadStateGuard(type)) return true;
  const params = info.functionNode ? child(info.functionNode, "parameters") : undefined;
  if (!params || params.children.length === 0) return false;
  return params.children.every((p) => isArgument(L, p));
}

/** Keywords that the grammar takes for templates here. */
const CASTS = new Set(["static_cast", "reinterpret_cast", "const_cast", "dynamic_cast"]);

function isArgument(L: Lowering, param: SyntaxNode): boolean {
  if (param.type !== "parameter_declaration") return false;
  const typeNode = child(param, "type");
  if (!typeNode) return false;
  if (typeNode.type === "template_type" && CASTS.has(L.text(typeNode.children[0] ?? typeNode))) return true;
  const named = typeNode.type === "type_identifier";
  const known = named && L.lookup(L.text(typeNode)) !== undefined;
  if (known) return true;
  if (!named && typeNode.type !== "qualified_identifier") return false;
  if (named && L.ctx.types.isType(L.text(typeNode))) return false;
  const declarator = child(param, "declarator");
  return !declarator || declared(L.env, declarator).nameNode === null;
}

/** Lowers such a declaration: the guard's or constructor's call with the arguments as expressions. */
export function constructed(
  L: Lowering,
  at: SyntaxNode,
  spec: Specifiers,
  info: Declared,
  functionNode: SyntaxNode,
): ValueId {
  const params = child(functionNode, "parameters");
  const nodes = (params?.children ?? []).map((p) => asExpression(L, p));
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

/** What was read as a parameter, as the expression that it is. */
function asExpression(L: Lowering, param: SyntaxNode): SyntaxNode {
  const typeNode = child(param, "type");
  if (typeNode && !child(param, "declarator")) return typeNode;
  const parsed = L.ctx.macros?.parse(rawText(L.env, param.start, param.end));
  return parsed?.form === "expression" ? shifted(parsed.root, param.start) : (typeNode ?? param);
}

function shifted(node: SyntaxNode, by: number): SyntaxNode {
  return {
    ...node,
    start: node.start + by,
    end: node.end + by,
    children: node.children.map((c) => shifted(c, by)),
  };
}
