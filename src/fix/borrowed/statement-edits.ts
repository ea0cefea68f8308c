/**
 * Collects edits around statements: lines put before or after one, in the file's indentation, with braces where the statement
 * was the only one of its `if` or loop.
 */
import type { Span } from "../../ir/types.ts";
import type { FixSource, SyntaxNode } from "../source.ts";
import type { FileEdit } from "../types.ts";
import { bracesOnOwnLine } from "./style.ts";

interface Around {
  before: string[];
  /** How many first lines of `before` declare variables. */
  declaredBefore: number;
  after: string[];
  /** Those first lines of `after` that declare variables. */
  declared: string[];
}

/** Parents whose children may simply get neighbours. */
const LISTS: ReadonlySet<string> = new Set([
  "compound_statement",
  "case_statement",
  "translation_unit",
  "declaration_list",
]);

export class StatementEdits {
  readonly source: FixSource;
  private readonly around = new Map<SyntaxNode, Around>();
  private readonly replaced: FileEdit[] = [];
  private readonly removed = new Set<SyntaxNode>();

  constructor(source: FixSource) {
    this.source = source;
  }

  /** Puts a line of code in front of a statement; of several the first given stays first. Further lines after `\n` are indented relative to it. */
  before(statement: SyntaxNode, line: string): void {
    this.of(statement).before.push(line);
  }

  /** Puts a declaration in front of a statement, and of the code that is put there. */
  declareBefore(statement: SyntaxNode, line: string): void {
    const around = this.of(statement);
    around.before.splice(around.declaredBefore++, 0, line);
  }

  /** Puts a line of code behind a statement; of several the first given stays first. */
  after(statement: SyntaxNode, line: string): void {
    this.of(statement).after.push(line);
  }

  /** Puts a declaration behind one that is there, in front of code that is put behind it. */
  declareAfter(declaration: SyntaxNode, line: string): void {
    const { after, declared } = this.of(declaration);
    after.splice(declared.length, 0, line);
    declared.push(line);
  }

  /** Replaces a part of a statement. */
  replace({ start, end }: Span, text: string): void {
    this.replaced.push({ file: this.source.file, start, end, text });
  }

  /** Replaces a whole statement by code; several lines get braces where it was the only statement of its `if` or loop. */
  replaceStatement(statement: SyntaxNode, lines: string): void {
    const { source } = this;
    const { start } = statement;
    const end = realEnd(source, statement);
    const behind = lines.includes("\n") && source.isFirstOnLine(start) ? behindComment(source, end) : end;
    const comment = source.text.slice(end, behind);
    // A comment behind the statement goes to the first line; one that speaks of a borrowed reference is true no longer.
    const [first, ...rest] = lines.split("\n");
    const commented = [comment.toLowerCase().includes("borrow") ? first : first + comment, ...rest].join("\n");
    this.replace({ start, end: behind }, indented(commented, source.indentAt(start)));
    if (lines.includes("\n") && isBody(source, statement)) this.of(statement);
  }

  /** Takes a whole statement out, with its line if nothing else is on it. */
  remove(statement: SyntaxNode): void {
    this.removed.add(statement);
  }

  /** The edits, in no particular order; they do not overlap if the replaced spans do not. */
  edits(): FileEdit[] {
    const edits = [...this.replaced];
    for (const statement of this.removed) this.removal(statement, edits);
    // What ends together is closed from the inside.
    const inner = [...this.around].sort(([a], [b]) => b.start - a.start);
    for (const [statement, around] of inner) this.insertion(statement, around, edits);
    return edits;
  }

  private of(statement: SyntaxNode): Around {
    let around = this.around.get(statement);
    if (around === undefined) {
      around = { before: [], declaredBefore: 0, after: [], declared: [] };
      this.around.set(statement, around);
    }
    return around;
  }

  private removal(statement: SyntaxNode, edits: FileEdit[]): void {
    const { source } = this;
    const { file, text } = source;
    const end = realEnd(source, statement);
    const parent = source.parentOf(statement);
    if (this.around.has(statement) || parent === undefined || !LISTS.has(parent.type)) {
      edits.push({ file, start: statement.start, end, text: isBody(source, statement) ? "{}" : "" });
      return;
    }
    const line = source.lineStart(statement.start);
    const next = source.nextLine(end);
    const alone = source.isFirstOnLine(statement.start) && text.slice(end, next).trim() === "";
    if (alone) edits.push({ file, start: line, end: next, text: "" });
    else edits.push({ file, start: statement.start, end: end + (text[end] === " " ? 1 : 0), text: "" });
  }

  private insertion(
    statement: SyntaxNode,
    { before, after }: Pick<Around, "before" | "after">,
    edits: FileEdit[],
  ): void {
    const { source } = this;
    const { file } = source;
    const end = realEnd(source, statement);
    if (isBody(source, statement)) {
      this.braced(statement, { before, after }, edits);
      return;
    }
    const first = source.isFirstOnLine(statement.start);
    const indent = source.indentAt(statement.start);
    const isOneLine = !first && !isLabelled(source, statement);
    const glue = isOneLine ? " " : `\n${indent}`;
    const join = (lines: string[]) => lines.map((l) => indented(l, indent)).join(glue);
    if (before.length > 0)
      edits.push({ file, start: statement.start, end: statement.start, text: join(before) + glue });
    if (after.length > 0) {
      const at = isOneLine ? end : behindComment(source, end);
      edits.push({ file, start: at, end: at, text: glue + join(after) });
    }
  }

  /** The only statement of an `if`, `else` or loop gets braces. */
  private braced(statement: SyntaxNode, { before, after }: Pick<Around, "before" | "after">, edits: FileEdit[]): void {
    const { source } = this;
    const { file, text } = source;
    const end = realEnd(source, statement);
    const head = headEnd(source, statement);
    // A head of several lines has its own indent on the first alone.
    const outer = source.indentAt(source.parentOf(statement)!.start);
    const ownLine = source.lines.lineOf(statement.start) !== source.lines.lineOf(head - 1);
    const inner = ownLine ? source.indentAt(statement.start) : outer + source.indentUnit;
    const open = bracesOnOwnLine(source) ? `\n${outer}{` : " {";
    const lines = before.map((l) => indented(l, inner));
    const gapIsBlank = text.slice(head, statement.start).trim() === "";
    if (gapIsBlank) {
      const lead = [open, ...lines.map((l) => inner + l), inner].join("\n");
      edits.push({ file, start: head, end: statement.start, text: lead });
    } else {
      edits.push({ file, start: head, end: head, text: open });
      if (lines.length > 0) {
        edits.push({
          file,
          start: statement.start,
          end: statement.start,
          text: `${lines.join(`\n${inner}`)}\n${inner}`,
        });
      }
    }
    const at = behindComment(source, end);
    const tail = after.map((l) => `\n${inner}${indented(l, inner)}`).join("");
    edits.push({ file, start: at, end: at, text: `${tail}\n${outer}}` });
  }
}

/** End of a statement without the `;` that the preprocessor view may have put over white space behind it. */
export function realEnd(source: FixSource, { start, end }: Span): number {
  let at = end;
  while (at > start && source.text[at - 1].trim() === "") at--;
  return at;
}

/** True if the statement is the whole body of an `if`, an `else` or a loop, without braces. */
export function isBody(source: FixSource, statement: SyntaxNode): boolean {
  const parent = source.parentOf(statement);
  if (parent === undefined || statement.type === "compound_statement" || LISTS.has(parent.type)) return false;
  if (parent.type === "else_clause") return true;
  return statement.field === "body" || statement.field === "consequence";
}

function isLabelled(source: FixSource, statement: SyntaxNode): boolean {
  const type = source.parentOf(statement)?.type;
  return type === "labeled_statement" || (type === "case_statement" && source.isFirstOnLine(statement.start));
}

/** Offset behind the last token in front of a body: its `)`, `else` or `do`. */
function headEnd(source: FixSource, statement: SyntaxNode): number {
  const { text } = source.view;
  let at = statement.start;
  while (at > 0 && text[at - 1].trim() === "") at--;
  return at;
}

/** Offset behind a comment that follows on the same line, if nothing else does. */
function behindComment(source: FixSource, end: number): number {
  const next = source.nextLine(end);
  if (source.view.text.slice(end, next).trim() !== "") return end;
  const rest = source.text.slice(end, next);
  const trimmed = rest.trimEnd();
  // A comment that goes on over the line's end must not be cut.
  return trimmed.startsWith("/*") && !trimmed.endsWith("*/") ? end : end + trimmed.length;
}

function indented(lines: string, indent: string): string {
  return lines.replaceAll("\n", `\n${indent}`);
}
