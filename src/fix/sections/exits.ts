/** Statements that leave a stretch of code, and how they leave it by its end instead. */
import type { FunctionFacts } from "../../ir/facts.ts";
import type { Span } from "../../ir/types.ts";
import { child } from "../../syntax/ast.ts";
import { isBody } from "../borrowed/statement-edits.ts";
import { freshName, nullWord } from "../borrowed/style.ts";
import type { FixSource, SyntaxNode } from "../source.ts";
import { resultDeclaration } from "./section-text.ts";

/** A statement inside of the stretch that leaves it. */
export interface Exit {
  statement: SyntaxNode;
  how: "return" | "goto" | "break" | "continue";
  /** Expression that is returned. */
  returned?: SyntaxNode;
  /** The same, if it has to be evaluated where it stands; undefined if it can just as well be later. */
  value: SyntaxNode | undefined;
  /** The statement that does it behind the end: `return NULL;`, `goto error;`, `Py_RETURN_NONE;`. */
  later: string;
}

const LOOPS: ReadonlySet<string> = new Set(["while_statement", "for_statement", "do_statement", "for_range_loop"]);
const NESTED_CODE: ReadonlySet<string> = new Set(["lambda_expression", "function_definition", "class_specifier"]);
/** Macros of the C API that return, and need nothing of what is around them. */
const RETURNS: ReadonlySet<string> = new Set([
  "Py_RETURN_NONE",
  "Py_RETURN_TRUE",
  "Py_RETURN_FALSE",
  "Py_RETURN_NOTIMPLEMENTED",
  "Py_RETURN_NAN",
]);

/** Calls `visit` for every node of the same function; a false answer leaves its children out. */
export function walk(nodes: readonly SyntaxNode[], visit: (node: SyntaxNode) => boolean): void {
  const work = [...nodes].reverse();
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    if (NESTED_CODE.has(node.type) || !visit(node)) continue;
    for (let i = node.children.length - 1; i >= 0; i--) work.push(node.children[i]);
  }
}

/** Every way out of `statements` that the text shows, in order; a text says why they cannot be told. */
export function exitsOf(source: FixSource, statements: readonly SyntaxNode[], facts: FunctionFacts): Exit[] | string {
  const labels = new Set<string>();
  walk(statements, (node) => {
    if (node.type === "labeled_statement") labels.add(labelOf(source, node));
    return true;
  });
  const exits: Exit[] = [];
  let problem = isInTry(source, statements[0]) ? THROWN : "";
  walk(statements, (node) => {
    if (node.type === "co_return_statement" || node.type === "throw_statement") problem = THROWN;
    const macro = node.type === "identifier" ? leavingMacro(source, source.textOf(node)) : undefined;
    if (macro !== undefined) problem = `the macro \`${macro}\` may leave the section`;
    const exit = exitAt(source, node, statements, labels, facts);
    if (exit !== undefined) exits.push(exit);
    return exit === undefined;
  });
  return problem === "" ? exits : problem;
}

const THROWN = "an exception may leave the section";

/** True if what is thrown in `statement` may be caught in the same function. */
export function isInTry(source: FixSource, statement: SyntaxNode): boolean {
  const outer = (from: SyntaxNode) =>
    source.ancestor(source.parentOf(from), "try_statement", "catch_clause", ...NESTED_CODE);
  let at = outer(statement);
  // What a handler throws leaves its own `try`.
  while (at?.type === "catch_clause") at = outer(source.parentOf(at) ?? at);
  return at?.type === "try_statement";
}

/** A macro of the file whose text has a jump or a return in it. */
function leavingMacro(source: FixSource, name: string): string | undefined {
  return source.view.macros.some((m) => m.name === name && mayLeave(m.body)) ? name : undefined;
}

/** True if the text of a macro has a word in it that leaves a stretch of code. */
export function mayLeave(body: string): boolean {
  return ["goto", "return", "Py_RETURN_", "longjmp"].some((word) => body.includes(word));
}

function exitAt(
  source: FixSource,
  node: SyntaxNode,
  range: readonly SyntaxNode[],
  labels: ReadonlySet<string>,
  facts: FunctionFacts,
): Exit | undefined {
  const statement = node;
  switch (node.type) {
    case "return_statement": {
      const [value] = node.children.filter((c) => c.type !== "comment");
      if (value === undefined) return { statement, how: "return", value, later: "return;" };
      if (isLasting(source, value, range, facts)) {
        return {
          statement,
          how: "return",
          value: undefined,
          returned: value,
          later: `return ${source.textOf(value)};`,
        };
      }
      return { statement, how: "return", value, returned: value, later: "" };
    }
    case "goto_statement": {
      const label = child(node, "label");
      if (label === undefined || labels.has(source.textOf(label))) return undefined;
      return { statement, how: "goto", value: undefined, later: `goto ${source.textOf(label)};` };
    }
    case "break_statement":
    case "continue_statement": {
      const how = node.type === "break_statement" ? "break" : "continue";
      const target = targetOf(source, node, how);
      if (target !== undefined && range.some((s) => s.start <= target.start && target.end <= s.end)) return undefined;
      return { statement, how, value: undefined, later: `${how};` };
    }
    case "expression_statement": {
      const [inner] = node.children;
      if (inner?.type !== "identifier" || !RETURNS.has(source.textOf(inner))) return undefined;
      return { statement, how: "return", value: undefined, later: `${source.textOf(inner)};` };
    }
    default:
      return undefined;
  }
}

export function labelOf(source: FixSource, node: SyntaxNode): string {
  const label = child(node, "label");
  return label === undefined ? "" : source.textOf(label);
}

/** The loop or switch that a `break` or `continue` belongs to. */
export function targetOf(source: FixSource, node: SyntaxNode, how: "break" | "continue"): SyntaxNode | undefined {
  const types = [
    ...LOOPS,
    ...(how === "break" ? ["switch_statement"] : []),
    "function_definition",
    "lambda_expression",
  ];
  const found = source.ancestor(source.parentOf(node), ...types);
  return found === undefined || NESTED_CODE.has(found.type) ? undefined : found;
}

/** A value that is the same behind the section: a constant, or a variable that lives longer. */
function isLasting(source: FixSource, value: SyntaxNode, range: readonly SyntaxNode[], facts: FunctionFacts): boolean {
  switch (value.type) {
    case "null":
    case "number_literal":
    case "true":
    case "false":
      return true;
    case "unary_expression":
    case "parenthesized_expression":
      return value.children.every((c) => isLasting(source, c, range, facts));
    case "identifier": {
      const name = source.textOf(value);
      if (name === "NULL" || name === "nullptr") return true;
      return facts.params.some((p) => p.name === name) || declaredBefore(source, name, range, facts);
    }
    default:
      return false;
  }
}

/** A variable of the function that is declared in a block around the range, in front of it. */
function declaredBefore(source: FixSource, name: string, range: readonly SyntaxNode[], facts: FunctionFacts): boolean {
  const [first] = range;
  for (let at = source.parentOf(first); at !== undefined && at.start >= facts.bodyStart; at = source.parentOf(at)) {
    for (const statement of at.children) {
      if (statement.start >= first.start || statement.type !== "declaration") continue;
      if (declaredNames(source, statement).includes(name)) return !isRedeclared(source, name, range);
    }
  }
  return false;
}

function isRedeclared(source: FixSource, name: string, range: readonly SyntaxNode[]): boolean {
  let found = false;
  walk(range, (node) => {
    if (node.type === "declaration") found ||= declaredNames(source, node).includes(name);
    return !found;
  });
  return found;
}

/** Names of the variables that a declaration declares. */
export function declaredNames(source: FixSource, declaration: SyntaxNode): string[] {
  const names: string[] = [];
  for (const c of declaration.children) {
    if (c.field !== "declarator") continue;
    let at: SyntaxNode | undefined = c;
    while (at !== undefined && at.type !== "identifier") {
      at = child(at, "declarator") ?? at.children.find((n) => n.type === "identifier" || n.field === "declarator");
    }
    if (at !== undefined) names.push(source.textOf(at));
  }
  return names;
}

/** How the ways out of a stretch are written so that they pass its end. */
export interface ExitPlan {
  /** What replaces the exit statements. */
  replacements: { statement: SyntaxNode; lines: string }[];
  /** Declarations in front of the section. */
  declarations: string[];
  /** Set in front of the section, where the declarations are not. */
  resets: string[];
  /** Label in front of the end of the section, if one is needed. */
  label: string | undefined;
  /** Statements behind the end. */
  behind: { condition: string; statement: string }[];
}

/**
 * Rewrites `exits` of `statements`: what is to be done is noted in a variable, and done behind the end, unless `next`, the statement
 * behind the section, does it anyway. A `break` leads there from the loop that is the last statement, a `goto` from anywhere else.
 */
export function planExits(
  source: FixSource,
  facts: FunctionFacts,
  written: readonly Exit[],
  statements: readonly SyntaxNode[],
  next: SyntaxNode | undefined,
): ExitPlan {
  const exits = withOneReturn(written);
  const isDone = (exit: Exit) => exit.value === undefined && happensAnyway(source, exit, next, statements);
  const kinds = [...new Set(exits.filter((e) => !isDone(e)).map((e) => e.later))];
  const flag = kinds.length === 0 ? "" : freshName(source, facts, kinds.every(isFailure) ? "failed" : "leave");
  const result = exits.some((e) => e.value !== undefined) ? freshName(source, facts, "result") : "";
  const last = statements[statements.length - 1];
  const jump = (exit: Exit) => (leavesLast(source, exit.statement, last) ? "break;" : undefined);
  const isLast = (e: Exit) => endsWith(source, e.statement, last) && (e.value !== undefined || !isDone(e));
  const isJump = (e: Exit) => jump(e) === undefined && !isLast(e);
  const label = exits.some(isJump) ? freshName(source, facts, "end_section") : undefined;
  const replacements = exits.map((exit) => {
    const lines: string[] = [];
    if (exit.value !== undefined) lines.push(`${result} = ${relativeText(source, exit.value)};`);
    if (!isDone(exit)) lines.push(`${flag} = ${kinds.indexOf(exit.later) + 1};`);
    if (!isLast(exit)) lines.push(jump(exit) ?? `goto ${label};`);
    return { statement: exit.statement, lines: linesFor(source, exit.statement, lines) };
  });
  const declarations: string[] = [];
  if (result !== "") declarations.push(declarationOf(source, facts, result));
  if (flag !== "") declarations.push(`int ${flag} = 0;`);
  return {
    replacements,
    declarations,
    resets: flag === "" || !isInLoop(source, statements[0], facts) ? [] : [`${flag} = 0;`],
    label,
    behind: kinds.map((later, i) => ({
      condition: kinds.length === 1 ? flag : `${flag} == ${i + 1}`,
      statement: later === "" ? `return ${result};` : later,
    })),
  };
}

/** Returns of different values all pass through the one variable. */
function withOneReturn(exits: readonly Exit[]): readonly Exit[] {
  const returns = exits.filter((e) => e.returned !== undefined);
  if (new Set(returns.map((e) => e.later)).size < 2) return exits;
  return exits.map((e) => (e.returned === undefined ? e : { ...e, value: e.returned, later: "" }));
}

/** What follows the section is what the exit does: the same return, the label, or the end of the loop's body. */
function happensAnyway(
  source: FixSource,
  { how, later, statement }: Exit,
  next: SyntaxNode | undefined,
  statements: readonly SyntaxNode[],
): boolean {
  if (how === "continue") {
    const body = source.parentOf(statements[0]);
    return next === undefined && body !== undefined && source.parentOf(body) === targetOf(source, statement, how);
  }
  if (next === undefined) return later === "return;" && isFunctionBody(source, source.parentOf(statements[0]));
  if (how === "goto") return next.type === "labeled_statement" && later === `goto ${labelOf(source, next)};`;
  const text = source.textOf(next).trimEnd();
  return how === "return" && (text === later || `${text};` === later);
}

function isFunctionBody(source: FixSource, block: SyntaxNode | undefined): boolean {
  return block !== undefined && source.parentOf(block)?.type === "function_definition";
}

function isInLoop(source: FixSource, first: SyntaxNode, facts: FunctionFacts): boolean {
  const around = source.ancestor(source.parentOf(first), ...LOOPS, "function_definition");
  return around !== undefined && around.start >= facts.bodyStart && LOOPS.has(around.type);
}

function declarationOf(source: FixSource, facts: FunctionFacts, name: string): string {
  const declaration = resultDeclaration(source, facts, name);
  return facts.returnType.endsWith("*") ? `${declaration} = ${nullWord(source)};` : `${declaration};`;
}

/** Ways out that speak of an error. */
function isFailure(later: string): boolean {
  return ["return NULL;", "return nullptr;", "return -1;", "goto error;", "goto fail;", "goto err;"].includes(later);
}

/** What follows `statement` is the end of `last`, so nothing has to jump there. */
function endsWith(source: FixSource, statement: SyntaxNode, last: SyntaxNode): boolean {
  let at = statement;
  while (at.start !== last.start || at.end !== last.end) {
    const parent = source.parentOf(at);
    if (parent === undefined) return false;
    const isBranch = parent.type === "if_statement" || parent.type === "else_clause";
    if (!isBranch && parent.type !== "compound_statement") return false;
    const following = parent.children.some((c) => c.start >= at.end && c.type !== "comment");
    if (parent.type === "compound_statement" && following) return false;
    at = parent;
  }
  return at.type === "if_statement" || at.type === "compound_statement";
}

/** A `break` there leads behind the last statement, because that is the loop it is in. */
function leavesLast(source: FixSource, statement: SyntaxNode, last: SyntaxNode): boolean {
  return LOOPS.has(last.type) && targetOf(source, statement, "break") === last;
}

/** Text of an expression whose further lines are indented relative to the statement that it is in. */
export function relativeText(source: FixSource, node: SyntaxNode): string {
  const indent = source.indentAt(source.statementOf(node)?.start ?? node.start);
  const [first, ...others] = source.textOf(node).split("\n");
  return [first, ...others.map((l) => (l.startsWith(indent) ? l.slice(indent.length) : l))].join("\n");
}

/** Lines in the place of a statement; one that shares its line with what is in front of it gets a line of its own, one step further in. */
export function linesFor(source: FixSource, statement: SyntaxNode, lines: readonly string[]): string {
  const isInside = isBody(source, statement) && !source.isFirstOnLine(statement.start);
  return lines.join(isInside ? `\n${source.indentUnit}` : "\n");
}

/** True if the offset of a node is in one of the statements. */
export function isWithin({ start, end }: Span, statements: readonly Span[]): boolean {
  return statements.some((s) => s.start <= start && end <= s.end);
}
