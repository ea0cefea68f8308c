/** Operators: assignment, arithmetic, choice and addresses. */
import { NO_VALUE, type ValueId } from "../../ir/types.ts";
import { child, type SyntaxNode } from "../ast.ts";
import { lowerCondition } from "./conditions.ts";
import { writtenText } from "./env.ts";
import { effect, evaluateInto, rvalue, unknownValue } from "./expressions.ts";
import { initialise } from "./initialisers.ts";
import { literal } from "./literals.ts";
import { addressOf, load, placeOf, store, strip } from "./places.ts";
import { DROP, type Lowering } from "./state.ts";

export function assignment(L: Lowering, node: SyntaxNode, want: ValueId): ValueId {
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

export function update(L: Lowering, node: SyntaxNode, want: ValueId): ValueId {
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

export function binary(L: Lowering, node: SyntaxNode, want: ValueId): ValueId {
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

export function unary(L: Lowering, node: SyntaxNode, want: ValueId): ValueId {
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

export function conditional(L: Lowering, node: SyntaxNode, want: ValueId): ValueId {
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

export function pointer(L: Lowering, node: SyntaxNode, want: ValueId): ValueId {
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
