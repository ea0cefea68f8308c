/** Tests of a pointer against NULL that leave the function, or the path, when it is NULL. */
import { child, type SyntaxNode } from "../../syntax/ast.ts";
import type { FixSource } from "../source.ts";
import type { FixContext } from "../types.ts";

/** True if the statement is `if (!x) return ...;` in one of its forms, without an else: after it `variable` is not NULL. */
export function negativeTest(context: FixContext, source: FixSource, statement: SyntaxNode, variable: string): boolean {
  if (statement.type !== "if_statement" || child(statement, "alternative") !== undefined) return false;
  const condition = child(statement, "condition");
  const consequence = child(statement, "consequence");
  if (condition === undefined || consequence === undefined) return false;
  return isNullTest(source, condition, variable) && leaves(context, source, consequence);
}

const NULLS: ReadonlySet<string> = new Set(["NULL", "nullptr", "0"]);

/** `!x`, `x == NULL`, `NULL == x`, `(x = call()) == NULL`. */
function isNullTest(source: FixSource, node: SyntaxNode, variable: string): boolean {
  switch (node.type) {
    case "parenthesized_expression":
    case "condition_clause": {
      const [inner, ...others] = node.children.filter((c) => c.type !== "comment");
      return inner !== undefined && others.length === 0 && isNullTest(source, inner, variable);
    }
    case "unary_expression": {
      const argument = child(node, "argument");
      return node.operator === "!" && argument !== undefined && isVariable(source, argument, variable);
    }
    case "binary_expression": {
      const left = child(node, "left");
      const right = child(node, "right");
      if (node.operator !== "==" || left === undefined || right === undefined) return false;
      if (NULLS.has(source.textOf(right))) return isVariable(source, left, variable);
      return NULLS.has(source.textOf(left)) && isVariable(source, right, variable);
    }
    default:
      return false;
  }
}

function isVariable(source: FixSource, node: SyntaxNode, variable: string): boolean {
  if (node.type === "parenthesized_expression") {
    const inner = node.children.find((c) => c.type !== "comment");
    return inner !== undefined && isVariable(source, inner, variable);
  }
  if (node.type === "assignment_expression") {
    const left = child(node, "left");
    return node.operator === "=" && left !== undefined && source.textOf(left) === variable;
  }
  return source.textOf(node) === variable;
}

/** True if control does not come out at the end of the statement. */
function leaves(context: FixContext, source: FixSource, node: SyntaxNode): boolean {
  switch (node.type) {
    case "return_statement":
    case "goto_statement":
    case "throw_statement":
      return true;
    case "compound_statement": {
      const last = node.children.filter((c) => c.type !== "comment").at(-1);
      return last !== undefined && leaves(context, source, last);
    }
    case "expression_statement": {
      const name = source.textOf(node).replace(/;$/, "").trim();
      const found = context.project.index.resolveGlobal(source.file, name);
      if (found.kind !== "macro") return false;
      const first = found.macro.body.split(/[\s;(]/, 1)[0];
      return first === "return" || first === "goto";
    }
    default:
      return false;
  }
}
