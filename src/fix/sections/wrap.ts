/** A critical section around neighbouring statements of a block. */
import type { FunctionFacts } from "../../ir/facts.ts";
import { child } from "../../syntax/ast.ts";
import { StatementEdits } from "../borrowed/statement-edits.ts";
import { declaresFirst, freshName, ifBlock } from "../borrowed/style.ts";
import type { FixSource, SyntaxNode } from "../source.ts";
import type { FileEdit } from "../types.ts";
import { declaredNames, type Exit, exitsOf, isWithin, labelOf, planExits, relativeText, walk } from "./exits.ts";
import { resultDeclaration, sectionLines } from "./section-text.ts";

export interface WrapRequest {
  source: FixSource;
  facts: FunctionFacts;
  /** One statement, or neighbours in one block, in order. */
  statements: readonly SyntaxNode[];
  /** Expressions of one or two objects. */
  objects: readonly string[];
}

/** Parents in which statements have neighbours. */
const BLOCKS: ReadonlySet<string> = new Set(["compound_statement", "case_statement"]);

/** The edits; a text says why there are none. */
export function wrapStatements(request: WrapRequest): FileEdit[] | string {
  const { source, facts, statements, objects } = request;
  const [first] = statements;
  const last = statements[statements.length - 1];
  if (!source.isPlain({ start: first.start, end: last.end })) {
    return "the code depends on conditions of the preprocessor";
  }
  const parent = source.parentOf(first);
  if (statements.length > 1 && (parent === undefined || !BLOCKS.has(parent.type)))
    return "the statements are in no block";
  if (statements.some((s) => s.type === "case_statement")) return "a case of a switch begins there";
  const problem = entered(source, facts, statements) ?? declarationsUsedLater(source, statements);
  if (problem !== undefined) return problem;
  const exits = exitsOf(source, statements, facts);
  if (typeof exits === "string") return exits;
  const edits = new StatementEdits(source);
  const { begin, end } = sectionLines(objects);
  const tail = exits.find((e) => e.statement === last);
  if (tail !== undefined && exits.length === 1) {
    wrapWithTail(request, edits, tail);
    return edits.edits();
  }
  const lines = leaveByEnd(source, facts, exits, statements, nextOf(source, last), edits);
  if (typeof lines === "string") return lines;
  for (const line of lines.before) edits.before(first, line);
  edits.before(first, begin);
  for (const line of lines.label) edits.after(last, line);
  edits.after(last, end);
  for (const line of lines.behind) edits.after(last, line);
  return edits.edits();
}

/** The last statement returns a value that is made inside. */
function wrapWithTail({ source, facts, statements, objects }: WrapRequest, edits: StatementEdits, tail: Exit): void {
  const [first] = statements;
  const { begin, end } = sectionLines(objects);
  const { value } = tail;
  if (value === undefined) {
    edits.before(first, begin);
    edits.before(tail.statement, end);
    return;
  }
  const result = declareResult(source, facts, first, edits);
  edits.before(first, begin);
  edits.replaceStatement(tail.statement, `${result} = ${relativeText(source, value)};`);
  edits.after(tail.statement, end);
  edits.after(tail.statement, `return ${result};`);
}

/** The statement behind `statement` in its block. */
export function nextOf(source: FixSource, statement: SyntaxNode): SyntaxNode | undefined {
  return source.parentOf(statement)?.children.find((c) => c.start >= statement.end && source.isStatement(c));
}

/** Puts the rewritten exits into `edits` and gives the lines that go around the section. */
export function leaveByEnd(
  source: FixSource,
  facts: FunctionFacts,
  exits: readonly Exit[],
  statements: readonly SyntaxNode[],
  next: SyntaxNode | undefined,
  edits: StatementEdits,
  begin?: SyntaxNode,
): { before: string[]; label: string[]; behind: string[] } | string {
  const around = begin ?? statements[0];
  const plan = planExits(source, facts, exits, statements, next);
  if (plan.label !== undefined && source.language === "cpp" && skipsInitialiser(exits, statements)) {
    return "the way to the end of the section would skip the initialisation of a variable";
  }
  for (const { statement, lines } of plan.replacements) edits.replaceStatement(statement, lines);
  const atTop = declare(source, plan.declarations, around, edits);
  const behind = plan.behind.map(({ condition, statement }) => ifBlock(source, condition, [statement]));
  return {
    before: atTop ? plan.resets : [],
    label: plan.label === undefined ? [] : [`${plan.label}:;`],
    behind,
  };
}

/** Declares a variable for what the function returns, where the function has its declarations; its name. */
export function declareResult(
  source: FixSource,
  facts: FunctionFacts,
  first: SyntaxNode,
  edits: StatementEdits,
): string {
  const result = freshName(source, facts, "result");
  declare(source, [`${resultDeclaration(source, facts, result)};`], first, edits);
  return result;
}

/** Puts declarations in front of `first`, or to the others of the function; true if they are there. */
function declare(source: FixSource, lines: readonly string[], first: SyntaxNode, edits: StatementEdits): boolean {
  const definition = source.functionAt(first.start);
  const block = definition === undefined ? undefined : child(definition, "body");
  const atTop = lines.length > 0 && block !== undefined && belongsToTop(source, first, block);
  const leading = atTop ? leadingDeclaration(source, block, first) : undefined;
  const top = atTop ? block.children[0] : undefined;
  for (const line of lines) {
    if (leading !== undefined) edits.after(leading, line);
    else if (top !== undefined && holdsFor(source, top, first)) edits.before(top, line);
    else edits.before(first, line);
  }
  return atTop;
}

/** Declarations in the middle of a block are new to the function, or something jumps over them. */
function belongsToTop(source: FixSource, first: SyntaxNode, block: SyntaxNode): boolean {
  if (source.parentOf(first)?.type !== "compound_statement") return true;
  if (source.language === "cpp") return hasGoto(block);
  return declaresFirst(source, block);
}

function hasGoto(block: SyntaxNode): boolean {
  let found = false;
  walk([block], (node) => {
    found ||= node.type === "goto_statement" || node.type === "case_statement";
    return !found;
  });
  return found;
}

/** The last of the declarations that a block begins with, before `first`, and whenever that is compiled. */
function leadingDeclaration(source: FixSource, block: SyntaxNode, first: SyntaxNode): SyntaxNode | undefined {
  let last: SyntaxNode | undefined;
  for (const c of block.children) {
    if (c.type === "comment") continue;
    if (c.type !== "declaration" || c.start >= first.start) break;
    if (holdsFor(source, c, first)) last = c;
  }
  return last;
}

/** True if `node` is compiled whenever `other` is. */
function holdsFor(source: FixSource, node: SyntaxNode, other: SyntaxNode): boolean {
  return source.view.conditionals.every((group) => {
    if (node.start < group.start || group.end <= node.start) return true;
    return group.branches.some((b) => [node, other].every((n) => b.bodyStart <= n.start && n.start < b.end));
  });
}

/** A label in the statements that code outside of them jumps to. */
function entered(source: FixSource, facts: FunctionFacts, statements: readonly SyntaxNode[]): string | undefined {
  const labels = new Set<string>();
  walk(statements, (node) => {
    if (node.type === "labeled_statement") labels.add(labelOf(source, node));
    return true;
  });
  if (labels.size === 0) return undefined;
  const fn = source.functionAt(facts.bodyStart);
  let found = false;
  walk(fn?.children ?? [], (node) => {
    if (node.type === "goto_statement" && !isWithin(node, statements)) found ||= labels.has(labelOf(source, node));
    return true;
  });
  return found ? "code outside jumps to a label inside of the section" : undefined;
}

/** Variables that the section's block would hide from what follows. */
function declarationsUsedLater(source: FixSource, statements: readonly SyntaxNode[]): string | undefined {
  const names = new Set(statements.flatMap((s) => (s.type === "declaration" ? declaredNames(source, s) : [])));
  const last = statements[statements.length - 1];
  const following = source.parentOf(last)?.children.filter((c) => c.start > last.start) ?? [];
  if (names.size === 0) return undefined;
  let used: string | undefined;
  walk(following, (node) => {
    if (node.type === "identifier" && names.has(source.textOf(node))) used ??= source.textOf(node);
    return used === undefined;
  });
  return used === undefined ? undefined : `\`${used}\` is declared inside of the section and used behind it`;
}

/** A jump forward over a declaration with a value is no C++. */
function skipsInitialiser(exits: readonly Exit[], statements: readonly SyntaxNode[]): boolean {
  const [first] = exits;
  return statements.some((s) => s.type === "declaration" && s.start > first.statement.start);
}
