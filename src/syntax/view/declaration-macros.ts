/** Macros used as declarations of their own, which have or lack their `;`. */
import {
  AMPERSAND,
  COMMA,
  type Code,
  DOT,
  EQUALS,
  LBRACE,
  LBRACKET,
  LESS,
  LPAREN,
  RBRACE,
  SCOPE,
  SEMICOLON,
  STAR,
} from "./code.ts";
import type { Place } from "./declarations.ts";
import { isTypeLike } from "./declarators.ts";
import { expression } from "./expressions.ts";
import { ATTRIBUTE_WORD, CAPS, QUALIFIER, ROW_LIKE, STORAGE, TAG_WORD, TYPE_WORD } from "./symbols.ts";

/** A macro used as a declaration of its own, with or without `;`. Returns the token after it, or `i` if there is none. */
export function macroUse(code: Code, i: number, to: number, place: Place): number {
  if (!code.isName(i)) return i;
  if (code.isWord(i, "PyObject_HEAD") || code.isWord(i, "PyObject_VAR_HEAD")) {
    const kind = code.isWord(i, "PyObject_HEAD") ? "PyObject_HEAD" : "PyObject_VAR_HEAD";
    code.objectHeads.push({ kind, start: code.start[i]!, end: code.end[i]! });
    if (code.is(i + 1, SEMICOLON)) return i + 2;
    if (place === "class" && code.appendTo(i, ";")) return i + 1;
  }
  if (!code.is(i + 1, LPAREN)) {
    if (place === "class") return fieldMacro(code, i, to);
    return bareMacro(code, i, to, place);
  }
  const close = code.match[i + 1]!;
  if (close < 0) return i;
  const next = close + 1;
  if (code.is(next, SEMICOLON) && place !== "class") {
    if (place === "file" && !(code.cpp && !code.has(i, CAPS))) {
      outside(code, i, next);
      return next + 1;
    }
    return i;
  }
  if (place === "block") return i;
  if (place === "class" && code.is(next, SEMICOLON) && code.has(i, CAPS) && holdsExpressions(code, i + 1)) {
    code.fuse(i, next);
    return next + 1;
  }
  if (!endsMacroUse(code, i, close, to)) return i;
  if (place === "class") {
    code.fuse(i, next);
    code.appendTo(close, ";");
    return next;
  }
  outside(code, i, next);
  code.appendTo(close, ";");
  return next;
}

function outside(code: Code, from: number, to: number): void {
  code.outsideFunction = true;
  expression(code, from, to);
  code.outsideFunction = false;
}

/** The group holds what no parameter list does. */
function holdsExpressions(code: Code, open: number): boolean {
  for (let k = open + 1; k < code.match[open]!; k++)
    if (code.isString(k) || code.isNumber(k) || code.is(k, DOT)) return true;
  return false;
}

/** Whether `name(...)` ending at `close` is a whole declaration although no `;` follows. */
function endsMacroUse(code: Code, i: number, close: number, to: number): boolean {
  const next = close + 1;
  if (next >= to) return true;
  if (!code.startsLine(next)) return false;
  if (!code.isIdent(next))
    return (
      code.is(next, RBRACE) ||
      (code.cpp && code.is(next, TILDE_CODE)) ||
      (code.is(next, LBRACKET) && code.is(next + 1, LBRACKET))
    );
  const flags = code.flags(next);
  const typeInside = isTypeLike(code, i + 2, close) && close > i + 2;
  if (typeInside && RETURNS.test(code.name(i)) && code.sym[next] !== code.sym[i]) return false;
  if ((flags & (STORAGE | TAG_WORD)) !== 0 || code.isWord(next, "template") || code.isWord(next, "namespace")) {
    return true;
  }
  if ((flags & (TYPE_WORD | QUALIFIER)) !== 0)
    return code.cpp
      ? (flags & TYPE_WORD) !== 0 || (code.isWord(next, "const") && code.has(i, CAPS))
      : !isOldStyle(code, i, close);
  if ((flags & ATTRIBUTE_WORD) !== 0) return false;
  if (!code.isName(next)) return code.cpp;
  // `Py_LOCAL(type)` on a line of its own, then `name(...)`.
  if (code.isCall(next)) {
    if (!typeInside) return true;
    if (code.sym[next] === code.sym[i]) return true;
    return code.has(next, CAPS);
  }
  // Then `type name`, `type *name`: a declaration that is complete without the macro.
  return true;
}

/** Macros that wrap a type: `Py_LOCAL(int)`, `API(void *)`. */
const RETURNS = /LOCAL|FUNC|API|EXPORT|DATA|STATIC|TYPE|RET/i;

const TILDE_CODE = 126;

/** `name(a, b)` followed by declarations of `a` and `b`. */
function isOldStyle(code: Code, i: number, close: number): boolean {
  for (let k = i + 2; k < close; k++) if (!code.isName(k) && !code.is(k, COMMA)) return false;
  for (let k = close + 1; k < code.n && k < close + 60; k++) {
    if (code.is(k, LBRACE)) return code.is(k - 1, SEMICOLON);
    if (code.is(k, EQUALS) || code.is(k, LPAREN)) return false;
  }
  return false;
}

/** A macro of fields without `;`: `PyObject_HEAD` before the next field. */
function fieldMacro(code: Code, i: number, to: number): number {
  if (code.is(i + 1, SEMICOLON)) return i + 2;
  if (i + 1 >= to) {
    code.appendTo(i, ";");
    return i + 1;
  }
  if (!code.startsLine(i + 1)) return i;
  if (!code.has(i, CAPS | ROW_LIKE)) return i;
  // The next line must be a field by itself.
  if (
    code.has(i + 1, TYPE_WORD | TAG_WORD | QUALIFIER | STORAGE) ||
    (code.isName(i + 1) &&
      (code.isName(i + 2) ||
        code.is(i + 2, STAR) ||
        code.is(i + 2, LPAREN) ||
        code.is(i + 2, SCOPE) ||
        code.is(i + 2, LESS) ||
        code.is(i + 2, AMPERSAND))) ||
    (code.cpp && code.isIdent(i + 1) && !code.isName(i + 1))
  ) {
    if (code.has(i, ROW_LIKE) || /HEAD|FIELDS|MEMBERS|BASE/.test(code.name(i))) {
      code.appendTo(i, ";");
      return i + 1;
    }
    code.dropAttribute(i, i + 1);
    return i + 1;
  }
  return i;
}

/** A macro alone on its line at file level: `BEGIN_DECLS`. */
function bareMacro(code: Code, i: number, to: number, place: Place): number {
  if (place !== "file" || !code.has(i, CAPS)) return i;
  const next = i + 1;
  if (next >= to) {
    code.blank(i, next);
    return next;
  }
  if (!code.startsLine(next)) return i;
  if (
    code.has(next, STORAGE | TAG_WORD) ||
    code.isWord(next, "typedef") ||
    code.isWord(next, "namespace") ||
    code.isWord(next, "template")
  ) {
    code.dropAttribute(i, next);
    return next;
  }
  // A list of macros, one a line: `END_LIST`, `BEGIN_LIST(3)`.
  const after = code.isCall(next) ? code.match[next + 1]! + 1 : next;
  if (
    after > next &&
    code.has(next, CAPS) &&
    code.startsLine(after) &&
    !code.is(after, LBRACE) &&
    !code.is(after, LPAREN)
  ) {
    code.blank(i, next);
    return next;
  }
  return i;
}
