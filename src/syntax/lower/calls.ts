import { neverReturns } from "../../capi/no-return.ts";
import { NO_VALUE, type ValueId } from "../../ir/types.ts";
import { child, type SyntaxNode } from "../ast.ts";
import { isApiName } from "./api-names.ts";
import { cppCall } from "./cpp-calls.ts";
import { writtenText } from "./env.ts";
import { rvalue } from "./expressions.ts";
import { knownCall } from "./known-calls.ts";
import { argumentNode, expandCall } from "./macros.ts";
import { calledName } from "./names.ts";
import { placeOf, strip } from "./places.ts";
import { DROP, type Lowering } from "./state.ts";
import { lowerStatement } from "./statements.ts";

/** Lowers a call. Returns its value, `NO_VALUE` if it is not wanted. */
export function lowerCall(L: Lowering, node: SyntaxNode, want: ValueId): ValueId {
  const callee = child(node, "function");
  const list = child(node, "arguments");
  if (!callee) return NO_VALUE;
  const inner = strip(callee);
  if (inner.type === "identifier" || (inner.type === "qualified_identifier" && L.ctx.language === "cpp")) {
    if (inner.type === "identifier" && writtenText(L.env, inner).trim() === "goto") {
      // The view's form of `goto *p;`.
      const target = list?.children[0];
      if (target) L.computedGoto(node, rvalue(L, target));
      return NO_VALUE;
    }
    const name = calledName(L, inner);
    if (name !== null) {
      const known = knownCall(L, node, inner, name, list, want);
      if (known !== undefined) return known;
      if (inner === callee && !isApiName(name)) {
        const macro = L.ctx.macros?.resolve(name, L.span(node).start);
        if (macro && macro.facts.params !== null) {
          const value = expandCall(L, node, macro, list, want);
          if (value !== undefined) return value;
        }
      }
      const cpp = L.ctx.language === "cpp" ? cppCall(L, node, callee, list, want) : undefined;
      return cpp ?? directCall(L, node, inner, name, list, want);
    }
  } else if (L.ctx.language === "cpp") {
    const cpp = cppCall(L, node, callee, list, want);
    if (cpp !== undefined) return cpp;
  }
  let target: ValueId;
  if (inner.type === "pointer_expression" && inner.operator === "*") {
    // `(*f)(x)` calls what `f` points to, like `f(x)`.
    const pointer = child(inner, "argument");
    target = pointer ? rvalue(L, pointer) : L.constant("int", "0");
  } else target = rvalue(L, inner);
  const value = L.values[target];
  if (value?.kind === "global" && value.owner === undefined && !value.name.startsWith("<")) {
    return directCall(L, node, inner, value.name, list, want);
  }
  return emitCall(L, node, inner, "", target, list, want);
}

/** A call by name. */
export function directCall(
  L: Lowering,
  node: SyntaxNode,
  callee: SyntaxNode,
  name: string,
  list: SyntaxNode | undefined,
  want: ValueId,
): ValueId {
  const dst = emitCall(L, node, callee, name, NO_VALUE, list, want);
  if (neverReturns(name)) L.unreachable(node);
  return dst;
}

/** Evaluates the arguments and emits the call. */
export function emitCall(
  L: Lowering,
  node: SyntaxNode,
  callee: SyntaxNode,
  name: string,
  target: ValueId,
  list: SyntaxNode | undefined,
  want: ValueId,
  receiver?: ValueId,
): ValueId {
  const { args, argSpans } = lowerArguments(L, list);
  const dst = want === DROP ? NO_VALUE : L.into(want);
  const { start, end } = L.span(callee);
  L.emit(node, {
    op: "call",
    dst,
    callee: name,
    target,
    ...(receiver === undefined ? {} : { receiver }),
    args,
    argSpans,
    calleeStart: start,
    calleeEnd: end,
  });
  return dst;
}

/** Evaluates arguments left to right. Statements given to a macro that stays a call are lowered where they stand. */
export function lowerArguments(L: Lowering, list: SyntaxNode | undefined): { args: ValueId[]; argSpans: number[] } {
  const args: ValueId[] = [];
  const argSpans: number[] = [];
  const add = (node: SyntaxNode) => {
    if (node.type === "comment" || node.type === "MISSING") return;
    if (node.type === "compound_statement") {
      lowerStatement(L, node);
      return;
    }
    args.push(argument(L, node));
    const span = L.span(node);
    argSpans.push(span.start, span.end);
  };
  for (const node of list?.children ?? []) {
    const bound = node.type === "identifier" ? L.env.bindings?.get(writtenText(L.env, node)) : undefined;
    if (bound?.list) {
      for (const item of bound.list) {
        const found = argumentNode(L, item);
        if (found) L.within(found.env, () => add(found.node));
      }
    } else if (bound && bound.text === "" && bound.node === null) {
      // An empty macro argument is no argument.
    } else add(node);
  }
  return { args, argSpans };
}

/** One argument. A C++ reference variable is passed as it is: what it refers to keeps its identity. */
export function argument(L: Lowering, node: SyntaxNode): ValueId {
  if (L.references.size > 0 && node.type === "identifier") {
    const id = L.lookup(L.text(node));
    if (id !== undefined && L.references.has(id)) return id;
  }
  return rvalue(L, node);
}

/** The object of a method call: the pointer before `->`, else the variable or the address of the place before `.`. */
export function receiverOf(L: Lowering, callee: SyntaxNode): ValueId {
  const object = child(callee, "argument");
  if (!object) return L.constant("int", "0");
  if (callee.operator === "->") return rvalue(L, object);
  const place = placeOf(L, strip(object));
  if (place.kind === "value") return place.id;
  if (place.deref && place.path === "") return place.base;
  const { base, path, deref, index } = place;
  const dst = L.temp(place.type === "" ? "" : `${place.type} *`);
  L.emit(object, { op: "addr", dst, base, path, deref, ...(index === undefined ? {} : { index }) });
  return dst;
}
