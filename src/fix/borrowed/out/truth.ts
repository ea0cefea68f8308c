/** Expressions that ask only whether a pointer is there. */
import type { FixSource, SyntaxNode } from "../../source.ts";

/** A test of a pointer: the whole expression, and whether it is true if the pointer is there. */
export interface PointerTest {
  node: SyntaxNode;
  whenThere: boolean;
}

/** The test of `node` against one of `nothings` (`NULL`, `Py_None`), or of its truth; undefined if it is used in another way. */
export function pointerTest(source: FixSource, node: SyntaxNode, nothings: readonly string[]): PointerTest | undefined {
  const parent = source.parentOf(node);
  if (parent === undefined) return undefined;
  if (parent.type === "parenthesized_expression" && parent.field !== "condition") {
    return pointerTest(source, parent, nothings);
  }
  if (parent.type === "binary_expression" && (parent.operator === "==" || parent.operator === "!=")) {
    const other = parent.children.find((c) => c !== node);
    if (other === undefined || !nothings.includes(source.textOf(other))) return undefined;
    return { node: parent, whenThere: parent.operator === "!=" };
  }
  if (!nothings.includes("NULL")) return undefined;
  if (parent.type === "unary_expression" && parent.operator === "!") return { node: parent, whenThere: false };
  return isTruth(source, parent, node) ? { node, whenThere: true } : undefined;
}

/** Names for nothing. */
export const NULLS: readonly string[] = ["NULL", "nullptr", "0"];

/** True if `parent` asks for the truth of `node`. */
function isTruth(source: FixSource, parent: SyntaxNode, node: SyntaxNode): boolean {
  if (parent.type === "parenthesized_expression") {
    const statement = source.parentOf(parent)?.type;
    return statement === "if_statement" || statement === "while_statement" || statement === "do_statement";
  }
  if (parent.type === "condition_clause") return true;
  if (parent.type === "conditional_expression") return node.field === "condition";
  return parent.type === "binary_expression" && ["&&", "||"].includes(parent.operator ?? "");
}

/** `text` as it can stand for `node`: in parentheses if an operator is next to it. */
export function asOperand(source: FixSource, node: SyntaxNode, text: string): string {
  const parent = source.parentOf(node);
  const binds = ["unary_expression", "cast_expression", "pointer_expression", "field_expression"];
  if (parent === undefined) return text;
  if (binds.includes(parent.type)) return `(${text})`;
  if (parent.type !== "binary_expression") return text;
  return ["&&", "||"].includes(parent.operator ?? "") ? text : `(${text})`;
}
