/** What an identifier means where it stands: macro parameter, variable, macro, member of `this` or something global. */
import type { ValueId } from "../../ir/types.ts";
import { child, type SyntaxNode } from "../ast.ts";
import { isApiName } from "./api-names.ts";
import { declaredName } from "./declarator.ts";

import { collapse, type Env, isName, writtenText } from "./env.ts";
import { argumentNode, enterMacro, macroArguments } from "./macros.ts";
import type { Place } from "./places.ts";
import type { Lowering } from "./state.ts";

export type Resolved =
  | { kind: "value"; id: ValueId }
  | { kind: "place"; place: Place }
  /** The identifier stands for an expression written elsewhere. */
  | { kind: "node"; node: SyntaxNode; env: Env };

/** Resolves an identifier in an expression. */
export function resolveName(L: Lowering, node: SyntaxNode): Resolved {
  const bound = boundArgument(L, node);
  if (bound) return bound;
  if (node.type === "this") return { kind: "value", id: thisPointer(L) };
  const name = node.type === "qualified_identifier" ? declaredName(L.env, node) : L.text(node);
  if (node.type !== "qualified_identifier" && !isName(name)) return { kind: "value", id: noName(L, name) };
  return resolveText(L, node, name);
}

/** The argument, if the node is a parameter of the macro around it. */
export function boundArgument(L: Lowering, node: SyntaxNode): Resolved | null {
  const { bindings } = L.env;
  if (bindings === null) return null;
  const raw = writtenText(L.env, node);
  const arg = bindings.get(raw);
  if (!arg) {
    // `#x` in the body: the argument as a string.
    if (!raw.startsWith("#")) return null;
    return { kind: "value", id: L.constant("string", bindings.get(raw.slice(1).trim())?.text ?? raw) };
  }
  const argNode = argumentNode(L, arg);
  return argNode ? { kind: "node", node: argNode.node, env: argNode.env } : null;
}

/** What the view turned into a name: a type or operator given to a macro, or nothing where a condition was missing. */
function noName(L: Lowering, text: string): ValueId {
  const plain = collapse(text);
  return plain === "" || plain[0] === "(" ? L.global("<unknown>") : L.constant("string", plain);
}

/** Resolves a name that has no node of its own any more (pasted, or an alias). */
export function resolveText(L: Lowering, node: SyntaxNode, name: string): Resolved {
  if (name === "NULL" || name === "nullptr") return { kind: "value", id: L.constant("null", name) };
  const local = L.lookup(name);
  if (local !== undefined) return { kind: "value", id: local };
  if (name === "this" && L.ctx.language === "cpp") return { kind: "value", id: thisPointer(L) };
  const outer = L.outer?.(name);
  if (outer?.kind === "global") return { kind: "value", id: L.global(outer.name, outer.owner) };
  if (outer) return { kind: "place", place: capturedPlace(L, node, name, outer) };
  if (L.className !== "") {
    const member = L.ctx.types.member(L.className, name);
    if (member) {
      const base = thisPointer(L);
      return { kind: "place", place: { kind: "memory", base, path: name, deref: true, ...member } };
    }
  }
  const macro = L.ctx.macros?.resolve(name, L.span(node).start);
  if (macro && macro.facts.params === null && !isApiName(name) && L.mayExpand()) {
    const entered = enterMacro(L, node, macro, null);
    if (entered && entered.body.form === "expression")
      return { kind: "node", node: entered.body.root, env: entered.env };
  }
  return { kind: "value", id: L.global(L.ctx.language === "cpp" ? qualified(L, name) : name) };
}

/** A captured variable is a field of the closure; through a reference it is what the field refers to. */
function capturedPlace(
  L: Lowering,
  node: SyntaxNode,
  name: string,
  outer: { type: string; reference: boolean },
): Place {
  const base = closurePointer(L);
  const field: Place = { kind: "memory", base, path: name, deref: true, type: outer.type, array: false };
  if (!outer.reference) return field;
  const pointer = L.temp();
  L.emit(node, { op: "load", dst: pointer, base, path: name, deref: true });
  return { kind: "memory", base: pointer, path: "", deref: true, type: outer.type, array: false };
}

/** A variable of this file's classes and namespaces by its full name, as seen from the function's own scope. */
function qualified(L: Lowering, name: string): string {
  let scope = L.name;
  for (let at = scope.lastIndexOf("::"); at >= 0; at = scope.lastIndexOf("::")) {
    scope = scope.slice(0, at);
    const full = `${scope}::${name}`;
    if (L.ctx.types.variable(full) || L.ctx.types.isFunction(full)) return full;
  }
  return name;
}

/**
 * The name that a called identifier ends at: aliases such as `#define GETITEM PyList_GET_ITEM` are followed.
 * Returns null if the identifier is a variable or stands for a whole expression.
 */
export function calledName(L: Lowering, node: SyntaxNode): string | null {
  const { bindings } = L.env;
  let name = node.type === "identifier" ? L.text(node) : declaredName(L.env, node);
  if (bindings !== null) {
    const arg = bindings.get(writtenText(L.env, node));
    if (arg) {
      const argNode = argumentNode(L, arg);
      if (!argNode) return null;
      if (argNode.node.type !== "identifier" && argNode.node.type !== "qualified_identifier") return null;
      return L.within(argNode.env, () => calledName(L, argNode.node));
    }
  }
  if (node.type === "identifier" && !isName(name)) return pastedName(L, node, name);
  if (L.lookup(name) !== undefined || L.outer?.(name) !== undefined) return null;
  for (let hops = 0; hops < 16; hops++) {
    if (isApiName(name)) return name;
    const macro = L.ctx.macros?.resolve(name, L.span(node).start);
    if (!macro || macro.facts.params !== null) return name;
    const body = L.ctx.macros?.body(macro);
    if (body?.form !== "expression") return name;
    let root = body.root;
    while (root.type === "parenthesized_expression" && root.children.length === 1) root = root.children[0];
    if (root.type !== "identifier" && root.type !== "qualified_identifier") return name;
    const next = macro.facts.body.slice(root.start - macro.facts.bodyStart, root.end - macro.facts.bodyStart).trim();
    if (next === name || L.lookup(next) !== undefined) return next === name ? name : null;
    name = next;
  }
  return name;
}

/** `NAME(x)(args)`: the name that the macro `NAME` makes of `x`. */
function pastedName(L: Lowering, node: SyntaxNode, text: string): string | null {
  const parsed = L.ctx.macros?.parse(text);
  const callee = parsed?.root.type === "call_expression" ? child(parsed.root, "function") : undefined;
  const list = parsed ? child(parsed.root, "arguments") : undefined;
  if (callee?.type !== "identifier" || !list) return collapse(text);
  const env = { ...L.env, text, original: text, base: 0, bindings: null, use: L.span(node) };
  const macro = L.ctx.macros?.resolve(text.slice(callee.start, callee.end), L.span(node).start);
  if (!macro) {
    // A macro of a generated header: its argument is the best name there is.
    const [only, ...more] = macroArguments(env, list);
    return only && more.length === 0 && isName(only.text) ? only.text : collapse(text);
  }
  const entered = enterMacro(L, node, macro, macroArguments(env, list));
  if (entered?.body.form !== "expression") return collapse(text);
  return L.within(entered.env, () => {
    const { root } = entered.body;
    return root.type === "identifier" ? calledName(L, root) : collapse(text);
  });
}

/** `this` of the method that is being lowered; a lambda gets it as a parameter when it uses it. */
export function thisPointer(L: Lowering): ValueId {
  if (L.thisValue < 0) L.thisValue = hiddenParameter(L, "this", L.className === "" ? "" : `${L.className} *`);
  return L.thisValue;
}

/** What holds the variables that a lambda captured: a parameter, whose fields they are. */
function closurePointer(L: Lowering): ValueId {
  if (L.closure < 0) L.closure = hiddenParameter(L, "<lambda>", "");
  return L.closure;
}

function hiddenParameter(L: Lowering, name: string, type: string): ValueId {
  const id = L.addValue({ kind: "param", name, type, index: -1, start: 0, end: 0 });
  L.params.push(id);
  return id;
}
