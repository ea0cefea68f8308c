/** Casts and compound literals, and what the grammar takes for casts. */
import { NO_VALUE, type ValueId } from "../../ir/types.ts";
import { child, type SyntaxNode } from "../ast.ts";
import { directCall, emitCall } from "./calls.ts";
import { declaredName, typeDescriptor } from "./declarator.ts";
import { effect, rvalue, unknownValue } from "./expressions.ts";
import { initialise } from "./initialisers.ts";
import { boundArgument } from "./names.ts";
import { elementType } from "./places.ts";
import { DROP, type Lowering } from "./state.ts";
import { isTypeName } from "./type-names.ts";

export function cast(L: Lowering, node: SyntaxNode, want: ValueId): ValueId {
  const typeNode = child(node, "type");
  const valueNode = child(node, "value");
  if (!typeNode || !valueNode) return unknownValue(L, node, "syntax error", [], want);
  const misread = castThatIsNone(L, node, typeNode, valueNode, want);
  if (misread !== undefined) return misread;
  const type = typeDescriptor(L.env, typeNode);
  if (type === "void") {
    effect(L, valueNode);
    return NO_VALUE;
  }
  return castValue(L, node, type, rvalue(L, valueNode), want);
}

/** `dst = (type)src`. */
export function castValue(L: Lowering, node: SyntaxNode, type: string, src: ValueId, want: ValueId): ValueId {
  if (want === DROP) return src;
  const dst = want >= 0 ? want : L.temp(type, true);
  L.emit(node, { op: "copy", dst, src, cast: type });
  return dst;
}

/** `(a) & b`, `(a) - b`, `(f)(x)` are read as casts by the grammar; the name tells what they are. */
function castThatIsNone(
  L: Lowering,
  node: SyntaxNode,
  typeNode: SyntaxNode,
  valueNode: SyntaxNode,
  want: ValueId,
): ValueId | undefined {
  const abstract = child(typeNode, "declarator");
  if (abstract?.type === "abstract_function_declarator" && !child(abstract, "declarator")) {
    return callOfCall(L, node, typeNode, abstract, valueNode, want);
  }
  if (typeNode.children.length !== 1 || typeNode.children[0].type !== "type_identifier") return undefined;
  const nameNode = typeNode.children[0];
  if (isTypeName(L, nameNode)) return undefined;
  const operator = valueNode.operator;
  const inner = child(valueNode, "argument");
  if (
    inner &&
    operator !== undefined &&
    (valueNode.type === "pointer_expression" || (valueNode.type === "unary_expression" && "+-&*".includes(operator)))
  ) {
    if (boundArgument(L, nameNode) === null && L.lookup(L.text(nameNode)) === undefined) return undefined;
    const left = rvalue(L, nameNode);
    const right = rvalue(L, inner);
    if (want === DROP) return NO_VALUE;
    const dst = L.into(want);
    L.emit(node, { op: "binary", dst, operator, left, right });
    return dst;
  }
  if (valueNode.type === "parenthesized_expression" && L.lookup(L.text(nameNode)) !== undefined) {
    const target = rvalue(L, nameNode);
    const args = valueNode.children.map((c) => rvalue(L, c));
    const argSpans = valueNode.children.flatMap((c) => [L.span(c).start, L.span(c).end]);
    const dst = want === DROP ? NO_VALUE : L.into(want);
    const { start, end } = L.span(nameNode);
    L.emit(node, { op: "call", dst, callee: "", target, args, argSpans, calleeStart: start, calleeEnd: end });
    return dst;
  }
  return undefined;
}

/** `(getter())(x)`: a cast to a function type does not exist; it is a call of what a call returns. */
function callOfCall(
  L: Lowering,
  node: SyntaxNode,
  typeNode: SyntaxNode,
  abstract: SyntaxNode,
  valueNode: SyntaxNode,
  want: ValueId,
): ValueId {
  const callee = child(typeNode, "type") ?? typeNode;
  const params = child(abstract, "parameters");
  const list = { ...(params ?? abstract), children: (params?.children ?? []).map((p) => child(p, "type") ?? p) };
  const target = directCall(L, typeNode, callee, L.text(callee), list, NO_VALUE);
  return emitCall(L, node, typeNode, "", target, valueNode, want);
}

export function compoundLiteral(L: Lowering, node: SyntaxNode, want: ValueId): ValueId {
  const typeNode = child(node, "type");
  const value = child(node, "value");
  if (!typeNode || !value) return unknownValue(L, node, "syntax error", [], want);
  if (typeNode.type !== "type_descriptor" && L.ctx.language === "cpp") {
    // `T{...}`: a construction.
    const callee = declaredName(L.env, typeNode);
    const args: ValueId[] = [];
    const argSpans: number[] = [];
    for (const c of value.children) {
      if (c.type === "comment" || c.type === "initializer_pair") continue;
      args.push(rvalue(L, c));
      argSpans.push(L.span(c).start, L.span(c).end);
    }
    const dst = want === DROP ? NO_VALUE : want >= 0 ? want : L.temp(callee);
    const { start, end } = L.span(typeNode);
    L.emit(node, { op: "call", dst, callee, target: NO_VALUE, args, argSpans, calleeStart: start, calleeEnd: end });
    return dst;
  }
  const type = typeDescriptor(L.env, typeNode);
  const temp = L.temp(type, true);
  initialise(L, value, { kind: "value", id: temp, type, array: type.endsWith("]") }, elementType(type));
  return temp;
}
