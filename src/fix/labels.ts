/** Labels of a function, as `goto` names them. */
import { child } from "../syntax/ast.ts";
import type { FixSource, SyntaxNode } from "./source.ts";

/** True if the node is, or holds, a labelled statement. */
export function hasLabel(node: SyntaxNode): boolean {
  return node.type === "labeled_statement" || node.children.some(hasLabel);
}

/** The first statement in the node, itself included, that has the label. */
export function labelIn(source: FixSource, node: SyntaxNode, name: string): SyntaxNode | undefined {
  const label = node.type === "labeled_statement" ? child(node, "label") : undefined;
  if (label !== undefined && source.textOf(label) === name) return node;
  for (const c of node.children) {
    const found = labelIn(source, c, name);
    if (found !== undefined) return found;
  }
  return undefined;
}
