/** The live tokens of a text with their brackets matched, and the overlay that rules write to. */

import type { Span } from "../../ir/types.ts";
import type { Overlay } from "./buffer.ts";
import { IDENT, NUMBER, PUNCT, STRING, type Tokens } from "./lexer.ts";
import { ATTRIBUTE_WORD, CPP_WORD, KEYWORD, symbolFlags, symbolName } from "./symbols.ts";
import type { AttributeUse, FunctionSpan, ObjectHead } from "./types.ts";

/** Character codes of one-character punctuators, for readable rules. */
export const LPAREN = 40;
export const RPAREN = 41;
export const STAR = 42;
export const COMMA = 44;
export const DOT = 46;
export const COLON = 58;
export const SEMICOLON = 59;
export const LESS = 60;
export const EQUALS = 61;
export const GREATER = 62;
export const LBRACKET = 91;
export const RBRACKET = 93;
export const LBRACE = 123;
export const RBRACE = 125;
export const AMPERSAND = 38;
export const TILDE = 126;
export const SCOPE = 0x3a3a;
export const AND_AND = 0x2626;
export const ELLIPSIS = 0x2e2e2e;
export const ARROW = 0x3e2d;

/** Tokens are addressed by index; out-of-range indices answer like the end of the text. */
export class Code {
  readonly text: string;
  readonly out: Overlay;
  readonly cpp: boolean;
  readonly n: number;
  readonly kind: Uint8Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly sym: Int32Array;
  readonly newline: Uint8Array;
  /** Index of the matching bracket, or -1. */
  readonly match: Int32Array;
  readonly functions: FunctionSpan[] = [];
  readonly attributes: AttributeUse[] = [];
  readonly objectHeads: ObjectHead[] = [];
  /** The walk is at file or class level: there is no statement that a rule could make. */
  outsideFunction = false;
  /** Parts that no rule understands and that were blanked. */
  readonly unread: Span[] = [];

  constructor(text: string, tokens: Tokens, live: Uint8Array | null, out: Overlay, cpp: boolean) {
    this.text = text;
    this.out = out;
    this.cpp = cpp;
    this.kind = tokens.kind;
    this.start = tokens.start;
    this.end = tokens.end;
    this.sym = tokens.sym;
    this.newline = tokens.newline;
    this.n = live ? compact(tokens, live) : tokens.n;
    this.match = matchBrackets(this.kind, this.sym, this.n);
  }

  /** The token is the punctuator `code`. */
  is(i: number, code: number): boolean {
    return i >= 0 && i < this.n && this.kind[i] === PUNCT && this.sym[i] === code;
  }

  isIdent(i: number): boolean {
    return i >= 0 && i < this.n && this.kind[i] === IDENT;
  }

  isString(i: number): boolean {
    return i >= 0 && i < this.n && this.kind[i] === STRING;
  }

  isNumber(i: number): boolean {
    return i >= 0 && i < this.n && this.kind[i] === NUMBER;
  }

  /** Flags of an identifier token's spelling; 0 for other tokens, and for C++ words in C. */
  flags(i: number): number {
    if (i < 0 || i >= this.n || this.kind[i] !== IDENT) return 0;
    const flags = symbolFlags(this.sym[i]!);
    return (flags & CPP_WORD) !== 0 && !this.cpp ? 0 : flags;
  }

  has(i: number, mask: number): boolean {
    return (this.flags(i) & mask) !== 0;
  }

  /** An identifier that is no keyword. */
  isName(i: number): boolean {
    return this.isIdent(i) && (this.flags(i) & (KEYWORD | ATTRIBUTE_WORD)) === 0;
  }

  isWord(i: number, word: string): boolean {
    return this.isIdent(i) && symbolName(this.sym[i]!) === word;
  }

  name(i: number): string {
    return this.isIdent(i) ? symbolName(this.sym[i]!) : "";
  }

  /** `name(`: an identifier with a complete group after it. */
  isCall(i: number): boolean {
    return this.isIdent(i) && this.is(i + 1, LPAREN) && this.match[i + 1]! > 0;
  }

  /** Token after the group, if there is a complete one at `i`, else `i`. */
  afterGroup(i: number): number {
    return i < this.n && this.kind[i] === PUNCT && this.match[i]! > i ? this.match[i]! + 1 : i;
  }

  /** Whether a line break comes before token `i` (true at the end of the text). */
  startsLine(i: number): boolean {
    return i >= this.n || this.newline[i] === 1;
  }

  blank(from: number, to: number): void {
    if (from < to) this.out.blank(this.start[from]!, this.end[to - 1]!);
  }

  /** Blanks an attribute-like macro (with its group) and remembers it. */
  dropAttribute(from: number, to: number): void {
    this.attributes.push({ name: this.name(from), start: this.start[from]!, end: this.end[to - 1]! });
    this.blank(from, to);
  }

  /** `WRAPPER(type)` becomes the type; the wrapper is remembered as an attribute. */
  unwrap(i: number): void {
    const close = this.match[i + 1]!;
    this.attributes.push({ name: this.name(i), start: this.start[i]!, end: this.end[i]! });
    this.blank(i, i + 2);
    this.blank(close, close + 1);
  }

  /** Writes `character` over white space right after token `i`; false if there is none. */
  appendTo(i: number, character: string): boolean {
    return this.out.putOverSpace(this.end[i]!, character);
  }

  /** Makes one identifier of tokens `from` to `to`: whatever no identifier may contain becomes `_`. */
  fuse(from: number, to: number): void {
    const { units } = this.out;
    for (let i = this.start[from]!; i < this.end[to - 1]!; i++) if (!isWordUnit(units[i]!)) units[i] = 95;
    const first = units[this.start[from]!]!;
    if (first >= 48 && first <= 57) units[this.start[from]!] = 95;
    // `int` alone stays a keyword: a capital makes it a name.
    if (to - from === 1 && first >= 97 && first <= 122) units[this.start[from]!] = first - 32;
  }
}

/** Braces nested deeper than this are not looked into. */
const MAX_DEPTH = 200;

/** Outermost bracketed token ranges that hold braces nested too deeply, as first and last token. */
export function tooDeep(code: Code): { from: number; to: number }[] {
  const ranges: { from: number; to: number }[] = [];
  const open: number[] = [];
  for (let i = 0; i < code.n; i++) {
    if (code.is(i, LBRACE)) {
      open.push(i);
      if (open.length <= MAX_DEPTH) continue;
      const from = open[0]!;
      const to = code.match[from]! > 0 ? code.match[from]! : code.n - 1;
      ranges.push({ from, to });
      open.length = 0;
      i = to;
    } else if (code.is(i, RBRACE) && code.match[i]! >= 0) {
      while (open.length > 0 && open.pop() !== code.match[i]);
    }
  }
  return ranges;
}

function isWordUnit(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (c >= 48 && c <= 57) || c === 95 || c > 127;
}

/** Moves the tokens that are `live` to the front and gives their number. */
export function compact(tokens: Tokens, live: Uint8Array): number {
  const { kind, start, end, sym, newline } = tokens;
  let n = 0;
  let fresh = 0;
  for (let i = 0; i < tokens.n; i++) {
    if (live[i] === 0) {
      fresh = 1;
      continue;
    }
    kind[n] = kind[i]!;
    start[n] = start[i]!;
    end[n] = end[i]!;
    sym[n] = sym[i]!;
    newline[n] = newline[i]! | fresh;
    fresh = 0;
    n++;
  }
  return n;
}

/** A closing bracket pairs with the nearest open one of its kind; what was opened in between stays without a partner. */
export function matchBrackets(kind: Uint8Array, sym: Int32Array, n: number): Int32Array {
  const match = new Int32Array(n).fill(-1);
  const open: number[] = [];
  const depth = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    if (kind[i] !== PUNCT) continue;
    const code = sym[i]!;
    const opens = code === LPAREN ? 0 : code === LBRACKET ? 1 : code === LBRACE ? 2 : -1;
    if (opens >= 0) {
      open.push(i);
      depth[opens]!++;
      continue;
    }
    const closes = code === RPAREN ? 0 : code === RBRACKET ? 1 : code === RBRACE ? 2 : -1;
    if (closes < 0 || depth[closes] === 0) continue;
    const wanted = closes === 0 ? LPAREN : closes === 1 ? LBRACKET : LBRACE;
    // A stray `)` must not close a group outside the braces it stands in.
    if (closes !== 2 && crossesBrace(open, sym, wanted)) continue;
    for (;;) {
      const top = open.pop()!;
      const code = sym[top]!;
      depth[code === LPAREN ? 0 : code === LBRACKET ? 1 : 2]!--;
      if (code === wanted) {
        match[top] = i;
        match[i] = top;
        break;
      }
    }
  }
  return match;
}

function crossesBrace(open: number[], sym: Int32Array, wanted: number): boolean {
  for (let k = open.length - 1; k >= 0; k--) {
    const code = sym[open[k]!];
    if (code === wanted) return false;
    if (code === LBRACE) return true;
  }
  return true;
}
