/** Conditions: `&&`, `||` and `!` become branches. */

import type { BlockId } from "../../ir/types.ts";
import { child, type SyntaxNode } from "../ast.ts";
import { isApiName } from "./api-names.ts";
import { effect, rvalue } from "./expressions.ts";
import { lowerDeclaration } from "./locals.ts";
import { enterMacro, isOperator, macroArguments } from "./macros.ts";
import { calledName, resolveName } from "./names.ts";
import { operatorOf } from "./operators.ts";
import { HINT_MACROS } from "./special-names.ts";
import type { Lowering } from "./state.ts";

/** Value of a condition that is a literal: true, false, or undefined if it is none. */
export function constantCondition(L: Lowering, node: SyntaxNode | undefined): boolean | undefined {
  if (!node) return undefined;
  switch (node.type) {
    case "parenthesized_expression":
    case "condition_clause":
      return node.children.length === 1 ? constantCondition(L, node.children[0]) : undefined;
    case "number_literal": {
      const text = L.env.text.slice(node.start - L.env.base, node.end - L.env.base);
      if (text === "0") return false;
      return text === "1" ? true : undefined;
    }
    case "true":
      return true;
    case "false":
      return false;
    default:
      return undefined;
  }
}

/** Evaluates a condition and goes to `yes` or `no`. */
export function lowerCondition(L: Lowering, node: SyntaxNode, yes: BlockId, no: BlockId): void {
  switch (node.type) {
    case "parenthesized_expression": {
      const inner = node.children.filter((c) => c.type !== "comment");
      if (inner.length === 1 && inner[0].type !== "compound_statement") {
        lowerCondition(L, inner[0], yes, no);
        return;
      }
      break;
    }
    case "condition_clause": {
      const init = child(node, "initializer");
      if (init) for (const c of init.children) (c.type === "declaration" ? lowerDeclaration : effect)(L, c);
      const value = child(node, "value") ?? node.children.find((c) => c !== init);
      if (!value) break;
      if (value.type !== "declaration") {
        lowerCondition(L, value, yes, no);
        return;
      }
      const id = lowerDeclaration(L, value);
      L.branch(value, id, yes, no);
      return;
    }
    case "unary_expression":
      if (operatorOf(node) === "!") {
        const inner = child(node, "argument");
        if (inner) {
          lowerCondition(L, inner, no, yes);
          return;
        }
      }
      break;
    case "binary_expression": {
      const operator = operatorOf(node);
      const left = child(node, "left");
      const right = child(node, "right");
      if (left && right && (operator === "&&" || operator === "||")) {
        const next = L.newBlock();
        if (operator === "&&") lowerCondition(L, left, next, no);
        else lowerCondition(L, left, yes, next);
        L.start(next);
        lowerCondition(L, right, yes, no);
        return;
      }
      break;
    }
    case "comma_expression": {
      const left = child(node, "left");
      const right = child(node, "right");
      if (left && right) {
        effect(L, left);
        lowerCondition(L, right, yes, no);
        return;
      }
      break;
    }
    case "identifier": {
      const found = resolveName(L, node);
      if (found.kind === "node") {
        L.within(found.env, () => lowerCondition(L, found.node, yes, no));
        return;
      }
      break;
    }
    case "call_expression":
      if (macroCondition(L, node, yes, no)) return;
      break;
    default:
      break;
  }
  const constant = constantCondition(L, node);
  if (constant !== undefined) {
    L.jump(node, constant ? yes : no);
    return;
  }
  L.branch(node, rvalue(L, node), yes, no);
}

/** A condition behind a macro or a compiler hint: branches on what the macro computes. */
function macroCondition(L: Lowering, node: SyntaxNode, yes: BlockId, no: BlockId): boolean {
  const callee = child(node, "function");
  const list = child(node, "arguments");
  if (callee?.type !== "identifier" || !list) return false;
  const name = calledName(L, callee);
  if (name === null) return false;
  if (HINT_MACROS.has(name) && list.children.length > 0) {
    lowerCondition(L, list.children[0], yes, no);
    return true;
  }
  if (isApiName(name)) return false;
  const macro = L.ctx.macros?.resolve(name, L.span(node).start);
  if (!macro || macro.facts.params === null) return false;
  const args = macroArguments(L.env, list);
  const body = L.ctx.macros?.body(macro);
  if (body?.form !== "expression" || args.some(isOperator)) return false;
  const entered = enterMacro(L, node, macro, args);
  if (!entered) return false;
  L.within(entered.env, () => lowerCondition(L, entered.body.root, yes, no));
  return true;
}
