/** Initialisers as trees of names, calls, strings and lists. */
import type { Init } from "../../ir/facts.ts";
import { child, type SyntaxNode } from "../ast.ts";
import { declaredName } from "../lower/declarator.ts";
import { type Env, nameText, rawText, sourceText } from "../lower/env.ts";

/** Deepest nesting that is taken apart; below it the text is kept. */
const MAX_DEPTH = 32;

/** Literals kept of one list: the rest of a table of numbers says nothing. */
const MAX_LITERALS = 4096;
const LITERALS = new Set(["number_literal", "char_literal", "string_literal", "unary_expression"]);

/** The tree of an initialiser. */
export function initTree(env: Env, node: SyntaxNode, depth = 0): Init {
  const { start, end } = node;
  if (depth > MAX_DEPTH) return { kind: "other", text: sourceText(env, start, end), start, end };
  switch (node.type) {
    case "initializer_list":
    case "argument_list": {
      const items = [];
      for (const c of node.children) {
        if (c.type === "comment" || c.type === "MISSING") continue;
        if (items.length >= MAX_LITERALS && LITERALS.has(c.type)) continue;
        if (c.type !== "initializer_pair") {
          items.push({ value: initTree(env, c, depth + 1) });
          continue;
        }
        const value = child(c, "value");
        const designator = designatorText(env, c);
        if (value) items.push({ designator, value: initTree(env, value, depth + 1) });
      }
      return { kind: "list", items, start, end };
    }
    case "compound_literal_expression": {
      const value = child(node, "value");
      return value ? { ...initTree(env, value, depth + 1), start, end } : other(env, node);
    }
    case "parenthesized_expression":
      return node.children.length === 1
        ? { ...initTree(env, node.children[0], depth + 1), start, end }
        : other(env, node);
    case "cast_expression": {
      const value = child(node, "value");
      if (!value) return other(env, node);
      const inner = initTree(env, value, depth + 1);
      return inner.kind === "other" ? other(env, node) : { ...inner, start, end };
    }
    case "pointer_expression": {
      const value = child(node, "argument");
      if (node.operator !== "&" || !value) return other(env, node);
      const inner = initTree(env, value, depth + 1);
      return inner.kind === "name" || inner.kind === "list" ? { ...inner, start, end } : other(env, node);
    }
    case "identifier":
      return { kind: "name", name: nameText(env, node), start, end };
    case "qualified_identifier":
    case "template_function":
      return { kind: "name", name: declaredName(env, node), start, end };
    case "null":
      return { kind: "name", name: rawText(env, start, end), start, end };
    case "call_expression":
      return callTree(env, node, depth);
    case "string_literal":
    case "raw_string_literal":
    case "concatenated_string":
      return { kind: "string", text: stringOf(env, node), start, end };
    default:
      return other(env, node);
  }
}

function other(env: Env, node: SyntaxNode): Init {
  return { kind: "other", text: sourceText(env, node.start, node.end), start: node.start, end: node.end };
}

function callTree(env: Env, node: SyntaxNode, depth: number): Init {
  const { start, end } = node;
  const callee = child(node, "function");
  const list = child(node, "arguments");
  const args = (list?.children ?? []).filter((c) => c.type !== "comment").map((c) => initTree(env, c, depth + 1));
  if (callee?.type === "template_function" && args.length === 1) {
    const name = declaredName(env, callee);
    // `static_cast<destructor>(f)` is `f`.
    if (name.endsWith("_cast")) return { ...args[0], start, end };
  }
  if (!callee) return other(env, node);
  return { kind: "call", callee: declaredName(env, callee), args, start, end };
}

function designatorText(env: Env, pair: SyntaxNode): string {
  let out = "";
  for (const d of pair.children) {
    if (d.field !== "designator") continue;
    const text = sourceText(env, d.start, d.end);
    if (text.startsWith("[")) out += text;
    else {
      const field = text.replace(".", "").trim();
      out += out === "" ? field : `.${field}`;
    }
  }
  return out;
}

function stringOf(env: Env, node: SyntaxNode): string {
  if (node.type === "concatenated_string") {
    return node.children.map((c) => (c.type === "identifier" ? "" : stringOf(env, c))).join("");
  }
  const raw = rawText(env, node.start, node.end);
  const open = raw.indexOf(node.type === "raw_string_literal" ? "(" : '"');
  const close = raw.lastIndexOf(node.type === "raw_string_literal" ? ")" : '"');
  return open >= 0 && close > open ? raw.slice(open + 1, close) : raw;
}
