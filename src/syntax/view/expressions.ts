/** Expressions: what the grammar does not know is written in a way that it does. */
import { argument, emptyArgument, hasSemicolon } from "./arguments.ts";
import {
  AND_AND,
  ARROW,
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
  STAR,
} from "./code.ts";
import { isTypeLike, skipAngles } from "./declarators.ts";
import { initialiser } from "./initialisers.ts";
import { CHAR, IDENT, NUMBER, PUNCT, STRING } from "./lexer.ts";
import { block } from "./statements.ts";
import { ATTRIBUTE_WORD, CAPS, KEYWORD, STATEMENT_WORD, TYPE_OPERATOR } from "./symbols.ts";

/** Cleans tokens `from` to `to`, which are (part of) an expression. */
export function expression(code: Code, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    if (code.kind[i] === IDENT) {
      if (code.cpp && code.isWord(i, "operator") && isNamedOperator(code, i)) {
        // `operator++()`: a call by name.
        let end = code.is(i + 1, LPAREN) ? i + 3 : i + 1;
        while (end < to && !code.is(end, LPAREN)) end++;
        code.fuse(i, end);
        i = end - 1;
      } else if (code.is(i + 1, LPAREN)) {
        const close = code.match[i + 1]!;
        if (close > 0 && close < to) i = call(code, i, close, from);
      } else if (code.isWord(i, "__extension__")) code.blank(i, i + 1);
      else if (isBehindString(code, i)) {
        // `"%" PRId64 "x"`
        let end = i + 1;
        while (end < to && code.isName(end) && !code.is(end + 1, LPAREN)) end++;
        code.blank(i, end);
        i = end - 1;
      } else if (code.isName(i) && code.isName(i + 1) && code.isString(i + 2)) {
        // Macros in front of the strings they are joined with.
        code.fuse(i, i + 2);
        i++;
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
    }
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

/** In C++ a macro behind a string would be its suffix, as in `"x"_suffix`. */
function isBehindString(code: Code, i: number): boolean {
  if (!code.cpp || !code.isString(i - 1) || !code.isName(i)) return false;
  return code.start[i]! > code.end[i - 1]!;
}

function isNamedOperator(code: Code, i: number): boolean {
  if (code.isIdent(i + 1)) return code.is(i - 1, DOT) || code.is(i - 1, ARROW);
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
export function call(code: Code, i: number, close: number, from: number): number {
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
    if (code.cpp && code.isString(i - 1)) code.blank(i, close + 1);
    else code.fuse(i, close + 1);
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
  const pointer =
    code.is(next, STAR) && (code.is(next + 1, LBRACE) || code.is(next + 1, COMMA) || code.is(next + 1, RPAREN));
  return next > k + 1 && (follows || pointer) ? next - 1 : k;
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
