/** Expressions that only C++ has. */
import { NO_VALUE, type ValueId } from "../../ir/types.ts";
import { child, type SyntaxNode } from "../ast.ts";
import { lowerArguments } from "./calls.ts";
import { declaredName } from "./declarator.ts";
import { sourceText } from "./env.ts";
import { rvalue } from "./expressions.ts";
import { lowerLambda } from "./lambda.ts";
import { DROP, type Lowering } from "./state.ts";
import { lowerStatement } from "./statements.ts";

/** Lowers an expression of C++; undefined if the node is none that is known. */
export function lowerCppExpression(L: Lowering, node: SyntaxNode, want: ValueId): ValueId | undefined {
  switch (node.type) {
    case "lambda_expression":
      return lowerLambda(L, node, want);
    case "new_expression":
      return newExpression(L, node, want);
    case "delete_expression":
      return deleteExpression(L, node);
    case "template_function":
    case "template_type":
    case "dependent_name":
    case "operator_name":
    case "destructor_name":
      return L.global(declaredName(L.env, node));
    case "primitive_type":
    case "sized_type_specifier":
    case "placeholder_type_specifier":
    case "auto":
    case "decltype":
    case "requires_expression":
    case "requires_clause":
    case "struct_specifier":
    case "enum_specifier":
    case "union_specifier":
    case "class_specifier":
    case "namespace_identifier":
      return L.constant("string", sourceText(L.env, node.start, node.end));
    case "throw_statement":
      lowerStatement(L, node);
      return NO_VALUE;
    case "co_await_expression": {
      const inner = node.children[0];
      const arg = inner ? [rvalue(L, inner)] : [];
      L.unknown(node, "co_await", arg);
      return arg[0] ?? NO_VALUE;
    }
    case "fold_expression":
      return foldExpression(L, node, want);
    case "subscript_argument_list":
    case "argument_list": {
      let last: ValueId = NO_VALUE;
      for (const c of node.children) last = rvalue(L, c);
      return last;
    }
    default:
      return undefined;
  }
}

/** `(f(args) , ...)`: the pattern once; how often it runs is up to the instantiation. */
function foldExpression(L: Lowering, node: SyntaxNode, want: ValueId): ValueId {
  let last: ValueId = NO_VALUE;
  for (const field of ["left", "right"]) {
    const c = child(node, field);
    if (c && c.type !== "...") last = rvalue(L, c);
  }
  return want === DROP ? NO_VALUE : last;
}

/** `new T(args)`: the allocation as a call of `operator new`, then the constructor as a call of `T`. */
function newExpression(L: Lowering, node: SyntaxNode, want: ValueId): ValueId {
  const typeNode = child(node, "type");
  const declarator = child(node, "declarator");
  const type = typeNode ? sourceText(L.env, typeNode.start, typeNode.end) : "?";
  const span = L.span(typeNode ?? node);
  const size: ValueId[] = [];
  const argSpans: number[] = [];
  const length = declarator ? child(declarator, "length") : undefined;
  if (length) {
    size.push(rvalue(L, length));
    argSpans.push(L.span(length).start, L.span(length).end);
  }
  const placement = child(node, "placement");
  if (placement) {
    const placed = lowerArguments(L, placement);
    size.push(...placed.args);
    argSpans.push(...placed.argSpans);
  }
  const list = child(node, "arguments");
  const values = list && list.children.length > 0 ? lowerArguments(L, list) : null;
  const dst = want >= 0 ? want : L.temp(`${type} *`);
  const place = { calleeStart: span.start, calleeEnd: span.end };
  L.emit(node, {
    op: "call",
    dst,
    callee: declarator ? "operator new[]" : "operator new",
    target: NO_VALUE,
    args: size,
    argSpans,
    ...place,
  });
  if (values) {
    const callee = typeNode ? declaredName(L.env, typeNode) || type : "?";
    L.emit(node, { op: "call", dst: NO_VALUE, callee, target: NO_VALUE, receiver: dst, ...values, ...place });
  }
  return dst;
}

function deleteExpression(L: Lowering, node: SyntaxNode): ValueId {
  const operand = node.children[node.children.length - 1];
  if (!operand) return NO_VALUE;
  const pointer = rvalue(L, operand);
  const before = L.env.text.slice(node.start - L.env.base, operand.start - L.env.base);
  const { start, end } = L.span(node);
  L.emit(node, {
    op: "call",
    dst: NO_VALUE,
    callee: before.includes("[") ? "operator delete[]" : "operator delete",
    target: NO_VALUE,
    args: [pointer],
    argSpans: [L.span(operand).start, L.span(operand).end],
    calleeStart: start,
    calleeEnd: end,
  });
  return NO_VALUE;
}
