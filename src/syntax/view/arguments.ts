/** Macro arguments that are no expressions are given the shape of one. */
import {
  ARROW,
  COLON,
  COMMA,
  type Code,
  DOT,
  EQUALS,
  LBRACE,
  LBRACKET,
  LPAREN,
  RBRACE,
  RBRACKET,
  RPAREN,
  SEMICOLON,
  STAR,
} from "./code.ts";
import { call, expression } from "./expressions.ts";
import { IDENT, PUNCT } from "./lexer.ts";
import { block } from "./statements.ts";
import { KEYWORD, PRIMITIVE_NAME, QUALIFIER, STATEMENT_WORD, STORAGE, TAG_WORD, TYPE_WORD } from "./symbols.ts";

export function emptyArgument(code: Code, k: number, close: number): void {
  const { out } = code;
  const at = code.start[k]!;
  if (out.isSpace(at - 1)) out.put(at - 1, "_");
  else if (k < close && out.isSpace(code.end[k]!)) out.put(at, "_,");
  else if (k < close) out.put(at, " ");
  else out.put(code.start[k - 1]!, " ");
}

/** One argument, tokens `from` to `to`, of a macro or function. True if the whole call has been rewritten. */
export function argument(code: Code, name: number, from: number, to: number, close: number): boolean {
  const flags = code.flags(from);
  if (!code.is(from, LBRACE) && hasDirectSemicolon(code, from, to))
    return statementArgument(code, name, from, to, close);
  if (code.kind[from] === PUNCT) return punctuation(code, from, to);
  if (code.kind[from] !== IDENT) {
    if (to - from > 1 && code.kind[to - 1] === PUNCT) trailingOperator(code, to);
    return false;
  }
  if ((flags & STATEMENT_WORD) !== 0) return statementArgument(code, name, from, to, close);
  if ((flags & (TYPE_WORD | TAG_WORD | QUALIFIER | STORAGE)) !== 0) {
    if (code.cpp && (flags & TYPE_WORD) !== 0 && (code.is(from + 1, LPAREN) || code.is(from + 1, LBRACE))) return false;
    code.fuse(from, to);
    return false;
  }
  if (code.cpp && to - from > 1 && (code.isWord(from, "template") || code.isWord(from, "typename"))) {
    code.fuse(from, to);
    return false;
  }
  if ((flags & KEYWORD) !== 0) {
    // A keyword alone is a name for the macro to paste; `this`, `nullptr`, `sizeof x` are expressions.
    if (to - from === 1 && (!code.cpp || code.isWord(from, "operator") || code.isWord(from, "typename")))
      code.fuse(from, to);
    return false;
  }
  if (to - from === 1) {
    // The grammar of C++ takes `size_t` for a keyword.
    if (code.cpp && code.has(from, PRIMITIVE_NAME)) code.fuse(from, to);
    return false;
  }
  if (code.is(to - 1, STAR) || (code.cpp && (code.is(to - 1, 38) || code.is(to - 1, 0x2626)))) {
    code.fuse(from, to);
    return false;
  }
  if (code.isName(from) && code.isNumber(from + 1)) {
    code.fuse(from, to);
    return false;
  }
  if (
    code.isName(from) &&
    code.isIdent(from + 1) &&
    !code.isString(from + 1) &&
    !(code.cpp && (code.flags(from + 1) & KEYWORD) !== 0)
  ) {
    if (isWordOperator(code, from + 1)) return false;
    code.fuse(from, to);
    return false;
  }
  if (code.isName(from) && code.is(from + 1, STAR) && code.has(from + 2, QUALIFIER)) {
    code.fuse(from, to);
    return false;
  }
  if (code.kind[to - 1] === PUNCT) trailingOperator(code, to);
  return false;
}

function isWordOperator(code: Code, i: number): boolean {
  return code.cpp && /^(?:and|or|not|xor|bitand|bitor|and_eq|or_eq|xor_eq|not_eq|compl)$/.test(code.name(i));
}

/** An argument that begins with a punctuator. */
function punctuation(code: Code, from: number, to: number): boolean {
  const c = code.sym[from]!;
  if (c === LBRACE) {
    const close = code.match[from]!;
    if (close < 0) return false;
    // A block of statements is an argument that the grammar knows.
    if (hasSemicolon(code, from)) return false;
    if (code.cpp) return false;
    for (let k = from; k < to; k++) {
      if (code.is(k, LBRACE)) code.out.put(code.start[k]!, "(");
      else if (code.is(k, RBRACE)) code.out.put(code.start[k]!, ")");
      else if (code.is(k, DOT) && code.isName(k + 1) && (code.is(k - 1, LBRACE) || code.is(k - 1, COMMA)))
        code.out.put(code.start[k]!, " ");
    }
    if (close === from + 1) {
      code.out.put(code.start[from]!, "_");
      code.out.put(code.start[close]!, " ");
    }
    return false;
  }
  if (c === LPAREN && code.match[from] === to - 1 && isParameterGroup(code, from)) {
    // `DECLARE(name, (type x, type y))`
    code.fuse(from, to);
    return false;
  }
  if (to - from === 1) {
    if (c === LPAREN || c === LBRACKET) return false;
    code.fuse(from, to);
    const at = code.start[from]!;
    code.out.put(at, "_");
    return false;
  }
  if (c === DOT && code.isName(from + 1)) code.blank(from, from + 1);
  else if (c === 60 && code.is(to - 1, 62)) code.fuse(from, to);
  else if (isBinaryOnly(c)) code.blank(from, from + 1);
  else if (
    to - from === 2 &&
    code.kind[from + 1] === PUNCT &&
    !code.is(from + 1, RPAREN) &&
    !code.is(from + 1, RBRACKET) &&
    !code.is(from + 1, RBRACE)
  ) {
    code.fuse(from, to);
  }
  return false;
}

/** A whole group of parameters: empty, or with a type in it. */
function isParameterGroup(code: Code, open: number): boolean {
  const close = code.match[open]!;
  if (close === open + 1) return true;
  for (let k = open + 1; k < close; k++) {
    const first = k === open + 1 || code.is(k - 1, COMMA);
    if (first && code.has(k, TYPE_WORD | QUALIFIER | TAG_WORD)) return !(code.cpp && code.is(k + 1, LPAREN));
    if (first && code.isName(k) && code.isName(k + 1)) return true;
    if (first && code.isName(k) && code.is(k + 1, STAR) && (k + 2 === close || code.is(k + 2, COMMA))) return true;
    k = Math.max(k, code.afterGroup(k) - 1);
  }
  return false;
}

/** An operator that cannot begin an expression. */
function isBinaryOnly(c: number): boolean {
  switch (c) {
    case EQUALS:
    case 60:
    case 62:
    case 37:
    case 47:
    case 94:
    case 124:
    case 63:
    case COLON:
    case ARROW:
    case 0x3d3d:
    case 0x3d21:
    case 0x3d3c:
    case 0x3d3e:
    case 0x7c7c:
    case 0x3d2b:
    case 0x3d2d:
    case 0x3d2a:
    case 0x3d2f:
    case 0x3d7c:
    case 0x3d26:
    case 0x3c3c:
      return true;
  }
  return false;
}

/** A statement may begin at token `i`. */
function beginsStatement(code: Code, i: number): boolean {
  const before = i - 1;
  if (before < 0) return true;
  if (code.kind[before] === IDENT) return code.startsLine(i) || code.has(before, STATEMENT_WORD);
  return (
    code.is(before, SEMICOLON) ||
    code.is(before, LBRACE) ||
    code.is(before, RBRACE) ||
    code.is(before, RPAREN) ||
    code.is(before, COLON)
  );
}

function trailingOperator(code: Code, to: number): void {
  const c = code.sym[to - 1]!;
  // In C++ a `>` closes template arguments.
  if (c === 62 && code.cpp) return;
  if (isBinaryOnly(c) || c === 43 || c === 45 || c === 38 || c === DOT) code.blank(to - 1, to);
}

function hasDirectSemicolon(code: Code, from: number, to: number): boolean {
  for (let k = from; k < to; k++) {
    if (code.is(k, SEMICOLON)) return true;
    k = Math.max(k, code.afterGroup(k) - 1);
  }
  return false;
}

/**
 * Statements as an argument. `CHECK(x, return -1)` becomes `if (x) return -1;`: such macros jump if their condition says so.
 * Other statements become a block in place of the call.
 */
function statementArgument(code: Code, name: number, from: number, to: number, close: number): boolean {
  const { out } = code;
  // Outside functions the call stays a call: whoever expands the macro reads the argument's own text.
  if (code.outsideFunction) {
    code.fuse(from, to);
    return false;
  }
  const open = name + 1;
  // `ID(return)`: a word for the macro to paste.
  if ((to - from === 1 && from === open + 1 && to === close) || !beginsStatement(code, name)) {
    code.fuse(from, to);
    return false;
  }
  const nameStart = code.start[name]!;
  const statementCall = code.is(close + 1, SEMICOLON) || code.startsLine(close + 1);
  const jump =
    code.isWord(from, "return") ||
    code.isWord(from, "goto") ||
    code.isWord(from, "break") ||
    code.isWord(from, "continue");
  if (
    statementCall &&
    jump &&
    to === close &&
    from > open + 1 &&
    !hasDirectSemicolon(code, from, to) &&
    code.end[name]! - nameStart >= 2
  ) {
    out.blank(nameStart, code.end[name]!);
    out.put(nameStart, "if");
    out.put(code.start[from - 1]!, ")");
    out.put(code.start[close]!, code.is(close + 1, SEMICOLON) ? " " : ";");
    for (let k = open + 1; k < from - 1; k++)
      if (code.kind[k] === IDENT && code.isCall(k)) k = call(code, k, code.match[k + 1]!, k);
    return true;
  }
  if (statementCall && to === close && (from === open + 1 || hasDirectSemicolon(code, from, to))) {
    out.blank(nameStart, code.end[name]!);
    out.put(code.start[open]!, "{");
    if (from > open + 1) {
      out.put(code.start[from - 1]!, ";");
      expression(code, open + 1, from - 1);
    }
    block(code, from, close);
    const ended = code.is(close - 1, SEMICOLON) || code.is(close - 1, RBRACE);
    if (!ended && code.is(close + 1, SEMICOLON)) {
      out.put(code.start[close]!, ";");
      out.put(code.start[close + 1]!, "}");
    } else out.put(code.start[close]!, "}");
    return true;
  }
  code.fuse(from, to);
  return false;
}

export function hasSemicolon(code: Code, open: number): boolean {
  for (let k = open + 1; k < code.match[open]!; k++) if (code.is(k, SEMICOLON)) return true;
  return false;
}
