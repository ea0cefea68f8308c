/** Rows of brace-enclosed lists: macros that bring their own comma get one that the grammar can see. */
import { AMPERSAND, COMMA, type Code, DOT, ELLIPSIS, EQUALS, LBRACE, LBRACKET, LPAREN } from "./code.ts";
import { expression } from "./expressions.ts";
import { CAPS, KEYWORD, ROW_LIKE } from "./symbols.ts";

/** The list in tokens `from` to `to`, braces excluded. */
export function initialiser(code: Code, from: number, to: number): void {
  let row = from;
  for (let i = from; i < to; i++) {
    if (code.is(i, COMMA)) {
      row = i + 1;
      continue;
    }
    // `[0 ... 7] = x`; `name = ...` in declarations for cffi.
    if (code.is(i, ELLIPSIS) && !code.cpp) code.out.put(code.start[i]!, code.is(i - 1, EQUALS) ? "0  " : " + ");
    // A designated row begins after its `=`.
    const atRow = i === row || (code.is(i - 1, EQUALS) && code.isCall(i));
    let end = i;
    if (code.isName(i) && code.is(i + 1, LPAREN) && code.match[i + 1]! > 0) end = code.match[i + 1]!;
    else if (code.is(i, LBRACE) || code.is(i, LPAREN) || code.is(i, LBRACKET)) {
      i = Math.max(i, code.match[i]!);
      continue;
    }
    if (atRow && code.isName(i) && end + 1 < to && startsRow(code, i, end)) {
      if (code.appendTo(end, ",")) row = end + 1;
    }
    i = end;
  }
  expression(code, from, to);
}

/** The list of an `enum`: a macro among the names becomes a name, and gets the commas that it lacks. */
export function enumerators(code: Code, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const atRow = i === from || code.is(i - 1, COMMA) || code.startsLine(i);
    if (atRow && code.isName(i)) {
      if (i > from && !code.is(i - 1, COMMA) && endsRow(code, i - 1)) code.appendTo(i - 1, ",");
      if (code.isCall(i)) {
        const close = code.match[i + 1]!;
        code.fuse(i, close + 1);
        if (close + 1 < to && !code.is(close + 1, COMMA) && !code.is(close + 1, EQUALS)) code.appendTo(close, ",");
        i = close;
      }
      continue;
    }
    if (code.is(i, ELLIPSIS)) code.out.put(code.start[i]!, "0  ");
    i = Math.max(i, code.afterGroup(i) - 1);
  }
  expression(code, from, to);
}

/** Token `i` may be the last of an enumerator. */
function endsRow(code: Code, i: number): boolean {
  return code.isName(i) || code.isNumber(i) || code.is(i, 41);
}

/** A new row begins right after the macro use that reaches from `i` to `end`. */
function startsRow(code: Code, i: number, end: number): boolean {
  const next = end + 1;
  if (code.is(next, LBRACE)) return !code.cpp || code.has(i, CAPS) || code.startsLine(next);
  if (code.is(next, DOT)) return code.startsLine(next);
  if (code.isName(next)) return code.startsLine(next) || (end > i && !code.is(i - 1, EQUALS));
  const rowLike = code.has(i, ROW_LIKE);
  if (code.isIdent(next)) return code.startsLine(next) && (code.flags(next) & KEYWORD) !== 0;
  if (code.isNumber(next)) return true;
  if (code.isString(next) || code.is(next, AMPERSAND) || code.is(next, LPAREN) || code.is(next, 45)) {
    return rowLike && (end > i || code.startsLine(next));
  }
  return code.is(next, LBRACKET) && code.startsLine(next) && code.has(i, CAPS);
}
