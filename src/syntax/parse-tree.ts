/** Turns tree-sitter's tree into the plain tree of ast.ts with the library's own cursor. */
import type { Tree } from "web-tree-sitter";
import type { LoadedGrammar } from "./grammar.ts";
import { ERROR_TYPE_ID, type PlainTree, TreeBuilder } from "./parse-builder.ts";
import { readTree } from "./parse-heap.ts";

/** Named nodes and operators of `tree`; `text` is what was parsed. The caller still owns `tree`. */
export function materialise(tree: Tree, grammar: LoadedGrammar, text: string): PlainTree {
  return grammar.memory ? readTree(grammar.memory, tree.rootNode.id, grammar, text) : walkTree(tree, grammar, text);
}

/** The same by moves of a cursor, each a call into the parser. */
export function walkTree(tree: Tree, grammar: LoadedGrammar, text: string): PlainTree {
  const { named } = grammar;
  const cursor = tree.walk();
  const builder = new TreeBuilder(grammar, text, cursor.nodeTypeId, cursor.startIndex, cursor.endIndex);
  const hasError = tree.rootNode.hasError;
  let depth = 0;
  let descend = true;
  walk: for (;;) {
    if (descend && cursor.gotoFirstChild()) depth++;
    else {
      if (descend && depth > 0) builder.leave();
      while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent() || --depth === 0) break walk;
        builder.leave();
      }
    }
    const typeId = cursor.nodeTypeId;
    const start = cursor.startIndex;
    const end = cursor.endIndex;
    const missing = hasError && start === end && cursor.nodeIsMissing;
    if (typeId !== ERROR_TYPE_ID && named[typeId] === 0) {
      builder.token(cursor.currentFieldId, start, end, missing);
      descend = false;
    } else descend = builder.enter(typeId, cursor.currentFieldId, start, end, missing);
  }
  cursor.delete();
  return builder.finish();
}
