/** Declarations inside functions. */
import { NO_VALUE, type ValueId } from "../../ir/types.ts";
import { child, type SyntaxNode } from "../ast.ts";
import { initTree } from "../facts/init-tree.ts";
import { leadingWords } from "../facts/leading-words.ts";
import { isAtomicType, isConstVariable } from "../facts/variables.ts";
import { constructed, looksLikeConstruction } from "./cpp-locals.ts";
import { type Declared, declared, type Specifiers, specifiers, typeWith } from "./declarator.ts";
import { effect, evaluateInto, rvalue } from "./expressions.ts";
import { takeGuard } from "./guards.ts";
import { initialise } from "./initialisers.ts";
import { localTypes } from "./local-types.ts";
import { addressOf, elementType, load, placeOf } from "./places.ts";
import type { Lowering } from "./state.ts";

/** Lowers a declaration. Returns the value of the last declared variable (for `if (T *x = f())`). */
export function lowerDeclaration(L: Lowering, node: SyntaxNode): ValueId {
  const spec = specifiers(L.env, node);
  const typeNode = child(node, "type");
  if (typeNode && child(typeNode, "body")) localTypes(L, typeNode);
  let last: ValueId = NO_VALUE;
  let pending: SyntaxNode | null = null;
  for (const c of node.children) {
    if (c.field === "declarator") {
      if (pending) last = declare(L, node, spec, pending, undefined);
      pending = c;
      if (c.type === "init_declarator") {
        const inner = child(c, "declarator");
        if (inner) last = declare(L, c, spec, inner, child(c, "value"));
        pending = null;
      } else if (c.type === "gnu_asm_expression") pending = null;
    } else if (pending && (c.field === "value" || c.field === "default_value")) {
      // `if (T *x = f())`: the initialiser stands beside the declarator.
      last = declare(L, node, spec, pending, c);
      pending = null;
    } else if (c.type === "ERROR") L.unknown(c, "syntax error");
  }
  if (pending) last = declare(L, node, spec, pending, undefined);
  return last < 0 ? L.constant("int", "0") : last;
}

function declare(
  L: Lowering,
  at: SyntaxNode,
  spec: Specifiers,
  declarator: SyntaxNode,
  value: SyntaxNode | undefined,
): ValueId {
  if (declarator.type === "structured_binding_declarator") return structuredBinding(L, declarator, value);
  const info = declared(L.env, declarator);
  if (!info.nameNode) {
    if (value) effect(L, value);
    return NO_VALUE;
  }
  const cpp = L.ctx.language === "cpp";
  if (info.shape === "function" && info.functionNode && !value) {
    if (!cpp || !looksLikeConstruction(L, spec.type, info)) {
      // A prototype inside a function: the name is the function.
      L.declare(info.name, L.global(info.name));
      return NO_VALUE;
    }
    return constructed(L, at, spec, info, info.functionNode);
  }
  if (spec.isTypedef) return NO_VALUE;
  if (spec.isStatic || spec.threadLocal) return localStatic(L, at, spec, info, value);
  if (spec.isExtern) {
    const id = L.global(info.name);
    L.declare(info.name, id);
    return id;
  }
  for (const size of info.sizes) if (size.type !== "number_literal" && size.type !== "identifier") effect(L, size);
  const type = typeWith(spec.type, info.suffix);
  const span = L.span(info.nameNode);
  const id = L.addValue({ kind: "local", name: info.name, type, start: span.start, end: span.end });
  if (cpp && takeGuard(L, at, id, spec.type, value)) {
    L.declare(info.name, id);
    return id;
  }
  if (value) initialiseLocal(L, value, id, type, info, spec.type);
  // Declared after its initialiser was lowered: `T x = x;` means an outer x in no sane program, but a macro may do it.
  L.declare(info.name, id);
  return id;
}

function initialiseLocal(
  L: Lowering,
  value: SyntaxNode,
  id: ValueId,
  type: string,
  info: Declared,
  baseType: string,
): void {
  if (info.shape === "reference") {
    bindReference(L, value, id, type);
    return;
  }
  if (value.type === "argument_list" || isParenthesised(L, value)) {
    constructWith(L, value, id, baseType, info);
    return;
  }
  if (value.type !== "initializer_list") {
    if (info.shape === "array" && value.type === "string_literal") {
      L.emit(value, { op: "copy", dst: id, src: rvalue(L, value) });
      return;
    }
    evaluateInto(L, value, id);
    return;
  }
  const array = info.shape === "array";
  initialise(L, value, { kind: "value", id, type, array }, array ? elementType(type) : type);
}

/** Braces that are parentheses in the source: the view writes `T x(f(y));` so, which the grammar takes for a prototype. */
function isParenthesised(L: Lowering, value: SyntaxNode): boolean {
  return value.type === "initializer_list" && L.env.original[value.start - L.env.base] === "(";
}

/** `T x(a, b)`: one argument of a scalar is an initialiser, everything else a constructor call. */
function constructWith(L: Lowering, list: SyntaxNode, id: ValueId, type: string, info: Declared): void {
  if (list.children.length === 1 && (info.shape === "pointer" || isScalar(type))) {
    evaluateInto(L, list.children[0], id);
    return;
  }
  const args: ValueId[] = [];
  const argSpans: number[] = [];
  for (const c of list.children) {
    if (c.type === "comment") continue;
    args.push(rvalue(L, c));
    argSpans.push(L.span(c).start, L.span(c).end);
  }
  const { start, end } = L.span(info.nameNode ?? list);
  const callee = type === "" ? "?" : type;
  L.emit(list, { op: "call", dst: id, callee, target: NO_VALUE, args, argSpans, calleeStart: start, calleeEnd: end });
}

const SCALARS = new Set("const volatile unsigned signed long short int char float double bool auto".split(" "));

function isScalar(type: string): boolean {
  return type !== "" && type.split(" ").every((word) => SCALARS.has(word) || word.endsWith("_t"));
}

function bindReference(L: Lowering, value: SyntaxNode, id: ValueId, type: string): void {
  const source = value.type === "argument_list" || value.type === "initializer_list" ? value.children[0] : value;
  if (!source) return;
  const place = placeOf(L, source);
  const temporary = place.kind === "value" && !L.isVariable(place.id) && L.values[place.id].kind !== "global";
  if (temporary) {
    // A temporary whose life the reference extends: the variable is the object.
    L.emit(value, { op: "copy", dst: id, src: load(L, source, place) });
    return;
  }
  const address = addressOf(L, value, place, id);
  if (address !== id) L.emit(value, { op: "copy", dst: id, src: address });
  L.references.add(id);
  if (type.startsWith("auto") && place.type !== "") L.tempTypes[id] = place.type;
}

/** `static T x = init;`: in C the initialiser is constant; in C++ it runs once, under the compiler's lock. */
function localStatic(
  L: Lowering,
  at: SyntaxNode,
  spec: Specifiers,
  info: Declared,
  value: SyntaxNode | undefined,
): ValueId {
  const id = L.global(info.name, L.name);
  const type = typeWith(spec.type, info.suffix);
  L.staticTypes.set(id, { type, array: info.shape === "array" });
  L.declare(info.name, id);
  const name = L.span(info.nameNode!);
  const whole = L.span(at);
  const nameStart = info.nameNode!.start;
  const words = leadingWords(L.env, endBefore(L, at), nameStart, L.ctx.macros);
  L.statics.push({
    name: info.name,
    owner: L.name,
    type,
    isStatic: true,
    isExtern: false,
    isConst: spec.constexpr || isConstVariable(spec.type, info),
    threadLocal: spec.threadLocal || words.threadLocal,
    atomic: isAtomicType(type) || words.atomic,
    array: info.shape === "array",
    nameStart: name.start,
    nameEnd: name.end,
    start: whole.start,
    end: whole.end,
    ...(value ? { init: initTree(L.env, value) } : {}),
  });
  if (value && L.ctx.language === "cpp" && value.type !== "initializer_list") {
    if (value.type === "argument_list") for (const c of value.children) effect(L, c);
    else effect(L, value);
  }
  return id;
}

/** A place in front of a declaration, behind the code before it. */
function endBefore(L: Lowering, at: SyntaxNode): number {
  const previous = L.env.macro === null && L.env.base === 0 ? L.statements[L.stmt - 1] : undefined;
  if (previous === undefined) return L.env.base;
  return previous.end <= at.start ? previous.end : previous.start;
}

function structuredBinding(L: Lowering, node: SyntaxNode, value: SyntaxNode | undefined): ValueId {
  const source = value ? rvalue(L, value) : L.constant("int", "0");
  node.children.forEach((c, i) => {
    const name = L.text(c);
    const { start, end } = L.span(c);
    const id = L.addValue({ kind: "local", name, type: "auto", start, end });
    const index = L.constant("int", String(i));
    L.emit(c, { op: "load", dst: id, base: source, path: "[]", deref: false, index });
    L.declare(name, id);
  });
  return source;
}
