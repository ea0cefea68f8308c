/** Function definitions: bodies that macros bring, heads without a type, old-style parameters. */
import { COLON, COMMA, type Code, EQUALS, LBRACE, LBRACKET, LPAREN, SEMICOLON, STAR } from "./code.ts";
import { expression } from "./expressions.ts";
import { PUNCT } from "./lexer.ts";
import { cleanHead } from "./specifiers.ts";
import { block } from "./statements.ts";
import { ATTRIBUTE_WORD, CAPS, QUALIFIER, STORAGE, TAG_WORD, TYPE_WORD } from "./symbols.ts";

export function functionBody(code: Code, from: number, first: number, open: number, headEnd: number): number {
  const { name, params, untyped } = cleanHead(code, first, headEnd);
  const close = code.match[open]! > 0 ? code.match[open]! : code.n;
  if (name >= 0 && params > 0) {
    if (untyped && !code.cpp) giveType(code, first, name);
    if (untyped && holdsLiterals(code, params)) code.blank(params + 1, code.match[params]!);
    code.functions.push({
      start: code.start[from]!,
      end: close < code.n ? code.end[close]! : code.text.length,
      nameStart: code.start[name]!,
      nameEnd: code.end[params - 1]!,
      bodyStart: code.start[open]!,
    });
    if (code.cpp) memberInitialisers(code, code.match[params]! + 1, open);
  }
  block(code, open + 1, close);
  return close + 1;
}

/** `head(...)` on one line, `BODY(x)` alone on the next: the macro brings the whole body. */
export function bodyMacro(code: Code, group: number, i: number, to: number): boolean {
  if (i !== code.match[group]! + 1 || !code.isName(i) || !code.isCall(i)) return false;
  if (!code.startsLine(i) && !code.has(i, CAPS)) return false;
  for (let k = group + 1; k < i; k++) if (code.isNumber(k) || code.isString(k)) return false;
  if (!code.isName(group - 1) || group < 2 || !(code.isIdent(group - 2) || code.is(group - 2, STAR))) return false;
  const next = code.match[i + 1]! + 1;
  if (next >= to) return true;
  return code.startsLine(next) && code.isIdent(next) && !code.has(next, ATTRIBUTE_WORD);
}

export function macroBody(code: Code, from: number, first: number, i: number): number {
  const close = code.match[i + 1]!;
  const before = code.end[i - 1]!;
  const after = code.end[close]!;
  const { out } = code;
  const { name } = cleanHead(code, first, i);
  if (name >= 0 && out.isSpace(before) && out.isSpace(after)) {
    out.put(before, "{");
    if (out.isSpace(after + 1)) {
      expression(code, i, close + 1);
      out.put(after, ";}");
    } else {
      // No room for two characters: the macro's use becomes one name.
      code.fuse(i, close + 1);
      out.put(after - 1, ";}");
    }
    code.functions.push({
      start: code.start[from]!,
      end: after + 2,
      nameStart: code.start[name]!,
      nameEnd: code.end[name]!,
      bodyStart: before,
    });
  }
  return close + 1;
}

/** `TEST("name") {`: arguments of a macro, which no parameters can be. */
function holdsLiterals(code: Code, params: number): boolean {
  for (let k = params + 1; k < code.match[params]!; k++)
    if (code.isString(k) || code.isNumber(k)) return !isDefault(code, params, k);
  return false;
}

/** The literal is in a default argument. */
function isDefault(code: Code, params: number, k: number): boolean {
  for (let i = params + 1; i < k; i++) if (code.is(i, EQUALS)) return true;
  return false;
}

function memberInitialisers(code: Code, from: number, open: number): void {
  for (let i = from; i < open; i++) {
    if (!code.is(i, COLON)) continue;
    expression(code, i + 1, open);
    return;
  }
}

/** A head without a type (`MACRO(a) {`, implicit int) gets one: the grammar knows no other function. */
function giveType(code: Code, first: number, name: number): void {
  const at = code.start[name]!;
  const { out } = code;
  // Storage classes may stand before the name; the type goes into the white space right in front of it.
  if (out.isSpace(at - 1) && out.isSpace(at - 2)) {
    out.put(at - 2, "_");
    return;
  }
  if (first < name && code.isWord(first, "static")) {
    out.blank(code.start[first]!, code.end[first]!);
    out.put(code.start[first]!, "_");
    return;
  }
  if (at === 0 || out.isSpace(at - 1)) {
    const length = code.end[name]! - at;
    // No room: the macro's first letter is the type, the rest the name.
    if (length >= 3) {
      out.put(at + 1, " ");
    }
  }
}

/** Old-style parameter declarations between `)` and `{`; returns the `{` or -1. */
export function knrBody(code: Code, group: number, semicolon: number, to: number): number {
  const after = code.match[group]! + 1;
  if (after >= semicolon || !code.isIdent(after)) return -1;
  if (
    !code.has(after, TYPE_WORD | TAG_WORD | QUALIFIER | STORAGE) &&
    !(code.isName(after) && (code.isName(after + 1) || code.is(after + 1, STAR)))
  )
    return -1;
  for (let k = group + 1; k < code.match[group]!; k++) if (!code.isName(k) && !code.is(k, COMMA)) return -1;
  for (let k = semicolon; k < to; k++) {
    if (code.is(k, SEMICOLON)) {
      if (code.is(k + 1, LBRACE)) return k + 1;
    } else if (
      code.kind[k] === PUNCT &&
      !code.is(k, STAR) &&
      !code.is(k, COMMA) &&
      !code.is(k, LBRACKET) &&
      !code.is(k, 93) &&
      !code.is(k, LPAREN) &&
      !code.is(k, 41)
    )
      return -1;
    if (k - semicolon > 200) return -1;
  }
  return -1;
}
