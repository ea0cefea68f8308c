/**
 * Code for different configurations that the view kept side by side. Where one of them leaves the function, the view
 * marks the others with `if(_){ ... }`: they do not come after it, they stand in its place.
 */
import { child, type SyntaxNode } from "../ast.ts";
import type { Lowering } from "./state.ts";
import { lowerStatement } from "./statements.ts";

/** Statements `first` to `next - 1` of a list are one alternative, the marked ones from `next` on are the others. */
interface Group {
  first: number;
  marked: number[];
}

/**
 * If a group of alternatives begins at statement `at` of `list`, lowers it and returns the index of its last statement;
 * otherwise -1.
 */
export function lowerAlternatives(
  L: Lowering,
  list: readonly SyntaxNode[],
  at: number,
  lowerAll: (nodes: readonly SyntaxNode[]) => void,
): number {
  const group = groupAt(L, list, at);
  if (!group) return -1;
  const { first, marked } = group;
  const join = L.newBlock();
  const parts: (() => void)[] = [() => lowerAll(list.slice(first, marked[0]))];
  for (const m of marked) {
    const body = child(list[m], "consequence");
    if (body) parts.push(() => lowerStatement(L, body));
  }
  parts.forEach((part, i) => {
    const last = i === parts.length - 1;
    const next = last ? join : L.newBlock();
    if (!last && L.reachable()) {
      const here = L.newBlock();
      L.branch(list[at], L.global("<unknown>"), here, next);
      L.start(here);
    }
    part();
    if (L.reachable()) L.jump(list[at], join);
    L.start(next);
  });
  return marked[marked.length - 1];
}

function groupAt(L: Lowering, list: readonly SyntaxNode[], at: number): Group | null {
  if (L.env.macro !== null || list[at].type === "comment") return null;
  const { alternatives } = L.ctx;
  if (alternatives.length === 0) return null;
  const node = list[at];
  for (const group of alternatives) {
    if (group.start > node.start) break;
    if (group.end < node.end) continue;
    // The group's own first statement, not a later one.
    if (at > 0 && list[at - 1].start >= group.start) continue;
    const marked: number[] = [];
    for (let i = at + 1; i < list.length && list[i].start < group.end; i++) if (isMarked(L, list[i])) marked.push(i);
    if (marked.length > 0 && !isMarked(L, node)) return { first: at, marked };
  }
  return null;
}

/** `if(_){`, which is in the view but not in the source. */
function isMarked(L: Lowering, node: SyntaxNode): boolean {
  if (node.type !== "if_statement") return false;
  const at = node.start - L.env.base;
  return L.env.text.startsWith("if(_)", at) && !L.env.original.startsWith("if", at);
}
