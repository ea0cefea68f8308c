/** Tokens of a text with the statements that they make. */
import type { Span } from "../../ir/types.ts";
import { COLON, LBRACE, LPAREN, matchBrackets, RBRACE, SEMICOLON } from "./code.ts";
import { type Directive, IDENT, type LexOptions, lex, PUNCT, STRING, type Tokens } from "./lexer.ts";

/** Words before a condition in parentheses, with which a statement begins that may hold others. */
const HEADS: ReadonlySet<string> = new Set(["if", "while", "for", "switch"]);
/** Words that stand alone before a statement. */
const OPENERS: ReadonlySet<string> = new Set(["else", "do"]);

/** Words that belong to what follows their parentheses: before an expression, which can begin with a cast, or of a declaration. */
const BELONGING: ReadonlySet<string> = new Set([
  ...["return", "throw", "co_return", "co_yield"],
  ...["__attribute__", "__attribute", "__declspec", "alignas", "_Alignas", "decltype", "typeof", "__typeof__"],
]);

/** Tokens of a text, or of the body of one macro, with their brackets. */
export class TokenList {
  readonly text: string;
  readonly tokens: Tokens;
  readonly n: number;
  /** What is to be added to offsets of the tokens. */
  readonly base: number;
  private readonly match: Int32Array;
  /** Index of the innermost bracket that is open at a token, or -1. */
  private readonly parent: Int32Array;

  /** @param n number of `tokens` that count. */
  constructor(text: string, base: number, tokens: Tokens, n = tokens.n) {
    this.text = text;
    this.base = base;
    this.tokens = tokens;
    this.n = n;
    this.match = matchBrackets(tokens.kind, tokens.sym, n);
    this.parent = new Int32Array(n).fill(-1);
    let open = -1;
    for (let i = 0; i < n; i++) {
      if (this.match[i] >= 0 && this.match[i] < i) open = this.parent[this.match[i]];
      this.parent[i] = open;
      if (this.match[i] > i) open = i;
    }
  }

  /** The token at an offset into the whole text, else the one after it; `n` if there is none. */
  indexAt(offset: number): number {
    const { end } = this.tokens;
    let low = 0;
    let high = this.n;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (end[middle] + this.base <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** First token of the statement around token `i`, and the token after its last one. */
  statement(i: number): { from: number; to: number } {
    let anchor = i;
    let block = this.parent[i];
    while (block >= 0 && !this.is(block, LBRACE)) {
      anchor = block;
      block = this.parent[block];
    }
    if (anchor === i && this.match[i] >= 0 && this.match[i] < i && !this.is(i, RBRACE)) anchor = this.match[i];
    let from = anchor;
    while (from - 1 > block && !this.isBoundary(from - 1))
      from = this.match[from - 1] < from && this.match[from - 1] > block ? this.match[from - 1] : from - 1;
    let to = anchor;
    while (to < this.n && !this.isBoundary(to)) to = this.match[to] > to ? this.match[to] + 1 : to + 1;
    return this.inner(from, Math.max(to, from + 1), anchor);
  }

  /** Without the conditions, labels and macros that stand before a statement; or the one of them that `anchor` is in. */
  private inner(from: number, to: number, anchor: number): { from: number; to: number } {
    for (let at = from; at < to; ) {
      const end = this.afterOpener(at, to);
      if (end <= at) return { from: at, to };
      if (anchor < end) return { from: at, to: Math.min(end, to) };
      at = end;
    }
    return { from, to };
  }

  /** The token after what stands at `at` before a statement; `at` itself if the statement begins there. */
  private afterOpener(at: number, to: number): number {
    const word = this.word(at);
    if (word === "") return at;
    if (OPENERS.has(word)) return at + 1;
    if (HEADS.has(word)) {
      const open = this.word(at + 1) === "constexpr" ? at + 2 : at + 1;
      return this.afterGroup(open) > open ? this.afterGroup(open) : at;
    }
    if (word === "case") {
      for (let k = at + 1; k < to; k++) if (this.is(k, COLON)) return k + 1;
      return at;
    }
    if (this.is(at + 1, COLON)) return at + 2;
    const next = this.afterGroup(at + 1);
    if (next >= to || this.word(next) === "") return at;
    // `Py_BEGIN_ALLOW_THREADS`, `PyDoc_STRVAR(...)` and `FOR_EACH(...)` stand without a semicolon.
    const isMarker = word.includes("BEGIN_") || word.includes("END_") || word.includes("BLOCK_");
    return isMarker || (next > at + 1 && !BELONGING.has(word)) ? next : at;
  }

  private afterGroup(i: number): number {
    return this.is(i, LPAREN) && this.match[i] > i ? this.match[i] + 1 : i;
  }

  /** The words and signs of tokens `from` to `to`; strings that stand side by side are one. */
  spelled(from: number, to: number): string[] {
    const words: string[] = [];
    let before = false;
    for (let i = from; i < Math.min(to, this.n); i++) {
      const word = this.spelling(i);
      const isString = this.tokens.kind[i] === STRING;
      const last = words.at(-1);
      const joins = isString && before && word.startsWith('"') && last?.endsWith('"');
      if (joins) words[words.length - 1] = last!.slice(0, -1) + word.slice(1);
      else words.push(word);
      before = isString;
    }
    return words;
  }

  /** Tokens `from` to `to` as the text has them. */
  raw(from: number, to: number): string[] {
    const { start, end } = this.tokens;
    return Array.from({ length: Math.max(to - from, 0) }, (_, i) => this.text.slice(start[from + i], end[from + i]));
  }

  /** Offsets, into the whole text, of tokens `from` to `to`, the last one not included. */
  span(from: number, to: number): Span {
    const { start, end } = this.tokens;
    return { start: start[from] + this.base, end: end[Math.min(to, this.n) - 1] + this.base };
  }

  private spelling(i: number): string {
    const word = this.text.slice(this.tokens.start[i], this.tokens.end[i]);
    return word.includes("\\") ? word.replaceAll("\\\r\n", "").replaceAll("\\\n", "") : word;
  }

  private isBoundary(i: number): boolean {
    return this.is(i, SEMICOLON) || this.is(i, LBRACE) || this.is(i, RBRACE);
  }

  private is(i: number, code: number): boolean {
    return i >= 0 && i < this.n && this.tokens.kind[i] === PUNCT && this.tokens.sym[i] === code;
  }

  private word(i: number): string {
    return i < this.n && this.tokens.kind[i] === IDENT ? this.text.slice(this.tokens.start[i], this.tokens.end[i]) : "";
  }
}

/** The tokens behind the first word of a directive, where `#` is an operator. */
export function directiveTokens(text: string, directive: Directive, lexing: LexOptions): TokenList {
  const rest = text.slice(directive.restStart, directive.end);
  return new TokenList(rest, directive.restStart, lex(rest, { ...lexing, macroBody: true }).tokens);
}

/** The directive at an offset, or the first one after it. */
export function directiveFrom(directives: readonly Directive[], offset: number): Directive | undefined {
  let low = 0;
  let high = directives.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (directives[middle].end <= offset) low = middle + 1;
    else high = middle;
  }
  return directives[low];
}
