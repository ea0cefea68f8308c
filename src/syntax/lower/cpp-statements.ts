/** Statements that only C++ (or Microsoft's C) has. */
import { NO_VALUE } from "../../ir/types.ts";
import { child, type SyntaxNode } from "../ast.ts";
import { declared, specifiers, typeWith } from "./declarator.ts";
import { effect, rvalue } from "./expressions.ts";
import { inLoop } from "./loops.ts";
import { addressOf, load, type Place, placeOf } from "./places.ts";
import type { Lowering } from "./state.ts";
import { lowerStatement } from "./statements.ts";

/** Lowers a C++ statement; false if the node is none. */
export function lowerCppStatement(L: Lowering, node: SyntaxNode): boolean {
  switch (node.type) {
    case "try_statement":
      L.asStatement(node, () => tryStatement(L, node));
      return true;
    case "throw_statement":
      L.asStatement(node, () => throwStatement(L, node));
      return true;
    case "for_range_loop":
      L.asStatement(node, () => rangeFor(L, node));
      return true;
    case "co_return_statement":
      L.asStatement(node, () => {
        const value = node.children[0] ? rvalue(L, node.children[0]) : NO_VALUE;
        L.returnValue(node, value);
      });
      return true;
    case "co_yield_statement":
      L.asStatement(node, () => {
        L.unknown(node, "co_yield", node.children[0] ? [rvalue(L, node.children[0])] : []);
      });
      return true;
    case "seh_try_statement":
      L.asStatement(node, () => {
        for (const c of node.children) {
          const body = c.field === "body" ? c : child(c, "body");
          if (body) lowerStatement(L, body);
        }
      });
      return true;
    case "seh_leave_statement":
      return true;
    case "condition_clause":
    case "init_statement":
      for (const c of node.children) lowerStatement(L, c);
      return true;
    case "template_declaration":
    case "namespace_definition":
    case "friend_declaration":
    case "concept_definition":
    case "template_instantiation":
      return true;
    default:
      return false;
  }
}

/** The handlers are reached from the start and from the end of the block: what happened in between is not known. */
export function tryStatement(L: Lowering, node: SyntaxNode): void {
  const body = child(node, "body");
  const clauses = node.children.filter((c) => c.type === "catch_clause");
  const after = L.newBlock();
  const handlers = clauses.map(() => L.newBlock());
  const dispatch = (normal: number) => {
    if (handlers.length === 0) {
      L.jump(node, normal);
      return;
    }
    const cases: { text: string | null; target: number }[] = clauses.map((c, i) => {
      const params = child(c, "parameters");
      const text = params ? L.env.text.slice(params.start - L.env.base + 1, params.end - L.env.base - 1) : "...";
      return { text: text.trim(), target: handlers[i] };
    });
    cases.push({ text: null, target: normal });
    const { start, end } = L.span(node);
    L.terminate({ op: "switch", value: L.global("<exception>"), cases, start, end, stmt: L.stmt });
  };
  const inside = L.newBlock();
  dispatch(inside);
  L.start(inside);
  for (const block of handlers) L.handlers.push({ block, scope: L.scope });
  if (body) lowerStatement(L, body);
  L.handlers.length -= handlers.length;
  if (L.reachable()) dispatch(after);
  clauses.forEach((clause, i) => {
    L.start(handlers[i]);
    L.pushScope();
    const params = child(clause, "parameters");
    for (const p of params?.children ?? []) catchVariable(L, p);
    const handler = child(clause, "body");
    if (handler) lowerStatement(L, handler);
    L.popScope();
    if (L.reachable()) L.jump(clause, after);
  });
  L.start(after);
}

function catchVariable(L: Lowering, node: SyntaxNode): void {
  const declarator = child(node, "declarator");
  if (!declarator) return;
  const info = declared(L.env, declarator);
  if (!info.nameNode) return;
  const { start, end } = L.span(info.nameNode);
  const type = typeWith(specifiers(L.env, node).type, info.suffix);
  const id = L.addValue({ kind: "local", name: info.name, type, start, end });
  L.emit(node, { op: "copy", dst: id, src: L.global("<exception>") });
  L.declare(info.name, id);
}

function throwStatement(L: Lowering, node: SyntaxNode): void {
  const value = node.children[0];
  const args = value ? [rvalue(L, value)] : [];
  const { start, end } = L.span(node);
  L.emit(node, {
    op: "call",
    dst: NO_VALUE,
    callee: "throw",
    target: NO_VALUE,
    args,
    argSpans: value ? [L.span(value).start, L.span(value).end] : [],
    calleeStart: start,
    calleeEnd: Math.min(start + 5, end),
  });
  const handler = L.handlers[L.handlers.length - 1];
  L.runCleanups(L.scope, handler ? handler.scope : null);
  if (!handler) {
    L.unreachable(node);
    return;
  }
  const cases: { text: string | null; target: number }[] = L.handlers
    .filter((h) => h.scope === handler.scope)
    .map((h) => ({ text: "catch", target: h.block }));
  cases[cases.length - 1].text = null;
  L.terminate({ op: "switch", value: L.global("<exception>"), cases, start, end, stmt: L.stmt });
}

/** `for (T x : range)`: elements of `range`, one at a time, until the end that is not seen. */
function rangeFor(L: Lowering, node: SyntaxNode): void {
  const right = child(node, "right");
  const declarator = child(node, "declarator");
  const body = child(node, "body");
  L.pushScope();
  const init = child(node, "initializer");
  if (init) for (const c of init.children) lowerStatement(L, c);
  const range: Place = right
    ? placeOf(L, right)
    : { kind: "value", id: L.constant("int", "0"), type: "", array: false };
  const base = range.kind === "value" ? range.id : range.base;
  const head = L.newBlock();
  const inside = L.newBlock();
  const exit = L.newBlock();
  if (L.reachable()) L.jump(node, head);
  L.start(head);
  const more = L.temp();
  const { start, end } = L.span(right ?? node);
  L.emit(node, {
    op: "call",
    dst: more,
    callee: "operator!=",
    target: NO_VALUE,
    args: [base],
    argSpans: [start, end],
    calleeStart: start,
    calleeEnd: end,
  });
  L.branch(right ?? node, more, inside, exit);
  L.start(inside);
  if (declarator) rangeVariable(L, node, declarator, range);
  inLoop(L, exit, head, () => {
    if (body) lowerStatement(L, body);
  });
  if (L.reachable()) L.jump(node, head);
  L.start(exit);
  L.popScope();
}

function rangeVariable(L: Lowering, node: SyntaxNode, declarator: SyntaxNode, range: Place): void {
  const place: Place =
    range.kind === "value"
      ? { kind: "memory", base: range.id, path: "[]", deref: false, type: "", array: false }
      : { ...range, path: `${range.path}[]`, type: "", array: false };
  const bind = (nameNode: SyntaxNode, name: string, type: string, reference: boolean) => {
    const { start, end } = L.span(nameNode);
    const id = L.addValue({ kind: "local", name, type, start, end });
    if (reference) {
      addressOf(L, declarator, place, id);
      L.references.add(id);
    } else load(L, declarator, place, id);
    L.declare(name, id);
  };
  const bindings = declarator.type === "structured_binding_declarator" ? declarator : declarator.children[0];
  if (bindings?.type === "structured_binding_declarator") {
    for (const c of bindings.children) bind(c, L.text(c), "auto", false);
    return;
  }
  const info = declared(L.env, declarator);
  if (!info.nameNode) {
    effect(L, declarator);
    return;
  }
  const type = typeWith(specifiers(L.env, node).type, info.suffix);
  bind(info.nameNode, info.name, type, info.shape === "reference");
}
