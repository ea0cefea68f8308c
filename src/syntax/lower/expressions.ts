/** Expressions: C's order of evaluation made explicit through temporaries and control flow. */
import { NO_VALUE, type ValueId } from "../../ir/types.ts";
import { child, type SyntaxNode } from "../ast.ts";
import { directCall, emitCall, lowerCall } from "./calls.ts";
import { lowerCondition } from "./conditions.ts";
import { lowerCppExpression } from "./cpp-expressions.ts";
import { declaredName, typeDescriptor } from "./declarator.ts";
import { sourceText, writtenText } from "./env.ts";
import { initialise } from "./initialisers.ts";
import { flowName } from "./known-calls.ts";
import { literal } from "./literals.ts";
import { boundArgument, resolveName } from "./names.ts";
import { addressOf, elementType, load, placeOf, store, strip, variablePlace } from "./places.ts";
import { DROP, type Lowering } from "./state.ts";
import { lowerStatement, lowerStatements } from "./statements.ts";
import { isTypeName } from "./type-names.ts";

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
      return right ? evaluate(L, right, want) : NO_VALUE;
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
  return inner ? evaluate(L, inner, want) : NO_VALUE;
}

function statementExpression(L: Lowering, node: SyntaxNode, want: ValueId): ValueId {
  L.pushScope();
  // The value may be a variable of the inner scope: it stays readable, values have no scope.
  const value = lowerStatements(L, node, want !== DROP);
  L.popScope();
  return value;
}

function assignment(L: Lowering, node: SyntaxNode, want: ValueId): ValueId {
  const left = child(node, "left");
  const right = child(node, "right");
  if (!left || !right) return unknownValue(L, node, "syntax error", [], want);
  const operator = node.operator ?? "=";
  if (operator !== "=") return compound(L, node, left, right, operator.slice(0, -1));
  const target = strip(left);
  if (right.type === "initializer_list") {
    const place = placeOf(L, target);
    initialise(L, right, place, place.type);
    return place.kind === "value" ? place.id : NO_VALUE;
  }
  if (target.type === "identifier") {
    const place = placeOf(L, target);
    if (place.kind === "value" && L.values[place.id].kind !== "const") {
      const id = rvalue(L, right, place.id);
      if (id !== place.id) L.emit(node, { op: "copy", dst: place.id, src: id });
      return L.isVariable(place.id) ? place.id : id;
    }
    const id = rvalue(L, right);
    store(L, node, place, id);
    return id;
  }
  // The right side first: the order that C++17 fixes and C compilers choose.
  const id = rvalue(L, right);
  store(L, node, placeOf(L, target), id);
  return id;
}

function compound(L: Lowering, node: SyntaxNode, left: SyntaxNode, right: SyntaxNode, operator: string): ValueId {
  const value = rvalue(L, right);
  const place = placeOf(L, strip(left));
  if (place.kind === "value" && L.values[place.id].kind !== "const") {
    L.emit(node, { op: "binary", dst: place.id, operator, left: place.id, right: value });
    return place.id;
  }
  const before = load(L, node, place);
  const after = L.temp(place.type);
  L.emit(node, { op: "binary", dst: after, operator, left: before, right: value });
  store(L, node, place, after);
  return after;
}

function update(L: Lowering, node: SyntaxNode, want: ValueId): ValueId {
  const argument = child(node, "argument");
  if (!argument) return unknownValue(L, node, "syntax error", [], want);
  const operator = (node.operator ?? "++")[0];
  const prefix = argument.start > node.start;
  const place = placeOf(L, strip(argument));
  const one = L.constant("int", "1");
  if (place.kind === "value" && L.values[place.id].kind !== "const") {
    let before: ValueId = place.id;
    if (!prefix && want !== DROP) {
      before = L.temp(L.typeOf(place.id));
      L.emit(node, { op: "copy", dst: before, src: place.id });
    }
    L.emit(node, { op: "binary", dst: place.id, operator, left: place.id, right: one });
    return before;
  }
  const before = load(L, node, place);
  const after = L.temp(place.type);
  L.emit(node, { op: "binary", dst: after, operator, left: before, right: one });
  store(L, node, place, after);
  return prefix ? after : before;
}

const WORD_OPERATORS: Readonly<Record<string, string>> = {
  and: "&&",
  or: "||",
  not: "!",
  bitand: "&",
  bitor: "|",
  xor: "^",
  compl: "~",
  not_eq: "!=",
};

/** The operator with C++'s words replaced by signs. */
export function operatorOf(node: SyntaxNode): string {
  const operator = node.operator ?? "?";
  return WORD_OPERATORS[operator] ?? operator;
}

function binary(L: Lowering, node: SyntaxNode, want: ValueId): ValueId {
  const operator = operatorOf(node);
  const left = child(node, "left");
  const right = child(node, "right");
  if (!left || !right) return unknownValue(L, node, "syntax error", [], want);
  if (operator === "&&" || operator === "||") return truthValue(L, node, want);
  const a = rvalue(L, left);
  const b = rvalue(L, right);
  if (want === DROP) return NO_VALUE;
  const dst = L.into(want);
  L.emit(node, { op: "binary", dst, operator, left: a, right: b });
  return dst;
}

/** `&&`, `||` as a value: 1 or 0. */
function truthValue(L: Lowering, node: SyntaxNode, want: ValueId): ValueId {
  const yes = L.newBlock();
  const no = L.newBlock();
  const join = L.newBlock();
  lowerCondition(L, node, yes, no);
  if (want === DROP) {
    for (const block of [yes, no]) {
      L.start(block);
      L.jump(node, join);
    }
    L.start(join);
    return NO_VALUE;
  }
  const dst = L.into(want);
  L.start(yes);
  L.emit(node, { op: "copy", dst, src: L.constant("int", "1") });
  L.jump(node, join);
  L.start(no);
  L.emit(node, { op: "copy", dst, src: L.constant("int", "0") });
  L.jump(node, join);
  L.start(join);
  return dst;
}

function unary(L: Lowering, node: SyntaxNode, want: ValueId): ValueId {
  const argument = child(node, "argument");
  if (!argument) return unknownValue(L, node, "syntax error", [], want);
  const operator = operatorOf(node);
  if (operator === "&&" || (operator === "&" && argument.type === "pointer_expression")) {
    return labelAddress(L, argument);
  }
  const inner = strip(argument);
  if (operator === "-" && inner.type === "number_literal") {
    const id = literal(L, inner);
    const value = L.values[id];
    if (value.kind === "const" && (value.type === "int" || value.type === "float")) {
      return L.constant(value.type, `-${value.text}`);
    }
  }
  const operand = rvalue(L, argument);
  if (want === DROP) return NO_VALUE;
  const dst = L.into(want);
  L.emit(node, { op: "unary", dst, operator, operand });
  return dst;
}

function labelAddress(L: Lowering, node: SyntaxNode): ValueId {
  const label = L.text(strip(node));
  L.takenLabels.add(label);
  return L.global(`&&${label}`);
}

function conditional(L: Lowering, node: SyntaxNode, want: ValueId): ValueId {
  const condition = child(node, "condition");
  const consequence = child(node, "consequence");
  const alternative = child(node, "alternative");
  if (!condition || !alternative) return unknownValue(L, node, "syntax error", [], want);
  const dst = want === DROP ? DROP : L.into(want);
  const yes = L.newBlock();
  const no = L.newBlock();
  const join = L.newBlock();
  const arm = (block: number, value: SyntaxNode) => {
    L.start(block);
    if (dst === DROP) effect(L, value);
    else evaluateInto(L, value, dst);
    if (L.reachable()) L.jump(node, join);
  };
  if (consequence) {
    lowerCondition(L, condition, yes, no);
    arm(yes, consequence);
  } else {
    const value = rvalue(L, condition);
    if (dst !== DROP && value !== dst) L.emit(condition, { op: "copy", dst, src: value });
    L.branch(condition, dst === DROP ? value : dst, join, no);
  }
  arm(no, alternative);
  L.start(join);
  return dst === DROP ? NO_VALUE : dst;
}

function pointer(L: Lowering, node: SyntaxNode, want: ValueId): ValueId {
  const argument = child(node, "argument");
  if (!argument) return unknownValue(L, node, "syntax error", [], want);
  if (node.operator === "*") return load(L, node, placeOf(L, node), want);
  const inner = strip(argument);
  // `&&label`: the view leaves one sign of it.
  if (inner.type === "identifier" && writtenText(L.env, node).startsWith("&&")) return labelAddress(L, inner);
  if (inner.type === "pointer_expression" && inner.operator === "&") {
    const label = child(inner, "argument");
    // `&&label`, read as two operators.
    if (label?.type === "identifier" && L.lookup(L.text(label)) === undefined) return labelAddress(L, label);
  }
  if (inner.type === "compound_literal_expression" || inner.type === "initializer_list") {
    const id = rvalue(L, inner);
    return addressOf(L, node, { kind: "value", id, type: L.typeOf(id), array: false }, want);
  }
  const place = placeOf(L, argument);
  if (want === DROP) return NO_VALUE;
  if (place.kind === "value" && L.values[place.id].kind === "const") return place.id;
  return addressOf(L, node, place, want);
}

function cast(L: Lowering, node: SyntaxNode, want: ValueId): ValueId {
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

function compoundLiteral(L: Lowering, node: SyntaxNode, want: ValueId): ValueId {
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

/** Lowers what may be a statement or an expression. */
export function anyNode(L: Lowering, node: SyntaxNode): void {
  if (node.type.endsWith("_statement") || node.type === "declaration") lowerStatement(L, node);
  else effect(L, node);
}
