/** Ways out of a section, a lock or a detached region that are rewritten so that it is ended first. */
import type { FunctionFacts } from "../../ir/facts.ts";
import type { Span } from "../../ir/types.ts";
import { child } from "../../syntax/ast.ts";
import { isBody, StatementEdits } from "../borrowed/statement-edits.ts";
import { freshName } from "../borrowed/style.ts";
import type { FixSource, SyntaxNode } from "../source.ts";
import type { FileEdit } from "../types.ts";
import { type Exit, exitsOf, linesFor, relativeText } from "./exits.ts";
import { resultDeclaration } from "./section-text.ts";
import { declareResult, leaveByEnd, nextOf } from "./wrap.ts";

export interface EscapeRequest {
  source: FixSource;
  facts: FunctionFacts;
  /** What begins and what ends the section. */
  begin: Span;
  end: Span;
  /** Starts of the statements that are known to leave it. */
  escapes: readonly number[];
}

/** Makes everything that leaves the section pass its end; a text says why it cannot be done. */
export function leaveSectionByEnd(request: EscapeRequest): FileEdit[] | string {
  const { source, facts, escapes } = request;
  const begin = source.statementOf(source.nodeAt(request.begin));
  const end = source.statementOf(source.nodeAt(request.end));
  const block = begin === undefined ? undefined : source.parentOf(begin);
  if (begin === undefined || end === undefined || block === undefined || source.parentOf(end) !== block) {
    return "the section does not begin and end in the same block";
  }
  if (!source.isPlain({ start: begin.start, end: end.end })) {
    return "the section depends on conditions of the preprocessor";
  }
  const inside = block.children.filter((c) => c.start >= begin.end && c.end <= end.start && source.isStatement(c));
  const exits = exitsOf(source, inside, facts);
  if (typeof exits === "string") return exits;
  if (!escapes.every((at) => exits.some((e) => e.statement.start === at))) {
    return "a macro or a long jump leaves the section";
  }
  const edits = new StatementEdits(source);
  const last = inside[inside.length - 1];
  const [only] = exits;
  if (exits.length === 1 && only.statement === last) {
    passEnd(request, edits, only, begin, end);
    return edits.edits();
  }
  const lines = leaveByEnd(source, facts, exits, inside, nextOf(source, end), edits, begin);
  if (typeof lines === "string") return lines;
  for (const line of lines.before) edits.before(begin, line);
  for (const line of lines.label) edits.before(end, line);
  for (const line of lines.behind) edits.after(end, line);
  return edits.edits();
}

/** The only way out is the last statement: it changes places with the end. */
function passEnd(
  { source, facts }: EscapeRequest,
  edits: StatementEdits,
  { statement, value, later }: Exit,
  begin: SyntaxNode,
  end: SyntaxNode,
): void {
  if (value === undefined) {
    edits.remove(statement);
    edits.after(end, later);
    return;
  }
  const result = declareResult(source, facts, begin, edits);
  edits.replaceStatement(statement, `${result} = ${relativeText(source, value)};`);
  edits.after(end, `return ${result};`);
}

/** Puts `line` in front of the statement at `at`, which leaves; undefined if a macro leaves there. */
export function endBefore(source: FixSource, at: Span, line: string): FileEdit[] | undefined {
  const statement = leavingStatement(source, at);
  if (statement === undefined || !source.isPlain(statement)) return undefined;
  const edits = new StatementEdits(source);
  edits.before(statement, line);
  return edits.edits();
}

const LEAVES: ReadonlySet<string> = new Set([
  "return_statement",
  "goto_statement",
  "break_statement",
  "continue_statement",
]);

/** The statement at `at` that leaves in so many words, or through a macro of the C API. */
export function leavingStatement(source: FixSource, at: Span): SyntaxNode | undefined {
  const statement = source.statementOf(source.nodeAt(at));
  if (statement === undefined || statement.start !== at.start) return undefined;
  if (LEAVES.has(statement.type)) return statement;
  const [inner] = statement.children;
  const callee = inner?.type === "call_expression" ? child(inner, "function") : inner;
  return statement.type === "expression_statement" && callee && source.textOf(callee).startsWith("Py_RETURN_")
    ? statement
    : undefined;
}

export interface ReleaseRequest {
  source: FixSource;
  facts: FunctionFacts;
  /** The statement that releases the lock elsewhere, as text: `PyMutex_Unlock(&lock);`. */
  release: string;
  /** Spans of the returns with the lock held. */
  returns: readonly Span[];
}

/** Releases the lock before each of the returns; a value that is computed there is computed first. */
export function releaseBeforeReturns({ source, facts, release, returns }: ReleaseRequest): FileEdit[] | string {
  const edits = new StatementEdits(source);
  for (const at of returns) {
    const statement = leavingStatement(source, at);
    if (statement === undefined) return "a macro, or the end of the function, leaves with the lock held";
    if (!source.isPlain(statement)) return "a way out depends on conditions of the preprocessor";
    const exits = exitsOf(source, [statement], facts);
    if (typeof exits === "string") return exits;
    const [exit] = exits;
    if (exit?.value === undefined) edits.before(statement, release);
    else {
      const result = freshName(source, facts, "result");
      const declared = `${resultDeclaration(source, facts, result)} = ${relativeText(source, exit.value)};`;
      const lines = [declared, release, `return ${result};`];
      const inner = lines.map((l) => source.indentUnit + l).join("\n");
      edits.replaceStatement(
        statement,
        isBody(source, statement) ? linesFor(source, statement, lines) : `{\n${inner}\n}`,
      );
    }
  }
  return edits.edits();
}
