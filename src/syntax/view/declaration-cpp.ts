/** What only C++ has among declarations. */
import { AMPERSAND, COLON, COMMA, type Code, GREATER, LBRACE, LESS, LPAREN, SCOPE, SEMICOLON, STAR } from "./code.ts";
import { declarations, type Place } from "./declarations.ts";
import { skipAngles } from "./declarators.ts";
import { expression, memberPointer } from "./expressions.ts";
import { QUALIFIER, STORAGE, TAG_WORD, TYPE_WORD } from "./symbols.ts";

/**
 * What the grammar does not know wherever it stands: pointers to members, `decltype(a, b)`, `restrict` behind other
 * qualifiers, a message of `static_assert` that is no literal.
 */
export function simplifyTypes(code: Code): void {
  for (let i = 0; i < code.n; i++) {
    if (code.is(i, SCOPE)) {
      if (code.is(i + 1, STAR)) memberPointer(code, i);
    } else if (code.isWord(i, "decltype") && code.isCall(i)) {
      const close = code.match[i + 1]!;
      let comma = -1;
      for (let k = i + 2; k < close; k++) {
        if (code.is(k, COMMA)) comma = k;
        else if (code.is(k, LESS)) k = Math.max(k, skipAngles(code, k) - 1);
        else k = Math.max(k, code.afterGroup(k) - 1);
      }
      if (comma > 0) code.blank(i + 2, comma + 1);
    } else if (code.isWord(i, "__restrict") || code.isWord(i, "__restrict__")) code.blank(i, i + 1);
    else if (code.isWord(i, "static_assert") && code.isCall(i)) {
      const close = code.match[i + 1]!;
      if (code.isName(close - 1) && code.is(close - 2, COMMA)) code.blank(close - 2, close);
    }
  }
}

/** Things that only C++ has in front of or instead of a declaration. */
export function cppOnly(code: Code, i: number, to: number, place: Place): { at: number; done: boolean } {
  const done = (at: number): { at: number; done: boolean } => ({ at, done: true });
  if (code.isWord(i, "template") && !code.is(i + 1, LESS)) {
    // An explicit instantiation has no code of its own.
    const end = endOfStatement(code, i, to);
    code.blank(i, end);
    return done(end);
  }
  while (code.isWord(i, "template") && code.is(i + 1, LESS)) i = skipAngles(code, i + 1);
  if (code.isWord(i, "requires")) {
    // A constraint before the declaration: skipped up to the next declaration-like token.
    i = code.is(i + 1, LPAREN) ? code.afterGroup(i + 1) : i;
  }
  let k = i;
  if (code.isWord(k, "inline") && code.isWord(k + 1, "namespace")) k++;
  if (code.isWord(k, "namespace")) {
    let open = k + 1;
    let names = 0;
    while (open < to && !code.is(open, LBRACE) && !code.is(open, SEMICOLON)) {
      // `namespace ATTRIBUTE(x) name {`
      if (code.isName(open) && code.is(open + 1, LPAREN)) {
        const next = code.afterGroup(open + 1);
        code.dropAttribute(open, next);
        open = next;
        continue;
      }
      if (code.isName(open) && code.isName(open + 1) && ++names > 0) code.dropAttribute(open + 1, open + 2);
      open++;
    }
    if (code.is(open, LBRACE)) {
      const close = code.match[open]!;
      declarations(code, open + 1, close > 0 ? close : to, place);
      return done(close > 0 ? close + 1 : to);
    }
    return done(open + 1);
  }
  if (code.isWord(i, "using") || code.isWord(i, "static_assert") || code.isWord(i, "concept")) {
    const end = endOfStatement(code, i, to);
    return done(end);
  }
  if ((code.isWord(i, "public") || code.isWord(i, "private") || code.isWord(i, "protected")) && place === "class") {
    let colon = i + 1;
    while (colon < to && code.isName(colon)) colon++;
    if (code.is(colon, COLON)) return done(colon + 1);
  }
  return { at: i, done: false };
}

/**
 * `type name(arguments);` in C++. Where the grammar would take it for a prototype, as in `type name(f());`, the
 * parentheses become braces. False if the group may hold parameters.
 */
export function constructorCalls(code: Code, first: number, group: number, end: number, place: Place): boolean {
  if (place === "class" || group - first < 2 || !code.isName(group - 1)) return false;
  const before = group - 2;
  const typed = code.isIdent(before) || code.is(before, GREATER) || code.is(before, AMPERSAND) || code.is(before, STAR);
  if (!typed || code.has(before, TAG_WORD | STORAGE) || code.isWord(before, "operator")) return false;
  const groups: { open: number; content: Content }[] = [];
  for (let open = group; ; ) {
    const close = code.match[open]!;
    if (close + 1 > end || close === open + 1) return false;
    const content = contentOf(code, open, close);
    if (
      content === "parameters" ||
      (content === "calls" && place === "file") ||
      (content === "names" && place === "file")
    )
      return false;
    groups.push({ open, content });
    if (close + 1 === end) break;
    // `type a(1), b(2);`
    if (!code.is(close + 1, COMMA) || !code.isName(close + 2) || !code.is(close + 3, LPAREN)) return false;
    if (code.match[close + 3]! < 0) return false;
    open = close + 3;
  }
  for (const { open, content } of groups) {
    const close = code.match[open]!;
    expression(code, open + 1, close);
    if (content === "expressions") continue;
    code.out.put(code.start[open]!, "{");
    code.out.put(code.start[close]!, "}");
  }
  return true;
}

/** What a group behind a declared name holds; names and calls of names could be types as well. */
type Content = "parameters" | "expressions" | "calls" | "names";

function contentOf(code: Code, open: number, close: number): Content {
  let calls = false;
  for (let k = open + 1; k < close; k++) {
    const first = k === open + 1 || code.is(k - 1, COMMA);
    if (first && code.has(k, TYPE_WORD | TAG_WORD | QUALIFIER)) return "parameters";
    if (first && (code.is(k, AMPERSAND) || code.is(k, STAR))) return "expressions";
    if (code.isName(k)) {
      if (code.isName(k + 1)) return "parameters";
      if (code.is(k + 1, AMPERSAND) || code.is(k + 1, 0x2626) || code.is(k + 1, STAR)) return "parameters";
      if (code.is(k + 1, LPAREN)) calls = true;
    } else if (code.is(k, LESS)) {
      const next = skipAngles(code, k);
      if (next > k + 1 && (code.isName(next) || code.is(next, AMPERSAND) || code.is(next, STAR))) return "parameters";
      if (next > k + 1) k = next - 1;
      continue;
    } else if (!code.is(k, SCOPE) && !code.is(k, COMMA) && !code.is(k, LPAREN)) return "expressions";
    k = Math.max(k, code.afterGroup(k) - 1);
  }
  return calls ? "calls" : "names";
}

export function endOfStatement(code: Code, i: number, to: number): number {
  for (let k = i; k < to; k++) {
    if (code.is(k, SEMICOLON)) return k + 1;
    k = Math.max(k, code.afterGroup(k) - 1);
  }
  return to;
}
