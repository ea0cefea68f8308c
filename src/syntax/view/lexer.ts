/** Tokens of C and C++ text. Comments, white space and directives are set aside, nothing is lost. */
import { intern } from "./symbols.ts";

export const IDENT = 1;
export const NUMBER = 2;
export const STRING = 3;
export const CHAR = 4;
export const PUNCT = 5;

/** A preprocessor directive: the logical line from `#` to the line break that ends it (exclusive). */
export interface Directive {
  start: number;
  end: number;
  /** `define`, `if`, ...; "" for a lone `#`. */
  word: string;
  /** Where the rest of the line begins, after the word. */
  restStart: number;
  /** Number of tokens before it. */
  token: number;
}

/** Parallel arrays, one entry a token. */
export interface Tokens {
  n: number;
  kind: Uint8Array;
  start: Int32Array;
  end: Int32Array;
  /** IDENT: symbol id. PUNCT: its characters, the first in the low byte. */
  sym: Int32Array;
  /** 1 if a line break comes between the token and the one before it. */
  newline: Uint8Array;
}

export interface Lexed {
  tokens: Tokens;
  directives: Directive[];
  /** Comments outside directives: start and end alternating. */
  comments: number[];
  /** Offsets of backslashes that join lines in code. */
  splices: number[];
  /** Offset of a comment or raw string that never ends, or -1. */
  unterminated: number;
}

export interface LexOptions {
  cpp: boolean;
  /** `@` is an identifier character. */
  template?: boolean;
  /** The text is no file but the body of a macro: `#` is an operator, no line is a directive. */
  macroBody?: boolean;
}

const SPACE = 1;
const NEWLINE = 2;
const LETTER = 3;
const DIGIT = 4;

const CLASS = new Uint8Array(128);
for (const c of " \t\v\f\0\x1a") CLASS[c.charCodeAt(0)] = SPACE;
CLASS[10] = NEWLINE;
CLASS[13] = NEWLINE;
for (let c = 48; c <= 57; c++) CLASS[c] = DIGIT;
for (let c = 65; c <= 90; c++) {
  CLASS[c] = LETTER;
  CLASS[c + 32] = LETTER;
}
CLASS[95] = LETTER;
CLASS[36] = LETTER;

const PUNCTUATORS = new Set(
  ":: -> ++ -- << <= >= == != && || += -= *= /= %= &= |= ^= ## ... <<= >>= ->* <=>".split(" ").map(punct),
);

/** Code of a punctuator as in `Tokens.sym`. */
export function punct(text: string): number {
  return text.charCodeAt(0) | (text.charCodeAt(1) << 8) | (text.charCodeAt(2) << 16);
}

function grown<T extends Uint8Array | Int32Array>(array: T): T {
  const bigger = new (array.constructor as new (n: number) => T)(array.length * 2);
  bigger.set(array);
  return bigger;
}

/** End of a block comment that begins at `i`, or -1. */
function commentEnd(text: string, i: number): number {
  const close = text.indexOf("*/", i + 2);
  return close < 0 ? -1 : close + 2;
}

/** Offset of the line break that ends the logical line at `i` (line comments reach over a spliced line break too). */
function lineEnd(text: string, i: number): number {
  const n = text.length;
  for (; i < n; i++) {
    const c = text.charCodeAt(i);
    if (c === 10) {
      if (text.charCodeAt(i - 1) === 92) continue;
      if (text.charCodeAt(i - 1) === 13 && text.charCodeAt(i - 2) === 92) continue;
      return i;
    }
    if (c === 13 && text.charCodeAt(i + 1) !== 10 && text.charCodeAt(i - 1) !== 92) return i;
    if (c === 13 && text.charCodeAt(i + 1) === 10 && text.charCodeAt(i - 1) !== 92) return i;
  }
  return n;
}

/** End of a string or character constant whose opening quote is at `i`: after the closing quote, or at the line's end. */
function quotedEnd(text: string, i: number): number {
  const quote = text.charCodeAt(i);
  const n = text.length;
  for (i++; i < n; i++) {
    const c = text.charCodeAt(i);
    if (c === quote) return i + 1;
    if (c === 92) {
      if (text.charCodeAt(i + 1) === 13 && text.charCodeAt(i + 2) === 10) i++;
      i++;
    } else if (c === 10 || c === 13) return i;
  }
  return n;
}

/** End of a raw string whose `"` is at `i`, or -1. */
function rawStringEnd(text: string, i: number): number {
  const open = text.indexOf("(", i);
  if (open < 0 || open - i > 17) return -1;
  const close = text.indexOf(`)${text.slice(i + 1, open)}"`, open);
  return close < 0 ? -1 : close + (open - i) + 1;
}

/** Offset of the line break that ends a directive, comments and quotes respected. */
export function directiveEnd(text: string, i: number): number {
  const n = text.length;
  while (i < n) {
    const c = text.charCodeAt(i);
    if (c === 10 || c === 13) return i;
    if (c === 92) {
      i += text.charCodeAt(i + 1) === 13 && text.charCodeAt(i + 2) === 10 ? 3 : 2;
      continue;
    }
    if (c === 47) {
      const d = text.charCodeAt(i + 1);
      if (d === 47) return lineEnd(text, i);
      if (d === 42) {
        const end = commentEnd(text, i);
        if (end < 0) return n;
        i = end;
        continue;
      }
    }
    if (c === 34 || c === 39) {
      // An apostrophe in `#error don't` opens nothing.
      const end = quotedEnd(text, i);
      i = text.charCodeAt(end - 1) === c && end > i + 1 ? end : i + 1;
      continue;
    }
    i++;
  }
  return n;
}

/** All tokens of `text`. */
export function lex(text: string, options: LexOptions): Lexed {
  const n = text.length;
  let capacity = (n >> 2) + 64;
  let kind = new Uint8Array(capacity);
  let newline = new Uint8Array(capacity);
  let start = new Int32Array(capacity);
  let end = new Int32Array(capacity);
  let sym = new Int32Array(capacity);
  const directives: Directive[] = [];
  const comments: number[] = [];
  const splices: number[] = [];
  let unterminated = -1;
  let count = 0;
  let i = 0;
  // 1: at the start of a line, as far as tokens go.
  let fresh = 1;
  const { cpp, template = false, macroBody = false } = options;
  while (i < n) {
    const c = text.charCodeAt(i);
    const cls = c < 128 ? CLASS[c]! : c === 0xfeff || c === 0xa0 ? SPACE : LETTER;
    if (cls === SPACE) {
      i++;
      continue;
    }
    if (cls === NEWLINE) {
      fresh = 1;
      i++;
      continue;
    }
    let s = i;
    let k = PUNCT;
    let value = 0;
    if (cls === LETTER || (c === 64 && template)) {
      let hash = 0;
      let d = c;
      for (;;) {
        hash = (Math.imul(hash, 31) + d) | 0;
        i++;
        if (i >= n) break;
        d = text.charCodeAt(i);
        if (d < 128 ? CLASS[d]! < LETTER && !(d === 64 && template) : d === 0xa0) break;
      }
      k = IDENT;
      const quote = i < n ? text.charCodeAt(i) : 0;
      if ((quote === 34 || quote === 39) && i - s <= 3 && isLiteralPrefix(text, s, i)) {
        if (cpp && quote === 34 && text.charCodeAt(i - 1) === 82) {
          const stop = rawStringEnd(text, i);
          if (stop < 0 && unterminated < 0) unterminated = s;
          i = stop < 0 ? n : stop;
          k = STRING;
        } else {
          i = quotedEnd(text, i);
          k = quote === 34 ? STRING : CHAR;
        }
      } else value = intern(text, s, i, hash);
    } else if (cls === DIGIT || (c === 46 && isDigit(text.charCodeAt(i + 1)))) {
      k = NUMBER;
      i = numberEnd(text, i, template);
    } else if (c === 34 || c === 39) {
      i = quotedEnd(text, i);
      k = c === 34 ? STRING : CHAR;
    } else if (c === 47 && text.charCodeAt(i + 1) === 42) {
      const stop = commentEnd(text, i);
      if (stop < 0) unterminated = i;
      i = stop < 0 ? n : stop;
      comments.push(s, i);
      continue;
    } else if (c === 47 && text.charCodeAt(i + 1) === 47) {
      i = lineEnd(text, i);
      comments.push(s, i);
      continue;
    } else if (c === 92) {
      splices.push(i);
      i++;
      if (text.charCodeAt(i) === 13) i++;
      if (text.charCodeAt(i) === 10) i++;
      continue;
    } else if (c === 35 && fresh === 1 && !macroBody) {
      const stop = directiveEnd(text, i);
      i++;
      while (i < stop && isBlank(text, i)) i++;
      const wordStart = i;
      while (i < stop && CLASS[text.charCodeAt(i)]! === LETTER) i++;
      directives.push({ start: s, end: stop, word: text.slice(wordStart, i), restStart: i, token: count });
      i = stop;
      continue;
    } else {
      i++;
      value = c;
      if (i < n) {
        const two = c | (text.charCodeAt(i) << 8);
        if (PUNCTUATORS.has(two)) {
          value = two;
          i++;
          const three = two | (text.charCodeAt(i) << 16);
          if (i < n && PUNCTUATORS.has(three)) {
            value = three;
            i++;
          }
        } else if (c === 46 && text.charCodeAt(i) === 46 && text.charCodeAt(i + 1) === 46) {
          value = 0x2e2e2e;
          i += 2;
        }
        // `>>` stays two tokens: it may close two template lists.
      }
      s = i - (value > 0xffff ? 3 : value > 0xff ? 2 : 1);
    }
    if (count === capacity) {
      kind = grown(kind);
      newline = grown(newline);
      start = grown(start);
      end = grown(end);
      sym = grown(sym);
      capacity *= 2;
    }
    kind[count] = k;
    start[count] = s;
    end[count] = i;
    sym[count] = value;
    newline[count] = fresh;
    fresh = 0;
    count++;
  }
  return { tokens: { n: count, kind, start, end, sym, newline }, directives, comments, splices, unterminated };
}

function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}

function isBlank(text: string, i: number): boolean {
  const c = text.charCodeAt(i);
  return c === 32 || c === 9 || c === 12 || c === 11;
}

/** `L`, `u`, `U`, `u8`, `R` and their combinations. */
function isLiteralPrefix(text: string, start: number, end: number): boolean {
  const word = text.slice(start, end);
  return /^(?:L|u8?|U)?R?$/.test(word) && word.length > 0;
}

function numberEnd(text: string, i: number, template: boolean): number {
  const n = text.length;
  for (i++; i < n; i++) {
    const c = text.charCodeAt(i);
    if (c < 128 && CLASS[c]! >= LETTER) continue;
    if (c === 46 || (template && c === 64)) continue;
    const before = text.charCodeAt(i - 1) | 32;
    if ((c === 43 || c === 45) && (before === 112 || (before === 101 && !isHex(text, i)))) continue;
    // A digit separator stands between two digits.
    if (c === 39 && isAlnum(text.charCodeAt(i + 1)) && isAlnum(text.charCodeAt(i - 1))) continue;
    break;
  }
  return i;
}

function isHex(text: string, i: number): boolean {
  let k = i - 1;
  while (k >= 0 && isAlnum(text.charCodeAt(k))) k--;
  return text.charCodeAt(k + 1) === 48 && (text.charCodeAt(k + 2) | 32) === 120;
}

function isAlnum(c: number): boolean {
  return c < 128 && CLASS[c]! >= LETTER && c !== 95 && c !== 36;
}
