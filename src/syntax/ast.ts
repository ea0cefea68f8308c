/**
 * The syntax tree as plain data, made once from tree-sitter's tree (named nodes only, plus operators), so that lowering
 * is ordinary code and no other module needs tree-sitter.
 */
export interface SyntaxNode {
  /** Node type of the grammar, `ERROR` for an error node, `MISSING` for an inserted one. */
  type: string;
  /** Field name in the parent, "" if none. */
  field: string;
  /** UTF-16 offsets into the original text. */
  start: number;
  end: number;
  children: SyntaxNode[];
  /** Text of the anonymous operator child of unary, binary, assignment and update expressions, and of field access (`.`/`->`). */
  operator?: string;
}

/** First child in `field`, or undefined. */
export function child(node: SyntaxNode, field: string): SyntaxNode | undefined {
  for (const c of node.children) if (c.field === field) return c;
  return undefined;
}
