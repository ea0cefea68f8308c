/** Where in its function a lending call stands: what its result is written to, and which statement that happens in. */
import { child } from "../../../syntax/ast.ts";
import type { FixSource, SyntaxNode } from "../../source.ts";

interface Placed {
  call: SyntaxNode;
  /** The call with the parentheses and casts around it. */
  whole: SyntaxNode;
  /** The type of the outermost cast around the call, as written; "" if there is none. */
  cast: string;
  /** The statement that evaluates the call. */
  statement: SyntaxNode;
}

/** `T *v = call, *w;`: `declarator` is the initialised one, `name` the identifier in it. */
export interface InDeclaration extends Placed {
  kind: "declaration";
  declarator: SyntaxNode;
  name: SyntaxNode;
}

/** `target = call;` */
export interface InAssignment extends Placed {
  kind: "assignment";
  target: SyntaxNode;
}

/** `if ((target = call) != NULL)`: the result goes on into an expression after it was assigned. */
export interface InAssignedExpression extends Placed {
  kind: "assigned-expression";
  target: SyntaxNode;
  /** The assignment with the parentheses around it. */
  assignment: SyntaxNode;
}

/** The result is used without a name. */
export interface InExpression extends Placed {
  kind: "expression";
}

export type Shape = InDeclaration | InAssignment | InAssignedExpression | InExpression;

/** The call expression whose callee is at the span; undefined if there is none. */
export function callAt(source: FixSource, calleeStart: number, calleeEnd: number): SyntaxNode | undefined {
  const callee = source.nodeWith({ start: calleeStart, end: calleeEnd });
  const at = callee === undefined ? undefined : source.ancestor(callee, "call_expression");
  return at !== undefined && child(at, "function")?.start === calleeStart ? at : undefined;
}

/** The shape that the call stands in; a text says why it is none that can be rewritten. */
export function shapeOf(source: FixSource, call: SyntaxNode): Shape | string {
  const { whole, cast } = wrapped(source, call);
  const own = source.statementOf(whole);
  if (own === undefined) return "the call is outside every statement";
  const statement = headOfChain(source, own);
  const placed: Placed = { call, whole, cast, statement };
  const parent = source.parentOf(whole);
  if (parent?.type === "init_declarator" && whole.field === "value") {
    const name = declaredName(parent);
    if (statement.type !== "declaration" || name === undefined) return { ...placed, kind: "expression" };
    return { ...placed, kind: "declaration", declarator: parent, name };
  }
  if (parent?.type === "assignment_expression" && whole.field === "right" && parent.operator === "=") {
    const target = child(parent, "left")!;
    if (source.parentOf(parent)?.type === "expression_statement") return { ...placed, kind: "assignment", target };
    const assignment = wrapped(source, parent, false).whole;
    return { ...placed, kind: "assigned-expression", target, assignment };
  }
  return { ...placed, kind: "expression" };
}

/** The first `if` of a chain: nothing can be put in front of an `else if` alone. */
function headOfChain(source: FixSource, statement: SyntaxNode): SyntaxNode {
  let head = statement;
  for (;;) {
    const clause = head.type === "if_statement" ? source.parentOf(head) : undefined;
    const outer = clause?.type === "else_clause" ? source.parentOf(clause) : undefined;
    if (outer?.type !== "if_statement") return head;
    head = outer;
  }
}

/** `node` with the parentheses (and casts) around it. */
function wrapped(source: FixSource, node: SyntaxNode, casts = true): { whole: SyntaxNode; cast: string } {
  let whole = node;
  let cast = "";
  for (;;) {
    const parent = source.parentOf(whole);
    if (parent?.type === "parenthesized_expression" && isExpressionParenthesis(source, parent)) whole = parent;
    else if (casts && parent?.type === "cast_expression" && whole.field === "value") {
      const type = child(parent, "type");
      cast = type === undefined ? "" : source.textOf(type);
      whole = parent;
    } else return { whole, cast };
  }
}

/** Parentheses that belong to a statement (`if (...)`) are no part of the expression. */
function isExpressionParenthesis(source: FixSource, node: SyntaxNode): boolean {
  if (node.field !== "condition") return true;
  const parent = source.parentOf(node);
  return parent === undefined || !source.isStatement(parent);
}

/** The identifier that an initialised declarator declares, if it is one variable behind pointers. */
function declaredName(declarator: SyntaxNode): SyntaxNode | undefined {
  let node = child(declarator, "declarator");
  while (node?.type === "pointer_declarator") node = child(node, "declarator");
  return node?.type === "identifier" ? node : undefined;
}

/** True if the variable is declared as a plain pointer to PyObject: `PyObject *name`. */
export function isPlainObject(source: FixSource, { statement, declarator, name }: InDeclaration): boolean {
  const type = child(statement, "type");
  if (type === undefined || source.textOf(type) !== "PyObject") return false;
  const outer = child(declarator, "declarator")!;
  return outer.type === "pointer_declarator" && child(outer, "declarator") === name && outer.children.length === 1;
}
