/** Comments that speak to the tool, and the code that they are about. */
import type { MarkedComment } from "../../ir/facts.ts";
import type { Span } from "../../ir/types.ts";
import { LineMap } from "../../text/lines.ts";
import { type Directive, type Lexed, type LexOptions, lex } from "./lexer.ts";
import { TokenList } from "./token-list.ts";

/** The tool's name in a comment marks it. */
const MARK = "ungil";

/** A lexed text after the preprocessor: `live` of its tokens are left, `dead` are the ranges that are not compiled. */
export interface Marked {
  text: string;
  lexed: Lexed;
  live: number;
  dead: readonly Span[];
  lexing: LexOptions;
}

/** In order of their places. */
export function markedComments(marked: Marked): MarkedComment[] {
  const { text, lexed, lexing, live, dead } = marked;
  if (!text.includes(MARK)) return [];
  const lines = LineMap.of(text);
  const code = new Around(text, lines, new TokenList(text, 0, lexed.tokens, live), lexed.directives, dead);
  const found = pairs(lexed.comments).flatMap((span) => code.comment(span) ?? []);
  for (const directive of lexed.directives) {
    if (!text.slice(directive.start, directive.end).includes(MARK)) continue;
    const rest = text.slice(directive.restStart, directive.end);
    const { comments, tokens } = lex(rest, { ...lexing, macroBody: true });
    const body = new Around(text, lines, new TokenList(rest, directive.restStart, tokens), [], dead);
    const moved = comments.map((offset) => offset + directive.restStart);
    found.push(...pairs(moved).flatMap((span) => body.comment(span, directive) ?? []));
  }
  return found.sort((a, b) => a.start - b.start);
}

function pairs(offsets: readonly number[]): Span[] {
  return offsets.flatMap((start, i) => (i % 2 === 0 ? [{ start, end: offsets[i + 1] }] : []));
}

class Around {
  private readonly text: string;
  private readonly lines: LineMap;
  private readonly list: TokenList;
  private readonly defines: readonly Directive[];
  private readonly dead: readonly Span[];

  constructor(text: string, lines: LineMap, list: TokenList, directives: readonly Directive[], dead: readonly Span[]) {
    this.text = text;
    this.lines = lines;
    this.list = list;
    this.dead = dead;
    this.defines = directives.filter((d) => d.word === "define" && !this.isDead(d.start));
  }

  /** `inside` is the directive that the comment is in. */
  comment({ start, end }: Span, inside?: Directive): MarkedComment | undefined {
    const text = this.text.slice(start, end);
    if (!text.includes(MARK)) return undefined;
    const { list } = this;
    const i = list.indexAt(end);
    const before = i > 0 ? list.span(i - 1, i) : undefined;
    const codeFrom = before?.end ?? inside?.restStart ?? 0;
    const isFirst = before === undefined && inside === undefined;
    const alone = isFirst || this.lines.lineOf(codeFrom) < this.lines.lineOf(start);
    const own = { start: this.lineStart(start), end: this.lineEnd(end) };
    const common = { text, start, end, alone, isDead: this.isDead(start) };
    if (!alone) {
      const statement = before === undefined ? own : this.statement(i - 1);
      return { ...common, next: start, covers: union(own, statement) };
    }
    const define = this.defines.find((d) => d.start >= end);
    const next = i < list.n ? list.span(i, i + 1).start : undefined;
    if (define !== undefined && define.start < (next ?? this.text.length)) {
      const covers = { start: own.start, end: this.lineEnd(define.end) };
      return { ...common, next: define.start, covers };
    }
    if (next === undefined) return { ...common, next: end, covers: own };
    const line = this.lineEnd(next);
    let last = i;
    while (last + 1 < list.n && list.span(last + 1, last + 2).start < line) last++;
    const covers = [i, last].map((k) => this.statement(k)).reduce(union, { start: own.start, end: line });
    return { ...common, next, covers: { ...covers, start: own.start } };
  }

  private statement(i: number): Span {
    const { from, to } = this.list.statement(i);
    return this.list.span(from, to);
  }

  private isDead(offset: number): boolean {
    return this.dead.some((range) => range.start <= offset && offset < range.end);
  }

  private lineStart(offset: number): number {
    return this.lines.startOf(this.lines.lineOf(offset));
  }

  /** After the line break. */
  private lineEnd(offset: number): number {
    const line = this.lines.lineOf(offset);
    return line < this.lines.lineCount ? this.lines.startOf(line + 1) : this.text.length + 1;
  }
}

function union(a: Span, b: Span): Span {
  return { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}
