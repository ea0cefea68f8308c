/** Puts a `PyMutex` around statements, and gives it back before every exit from them. */

import type { FunctionAnalyses } from "../../flow/function-analyses.ts";
import { child } from "../../syntax/ast.ts";
import type { StatementEdits } from "../borrowed/statement-edits.ts";
import { freshName } from "../borrowed/style.ts";
import { hasLabel } from "../labels.ts";
import { isInTry } from "../sections/exits.ts";
import type { FixSource, SyntaxNode } from "../source.ts";
import type { Held } from "./held.ts";
import type { FunctionSyntax, Reason } from "./variable.ts";

export interface Guarded {
  /** Name of the `PyMutex`. */
  mutex: string;
  held: Held;
  /** The lock is taken already when `held.first` is reached. */
  isTaken?: boolean;
  /** Names of variables that must not be read after unlocking. */
  variables: ReadonlySet<string>;
}

/**
 * Adds the edits to `edits`; the answer is a reason if some exit cannot be rewritten, and the edits are of no use then.
 */
export function guard(
  edits: StatementEdits,
  syntax: FunctionSyntax,
  analyses: FunctionAnalyses,
  { mutex, held, variables, isTaken }: Guarded,
): Reason | undefined {
  const { source } = edits;
  const { first, nodes } = held;
  if (!source.isPlain({ start: first.start, end: nodes[nodes.length - 1].end })) {
    return "preprocessor directives stand between the accesses";
  }
  if (isInTry(source, first)) return "an exception may be thrown between the accesses";
  const exits: Exit[] = [];
  for (const node of nodes) collectExits(source, node, { loops: 0, switches: 0 }, exits);
  const hidden = analyses.fn.blocks.find(({ term }) => {
    if (term.op !== "return" || !nodes.some((n) => n.start <= term.start && term.end <= n.end)) return false;
    return !exits.some((e) => e.node.start <= term.start && term.end <= e.node.end);
  });
  if (hidden !== undefined) return "a macro returns from between the accesses";
  if (nodes.some(hasLabel) || source.parentOf(first)?.type === "labeled_statement") {
    return "other code jumps in between the accesses";
  }
  const unlock = `PyMutex_Unlock(&${mutex});`;
  for (const exit of exits) {
    const reason = leave(edits, syntax, exit, { unlock, variables });
    if (reason !== undefined) return reason;
  }
  if (!isTaken) edits.before(first, `PyMutex_Lock(&${mutex});`);
  for (const node of held.before) edits.before(node, unlock);
  for (const node of held.after) if (!exits.some((e) => e.node === node)) edits.after(node, unlock);
  return undefined;
}

/** Unlocks in front of an exit; a result that needs the lock is computed before. */
function leave(
  edits: StatementEdits,
  { fn }: FunctionSyntax,
  { node, value }: Exit,
  { unlock, variables }: { unlock: string; variables: ReadonlySet<string> },
): Reason | undefined {
  const { source } = edits;
  if (value === undefined || isSimple(source, value, variables)) {
    edits.before(node, unlock);
    return undefined;
  }
  const { returnType } = fn.facts;
  if (returnType === "" || returnType === "auto") return "the type of the result is not known";
  const name = freshName(source, fn.facts, "result");
  const space = returnType.endsWith("*") ? "" : " ";
  const lines = [`${returnType}${space}${name} = ${source.textOf(value)};`, unlock, `return ${name};`];
  const isCase = source.parentOf(node)?.type === "case_statement";
  edits.replaceStatement(node, isCase ? inBraces(lines, source.indentUnit) : lines.join("\n"));
  return undefined;
}

interface Exit {
  node: SyntaxNode;
  /** The returned expression. */
  value?: SyntaxNode;
}

const LOOPS: ReadonlySet<string> = new Set(["while_statement", "for_statement", "do_statement", "for_range_loop"]);

function collectExits(
  source: FixSource,
  node: SyntaxNode,
  around: { loops: number; switches: number },
  exits: Exit[],
): void {
  const { loops, switches } = around;
  switch (node.type) {
    case "return_statement":
      exits.push({ node, value: node.children.find((c) => c.type !== "comment") });
      return;
    case "goto_statement":
      exits.push({ node });
      return;
    case "break_statement":
      if (loops === 0 && switches === 0) exits.push({ node });
      return;
    case "continue_statement":
      if (loops === 0) exits.push({ node });
      return;
    case "lambda_expression":
      return;
    case "expression_statement":
      if (source.view.text.startsWith("Py_RETURN_", node.start)) exits.push({ node });
      return;
  }
  const inner = {
    loops: loops + (LOOPS.has(node.type) ? 1 : 0),
    switches: switches + (node.type === "switch_statement" ? 1 : 0),
  };
  for (const c of node.children) collectExits(source, c, inner, exits);
}

/** True for what can as well be evaluated after unlocking: names of other variables, constants, and `PyErr_NoMemory()`. */
function isSimple(source: FixSource, value: SyntaxNode, variables: ReadonlySet<string>): boolean {
  const text = source.textOf(value);
  if (value.type === "identifier") return !variables.has(text);
  if (value.children.length === 0) return true;
  const callee = value.type === "call_expression" ? child(value, "function") : undefined;
  if (callee !== undefined && !source.textOf(callee).startsWith("PyErr_")) return false;
  const isPlain = ["parenthesized_expression", "unary_expression", "cast_expression", "call_expression"];
  return (
    (isPlain.includes(value.type) || value.type === "argument_list" || value.field === "type") &&
    value.operator !== "*" &&
    value.children.every((c) => isSimple(source, c, variables))
  );
}

function inBraces(lines: readonly string[], unit: string): string {
  return `{\n${lines.map((l) => unit + l).join("\n")}\n}`;
}
