/** Order of evaluation: what may be computed before the statement that uses it. */
import { child } from "../../../syntax/ast.ts";
import type { FixSource, SyntaxNode } from "../../source.ts";

/** Macros and functions of the C API that only read what cannot change under them. */
const READS_ONLY: ReadonlySet<string> = new Set([
  "Py_TYPE",
  "Py_SIZE",
  "PyTuple_GET_ITEM",
  "PyTuple_GET_SIZE",
  "PyList_GET_ITEM",
  "PyList_GET_SIZE",
  "PyCell_GET",
  "PyBytes_AS_STRING",
  "PyBytes_GET_SIZE",
  "PyUnicode_GET_LENGTH",
  "PyMethod_GET_SELF",
  "PyMethod_GET_FUNCTION",
]);

const CHANGES: ReadonlySet<string> = new Set([
  "assignment_expression",
  "update_expression",
  "call_expression",
  "new_expression",
  "delete_expression",
  "co_await_expression",
  "throw_statement",
  "lambda_expression",
  "compound_statement",
  "gnu_asm_expression",
  "ERROR",
]);

/** True if evaluating the expression changes nothing and calls nothing that could. */
export function isPure(source: FixSource, node: SyntaxNode): boolean {
  if (node.type === "call_expression") {
    const callee = child(node, "function");
    if (callee === undefined || !isReadingCall(source, callee)) return false;
  } else if (CHANGES.has(node.type)) return false;
  return node.children.every((c) => isPure(source, c));
}

function isReadingCall(source: FixSource, callee: SyntaxNode): boolean {
  const name = source.textOf(callee);
  return READS_ONLY.has(name) || (name.startsWith("Py") && (name.endsWith("_Check") || name.endsWith("_CheckExact")));
}

/** Whether, and how surely, an expression can be evaluated before the statement that it is part of. */
export type Hoisting =
  /** Nothing that has an effect is evaluated before it, or could be. */
  | "first"
  /** The order between it and something else with an effect is left to the compiler. */
  | "unordered"
  /** It is evaluated on some paths only, more than once, or after something else. */
  | "impossible";

/** Parts of statements that are evaluated once, first, whenever the statement is reached. */
const ENTRY_PARTS: Readonly<Record<string, readonly string[]>> = {
  if_statement: ["condition"],
  switch_statement: ["condition"],
  return_statement: [""],
  expression_statement: [""],
  declaration: ["declarator"],
  throw_statement: [""],
};

export function hoistingOf(source: FixSource, statement: SyntaxNode, node: SyntaxNode): Hoisting {
  let result: Hoisting = "first";
  let at = node;
  for (;;) {
    const parent = source.parentOf(at);
    if (parent === undefined) return "impossible";
    if (parent === statement) {
      if (ENTRY_PARTS[statement.type]?.includes(at.field) !== true) return "impossible";
      if (statement.type === "declaration" && !areEarlierPure(source, statement, at)) return "impossible";
      return result;
    }
    const step = stepOf(source, parent, at);
    if (step === "impossible") return step;
    if (step === "unordered") result = step;
    at = parent;
  }
}

function areEarlierPure(source: FixSource, parent: SyntaxNode, at: SyntaxNode): boolean {
  return parent.children.every((c) => c.start >= at.start || isPure(source, c));
}

function stepOf(source: FixSource, parent: SyntaxNode, at: SyntaxNode): Hoisting {
  switch (parent.type) {
    case "comma_expression":
      return at.field === "left" || areEarlierPure(source, parent, at) ? "first" : "impossible";
    case "conditional_expression":
      return at.field === "condition" ? "first" : "impossible";
    case "binary_expression":
      if (["&&", "||", "and", "or"].includes(parent.operator ?? ""))
        return at.field === "left" ? "first" : "impossible";
      return othersArePure(source, parent, at);
    case "lambda_expression":
    case "sizeof_expression":
    case "alignof_expression":
    case "offsetof_expression":
    case "compound_statement":
    case "if_statement":
    case "else_clause":
      return "impossible";
    default:
      return othersArePure(source, parent, at);
  }
}

function othersArePure(source: FixSource, parent: SyntaxNode, at: SyntaxNode): Hoisting {
  return parent.children.every((c) => c === at || isPure(source, c)) ? "first" : "unordered";
}

/** True if the statement stands among others in a block, so that one can be put before it. */
export function isInBlock(source: FixSource, statement: SyntaxNode): boolean {
  return source.parentOf(statement)?.type === "compound_statement";
}
