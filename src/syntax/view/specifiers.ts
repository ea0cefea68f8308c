/**
 * Macros in declarations, told by their position: what stands between the specifiers, the type and the declarator and is
 * neither is an attribute, whatever its name.
 */
import {
  ARROW,
  COLON,
  COMMA,
  type Code,
  EQUALS,
  LBRACE,
  LBRACKET,
  LESS,
  LPAREN,
  RPAREN,
  SCOPE,
  SEMICOLON,
  STAR,
  TILDE,
} from "./code.ts";
import { findParams, isPointerDeclarator, isTypeLike, skipAngles } from "./declarators.ts";
import { PUNCT } from "./lexer.ts";
import { cleanParams, cleanPointer } from "./parameters.ts";
import { ASSEMBLY_WORD, ATTRIBUTE_LIKE, ATTRIBUTE_WORD, CAPS, TAG_WORD, TYPE_OPERATOR, TYPE_WORD } from "./symbols.ts";

/** Result of reading a declaration's head. */
interface Head {
  /** The declared name, or -1. */
  name: number;
  /** `(` of the parameter list, or -1 if no function is declared. */
  params: number;
  /** No type is written in front of the name. */
  untyped: boolean;
}

/**
 * Cleans the head of a declaration, tokens `from` to `to` (exclusive): specifiers, type, first declarator, up to an
 * initialiser. Blanks attributes, unwraps `Py_LOCAL(type)`, cleans the parameters.
 */
export function cleanHead(code: Code, from: number, to: number): Head {
  const stop = headEnd(code, from, to);
  const params = findParams(code, from, stop);
  if (params > 0) {
    const name =
      code.is(params - 1, RPAREN) && !code.isWord(code.match[params - 1]! - 1, "operator")
        ? code.match[params - 1]! - 1
        : params - 1;
    const untyped = !cleanPrefix(code, from, name);
    cleanParams(code, params);
    cleanSuffix(code, code.match[params]! + 1, stop);
    return { name, params, untyped };
  }
  return { name: cleanVariable(code, from, stop), params: -1, untyped: false };
}

/** First token at depth 0 of the head that belongs to an initialiser, bit field, array bound or second declarator. */
export function headEnd(code: Code, from: number, to: number): number {
  for (let i = from; i < to; i++) {
    if (code.kind[i] !== PUNCT) continue;
    const c = code.sym[i]!;
    if (c === EQUALS || c === COMMA || c === SEMICOLON || c === LBRACE || (c === COLON && i > from)) return i;
    if (c === LBRACKET) {
      // `[[attribute]]`
      if (code.is(i + 1, LBRACKET) && code.match[i]! > 0) {
        i = code.match[i]!;
        continue;
      }
      return i;
    }
    if (c === LPAREN) {
      if (code.match[i]! < 0) return i;
      i = code.match[i]!;
    } else if (c === LESS && code.cpp) i = skipAngles(code, i) - 1;
  }
  return to;
}

/** Cleans what stands before a declared name; false if no type is left. */
export function cleanPrefix(code: Code, from: number, name: number): boolean {
  let typed = false;
  let starred = false;
  const names: number[] = [];
  const wrappers: number[] = [];
  for (let i = from; i < name; i++) {
    if (code.kind[i] === PUNCT) {
      const c = code.sym[i]!;
      if (c === STAR || c === 38 || c === 0x2626) starred = true;
      else if (c === LBRACE || c === LPAREN || c === LBRACKET) {
        if (c === LBRACE) typed = true;
        i = Math.max(i, code.match[i]!);
      } else if (c === SCOPE) {
        if (names.at(-1) === i - 1) names.pop();
        if (i + 1 < name) typed = true;
      } else if (c === LESS && code.cpp) {
        i = skipAngles(code, i) - 1;
        typed = true;
      }
      continue;
    }
    const flags = code.flags(i);
    if ((flags & ATTRIBUTE_WORD) !== 0) {
      const next = code.afterGroup(i + 1);
      code.dropAttribute(i, next);
      i = next - 1;
    } else if (code.isWord(i, "__extension__")) code.blank(i, i + 1);
    else if (code.isWord(i, "_Thread_local") && !code.cpp) {
      // C11's word is none of the grammar's; what the declaration says is read from the original text.
      code.blank(i, i + 1);
    } else if (code.isWord(i, "_Complex") || code.isWord(i, "__complex__")) {
      // Not known to the grammar beside `double` or `float`.
      code.dropAttribute(i, i + 1);
    } else if (code.isWord(i, "_Atomic") && code.isCall(i)) {
      const close = code.match[i + 1]!;
      code.unwrap(i);
      typed = true;
      i = close;
    } else if ((flags & TYPE_WORD) !== 0) typed = true;
    else if ((flags & TAG_WORD) !== 0) {
      typed = true;
      i = cleanTag(code, i, name) - 1;
    } else if (!code.isName(i)) {
      if (code.isWord(i, "typename")) typed = true;
      else if (code.has(i, TYPE_OPERATOR) && code.isCall(i)) {
        typed = true;
        i = code.match[i + 1]!;
      }
    } else if (code.isCall(i) && code.match[i + 1]! < name) {
      if (code.isWord(i, "typeof") || code.isWord(i, "__typeof__") || code.isWord(i, "__typeof")) typed = true;
      else wrappers.push(i);
      i = code.match[i + 1]!;
    } else if (starred && !(code.cpp && (code.is(i + 1, SCOPE) || code.is(i + 1, LESS)))) {
      code.dropAttribute(i, i + 1);
    } else if (code.cpp && (code.is(i + 1, SCOPE) || code.is(i - 1, SCOPE) || code.is(i + 1, LESS))) {
      if (i === name - 2 && code.is(i + 1, SCOPE)) continue;
      typed = true;
    } else names.push(i);
  }
  // `Foo::bar(`: the qualifier belongs to the name.
  let kept = typed ? -1 : chooseType(code, names);
  // A destructor has no type.
  if (code.cpp && code.is(name - 1, TILDE)) kept = -1;
  if (kept >= 0 && code.has(kept, ATTRIBUTE_LIKE)) {
    // `EXPORT(int) WINAPI name`: the wrapped type is the type. In C++ a constructor has none.
    const wrapped = wrappers.some((i) => isTypeLike(code, i + 2, code.match[i + 1]!));
    if (wrapped || (code.cpp && name < code.n && code.is(name + 1, LPAREN))) kept = -1;
  }
  for (const i of names) {
    if (i === kept) continue;
    if (code.cpp && !code.has(i, CAPS) && !code.has(i, ATTRIBUTE_LIKE)) continue;
    code.dropAttribute(i, i + 1);
  }
  if (kept >= 0) typed = true;
  for (let k = wrappers.length - 1; k >= 0; k--) {
    const i = wrappers[k]!;
    const close = code.match[i + 1]!;
    if (!typed && close > i + 2 && isTypeLike(code, i + 2, close)) {
      code.unwrap(i);
      typed = true;
    } else if (!typed && code.isName(i + 2) && !code.has(i, ATTRIBUTE_LIKE)) {
      // `TYPE(x) name`: one identifier stands for the type.
      code.fuse(i, close + 1);
      typed = true;
    } else code.dropAttribute(i, close + 1);
  }
  return typed;
}

/** The name among several that is the type: the least attribute-like, the last of equals. */
function chooseType(code: Code, names: number[]): number {
  let best = -1;
  let bestScore = 4;
  for (const i of names) {
    const flags = code.flags(i);
    const score = (flags & ATTRIBUTE_LIKE) !== 0 ? 2 : (flags & CAPS) !== 0 ? 1 : 0;
    if (score <= bestScore) {
      best = i;
      bestScore = score;
    }
  }
  return best;
}

/** `struct ATTRIBUTE tag`: keeps the tag. Returns the token after the tag. */
export function cleanTag(code: Code, i: number, limit: number): number {
  let k = i + 1;
  let tag = -1;
  if (code.isWord(k, "class") || code.isWord(k, "struct")) k++;
  for (; k < limit; k++) {
    if (code.has(k, ATTRIBUTE_WORD)) {
      const next = code.afterGroup(k + 1);
      code.dropAttribute(k, next);
      k = next - 1;
    } else if (code.is(k, LBRACKET) && code.is(k + 1, LBRACKET) && code.match[k]! > 0) k = code.match[k]!;
    else if (code.isName(k)) {
      if (tag >= 0 && !code.is(k - 1, SCOPE)) {
        // Two names: before the body the first is an attribute, elsewhere the second belongs to the declarator.
        const bodyFollows =
          code.is(k + 1, LBRACE) || (code.cpp && (code.is(k + 1, COLON) || code.isWord(k + 1, "final")));
        if (!bodyFollows) return k;
        if (code.cpp && code.isWord(k, "final")) return k;
        code.dropAttribute(tag, tag + 1);
      }
      if (tag < 0 && code.isCall(k) && !code.has(k, CAPS) && k === i + 1 && code.isName(k + 2)) {
        // `struct paste(a, b)`
        code.fuse(k, code.match[k + 1]! + 1);
        return code.match[k + 1]! + 1;
      }
      if (
        code.isCall(k) &&
        code.has(k, CAPS) &&
        (code.isName(code.match[k + 1]! + 1) || code.is(code.match[k + 1]! + 1, LBRACE))
      ) {
        const close = code.match[k + 1]!;
        if (code.is(close + 1, LBRACE)) {
          // `struct NAME(x) {`
          code.fuse(k, close + 1);
          return close + 1;
        }
        code.dropAttribute(k, close + 1);
        k = close;
        continue;
      }
      tag = k;
    } else if (!code.is(k, SCOPE)) return k;
  }
  return k;
}

/** Cleans a variable's or typedef's head; returns its name, or -1. */
function cleanVariable(code: Code, from: number, stop: number): number {
  // The declarator may be a group: `int (*name)(...)`, `int (name)[3]`.
  for (let i = from; i < stop; i++) {
    if (code.has(i, ATTRIBUTE_WORD | TYPE_OPERATOR)) {
      i = code.afterGroup(i + 1) - 1;
      continue;
    }
    if (code.cpp && code.is(i, LESS)) {
      i = skipAngles(code, i) - 1;
      continue;
    }
    if (!code.is(i, LPAREN) || code.match[i]! < 0) continue;
    const close = code.match[i]!;
    if (code.is(i + 1, STAR) || isPointerDeclarator(code, i)) {
      cleanPrefix(code, from, i);
      return cleanPointer(code, i);
    }
    i = close;
  }
  let name = -1;
  let last = stop - 1;
  // Attributes after the name: `type name ATTRIBUTE`, `type name ATTRIBUTE(x)`.
  while (last > from) {
    const open = code.is(last, 41) && code.match[last]! > from ? code.match[last]! : -1;
    const word = open >= 0 ? open - 1 : last;
    if (!code.isIdent(word)) break;
    const isAttribute =
      code.has(word, ATTRIBUTE_WORD | ASSEMBLY_WORD) || (open >= 0 && code.isName(word) && word > from + 1);
    const isSecondName =
      open < 0 &&
      code.has(word, ATTRIBUTE_LIKE) &&
      code.isName(word - 1) &&
      word - 1 > from &&
      typeBefore(code, from, word - 1);
    if (!isAttribute && !isSecondName) break;
    code.dropAttribute(word, last + 1);
    last = word - 1;
  }
  if (code.isName(last) && last >= from) name = last;
  cleanPrefix(code, from, name >= 0 ? name : last + 1);
  return name;
}

function typeBefore(code: Code, from: number, name: number): boolean {
  for (let i = from; i < name; i++) {
    if (code.is(i, STAR) || code.has(i, TYPE_WORD | TAG_WORD) || (code.isName(i) && !code.has(i, ATTRIBUTE_LIKE)))
      return true;
  }
  return false;
}

/** Cleans what stands between a parameter list and the body or `;`. */
function cleanSuffix(code: Code, from: number, stop: number): void {
  for (let i = from; i < stop; i++) {
    if (code.has(i, ATTRIBUTE_WORD)) {
      const next = code.afterGroup(i + 1);
      code.dropAttribute(i, next);
      i = next - 1;
    } else if (code.isName(i)) {
      if (code.cpp && !code.has(i, CAPS)) {
        if (code.is(i + 1, LPAREN)) i = code.afterGroup(i + 1) - 1;
        continue;
      }
      const next = code.afterGroup(i + 1);
      const end = code.is(i + 1, LPAREN) ? next : i + 1;
      // Whatever holds code is no attribute.
      for (let k = i; k < end; k++) if (code.is(k, LBRACE) || code.is(k, SEMICOLON)) return;
      code.dropAttribute(i, end);
      i = end - 1;
    } else if (code.is(i, LPAREN)) i = Math.max(i, code.match[i]!);
    else if (code.is(i, ARROW) || code.is(i, COLON)) return;
    else if (code.has(i, ASSEMBLY_WORD)) {
      const next = code.afterGroup(i + 1);
      code.blank(i, next);
      i = next - 1;
    }
  }
}
