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

export interface Failure {
  node: SyntaxNode;
  /** Its statements without those that set the exception, as they are to be written. */
  lines: string[];
  kept: SyntaxNode[];
  label: string | undefined;
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
  const found: Failure[] = [];
  const visit = (node: SyntaxNode) => {
    if (node.type === "if_statement") {
      const failure = failureOf(source, flow, facts, node);
      if (failure !== undefined) found.push(failure);
    }
    for (const c of node.children) visit(c);
  };
  visit(body);
  return found;
}

function failureOf(
  source: FixSource,
  flow: FunctionAnalyses,
  facts: FunctionFacts,
  node: SyntaxNode,
): Failure | undefined {
  const condition = child(node, "condition");
  const consequence = child(node, "consequence");
  if (condition === undefined || consequence === undefined || !source.isPlain(consequence)) return undefined;
  const statements = consequence.type === "compound_statement" ? consequence.children : [consequence];
  const last = statements.at(-1);
  if (last?.type !== "return_statement" && last?.type !== "goto_statement") return undefined;
  const sets = statements.filter((s) => setsException(source, s));
  const kept = statements.filter((s) => !sets.includes(s));
  if (!kept.every((s) => s === last || isCleanUp(source, s))) return undefined;
  const raises = sets.some((s) => source.textOf(child(callIn(s)!, "function")!) !== "PyErr_Clear");
  if (!raises && !isFailureTest(source, condition)) return undefined;
  const value = last.type === "return_statement" ? errorValue(source, facts, last) : undefined;
  if (last.type === "return_statement" && value === undefined) return undefined;
  const label = last.type === "goto_statement" ? child(last, "label") : undefined;
  const point = pointIn(flow, consequence);
  if (point === undefined) return undefined;
  return {
    node,
    kept,
    lines: kept.map((s) => source.textOf(s).trimEnd()),
    label: label === undefined ? undefined : source.textOf(label),
    value: value === "" ? undefined : value,
    point,
    locks: locksAt(flow, point),
    covers: (s) => consequence.start <= s.start && s.end <= consequence.end,
  };
}

/** The value that stands for failure: NULL, or -1; "" for `return;`. Undefined if it is another one. */
function errorValue(source: FixSource, { returnType }: FunctionFacts, statement: SyntaxNode): string | undefined {
  const [value] = statement.children;
  if (value === undefined) return undefined;
  const text = source.textOf(value);
  const isPointer = returnType.includes("*");
  if (isPointer) return value.type === "null" ? text : undefined;
  return text === "-1" ? text : undefined;
}

function callIn(node: SyntaxNode): SyntaxNode | undefined {
  const [expression] = node.type === "expression_statement" ? node.children : [];
  return expression?.type === "call_expression" ? expression : undefined;
}

function setsException(source: FixSource, statement: SyntaxNode): boolean {
  const call = callIn(statement);
  const name = call && child(call, "function");
  if (name === undefined) return false;
  const text = source.textOf(name);
  return (
    text === "PyErr_Clear" ||
    text.startsWith("PyErr_Set") ||
    text === "PyErr_Format" ||
    text === "PyErr_NoMemory" ||
    text === "PyErr_BadInternalCall"
  );
}

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
