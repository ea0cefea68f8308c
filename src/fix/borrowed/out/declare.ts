/** Where a new variable is declared. */

import type { Definition } from "../../../flow/def-use.ts";
import type { FunctionAnalyses } from "../../../flow/function-analyses.ts";
import type { Span } from "../../../ir/types.ts";
import { child } from "../../../syntax/ast.ts";
import { hasLabel } from "../../labels.ts";
import type { FixSource, SyntaxNode } from "../../source.ts";
import { isNothing } from "../replacements.ts";
import type { StatementEdits } from "../statement-edits.ts";
import { isBody } from "../statement-edits.ts";
import { declaresFirst, nullWord } from "../style.ts";

/** True if a declaration for `statement` can stand right in front of it. */
export function isDeclaredInFront(source: FixSource, statement: SyntaxNode): boolean {
  if (isBody(source, statement)) return true;
  if (source.parentOf(statement)?.type !== "compound_statement") return false;
  const fn = source.functionAt(statement.start);
  const body = fn === undefined ? undefined : child(fn, "body");
  // C++ does not let a `goto` pass the initialisation of a variable.
  return body === undefined || !(declaresFirst(source, body) || (source.language === "cpp" && hasLabel(body)));
}

/**
 * Declares a variable for `statement`: in front of it, or with the declarations of its block where the function has them all there or
 * a label does not allow one. To be called before anything else is put in front of the statement.
 */
export function declare(edits: StatementEdits, statement: SyntaxNode, declaration: string): void {
  const { source } = edits;
  if (isDeclaredInFront(source, statement)) {
    edits.before(statement, declaration);
    return;
  }
  const block = source.ancestor(source.parentOf(outermostLabelled(source, statement)), "compound_statement");
  const last = block === undefined ? undefined : lastLeadingDeclaration(block);
  if (last !== undefined && last !== statement) edits.declareAfter(last, declaration);
  else edits.declareBefore(block?.children[0] ?? statement, declaration);
}

/** The statement itself, or the `switch` whose case it is in. */
function outermostLabelled(source: FixSource, statement: SyntaxNode): SyntaxNode {
  let at = statement;
  for (let parent = source.parentOf(at); parent?.type === "labeled_statement" || parent?.type === "case_statement"; ) {
    at = parent.type === "case_statement" ? (source.ancestor(parent, "switch_statement") ?? parent) : parent;
    parent = source.parentOf(at);
  }
  return at;
}

/** The last declaration at the beginning of the block, if it begins with declarations. */
function lastLeadingDeclaration(block: SyntaxNode): SyntaxNode | undefined {
  let last: SyntaxNode | undefined;
  for (const node of block.children) {
    if (node.type !== "declaration") break;
    last = node;
  }
  return last;
}

/** Makes the variable of `definition` NULL in front of a statement: where it is declared, if it gets no other value. */
export function initialise(
  edits: StatementEdits,
  flow: FunctionAnalyses,
  definition: Definition,
  first: SyntaxNode,
): void {
  const { source } = edits;
  const value = flow.fn.values[definition.value];
  if (value.kind !== "local" && value.kind !== "param") return;
  const others = flow.defUse.definitionsOf(definition.value).filter((d) => d !== definition);
  const declarator = value.kind === "local" ? declaratorOf(source, value) : undefined;
  const parent = declarator && source.parentOf(declarator);
  if (parent?.type === "init_declarator" && others.every((d) => isNothing(flow, d))) return;
  if (declarator !== undefined && parent?.type === "declaration" && others.length === 0) {
    edits.replace({ start: declarator.end, end: declarator.end }, ` = ${nullWord(source)}`);
  } else edits.before(first, `${value.name} = ${nullWord(source)};`);
}

function declaratorOf(source: FixSource, name: Span): SyntaxNode | undefined {
  let declarator = source.nodeWith(name, ["identifier"]);
  for (;;) {
    const parent = declarator && source.parentOf(declarator);
    if (parent?.type !== "pointer_declarator") return declarator;
    declarator = parent;
  }
}
