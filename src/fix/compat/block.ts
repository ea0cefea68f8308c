/** The one compatibility block of a file: where it stands, or where it is to stand, and what it holds. */
import type { Span } from "../../ir/types.ts";
import { parseDefine } from "../../syntax/view/directives.ts";
import { IDENT, lex, PUNCT, punct, type Tokens } from "../../syntax/view/lexer.ts";
import type { Conditional } from "../../syntax/view/types.ts";
import type { FixSource } from "../source.ts";
import { type Builds, type CompatDefinition, guardedText } from "./definitions.ts";

export const BLOCK_BEGIN = "/* Newer Python API, for the Pythons that lack it. */";
const END = "/* End of newer Python API. */";

/** Definitions as text for a new block, or to be added to one; every line ends with a line break. */
export function definitionsText(definitions: readonly CompatDefinition[], builds: Builds): string {
  return definitions.map((d) => guardedText(d, builds)).join("\n");
}

/** A new block around definitions. */
export function blockText(definitions: readonly CompatDefinition[], builds: Builds): string {
  return `${BLOCK_BEGIN}\n${definitionsText(definitions, builds)}${END}\n`;
}

/** Start offset of the line that ends the block, or undefined if the file has none. */
export function endOfBlock(source: FixSource): number | undefined {
  const begin = source.text.indexOf(BLOCK_BEGIN);
  const end = begin < 0 ? -1 : source.text.indexOf(END, begin);
  return end < 0 ? undefined : source.lineStart(end);
}

/**
 * Which of `names` the text defines, as a macro, a function or a type, also in code that the target does not compile: a project that
 * brings its own definition for older Pythons needs no second one.
 */
export function definedNames(source: Pick<FixSource, "text" | "language">, names: ReadonlySet<string>): Set<string> {
  const found = new Set<string>();
  if (![...names].some((name) => source.text.includes(name))) return found;
  const { tokens, directives } = lex(source.text, { cpp: source.language === "cpp" });
  for (const directive of directives) {
    const macro = directive.word === "define" ? parseDefine(source.text, directive) : null;
    if (macro !== null && names.has(macro.name)) found.add(macro.name);
  }
  const textAt = (i: number) => source.text.slice(tokens.start[i], tokens.end[i]);
  for (let i = 1; i + 1 < tokens.n; i++) {
    if (tokens.kind[i] !== IDENT || !names.has(textAt(i))) continue;
    const before = textAt(i - 1);
    const isTypedef = before === "}" && textAt(i + 1) === ";";
    const isHead = before === "*" || (tokens.kind[i - 1] === IDENT && before !== "return" && before !== "else");
    if (isTypedef || (isHead && isFollowedByBody(tokens, i + 1))) found.add(textAt(i));
  }
  return found;
}

/** True if a parenthesis opens at token `i` and a brace follows the one that closes it. */
function isFollowedByBody(tokens: Tokens, i: number): boolean {
  if (tokens.sym[i] !== OPEN) return false;
  let depth = 0;
  for (let at = i; at + 1 < tokens.n; at++) {
    if (tokens.kind[at] !== PUNCT) continue;
    if (tokens.sym[at] === OPEN) depth++;
    if (tokens.sym[at] === CLOSE && --depth === 0) return tokens.sym[at + 1] === BRACE;
  }
  return false;
}

const OPEN = punct("(");
const CLOSE = punct(")");
const BRACE = punct("{");

/**
 * Where definitions that need Python.h can stand: after the includes at file level, before the first function. `before` and `after` are the
 * blank lines that set them off, as many as the file has there.
 */
export function placeOfBlock(source: FixSource): { offset: number; before: string; after: string } {
  const offset = afterIncludes(source) ?? afterHead(source);
  let following = 0;
  for (let at = offset; at < source.text.length && isBlank(source, at); at = source.nextLine(at)) following++;
  const isSetOff = offset === 0 || isBlank(source, offset - 1);
  const before = isSetOff ? "" : "\n".repeat(Math.max(1, following));
  return { offset, before, after: following > 0 || offset === source.text.length ? "" : "\n" };
}

/** True if the line that `offset` is on holds white space alone. */
function isBlank(source: FixSource, offset: number): boolean {
  return source.text.slice(source.lineStart(offset), source.nextLine(offset)).trim() === "";
}

/** After the line of the last include that is not conditional, or of the group that brings Python.h if that comes later. */
function afterIncludes(source: FixSource): number | undefined {
  const { view } = source;
  const limit = view.functions.reduce((first, f) => Math.min(first, f.start), source.text.length);
  const groups = view.conditionals.filter((c) => !isIncludeGuard(source, c));
  let after: number | undefined;
  for (const include of view.includes) {
    if (include.start >= limit || !isAtFileLevel(source, include)) continue;
    const group = outermostAround(groups, include);
    if (group !== undefined && include.system && !include.path.endsWith("Python.h")) continue;
    const end = source.nextLine((group ?? include).end - 1);
    if (end <= limit && (after === undefined || end > after)) after = end;
  }
  return after;
}

/** Not in a function, nor between the braces of a table or a type. */
function isAtFileLevel(source: FixSource, { start, end }: Span): boolean {
  for (let node = source.nodeAt({ start, end }); node !== source.root; node = source.parentOf(node) ?? source.root) {
    if (node.type !== "declaration_list" && node.type !== "linkage_specification") return false;
  }
  return true;
}

function outermostAround(groups: readonly Conditional[], { start }: Span): Conditional | undefined {
  return groups.filter((c) => c.start <= start && start < c.end).sort((a, b) => a.start - b.start)[0];
}

/** `#ifndef X` and `#define X`, with nothing but comments after the `#endif`. */
function isIncludeGuard(source: FixSource, group: Conditional): boolean {
  const [branch] = group.branches;
  if (group.branches.length !== 1 || !isEmptyFrom(source, group.end)) return false;
  const macro = source.view.macros.find((m) => m.start >= branch.bodyStart);
  const isNegative = branch.condition.trimStart().startsWith("!");
  return macro !== undefined && isNegative && branch.condition.includes(macro.name) && macro.body === "";
}

function isEmptyFrom({ text, language }: FixSource, offset: number): boolean {
  const rest = text.slice(offset);
  if (rest.trim() === "") return true;
  const { tokens, directives } = lex(rest, { cpp: language === "cpp" });
  return tokens.n === 0 && directives.length === 0;
}

/** After the comment, the include guard and `#pragma once` at the head of a file that includes nothing. */
function afterHead(source: FixSource): number {
  const { directives, comments, tokens } = lex(source.text, { cpp: source.language === "cpp" });
  const guard = source.view.conditionals.find((c) => isIncludeGuard(source, c));
  const define = guard === undefined ? undefined : directives.find((d) => d.start > guard.start && d.word === "define");
  const pragma = directives[0]?.word === "pragma" ? directives[0] : undefined;
  const head = define ?? pragma;
  if (head !== undefined) return source.nextLine(head.start);
  const firstCode = Math.min(tokens.start[0] ?? source.text.length, directives[0]?.start ?? source.text.length);
  const [start, end] = comments;
  return start !== undefined && end <= firstCode ? source.nextLine(end - 1) : 0;
}
