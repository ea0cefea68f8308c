/** A source text as the builders of fixes see it: text, preprocessor view and syntax tree, with the questions that edits ask. */
import type { Language } from "../ir/facts.ts";
import type { Span } from "../ir/types.ts";
import type { SyntaxNode } from "../syntax/ast.ts";
import { type ParsedFile, parseSource } from "../syntax/parse.ts";
import type { TargetVersion, View } from "../syntax/view/types.ts";
import { LineMap } from "../text/lines.ts";
import type { Encoding, SourceText } from "../text/source.ts";

export type { SyntaxNode };

export interface FixSourceOptions {
  language: Language;
  target: TargetVersion;
  template?: boolean;
}

/** Statements of C and C++, by the grammar's names. */
const STATEMENTS: ReadonlySet<string> = new Set([
  "compound_statement",
  "declaration",
  "expression_statement",
  "if_statement",
  "else_clause",
  "while_statement",
  "for_statement",
  "for_range_loop",
  "do_statement",
  "switch_statement",
  "case_statement",
  "labeled_statement",
  "return_statement",
  "goto_statement",
  "break_statement",
  "continue_statement",
  "try_statement",
  "throw_statement",
]);

export class FixSource {
  readonly file: string;
  readonly text: string;
  readonly encoding: Encoding;
  readonly language: Language;
  readonly lines: LineMap;
  /** Number of places that the parser did not understand. */
  readonly errors: number;
  private readonly parsed: ParsedFile;
  private parents: Map<SyntaxNode, SyntaxNode> | undefined;
  private unit: string | undefined;

  /** Parses the text. Needs `initGrammar(options.language)`; never throws for what the text contains. */
  constructor(source: SourceText, options: FixSourceOptions) {
    this.file = source.file;
    this.text = source.text;
    this.encoding = source.encoding;
    this.language = options.language;
    this.lines = LineMap.of(source.text);
    this.parsed = parseSource(source.text, options);
    this.errors = this.parsed.errors.length;
  }

  get root(): SyntaxNode {
    return this.parsed.root;
  }

  /** The preprocessor view: same offsets, comments and dead code blank. */
  get view(): View {
    return this.parsed.view;
  }

  textOf({ start, end }: Span): string {
    return this.text.slice(start, end);
  }

  parentOf(node: SyntaxNode): SyntaxNode | undefined {
    if (this.parents === undefined) {
      this.parents = new Map();
      const work = [this.root];
      for (let next = work.pop(); next !== undefined; next = work.pop()) {
        for (const c of next.children) {
          this.parents.set(c, next);
          work.push(c);
        }
      }
    }
    return this.parents.get(node);
  }

  /** The smallest node that covers the span. */
  nodeAt({ start, end }: Span): SyntaxNode {
    let node = this.root;
    for (;;) {
      const inner = node.children.find((c) => c.start <= start && end <= c.end && c.end > c.start);
      if (inner === undefined) return node;
      node = inner;
    }
  }

  /** The outermost node with exactly this span, of one of `types` if given. */
  nodeWith({ start, end }: Span, types?: readonly string[]): SyntaxNode | undefined {
    let node: SyntaxNode | undefined = this.root;
    while (node !== undefined) {
      if (node.start === start && node.end === end && (types === undefined || types.includes(node.type))) return node;
      node = node.children.find((c) => c.start <= start && end <= c.end && c.end > c.start);
    }
    return undefined;
  }

  /** The nearest of `node` and its ancestors that has one of the types. */
  ancestor(node: SyntaxNode | undefined, ...types: string[]): SyntaxNode | undefined {
    let at = node;
    while (at !== undefined && !types.includes(at.type)) at = this.parentOf(at);
    return at;
  }

  /** The nearest of `node` and its ancestors that is a statement. */
  statementOf(node: SyntaxNode | undefined): SyntaxNode | undefined {
    return this.ancestor(node, ...STATEMENTS);
  }

  isStatement(node: SyntaxNode): boolean {
    return STATEMENTS.has(node.type);
  }

  /** The innermost function definition around an offset. */
  functionAt(offset: number): SyntaxNode | undefined {
    return this.ancestor(this.nodeAt({ start: offset, end: offset + 1 }), "function_definition");
  }

  /** Start offset of the line that `offset` is on. */
  lineStart(offset: number): number {
    return this.lines.startOf(this.lines.lineOf(offset));
  }

  /** Offset after the line break that ends the line of `offset`, or the end of the text. */
  nextLine(offset: number): number {
    const line = this.lines.lineOf(offset);
    return line >= this.lines.lineCount ? this.text.length : this.lines.startOf(line + 1);
  }

  /** Blanks and tabs at the beginning of the line that `offset` is on. */
  indentAt(offset: number): string {
    const start = this.lineStart(offset);
    let end = start;
    while (this.text[end] === " " || this.text[end] === "\t") end++;
    return this.text.slice(start, end);
  }

  /** True if only white space stands before `offset` on its line. */
  isFirstOnLine(offset: number): boolean {
    return this.lineStart(offset) + this.indentAt(offset).length >= offset;
  }

  /** One step of indentation as most of the file's lines have it: a tab, or a number of blanks. */
  get indentUnit(): string {
    this.unit ??= indentUnitOf(this.text, this.lines);
    return this.unit;
  }

  /**
   * True if the span is code as the compiler of the target sees it: no directive in it, no end of a conditional group between its
   * start and its end, nothing of it left out.
   */
  isPlain(span: Span): boolean {
    const { view } = this;
    const overlaps = (s: Span) => s.start < span.end && span.start < s.end;
    if (view.dead.some(overlaps) || view.notTaken.some(overlaps)) return false;
    for (const group of view.conditionals) {
      if (!overlaps(group)) continue;
      const inside = group.branches.some((b) => b.bodyStart <= span.start && span.end <= b.end);
      if (!inside) return false;
    }
    return !view.macros.some(overlaps) && !view.includes.some(overlaps);
  }

  /** Offsets at which the branches of conditionals (`#if`, ...) around an offset begin, outermost first. */
  branchesAt(offset: number): number[] {
    return this.view.conditionals
      .filter((c) => c.start <= offset && offset < c.end)
      .sort((a, b) => a.start - b.start)
      .flatMap((c) => c.branches.filter((b) => b.bodyStart <= offset && offset < b.end))
      .map((b) => b.bodyStart);
  }

  /** The conditions (`#if`, ...) around an offset, outermost first, with the branch it is in. */
  conditionsAt(offset: number): { condition: string; state: string }[] {
    return this.view.conditionals
      .filter((c) => c.start <= offset && offset < c.end)
      .sort((a, b) => a.start - b.start)
      .flatMap((c) => c.branches.filter((b) => b.bodyStart <= offset && offset < b.end))
      .map(({ condition, state }) => ({ condition, state }));
  }
}

function indentUnitOf(text: string, lines: LineMap): string {
  const counts = new Map<string, number>();
  let before = "";
  for (const start of lines.starts) {
    let end = start;
    while (text[end] === " " || text[end] === "\t") end++;
    const c = text[end];
    if (c === undefined || c === "\n" || c === "\r" || c === "*" || c === "/" || c === "#") continue;
    const indent = text.slice(start, end);
    if (indent.length > before.length && indent.startsWith(before)) {
      const step = indent.slice(before.length);
      if (step === "\t" || (/^ +$/.test(step) && step.length <= 8)) counts.set(step, (counts.get(step) ?? 0) + 1);
    }
    before = indent;
  }
  let best = "    ";
  let most = 0;
  for (const [step, n] of counts) {
    if (n > most) {
      best = step;
      most = n;
    }
  }
  return best;
}
