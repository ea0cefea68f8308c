/** Free lists that the free-threaded build does without: a list that is always empty, and always full. */
import type { FunctionId } from "../../project/index-types.ts";
import { child } from "../../syntax/ast.ts";
import type { FixSource, SyntaxNode } from "../source.ts";
import type { FileEdit, FixContext, Proposal } from "../types.ts";
import {
  declarationOf,
  type FunctionSyntax,
  functionSyntax,
  isHidden,
  isReason,
  mentionsIn,
  nameOf,
  otherDeclarations,
  type Reason,
  type StaticToFix,
} from "./variable.ts";

/** `#ifndef Py_GIL_DISABLED` around every use of the variables and their declarations, or why they are not a free list. */
export function freeListFix(context: FixContext, group: readonly StaticToFix[]): Proposal | Reason {
  const names = group.map((t) => nameOf(t.variable.facts));
  const edits: FileEdit[] = [];
  for (const target of group) {
    if (otherDeclarations(target.variable).length > 0) return `\`${nameOf(target.variable.facts)}\` is declared twice`;
    const declaration = declarationOf(context, target);
    if (isReason(declaration)) return declaration;
    if (declaration.shared) return "several variables are declared together";
    edits.push(...switchedOff(declaration.source, declaration.node, declaration.node));
  }
  const users = new Set(group.flatMap(({ variable: v }) => [...v.readers, ...v.writers]));
  let takes = 0;
  let gives = 0;
  for (const id of [...users].sort((a, b) => a - b)) {
    const uses = usesOf(context, group, id);
    if (isReason(uses)) return uses;
    edits.push(...uses.edits);
    takes += uses.takes;
    gives += uses.gives;
  }
  if (takes === 0 || gives === 0) return `${names.map((n) => `\`${n}\``).join(", ")}: no free list`;
  return {
    level: "review",
    title: `do without the free list \`${names[0]}\` in the free-threaded build`,
    edits,
    needs: [],
    review: ["allocation in the free-threaded build takes the ordinary way: measure if the list matters there"],
    alsoFixes: group.slice(1).map((t) => ({ rule: t.rule, function: t.variable.facts.owner ?? "" })),
  };
}

/** The statements of one function that test the list, taken out of the free-threaded build. */
function usesOf(
  context: FixContext,
  group: readonly StaticToFix[],
  id: FunctionId,
): { edits: FileEdit[]; takes: number; gives: number } | Reason {
  const syntax = functionSyntax(context, id);
  if (isReason(syntax)) return syntax;
  const { source, fn } = syntax;
  const statements = new Set<SyntaxNode>();
  for (const { variable } of group) {
    const name = nameOf(variable.facts);
    if (isHidden(context, id, name)) return `another variable is called \`${name}\` too`;
    for (const mention of mentionsIn(syntax, variable)) {
      const statement = testAround(syntax, mention, group);
      if (statement === undefined) return `\`${fn.name}\` uses \`${name}\` without a test of the list`;
      statements.add(statement);
    }
  }
  const edits: FileEdit[] = [];
  let takes = 0;
  let gives = 0;
  for (const statement of statements) {
    const parent = source.parentOf(statement);
    if (parent?.type !== "compound_statement" || !source.isPlain(statement)) {
      return `the test of the list in \`${fn.name}\` does not stand by itself`;
    }
    const alternative = child(statement, "alternative");
    edits.push(...switchedOff(source, statement, alternative ?? statement));
    if (hasOperator(child(statement, "condition")!, "<")) gives++;
    else takes++;
  }
  return { edits, takes, gives };
}

/** The `if` or `while` around a use that asks whether the list has something, or room; its `else` is not around it. */
function testAround(
  { source, body }: FunctionSyntax,
  mention: SyntaxNode,
  group: readonly StaticToFix[],
): SyntaxNode | undefined {
  let at = mention;
  for (let parent = source.parentOf(at); parent !== undefined && parent !== body; parent = source.parentOf(at)) {
    at = parent;
    if (at.type !== "if_statement" && at.type !== "while_statement") continue;
    const alternative = child(at, "alternative");
    if (alternative !== undefined && mention.start >= alternative.start) continue;
    if (asksForMore(source, child(at, "condition"), new Set(group.map((t) => nameOf(t.variable.facts))))) return at;
  }
  return undefined;
}

/** `n`, `n > 0`, `n != 0`, `list != NULL`, `n < MAX`, with more behind `&&`: false for a list that is empty, or full. */
function asksForMore(source: FixSource, node: SyntaxNode | undefined, names: ReadonlySet<string>): boolean {
  switch (node?.type) {
    case "parenthesized_expression":
    case "condition_clause":
      return node.children.length === 1 && asksForMore(source, node.children[0], names);
    case "identifier":
      return names.has(source.textOf(node));
    case "binary_expression": {
      const left = child(node, "left");
      const right = child(node, "right");
      if (left === undefined || right === undefined) return false;
      if (node.operator === "&&") return asksForMore(source, left, names) || asksForMore(source, right, names);
      if (!names.has(source.textOf(left))) return false;
      const bound = source.textOf(right);
      if (node.operator === "<") return bound !== "0" && bound !== "1";
      return (node.operator === ">" && bound === "0") || (node.operator === "!=" && EMPTY.has(bound));
    }
    default:
      return false;
  }
}

const EMPTY: ReadonlySet<string> = new Set(["0", "NULL", "nullptr"]);

function hasOperator(node: SyntaxNode, operator: string): boolean {
  return node.operator === operator || node.children.some((c) => hasOperator(c, operator));
}

/** The directives around a node; up to and with its `else` where that is given. */
function switchedOff(source: FixSource, node: SyntaxNode, last: SyntaxNode): FileEdit[] {
  const { file } = source;
  const start = source.lineStart(node.start);
  const before = { file, start, end: start, text: "#ifndef Py_GIL_DISABLED\n" };
  if (last === node) {
    const at = source.nextLine(node.end - 1);
    return [before, { file, start: at, end: at, text: "#endif\n" }];
  }
  // The statement of the `else` goes on without it.
  const rest = last.children.find((c) => source.isStatement(c))!;
  const indent = source.indentAt(node.start);
  return [before, { file, start: last.start + "else".length, end: rest.start, text: `\n#endif\n${indent}` }];
}
