/** Literals as constants. */
import type { ValueId } from "../../ir/types.ts";
import type { SyntaxNode } from "../ast.ts";
import { rawText, sourceText } from "./env.ts";
import type { Lowering } from "./state.ts";

/** The constant of a literal; strings without their quotes, escapes as written. */
export function literal(L: Lowering, node: SyntaxNode): ValueId {
  switch (node.type) {
    case "number_literal": {
      const text = rawText(L.env, node.start, node.end);
      return L.constant(isFloat(text) ? "float" : "int", text);
    }
    case "char_literal":
      return L.constant("char", unquote(rawText(L.env, node.start, node.end), "'"));
    case "true":
    case "false":
      return L.constant("int", rawText(L.env, node.start, node.end));
    case "null":
      return L.constant("null", rawText(L.env, node.start, node.end));
    case "user_defined_literal":
      return node.children.length > 0 && node.children[0].type !== "number_literal"
        ? L.constant("string", stringText(L, node.children[0]))
        : L.constant("int", sourceText(L.env, node.start, node.end));
    default:
      return L.constant("string", stringText(L, node));
  }
}

/** Characters of a string; adjacent strings are joined, macros between them (`PRId64`) left out. */
export function stringText(L: Lowering, node: SyntaxNode): string {
  if (node.type === "concatenated_string") {
    let out = "";
    for (const c of node.children) out += c.type === "identifier" || c.type === "comment" ? "" : stringText(L, c);
    return out;
  }
  const raw = rawText(L.env, node.start, node.end);
  if (node.type === "raw_string_literal") {
    const open = raw.indexOf("(");
    const close = raw.lastIndexOf(")");
    return open >= 0 && close > open ? raw.slice(open + 1, close) : raw;
  }
  return unquote(raw, '"');
}

function unquote(raw: string, quote: string): string {
  const open = raw.indexOf(quote);
  const close = raw.lastIndexOf(quote);
  return open >= 0 && close > open ? raw.slice(open + 1, close) : raw;
}

function isFloat(text: string): boolean {
  if (text.startsWith("0x") || text.startsWith("0X")) return text.includes("p") || text.includes("P");
  return text.includes(".") || text.includes("e") || text.includes("E");
}
