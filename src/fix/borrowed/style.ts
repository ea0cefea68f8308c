/** How a file writes its code, as far as inserted code has to follow it. */
import type { Span } from "../../ir/types.ts";
import { child } from "../../syntax/ast.ts";
import type { FixSource, SyntaxNode } from "../source.ts";

interface Counts {
  sameLine: number;
  ownLine: number;
  nullptr: number;
  null: number;
  /** Conditions, those with white space behind `if`, and those with white space inside the parentheses. */
  conditions: number;
  spaced: number;
  padded: number;
}

const memo = new WeakMap<FixSource, Counts>();

/** True if the braces of most `if`s and loops stand on a line of their own. */
export function bracesOnOwnLine(source: FixSource): boolean {
  const { ownLine, sameLine } = countsOf(source);
  return ownLine > sameLine;
}

/** `nullptr` where a C++ file writes mostly that, else `NULL`. */
export function nullWord(source: FixSource): string {
  const counts = countsOf(source);
  return source.language === "cpp" && counts.nullptr > counts.null ? "nullptr" : "NULL";
}

/** `if (CONDITION)` with the file's white space. */
function ifHead(source: FixSource, condition: string): string {
  const { conditions, spaced, padded } = countsOf(source);
  const pad = padded * 2 > conditions ? " " : "";
  return `if${conditions > 0 && spaced * 2 < conditions ? "" : " "}(${pad}${condition}${pad})`;
}

/** `if (CONDITION) { LINES }` in the file's brace style; lines are indented by one unit. */
export function ifBlock(source: FixSource, condition: string, lines: readonly string[]): string {
  const unit = source.indentUnit;
  const open = bracesOnOwnLine(source) ? "\n{" : " {";
  return `${ifHead(source, condition)}${open}\n${lines.map((l) => unit + l.replaceAll("\n", `\n${unit}`)).join("\n")}\n}`;
}

/**
 * True if the function declares all variables at the beginning of blocks, and has at least one block where it matters:
 * new declarations must then not follow statements.
 */
export function declaresFirst(source: FixSource, body: SyntaxNode): boolean {
  if (source.language === "cpp") return false;
  let late = false;
  const visit = (node: SyntaxNode) => {
    let code = false;
    for (const c of node.children) {
      if (node.type === "for_statement" && c.type === "declaration") late = true;
      if (node.type === "compound_statement") {
        if (c.type === "declaration") late ||= code;
        else if (c.type !== "preproc_call") code = true;
      }
      if (!late) visit(c);
    }
  };
  visit(body);
  return !late;
}

/** Other words for the same, tried before numbers. */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = { item: ["element", "entry"], result: ["res"] };

/** A name for a new variable that the function does not use yet: `base`, another word for it, `base2`, ... */
export function freshName(source: FixSource, fn: Span, base: string): string {
  const text = source.text.slice(fn.start, fn.end);
  const free = [base, ...(SYNONYMS[base] ?? [])].find((name) => !mentions(text, name));
  if (free !== undefined) return free;
  for (let n = 2; ; n++) if (!mentions(text, base + n)) return base + n;
}

function mentions(text: string, name: string): boolean {
  const isWord = (c: string | undefined) => c !== undefined && /[A-Za-z0-9_]/.test(c);
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (!isWord(text[at - 1]) && !isWord(text[at + name.length])) return true;
  }
  return false;
}

function countsOf(source: FixSource): Counts {
  let counts = memo.get(source);
  if (counts === undefined) {
    counts = { sameLine: 0, ownLine: 0, nullptr: 0, null: 0, conditions: 0, spaced: 0, padded: 0 };
    count(source, source.root, counts);
    memo.set(source, counts);
  }
  return counts;
}

function count(source: FixSource, node: SyntaxNode, counts: Counts): void {
  if (node.type === "null") counts[source.textOf(node) === "nullptr" ? "nullptr" : "null"]++;
  const body = child(node, "consequence") ?? child(node, "body");
  if (node.type !== "function_definition" && body?.type === "compound_statement") {
    counts[source.isFirstOnLine(body.start) ? "ownLine" : "sameLine"]++;
  }
  if (node.type === "if_statement") countHead(source, node, counts);
  for (const c of node.children) count(source, c, counts);
}

function countHead({ text }: FixSource, { start }: SyntaxNode, counts: Counts): void {
  const behind = text.indexOf("(", start);
  counts.conditions++;
  if (behind > start + "if".length) counts.spaced++;
  if (text[behind + 1] === " ") counts.padded++;
}
