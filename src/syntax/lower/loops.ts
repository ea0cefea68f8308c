/** `if` and loops. */
import { child, type SyntaxNode } from "../ast.ts";
import { constantCondition, lowerCondition } from "./conditions.ts";
import { effect, TOO_DEEP } from "./expressions.ts";
import { lowerDeclaration } from "./locals.ts";
import type { Lowering } from "./state.ts";
import { lowerStatement } from "./statements.ts";

export function ifStatement(L: Lowering, node: SyntaxNode): void {
  const condition = child(node, "condition");
  const consequence = child(node, "consequence");
  const alternative = child(node, "alternative");
  if (!condition) {
    L.unknown(node, TOO_DEEP);
    return;
  }
  L.pushScope();
  const constant = constantCondition(L, condition);
  if (constant !== undefined) {
    constantIf(L, node, constant ? consequence : alternative, constant ? alternative : consequence);
    L.popScope();
    return;
  }
  const yes = L.newBlock();
  const join = L.newBlock();
  const no = alternative ? L.newBlock() : join;
  lowerCondition(L, condition, yes, no);
  const guards = L.guardState();
  L.start(yes);
  if (consequence) lowerStatement(L, consequence);
  if (L.reachable()) L.jump(node, join);
  else L.restoreGuards(guards);
  if (alternative) {
    L.start(no);
    lowerStatement(L, alternative);
    if (L.reachable()) L.jump(node, join);
    else L.restoreGuards(guards);
  }
  L.start(join);
  L.popScope();
}

/** `if (0) { error: ... }`: the branch that is not taken is reached through its labels, if at all. */
function constantIf(L: Lowering, node: SyntaxNode, taken: SyntaxNode | undefined, other: SyntaxNode | undefined): void {
  if (taken) lowerStatement(L, taken);
  if (!other) return;
  const join = L.newBlock();
  if (L.reachable()) L.jump(node, join);
  L.start(L.newBlock());
  lowerStatement(L, other);
  if (L.reachable()) L.jump(node, join);
  L.start(join);
}

/** Runs `body` with new targets of `break` and `continue`. */
export function inLoop(L: Lowering, exit: number, next: number, body: () => void): void {
  const { breakTarget, continueTarget } = L;
  L.breakTarget = { block: exit, scope: L.scope };
  L.continueTarget = { block: next, scope: L.scope };
  body();
  L.breakTarget = breakTarget;
  L.continueTarget = continueTarget;
}

export function whileStatement(L: Lowering, node: SyntaxNode): void {
  const condition = child(node, "condition");
  const body = child(node, "body");
  const head = L.newBlock();
  const inside = L.newBlock();
  const exit = L.newBlock();
  L.pushScope();
  if (L.reachable()) L.jump(node, head);
  L.start(head);
  if (condition) lowerCondition(L, condition, inside, exit);
  L.start(inside);
  inLoop(L, exit, head, () => {
    if (body) lowerStatement(L, body);
  });
  if (L.reachable()) L.jump(node, head);
  L.start(exit);
  L.popScope();
}

export function doStatement(L: Lowering, node: SyntaxNode): void {
  const condition = child(node, "condition");
  const body = child(node, "body");
  const inside = L.newBlock();
  const test = L.newBlock();
  const exit = L.newBlock();
  if (L.reachable()) L.jump(node, inside);
  L.start(inside);
  inLoop(L, exit, test, () => {
    if (body) lowerStatement(L, body);
  });
  if (L.reachable()) L.jump(node, test);
  L.start(test);
  if (condition) lowerCondition(L, condition, inside, exit);
  L.start(exit);
}

export function forStatement(L: Lowering, node: SyntaxNode): void {
  const initializer = child(node, "initializer");
  const condition = child(node, "condition");
  const update = child(node, "update");
  const body = child(node, "body");
  L.pushScope();
  if (initializer?.type === "declaration") lowerDeclaration(L, initializer);
  else if (initializer) effect(L, initializer);
  const head = L.newBlock();
  const inside = L.newBlock();
  const step = L.newBlock();
  const exit = L.newBlock();
  if (L.reachable()) L.jump(node, head);
  L.start(head);
  if (condition) lowerCondition(L, condition, inside, exit);
  else L.jump(node, inside);
  L.start(inside);
  inLoop(L, exit, step, () => {
    if (body) lowerStatement(L, body);
  });
  if (L.reachable()) L.jump(node, step);
  L.start(step);
  if (update) effect(L, update);
  if (L.reachable()) L.jump(node, head);
  L.start(exit);
  L.popScope();
}
