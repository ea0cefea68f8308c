/** Expressions: macro arguments that are no expressions are given the shape of one. */
import {
  AND_AND,
  ARROW,
  COLON,
  COMMA,
  type Code,
  DOT,
  ELLIPSIS,
  EQUALS,
  LBRACE,
  LBRACKET,
  LESS,
  LPAREN,
  RBRACE,
  RBRACKET,
  RPAREN,
  SCOPE,
  SEMICOLON,
  STAR,
} from "./code.ts";
import { initialiser } from "./initialisers.ts";
import { CHAR, IDENT, NUMBER, PUNCT, STRING } from "./lexer.ts";
import { isTypeLike, skipAngles } from "./specifiers.ts";
import { block } from "./statements.ts";
import {
  ATTRIBUTE_WORD,
  CAPS,
  KEYWORD,
  QUALIFIER,
  STATEMENT_WORD,
  STORAGE,
  TAG_WORD,
  TYPE_OPERATOR,
  TYPE_WORD,
} from "./symbols.ts";

/** Cleans tokens `from` to `to`, which are (part of) an expression. */
export function expression(code: Code, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    if (code.kind[i] === IDENT) {
      if (code.cpp && code.isWord(i, "operator") && code.kind[i + 1] === PUNCT && isNamedOperator(code, i)) {
        // `operator++()`: a call by name.
        let end = code.is(i + 1, LPAREN) ? i + 3 : i + 1;
        while (end < to && !code.is(end, LPAREN)) end++;
        code.fuse(i, end);
        i = end - 1;
      } else if (code.is(i + 1, LPAREN)) {
        const close = code.match[i + 1]!;
        if (close > 0 && close < to) i = call(code, i, close, from);
      } else if (code.isWord(i, "__extension__")) code.blank(i, i + 1);
      else if (code.isName(i) && code.isName(i + 1) && code.isString(i + 2)) {
        // Macros in front of the strings they are joined with.
        code.fuse(i, i + 2);
        i++;
      } else if (isLastOfStrings(code, i)) {
        // `"%" PRId64`: the grammar of C++ wants a string behind it.
        code.blank(i, i + 1);
      } else if (code.isString(i - 1) && code.isName(i) && code.isName(i + 1)) {
        // Macros among joined strings: `"a" FORMAT FORMAT "b"`.
        let end = i + 1;
        while (end < to && code.isName(end) && !code.is(end + 1, LPAREN)) end++;
        code.fuse(i, end);
        i = end - 1;
      }
      continue;
    }
    if (code.kind[i] !== PUNCT) {
      // `64 KB`: a macro that multiplies.
      if (code.isNumber(i) && i + 1 < to && code.isName(i + 1) && !code.is(i + 2, LPAREN) && !code.startsLine(i + 1)) {
        code.blank(i + 1, i + 2);
        i++;
      }
      continue;
    }
    const c = code.sym[i]!;
    if (c === STAR && code.cpp && code.is(i + 1, LBRACKET) && code.isIdent(i - 1)) {
      // `new type*[n]`
      code.blank(i, i + 1);
    } else if (c === LBRACE) {
      const close = code.match[i]!;
      if (close < 0 || close > to) continue;
      if (isCodeBlock(code, i)) block(code, i + 1, close);
      else initialiser(code, i + 1, close);
      i = close;
    } else if (c === AND_AND && !code.cpp && code.isName(i + 1) && !isOperand(code, i - 1)) {
      // The address of a label.
      code.out.put(code.start[i]!, " ");
    } else if (c === ELLIPSIS && !code.cpp && i > from && !code.is(i + 1, RPAREN) && !code.is(i - 1, EQUALS)) {
      // A range of case labels or of designators.
      code.out.put(code.start[i]!, " + ");
    } else if (c === ARROW_STAR) {
      code.out.put(code.start[i]! + 2, " ");
    } else if (c === SCOPE && code.is(i + 1, STAR)) memberPointer(code, i);
  }
}

/** `(Class::*)`, a pointer to a member: the qualifier is dropped, the grammar takes the rest for a plain pointer. */
export function memberPointer(code: Code, scope: number): void {
  for (let k = scope; k > scope - 24 && k > 0; k--) {
    if (!code.is(k, LPAREN)) continue;
    code.blank(k + 1, scope + 1);
    return;
  }
}

/** `x->*f`. */
const ARROW_STAR = 0x2a3e2d;

/** The braces at `i` hold statements: a statement expression or a lambda. */
function isCodeBlock(code: Code, i: number): boolean {
  if (code.is(i - 1, LPAREN) || code.is(i - 1, COMMA)) return hasSemicolon(code, i);
  if (!code.cpp) return false;
  if (code.is(i - 1, RBRACKET) || code.isWord(i - 1, "mutable") || code.isWord(i - 1, "noexcept")) return true;
  if (code.is(i - 1, RPAREN)) {
    const open = code.match[i - 1]!;
    return open > 0 && (code.is(open - 1, RBRACKET) || code.isWord(open - 1, "noexcept"));
  }
  // `[...](...) -> type {`
  for (let k = i - 1; k > 0 && k > i - 12; k--) {
    if (code.is(k, ARROW)) return code.is(k - 1, RPAREN) && code.is(code.match[k - 1]! - 1, RBRACKET);
    if (!code.isIdent(k) && !code.is(k, SCOPE) && !code.is(k, STAR)) return false;
  }
  return false;
}

function hasSemicolon(code: Code, open: number): boolean {
  for (let k = open + 1; k < code.match[open]!; k++) if (code.is(k, SEMICOLON)) return true;
  return false;
}

/** In C++: a macro behind a string, with no string behind it. `"x"_suffix` is a literal. */
function isLastOfStrings(code: Code, i: number): boolean {
  if (!code.cpp || !code.isString(i - 1) || !code.isName(i) || code.isString(i + 1)) return false;
  return code.start[i]! > code.end[i - 1]!;
}

function isNamedOperator(code: Code, i: number): boolean {
  return !code.is(i + 1, LPAREN) || (code.is(i + 2, RPAREN) && code.is(i + 3, LPAREN));
}

/** Token `i` ends an operand, so that an operator may follow. */
function isOperand(code: Code, i: number): boolean {
  if (i < 0) return false;
  const kind = code.kind[i];
  if (kind === NUMBER || kind === STRING || kind === CHAR) return true;
  if (kind === IDENT) return (code.flags(i) & STATEMENT_WORD) === 0;
  return code.is(i, RPAREN) || code.is(i, RBRACKET) || code.is(i, RBRACE) || code.is(i, 0x2b2b) || code.is(i, 0x2d2d);
}

/** `name(...)` at `i`. Returns the last token that needs no further look. */
function call(code: Code, i: number, close: number, from: number): number {
  const flags = code.flags(i);
  const open = i + 1;
  if ((flags & ATTRIBUTE_WORD) !== 0) {
    code.dropAttribute(i, close + 1);
    return close;
  }
  if (code.isWord(i, "_Atomic")) {
    code.unwrap(i);
    return close;
  }
  if (code.isWord(i, "offsetof")) {
    memberPath(code, open, close);
    return close;
  }
  if ((flags & (KEYWORD | TYPE_OPERATOR)) !== 0) {
    // `sizeof(type)`, `if (...)`, `return (...)`: no macro.
    if ((flags & TYPE_OPERATOR) !== 0 && !code.isWord(i, "sizeof") && !code.isWord(i, "noexcept")) return close;
    return code.isWord(i, "sizeof") && isTypeLike(code, open + 1, close) ? close : i;
  }
  if (code.is(close + 1, LPAREN) && isPasted(code, i, close)) {
    // `NAME(x)(args)`: the first group pastes a name.
    code.fuse(i, close + 1);
    return close;
  }
  if (joinsStrings(code, i, close, from)) {
    code.fuse(i, close + 1);
    return close;
  }
  let arg = open + 1;
  for (let k = arg; k <= close; k++) {
    if (k < close && !code.is(k, COMMA)) {
      if (code.cpp && code.is(k, LESS) && code.isName(k - 1)) k = templateArguments(code, k);
      k = Math.max(k, code.afterGroup(k) - 1);
      continue;
    }
    if (k === arg) {
      if (k !== open + 1 || k !== close) emptyArgument(code, k, close);
    } else if (argument(code, i, arg, k, close)) return close;
    arg = k + 1;
  }
  return i + 1;
}

/** `offsetof(type, a.b[1])`: the grammar knows a plain member only. */
function memberPath(code: Code, open: number, close: number): void {
  let k = open + 1;
  while (k < close && !code.is(k, COMMA)) k = Math.max(k, code.afterGroup(k) - 1) + 1;
  if (close - k > 2) code.fuse(k + 1, close);
}

/** Last token of template arguments that begin at `k`, or `k` if that is a comparison. */
function templateArguments(code: Code, k: number): number {
  const next = skipAngles(code, k);
  const follows =
    code.is(next, LPAREN) ||
    code.is(next, SCOPE) ||
    code.is(next, LBRACE) ||
    code.is(next, COMMA) ||
    code.is(next, RPAREN);
  return next > k + 1 && follows ? next - 1 : k;
}

function isPasted(code: Code, i: number, close: number): boolean {
  return close === i + 3 && code.has(i, CAPS) && code.isName(i + 2);
}

/** The call stands among string literals that are joined. */
function joinsStrings(code: Code, i: number, close: number, from: number): boolean {
  // A comma that the list rule has put behind the group.
  if (!code.out.isSpace(code.end[close]!) && code.end[close]! < code.start[close + 1]!) return false;
  if (code.isString(close + 1)) return i === 0 || !code.is(i - 1, DOT);
  return i > from && code.isString(i - 1);
}

function emptyArgument(code: Code, k: number, close: number): void {
  const { out } = code;
  const at = code.start[k]!;
  if (out.isSpace(at - 1)) out.put(at - 1, "_");
  else if (k < close && out.isSpace(code.end[k]!)) out.put(at, "_,");
  else if (k < close) out.put(at, " ");
  else out.put(code.start[k - 1]!, " ");
}

/** One argument, tokens `from` to `to`, of a macro or function. True if the whole call has been rewritten. */
function argument(code: Code, name: number, from: number, to: number, close: number): boolean {
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
  if (to - from === 1) return false;
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
function startsStatement(code: Code, i: number): boolean {
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
  if ((to - from === 1 && from === open + 1 && to === close) || !startsStatement(code, name)) {
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
