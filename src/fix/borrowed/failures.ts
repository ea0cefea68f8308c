/** Where a function leaves because something failed. */

import { allocatorCall } from "../../capi/allocators.ts";
import { refcountCall } from "../../capi/refcounting.ts";
import type { FunctionAnalyses } from "../../flow/function-analyses.ts";
import type { FunctionFacts } from "../../ir/facts.ts";
import type { Span } from "../../ir/types.ts";
import type { Point } from "../../ir/visit.ts";
import { child } from "../../syntax/ast.ts";
import type { FixSource, SyntaxNode } from "../source.ts";
import { locksAt } from "./error-exit.ts";
import { realEnd } from "./statement-edits.ts";

export interface Failure {
  node: SyntaxNode;
  /** Its statements without those that set the exception, as they are to be written. */
  lines: string[];
  kept: SyntaxNode[];
  label: string | undefined;
  /** The loop that is left, for a `break`. */
  loop: SyntaxNode | undefined;
  /** What is returned, for a plain `return`. */
  value: string | undefined;
  /** Where its statements begin. */
  point: Point;
  locks: string;
  covers(span: Span): boolean;
}

/** All failures of a function that can be taken for an example, in order of place. */
export function failuresOf(
  source: FixSource,
  flow: FunctionAnalyses,
  facts: FunctionFacts,
  body: SyntaxNode,
): Failure[] {
  const branches: Branch[] = [];
  const visit = (node: SyntaxNode) => {
    if (node.type === "if_statement") branches.push(...branchesOf(node));
    for (const c of node.children) visit(c);
  };
  visit(body);
  const certain = branches.flatMap((b) => failureOf(source, flow, facts, b, NO_LABELS) ?? []);
  const labels = new Set(certain.flatMap((f) => f.label ?? []));
  const all = labels.size === 0 ? certain : branches.flatMap((b) => failureOf(source, flow, facts, b, labels) ?? []);
  return all.sort((a, b) => a.node.start - b.node.start);
}

const NO_LABELS: ReadonlySet<string> = new Set();

/** What an `if` does in one case. */
interface Branch {
  /** Undefined for what is done otherwise. */
  condition: SyntaxNode | undefined;
  body: SyntaxNode;
}

function branchesOf(node: SyntaxNode): Branch[] {
  const [condition, consequence, alternative] = ["condition", "consequence", "alternative"].map((f) => child(node, f));
  const found: Branch[] = [];
  if (consequence !== undefined) found.push({ condition, body: consequence });
  const otherwise = alternative?.type === "else_clause" ? alternative.children[0] : undefined;
  if (otherwise?.type === "compound_statement") found.push({ condition: undefined, body: otherwise });
  return found;
}

function failureOf(
  source: FixSource,
  flow: FunctionAnalyses,
  facts: FunctionFacts,
  { condition, body }: Branch,
  labels: ReadonlySet<string>,
): Failure | undefined {
  if (!source.isPlain(body)) return undefined;
  const statements = body.type === "compound_statement" ? body.children : [body];
  const last = statements.at(-1);
  if (last === undefined || !LEAVING.has(last.type)) return undefined;
  const loop = last.type === "break_statement" ? loopAround(source, last) : undefined;
  if (last.type === "break_statement" && (loop === undefined || !statements.some((s) => notesFailure(source, s))))
    return undefined;
  const labelNode = last.type === "goto_statement" ? child(last, "label") : undefined;
  const label = labelNode === undefined ? undefined : source.textOf(labelNode);
  const sets = statements.filter((s) => setsException(source, s));
  const kept = statements.filter((s) => !sets.includes(s));
  const isKept = (s: SyntaxNode) =>
    s === last || isCleanUp(source, s) || (loop !== undefined && notesFailure(source, s));
  if (!kept.every(isKept)) return undefined;
  const raises = sets.some((s) => source.textOf(child(callIn(s)!, "function")!) !== "PyErr_Clear");
  const isFailure = raises || (condition !== undefined && isFailureTest(source, condition));
  if (!isFailure && !(label !== undefined && labels.has(label))) return undefined;
  const value = last.type === "return_statement" ? errorValue(source, facts, last) : undefined;
  if (last.type === "return_statement" && value === undefined) return undefined;
  const point = pointIn(flow, body);
  if (point === undefined) return undefined;
  return {
    node: body,
    kept,
    lines: kept.map((s) => source.textOf({ start: s.start, end: realEnd(source, s) })),
    label,
    loop,
    value,
    point,
    locks: locksAt(flow, point),
    covers: (s) => body.start <= s.start && s.end <= body.end,
  };
}

const LEAVING: ReadonlySet<string> = new Set(["return_statement", "goto_statement", "break_statement"]);

/** The loop that a `break` at the node leaves; undefined if it leaves a `switch`. */
export function loopAround(source: FixSource, node: SyntaxNode): SyntaxNode | undefined {
  const around = source.ancestor(
    source.parentOf(node),
    "for_statement",
    "while_statement",
    "do_statement",
    "for_range_loop",
    "switch_statement",
    "function_definition",
  );
  return around === undefined || ["switch_statement", "function_definition"].includes(around.type) ? undefined : around;
}

/** `status = -1;`, `result = NULL;`: what the code behind the loop goes by. */
function notesFailure(source: FixSource, statement: SyntaxNode): boolean {
  const [expression] = statement.type === "expression_statement" ? statement.children : [];
  if (expression?.type !== "assignment_expression" || expression.operator !== "=") return false;
  const [left, right] = [child(expression, "left"), child(expression, "right")];
  return left?.type === "identifier" && right !== undefined && ["-1", "NULL", "nullptr"].includes(source.textOf(right));
}

/** The value that stands for failure: NULL, or -1. Undefined if it is another one. */
function errorValue(source: FixSource, { returnType }: FunctionFacts, statement: SyntaxNode): string | undefined {
  const [value] = statement.children;
  if (value === undefined) return undefined;
  const text = source.textOf(value);
  const isPointer = returnType.includes("*");
  if (isPointer) return value.type === "null" || text === "0" ? text : undefined;
  return text === "-1" ? text : undefined;
}

function callIn(node: SyntaxNode): SyntaxNode | undefined {
  const [expression] = node.type === "expression_statement" ? node.children : [];
  return expression?.type === "call_expression" ? expression : undefined;
}

/** `PyErr_SetString(...)` and its like, or a function of the project whose name says so. */
function setsException(source: FixSource, statement: SyntaxNode): boolean {
  const call = callIn(statement);
  const name = call && child(call, "function");
  if (name === undefined || isCleanUp(source, statement)) return false;
  const text = source.textOf(name);
  if (text.startsWith("Py") || text.startsWith("_Py")) return text.startsWith("PyErr_");
  const lower = text.toLowerCase();
  return ERROR_WORDS.some((word) => lower.includes(word));
}

const ERROR_WORDS = ["err", "raise", "exception"];

/** A release of a reference or of memory. */
function isCleanUp(source: FixSource, statement: SyntaxNode): boolean {
  const call = callIn(statement);
  const name = call && child(call, "function");
  if (name === undefined) return false;
  const text = source.textOf(name);
  const counting = refcountCall(text);
  return (
    counting?.effect === "decrement" ||
    counting?.effect === "clear" ||
    allocatorCall(text)?.action === "free" ||
    text === "PyBuffer_Release"
  );
}

/** `x == NULL`, `!x`, `f() < 0`, `f() == -1` and alternatives of such. */
function isFailureTest(source: FixSource, node: SyntaxNode): boolean {
  const [only] = node.children;
  switch (node.type) {
    case "parenthesized_expression":
      return only !== undefined && isFailureTest(source, only);
    case "condition_clause":
      return only !== undefined && node.children.length === 1 && isFailureTest(source, only);
    case "unary_expression":
      return node.operator === "!";
    case "binary_expression": {
      const [left, right] = node.children;
      if (node.operator === "||") return isFailureTest(source, left) && isFailureTest(source, right);
      if (node.operator === "==") return right.type === "null" || source.textOf(right) === "-1" || left.type === "null";
      return node.operator === "<" && source.textOf(right) === "0";
    }
    case "call_expression": {
      const name = child(node, "function");
      const args = child(node, "arguments")?.children ?? [];
      if (name === undefined) return false;
      const text = source.textOf(name);
      if (text.toLowerCase().endsWith("likely") && args.length === 1) return isFailureTest(source, args[0]);
      return text === "PyErr_Occurred";
    }
    default:
      return false;
  }
}

/** The first point whose code is inside the span. */
function pointIn({ fn }: FunctionAnalyses, span: Span): Point | undefined {
  for (let b = 0; b < fn.blocks.length; b++) {
    const { instrs, term } = fn.blocks[b];
    const inside = (s: Span) => span.start <= s.start && s.end <= span.end;
    const index = instrs.findIndex(inside);
    if (index >= 0) return { block: b, index };
    if ((term.op === "return" || term.op === "goto") && inside(term)) return { block: b, index: instrs.length };
  }
  return undefined;
}
