/** Expressions: C's order of evaluation made explicit through temporaries and control flow. */
import { NO_VALUE, type ValueId } from "../../ir/types.ts";
import { child, type SyntaxNode } from "../ast.ts";
import { lowerCall } from "./calls.ts";
import { cast, compoundLiteral } from "./casts.ts";
import { lowerCppExpression } from "./cpp-expressions.ts";
import { typeDescriptor } from "./declarator.ts";
import { sourceText } from "./env.ts";
import { initialise } from "./initialisers.ts";
import { flowName } from "./known-calls.ts";
import { literal } from "./literals.ts";
import { resolveName } from "./names.ts";
import { assignment, binary, conditional, pointer, unary, update } from "./operators.ts";
import { addressOf, load, placeOf, variablePlace } from "./places.ts";
import { DROP, type Lowering } from "./state.ts";
import { lowerStatements } from "./statements.ts";

/** Reason of an `unknown` where the tree was cut off. */
export const TOO_DEEP = "nested too deeply";

/** Evaluates for the side effects only. Returns the value if there is one at no cost, else `NO_VALUE`. */
export function effect(L: Lowering, node: SyntaxNode): ValueId {
  return evaluate(L, node, DROP);
}

/**
 * Evaluates an expression. `want` is a variable that the result may be written to directly: if the returned value is
 * another one, the caller copies.
 */
export function rvalue(L: Lowering, node: SyntaxNode, want: ValueId = NO_VALUE): ValueId {
  const id = evaluate(L, node, want);
  return id === NO_VALUE ? L.constant("int", "0") : id;
}

/** Evaluates into a variable. */
export function evaluateInto(L: Lowering, node: SyntaxNode, dst: ValueId): void {
  const id = rvalue(L, node, dst);
  if (id !== dst) L.emit(node, { op: "copy", dst, src: id });
}

function evaluate(L: Lowering, node: SyntaxNode, want: ValueId): ValueId {
  switch (node.type) {
    case "identifier":
    case "qualified_identifier":
    case "this":
    case "type_identifier":
    case "field_identifier":
      return name(L, node, want);
    case "number_literal":
    case "string_literal":
    case "concatenated_string":
    case "raw_string_literal":
    case "char_literal":
    case "true":
    case "false":
    case "null":
    case "user_defined_literal":
      return literal(L, node);
    case "parenthesized_expression":
      return parenthesised(L, node, want);
    case "call_expression":
      return lowerCall(L, node, want);
    case "assignment_expression":
      return assignment(L, node, want);
    case "update_expression":
      return update(L, node, want);
    case "binary_expression":
      return binary(L, node, want);
    case "unary_expression":
      return unary(L, node, want);
    case "comma_expression": {
      const [left, right] = [child(node, "left"), child(node, "right")];
      if (left) effect(L, left);
      return right ? evaluate(L, right, want) : unknownValue(L, node, TOO_DEEP, [], want);
    }
    case "conditional_expression":
      return conditional(L, node, want);
    case "pointer_expression":
      return pointer(L, node, want);
    case "field_expression":
    case "subscript_expression":
      return load(L, node, placeOf(L, node), want);
    case "cast_expression":
      return cast(L, node, want);
    case "sizeof_expression":
    case "alignof_expression":
    case "offsetof_expression":
    case "noexcept":
      return L.constant("int", sourceText(L.env, node.start, node.end));
    case "compound_literal_expression":
      return compoundLiteral(L, node, want);
    case "initializer_list": {
      const temp = L.temp();
      initialise(L, node, { kind: "value", id: temp, type: "", array: false }, "");
      return temp;
    }
    case "extension_expression":
    case "parameter_pack_expansion":
      return node.children.length > 0 ? evaluate(L, node.children[0], want) : NO_VALUE;
    case "compound_statement":
      return statementExpression(L, node, want);
    case "type_descriptor":
      return L.constant("string", typeDescriptor(L.env, node));
    case "gnu_asm_expression":
      return assembly(L, node);
    case "generic_expression": {
      const first = node.children[0];
      const args = first && first.type !== "type_descriptor" ? [rvalue(L, first)] : [];
      return unknownValue(L, node, "_Generic", args, want);
    }
    case "expression_statement":
      return node.children.length > 0 ? evaluate(L, node.children[0], want) : NO_VALUE;
    case "ERROR":
      return unknownValue(L, node, "syntax error", [], want);
    case "MISSING":
    case "comment":
      return NO_VALUE;
    default:
      return lowerCppExpression(L, node, want) ?? unknownValue(L, node, node.type, [], want);
  }
}

/** An explicit `unknown` and, if a value is needed, one that nothing is known of. */
export function unknownValue(L: Lowering, node: SyntaxNode, reason: string, args: ValueId[], want: ValueId): ValueId {
  L.unknown(node, reason, args);
  if (want === DROP) return NO_VALUE;
  const dst = L.into(want);
  L.emit(node, { op: "copy", dst, src: L.global("<unknown>") });
  return dst;
}

function name(L: Lowering, node: SyntaxNode, want: ValueId): ValueId {
  if (want === DROP) {
    const handled = flowName(L, node);
    if (handled) return NO_VALUE;
  }
  const found = resolveName(L, node);
  if (found.kind === "node") return L.within(found.env, () => evaluate(L, found.node, want));
  if (found.kind === "value") {
    return L.references.has(found.id) ? load(L, node, variablePlace(L, found.id), want) : found.id;
  }
  return load(L, node, found.place, want);
}

function parenthesised(L: Lowering, node: SyntaxNode, want: ValueId): ValueId {
  const inner = node.children.find((c) => c.type !== "comment");
  return inner ? evaluate(L, inner, want) : unknownValue(L, node, TOO_DEEP, [], want);
}

function statementExpression(L: Lowering, node: SyntaxNode, want: ValueId): ValueId {
  L.pushScope();
  // The value may be a variable of the inner scope: it stays readable, values have no scope.
  const value = lowerStatements(L, node, want !== DROP);
  L.popScope();
  return value;
}

function assembly(L: Lowering, node: SyntaxNode): ValueId {
  const args: ValueId[] = [];
  for (const list of node.children) {
    for (const operand of list.children) {
      const value = child(operand, "value");
      if (!value) continue;
      if (operand.type === "gnu_asm_output_operand") args.push(addressOf(L, operand, placeOf(L, value)));
      else args.push(rvalue(L, value));
    }
  }
  L.unknown(node, "inline assembly", args);
  return NO_VALUE;
}
