/** Macros that stand for statements or their heads get the `;` or the shape that the grammar needs. */
import { COLON, type Code, EQUALS, LBRACE, LBRACKET, LPAREN, RBRACE, RPAREN, SCOPE, SEMICOLON, STAR } from "./code.ts";
import { declaration } from "./declarations.ts";
import { isTypeLike } from "./declarators.ts";
import { expression } from "./expressions.ts";
import { PUNCT } from "./lexer.ts";
import { declarationOrExpression, simple } from "./statements.ts";
import {
  ATTRIBUTE_LIKE,
  CAPS,
  IF_LIKE,
  KEYWORD,
  MARKER,
  QUALIFIER,
  STATEMENT_WORD,
  STORAGE,
  TAG_WORD,
  TYPE_WORD,
} from "./symbols.ts";

/** Tokens that are looked at to tell what a macro stands for. */
const LOOK_AHEAD = 400;

/** A statement that begins with an identifier which is no keyword. */
export function named(code: Code, i: number, to: number): number {
  const next = i + 1;
  if (next >= to) {
    code.appendTo(i, ";");
    return next;
  }
  if (code.kind[next] === PUNCT) {
    const c = code.sym[next]!;
    if (c === COLON) return i + 2;
    if (c === SEMICOLON) return i + 2;
    if (c === LPAREN && code.match[next]! > 0) {
      // `Py_BEGIN_ALLOW_THREADS`, then `(void)f();`
      if (code.startsLine(next) && code.has(i, MARKER) && isCast(code, next)) {
        code.appendTo(i, ";");
        return next;
      }
      return called(code, i, to);
    }
    if (c === LBRACE && code.has(i, IF_LIKE)) return bareIf(code, i);
    if (c === LBRACE && !(code.cpp && !code.has(i, CAPS))) {
      // `TRY {`
      if (!code.appendTo(i, ";")) code.blank(i, next);
      return next;
    }
    if (
      code.startsLine(next) &&
      code.has(i, CAPS) &&
      (c === STAR || c === LPAREN || c === 0x2b2b || c === 0x2d2d) &&
      code.has(i, MARKER)
    ) {
      code.appendTo(i, ";");
      return next;
    }
    if (c === RBRACE) return next;
    return declarationOrExpression(code, i, to);
  }
  if (code.has(i, IF_LIKE) && code.startsLine(next)) return bareIf(code, i);
  if (code.isIdent(next)) {
    const flags = code.flags(next);
    if ((flags & STATEMENT_WORD) !== 0) {
      if (isIfMacro(code, i, next, to)) return bareIf(code, i);
      code.appendTo(i, ";");
      return next;
    }
    if (code.startsLine(next)) {
      if (isBareMacro(code, i, next)) {
        code.appendTo(i, ";");
        return next;
      }
    } else if (code.has(i, MARKER) && !isDeclarator(code, next)) {
      code.appendTo(i, ";");
      return next;
    }
    // `Py_BEGIN_X type name`: attribute in front of a declaration, or a statement.
    if ((flags & (TYPE_WORD | TAG_WORD | STORAGE)) !== 0 && code.has(i, CAPS)) {
      if (code.has(i, ATTRIBUTE_LIKE) || !code.startsLine(next)) code.dropAttribute(i, next);
      else code.appendTo(i, ";");
      return next;
    }
  }
  return declarationOrExpression(code, i, to);
}

/** `(void)`, `(type *)` and something after it. */
function isCast(code: Code, open: number): boolean {
  const close = code.match[open]!;
  return (
    isTypeLike(code, open + 1, close) &&
    (code.isIdent(close + 1) || code.is(close + 1, LPAREN) || code.is(close + 1, STAR))
  );
}

/**
 * A macro that ends with the head of an `if`: the statement after it (token `next`) is followed by an `else`, and no
 * other `if` is there to take that.
 */
function isIfMacro(code: Code, i: number, next: number, to: number): boolean {
  if (code.is(i - 1, RPAREN) && !code.isCall(code.match[i - 1]! - 1)) return false;
  if (code.is(i - 1, RPAREN) && code.has(code.match[i - 1]! - 1, STATEMENT_WORD)) return false;
  if (code.isWord(next, "else")) return true;
  if (code.has(next, STATEMENT_WORD) && !/^(?:return|goto|break|continue)$/.test(code.name(next))) return false;
  const limit = Math.min(to, next + LOOK_AHEAD);
  for (let k = next; k < limit; k++) {
    if (code.is(k, SEMICOLON) || code.is(k, LBRACE)) {
      const after = code.is(k, LBRACE) ? code.afterGroup(k) : k + 1;
      return after > k && after < to && code.isWord(after, "else");
    }
    if (k > next && code.has(k, STATEMENT_WORD)) return false;
    k = Math.max(k, code.afterGroup(k) - 1);
  }
  return false;
}

/** `IF_SMALLER` without arguments becomes `if(_)`. */
function bareIf(code: Code, i: number): number {
  const start = code.start[i]!;
  if (code.end[i]! - start < 5) {
    code.appendTo(i, ";");
    return i + 1;
  }
  code.out.blank(start, code.end[i]!);
  code.out.put(start, "if(_)");
  return i + 1;
}

/** `name` alone on its line with another statement on the next one. */
function isBareMacro(code: Code, i: number, next: number): boolean {
  if (!code.has(i, CAPS)) return false;
  if (code.has(i, MARKER)) return true;
  // `TYPE\nname;` is a declaration, however rarely it is written so.
  const after = next + 1;
  if (code.is(after, SEMICOLON) || code.is(after, 44) || code.is(after, LBRACKET))
    return code.name(i).startsWith("Py_");
  return true;
}

export function isDeclarator(code: Code, name: number): boolean {
  const after = name + 1;
  return code.is(after, SEMICOLON) || code.is(after, EQUALS) || code.is(after, 44) || code.is(after, LBRACKET);
}

/** `name(...)` at the beginning of a statement. */
function called(code: Code, i: number, to: number): number {
  const open = i + 1;
  const close = code.match[open]!;
  const next = close + 1;
  const fresh = code.startsLine(next);
  if (next < to && code.has(i, CAPS) && (code.isIdent(next) || code.is(next, SEMICOLON) || fresh)) {
    const ifMacro = code.is(next, SEMICOLON)
      ? code.isWord(next + 1, "else") && isIfMacro(code, i, next + 1, to)
      : isIfMacro(code, i, next, to);
    if (ifMacro || (code.has(i, IF_LIKE) && !code.is(next, SEMICOLON))) {
      expression(code, i, next);
      headAsControl(code, i, "if");
      if (code.isWord(next, "else")) code.appendTo(close, ";");
      return next;
    }
  }
  if (next < to && code.kind[next] === PUNCT) {
    const c = code.sym[next]!;
    if (c === LBRACE) {
      // `FOREACH(x) {`: a loop as far as the grammar is concerned.
      if (code.cpp && !code.has(i, CAPS) && !fresh && close > open + 1 && code.isWord(i - 1, "new"))
        return simple(code, i, to);
      expression(code, i, next);
      headAsControl(code, i, code.has(i, IF_LIKE) ? "if" : "while");
      return next;
    }
    if (c === COLON && !code.is(next, SCOPE)) {
      labelMacro(code, i, close);
      return next + 1;
    }
    if (c === SEMICOLON) {
      expression(code, i, next);
      return next + 1;
    }
    if (c === RBRACE || (fresh && startsStatement(code, i, c, next))) {
      expression(code, i, next);
      code.appendTo(close, ";");
      return next;
    }
    if (c === STAR && !fresh && code.has(i, CAPS) && isPastedType(code, next, to)) {
      // `TYPE(x) *name = ...`
      code.fuse(i, next);
      return declaration(code, i, to, "block");
    }
    return declarationOrExpression(code, i, to);
  }
  if (next >= to || code.isString(next) || code.isNumber(next)) {
    expression(code, i, next);
    code.appendTo(close, ";");
    return next;
  }
  const flags = code.flags(next);
  if ((flags & STATEMENT_WORD) !== 0 || fresh || (flags & (KEYWORD | TYPE_WORD)) !== 0) {
    if (!fresh && (flags & QUALIFIER) !== 0) return declarationOrExpression(code, i, to);
    expression(code, i, next);
    code.appendTo(close, ";");
    return next;
  }
  // On one line: `TYPEOF(x) name = ...`, or `MACRO(x) statement;`
  if (isDeclarator(code, next) && !code.has(i, MARKER)) {
    if (!code.isWord(i, "typeof") && !code.isWord(i, "__typeof__") && !code.isWord(i, "__typeof")) code.fuse(i, next);
    return declarationOrExpression(code, next, to);
  }
  expression(code, i, next);
  code.appendTo(close, ";");
  return next;
}

/** Stars, then names that end in a declarator. */
function isPastedType(code: Code, star: number, to: number): boolean {
  let k = star;
  while (k < to && (code.is(k, STAR) || code.has(k, QUALIFIER))) k++;
  while (code.isName(k + 1)) k++;
  return code.isName(k) && (code.is(k + 1, EQUALS) || code.is(k + 1, SEMICOLON));
}

/** A punctuator at the start of a line that more likely begins a statement than continues `MACRO(...)`. */
function startsStatement(code: Code, i: number, c: number, next: number): boolean {
  if (c === 0x2b2b || c === 0x2d2d) return true;
  if (c === STAR) return code.has(i, CAPS) || code.is(next + 1, STAR);
  if (c === LPAREN) return code.has(i, CAPS) || code.isWord(next + 1, "void");
  return false;
}

/** Turns `NAME` in front of a group and a block into `while` or `if`. */
function headAsControl(code: Code, i: number, word: "if" | "while"): void {
  const start = code.start[i]!;
  const length = code.end[i]! - start;
  code.out.blank(start, code.end[i]!);
  if (length >= 5) code.out.put(start, word);
  else if (length >= 2) code.out.put(start, "if");
  else if (code.out.isSpace(start - 1) && code.out.isSpace(start - 2)) code.out.put(start - 1, "if");
  if (code.match[i + 1] === i + 2) {
    // An empty condition is none.
    const open = code.start[i + 1]!;
    if (code.end[i + 2]! - open > 2) code.out.put(open + 1, "_");
    else if (length >= 4) {
      code.out.blank(start, code.end[i]!);
      code.out.put(start, "if(_");
      code.out.put(open, " ");
    }
  }
}

/** `TARGET(x):` becomes `case (x):`, or a label if the name is too short. */
function labelMacro(code: Code, i: number, close: number): void {
  const start = code.start[i]!;
  if (code.end[i]! - start >= 4 && close > i + 2) {
    expression(code, i + 2, close);
    code.out.blank(start, code.end[i]!);
    code.out.put(start, "case");
  } else code.fuse(i, close + 1);
}
