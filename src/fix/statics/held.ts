/** How long a lock has to be held for the uses of a variable: all of some statements, or only the parts of an `if` that need it. */
import { child } from "../../syntax/ast.ts";
import type { FixSource, SyntaxNode } from "../source.ts";

export interface Held {
  /** The statement that the lock is taken in front of. */
  first: SyntaxNode;
  /** What runs with the lock: statements, and the conditions that lead to them. */
  nodes: SyntaxNode[];
  /** Statements behind which it is given back. */
  after: SyntaxNode[];
  /** Statements in front of which it is given back. */
  before: SyntaxNode[];
}

/** For neighbours in one block, with what in them needs the lock. */
export function heldFor(source: FixSource, statements: readonly SyntaxNode[], uses: readonly SyntaxNode[]): Held {
  const [first] = statements;
  const held: Held = { first, nodes: [], after: [], before: [] };
  if (statements.length === 1 && first.type === "if_statement" && branches(source, first, uses, held)) return held;
  return { first, nodes: [...statements], after: [statements[statements.length - 1]], before: [] };
}

/** An `if` with `else`, each branch of which can give the lock back by itself. */
function branches(source: FixSource, node: SyntaxNode, uses: readonly SyntaxNode[], held: Held): boolean {
  const condition = child(node, "condition");
  const then = child(node, "consequence");
  const otherwise = child(node, "alternative")?.children.find((c) => source.isStatement(c));
  if (condition === undefined || then === undefined || otherwise === undefined) return false;
  held.nodes.push(condition);
  return branch(source, then, uses, held) && branch(source, otherwise, uses, held);
}

function branch(source: FixSource, node: SyntaxNode, uses: readonly SyntaxNode[], held: Held): boolean {
  const using = (n: SyntaxNode) => uses.some((u) => n.start <= u.start && u.end <= n.end);
  if (node.type === "if_statement") {
    if (using(node)) return branches(source, node, uses, held);
    held.before.push(node);
    return true;
  }
  const list = node.type === "compound_statement" ? node.children.filter((c) => source.isStatement(c)) : [node];
  if (list.length === 0) return false;
  const needed = list.filter(using);
  if (needed.length === 0) {
    held.before.push(list[0]);
    return true;
  }
  const last = needed[needed.length - 1];
  held.nodes.push(...list.slice(0, list.indexOf(last) + 1));
  held.after.push(last);
  return true;
}
