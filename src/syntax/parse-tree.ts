/** Turns tree-sitter's tree into the plain tree of ast.ts, without recursion. */
import type { Tree } from "web-tree-sitter";
import type { Span } from "../ir/types.ts";
import type { SyntaxNode } from "./ast.ts";
import type { LoadedGrammar } from "./grammar.ts";

/** Deepest tree that is handed on: everything above the IR may recurse over nodes. */
export const MAX_TREE_DEPTH = 1000;

/** Types whose anonymous `operator` child is kept as text. */
const OPERATOR_TYPES = new Set([
  "assignment_expression",
  "binary_expression",
  "field_expression",
  "pointer_expression",
  "unary_expression",
  "update_expression",
  "fold_expression",
]);

const ERROR_TYPE_ID = 65535;

export interface PlainTree {
  root: SyntaxNode;
  /** Outermost error nodes, and inserted tokens (empty spans). */
  errors: Span[];
  missing: number;
  /** Functions (outside functions: declarations) nested deeper than `MAX_TREE_DEPTH`; their bodies are empty in the tree. */
  tooDeep: Span[];
}

/** Named nodes and operators of `tree`; `text` is what was parsed. The caller still owns `tree`. */
export function materialise(tree: Tree, grammar: LoadedGrammar, text: string): PlainTree {
  const { types, named, fields } = grammar;
  const cursor = tree.walk();
  const hasError = tree.rootNode.hasError;
  const errors: Span[] = [];
  const tooDeep: Span[] = [];
  const emptied: SyntaxNode[] = [];
  let missing = 0;
  let errorEnd = -1;
  const root: SyntaxNode = {
    type: cursor.nodeType,
    field: "",
    start: cursor.startIndex,
    end: cursor.endIndex,
    children: [],
  };
  if (root.type === "ERROR") {
    errors.push({ start: root.start, end: root.end });
    errorEnd = root.end;
  }
  const parents: SyntaxNode[] = [root];
  let descend = true;
  walk: for (;;) {
    if (descend && cursor.gotoFirstChild()) {
      // The current node is now the first child of the last of `parents`.
    } else {
      if (descend) parents.pop();
      while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent()) break walk;
        parents.pop();
        if (parents.length === 0) break walk;
      }
    }
    const parent = parents[parents.length - 1]!;
    const typeId = cursor.nodeTypeId;
    if (typeId !== ERROR_TYPE_ID && named[typeId] === 0) {
      descend = false;
      if (OPERATOR_TYPES.has(parent.type) && fields[cursor.currentFieldId] === "operator") {
        parent.operator = text.slice(cursor.startIndex, cursor.endIndex);
      } else if (hasError && cursor.nodeIsMissing) {
        missing++;
        if (cursor.startIndex >= errorEnd) errors.push({ start: cursor.startIndex, end: cursor.startIndex });
      }
      continue;
    }
    const node: SyntaxNode = {
      type: typeId === ERROR_TYPE_ID ? "ERROR" : types[typeId]!,
      field: fields[cursor.currentFieldId] ?? "",
      start: cursor.startIndex,
      end: cursor.endIndex,
      children: [],
    };
    if (typeId === ERROR_TYPE_ID && node.start >= errorEnd) {
      errors.push({ start: node.start, end: node.end });
      errorEnd = node.end;
    }
    if (hasError && node.start === node.end && cursor.nodeIsMissing) {
      node.type = "MISSING";
      missing++;
      if (node.start >= errorEnd) errors.push({ start: node.start, end: node.start });
    }
    parent.children.push(node);
    if (parents.length >= MAX_TREE_DEPTH) {
      const owner = parents.find((n) => n.type === "function_definition") ?? parents[1] ?? node;
      if (emptied[emptied.length - 1] !== owner) {
        emptied.push(owner);
        tooDeep.push({ start: owner.start, end: owner.end });
      }
      descend = false;
      continue;
    }
    parents.push(node);
    descend = true;
  }
  cursor.delete();
  // Half a function would be read as a whole one.
  for (const node of emptied) {
    const body = node.children.find((c) => c.field === "body") ?? node;
    body.children = [];
  }
  return { root, errors, missing, tooDeep };
}
