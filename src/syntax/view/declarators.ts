/** Finding the parts of a declaration's head: the parameters, template arguments, types. */
import {
  ARROW,
  COMMA,
  type Code,
  GREATER,
  LBRACE,
  LBRACKET,
  LESS,
  LPAREN,
  RPAREN,
  SCOPE,
  SEMICOLON,
  STAR,
} from "./code.ts";
import { PUNCT } from "./lexer.ts";
import {
  ATTRIBUTE_LIKE,
  ATTRIBUTE_WORD,
  CAPS,
  QUALIFIER,
  STORAGE,
  TAG_WORD,
  TYPE_OPERATOR,
  TYPE_WORD,
} from "./symbols.ts";

/** `(` of the declared function's parameters in a head, or -1. */
export function findParams(code: Code, from: number, stop: number): number {
  let wrapper = -1;
  for (let i = from; i < stop; i++) {
    if (code.is(i, LESS) && code.cpp) {
      i = skipAngles(code, i) - 1;
      continue;
    }
    if (code.is(i, LPAREN)) {
      const close = code.match[i]!;
      if (close < 0) return -1;
      i = close;
      continue;
    }
    if (code.has(i, ATTRIBUTE_WORD | TYPE_OPERATOR) && code.is(i + 1, LPAREN)) {
      i = code.afterGroup(i + 1) - 1;
      continue;
    }
    if (i + 1 >= stop || !code.isName(i) || !code.isCall(i) || code.has(i - 1, TAG_WORD)) {
      // `operator==(`, `operator()(`
      if (code.cpp && code.isWord(i, "operator")) {
        let k = i + 1;
        if (code.is(k, LPAREN)) k = code.afterGroup(k);
        while (k < stop && !code.is(k, LPAREN)) k++;
        return k < stop && code.match[k]! > 0 ? k : -1;
      }
      continue;
    }
    const after = code.match[i + 1]! + 1;
    // `type (*name)(...)`: the group is the declarator.
    if (isPointerDeclarator(code, i + 1)) return -1;
    // `type PASTE(name)(...)`: the first group makes the name.
    if (code.is(after, LPAREN) && code.match[after]! > 0 && !isPointerDeclarator(code, after)) {
      // `typedef type (name)(...)` declares a function type.
      const typed = i > from && !code.has(i - 1, STORAGE | QUALIFIER);
      if (code.has(i, CAPS) ? !code.isWord(i - 1, "typedef") : typed && !code.cpp) {
        code.fuse(i, after);
        return after;
      }
    }
    if (after >= stop || !continuesPrefix(code, i, after, stop)) {
      return i + 1;
    }
    wrapper = i;
    i = after - 1;
  }
  return wrapper >= 0 && code.match[wrapper + 1]! + 1 >= stop ? wrapper + 1 : -1;
}

export function isPointerDeclarator(code: Code, open: number): boolean {
  const first = open + 1;
  if (code.is(first, STAR) || code.is(first, 94))
    return code.is(code.match[open]! + 1, LPAREN) || code.is(code.match[open]! + 1, LBRACKET);
  if (code.isName(first) && code.is(first + 1, STAR) && code.isName(first + 2) && code.is(first + 3, RPAREN)) {
    return code.is(first + 4, LPAREN);
  }
  return (
    code.isName(first) && code.is(first + 1, STAR) && code.is(code.match[open]! + 1, LPAREN) && code.has(first, CAPS)
  );
}

/** After `name(...)` at `i` comes the rest of a prefix (`Py_LOCAL(int) name(`), not a suffix (`name(...) ATTRIBUTE`). */
function continuesPrefix(code: Code, i: number, after: number, stop: number): boolean {
  if (code.is(after, STAR)) return true;
  if (code.cpp && (code.isWord(after, "override") || code.isWord(after, "final"))) return false;
  if (!code.isIdent(after)) return code.is(after, LPAREN) && isPointerDeclarator(code, after);
  if (code.has(after, ATTRIBUTE_WORD)) {
    const next = code.afterGroup(after + 1);
    return next < stop && continuesPrefix(code, i, next, stop);
  }
  const flags = code.flags(after);
  if ((flags & (TYPE_WORD | TAG_WORD | STORAGE)) !== 0) return true;
  if ((flags & QUALIFIER) !== 0 && !code.cpp) return true;
  // The name of the function follows somewhere: `NAME (`, where what is between is no group of an attribute.
  for (let k = after; k < stop; k++) {
    if (code.is(k, ARROW)) return false;
    if (code.isName(k) && code.is(k + 1, LPAREN)) {
      if (code.isNumber(k + 2) || code.isString(k + 2)) return false;
      if (code.has(k, CAPS) && !code.has(i, CAPS)) return false;
      return !(code.has(k, ATTRIBUTE_LIKE) && !code.has(i, ATTRIBUTE_LIKE));
    }
    if (!code.isIdent(k) && !code.is(k, STAR) && !code.is(k, SCOPE) && !(code.cpp && isTypePunctuation(code, k)))
      return false;
  }
  if (!code.isName(after)) return false;
  // `ALIGNED(16) type name`, `type ALIGNED(16) name`, against `name(...) ATTRIBUTE`.
  return code.has(i, CAPS) && (stop - after >= 2 || !code.has(after, CAPS | ATTRIBUTE_LIKE));
}

function isTypePunctuation(code: Code, k: number): boolean {
  return code.is(k, 38) || code.is(k, 0x2626) || code.is(k, LESS) || code.is(k, GREATER) || code.is(k, COMMA);
}

/** Token after the `>` that closes the `<` at `i`, or `i + 1` if it is a comparison. */
export function skipAngles(code: Code, i: number): number {
  let depth = 0;
  const limit = Math.min(code.n, i + 400);
  for (let k = i; k < limit; k++) {
    if (code.kind[k] !== PUNCT) continue;
    const c = code.sym[k]!;
    if (c === LESS) depth++;
    else if (c === GREATER) {
      if (--depth === 0) return k + 1;
    } else if (c === LPAREN || c === LBRACKET || c === LBRACE) {
      if (code.match[k]! < 0) return i + 1;
      k = code.match[k]!;
    } else if (c === SEMICOLON) return i + 1;
  }
  return i + 1;
}

/** Only type words and stars: what `Py_LOCAL(...)` may wrap. */
export function isTypeLike(code: Code, from: number, to: number): boolean {
  let names = 0;
  let words = 0;
  for (let i = from; i < to; i++) {
    if (code.is(i, STAR) || code.is(i, 38)) {
      if (names + words === 0) return false;
      continue;
    }
    if (code.cpp && (code.is(i, SCOPE) || code.is(i, LESS) || code.is(i, GREATER) || code.is(i, COMMA))) {
      names = 0;
      words = 1;
      continue;
    }
    if (!code.isIdent(i)) return false;
    if (code.has(i, TYPE_WORD)) words++;
    else if (code.has(i, TAG_WORD)) {
      if (!code.isName(i + 1)) return false;
      words++;
      i++;
    } else if (code.has(i, QUALIFIER | STORAGE)) continue;
    else if (code.isName(i)) names++;
    else return false;
  }
  return names + words > 0 && names <= 1;
}
