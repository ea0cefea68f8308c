/**
 * Macros in declarations, told by their position: what stands between the specifiers, the type and the declarator and is
 * neither is an attribute, whatever its name.
 */
import {
  ARROW,
  COLON,
  COMMA,
  type Code,
  ELLIPSIS,
  EQUALS,
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
  ASSEMBLY_WORD,
  ATTRIBUTE_LIKE,
  ATTRIBUTE_WORD,
  CAPS,
  QUALIFIER,
  STORAGE,
  TAG_WORD,
  TYPE_OPERATOR,
  TYPE_WORD,
  UNUSED_LIKE,
} from "./symbols.ts";

/** Result of reading a declaration's head. */
export interface Head {
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
function headEnd(code: Code, from: number, to: number): number {
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

/** `(` of the declared function's parameters in a head, or -1. */
function findParams(code: Code, from: number, stop: number): number {
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

function isPointerDeclarator(code: Code, open: number): boolean {
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

/** `(CALLCONV *name)(params)`: returns the name. */
function cleanPointer(code: Code, open: number): number {
  const close = code.match[open]!;
  let star = -1;
  for (let i = open + 1; i < close; i++) if (code.is(i, STAR)) star = i;
  for (let i = open + 1; i < star; i++) if (code.isName(i)) code.dropAttribute(i, i + 1);
  let name = -1;
  for (let i = star + 1; i < close; i++) {
    if (code.is(i, LBRACKET) || code.is(i, LPAREN)) break;
    if (!code.isName(i)) continue;
    if (name >= 0) code.dropAttribute(name, name + 1);
    name = i;
  }
  if (name >= 0 && code.is(name + 1, LPAREN) && code.match[name + 1]! > 0) cleanParams(code, name + 1);
  if (code.is(close + 1, LPAREN) && code.match[close + 1]! > 0) cleanParams(code, close + 1);
  return name;
}

/** Cleans every parameter of the group that opens at `open`. */
export function cleanParams(code: Code, open: number): void {
  const close = code.match[open]!;
  let from = open + 1;
  for (let i = from; i <= close; i++) {
    if (i < close && code.kind[i] === PUNCT) {
      const c = code.sym[i]!;
      if ((c === LPAREN || c === LBRACKET || c === LBRACE) && code.match[i]! > 0) {
        i = code.match[i]!;
        continue;
      }
      if (c === LESS && code.cpp) {
        i = skipAngles(code, i) - 1;
        continue;
      }
    }
    if (i === close || code.is(i, COMMA)) {
      cleanParam(code, from, i);
      from = i + 1;
    }
  }
}

function cleanParam(code: Code, from: number, to: number): void {
  while (code.has(from, ATTRIBUTE_LIKE) && code.isCall(from) && code.match[from + 1]! < to - 2) {
    const next = code.match[from + 1]! + 1;
    code.dropAttribute(from, next);
    from = next;
  }
  if (to - from < 2) return;
  let stop = from;
  while (stop < to && !code.is(stop, EQUALS) && !code.is(stop, LBRACKET)) stop++;
  if (code.is(stop, LBRACKET) && stop === from) return;
  const last = stop - 1;
  if (code.is(last, 41) && code.match[last]! > from) {
    const open = code.match[last]!;
    const word = open - 1;
    if (code.isName(word) && !code.is(open + 1, STAR)) {
      // `type Py_UNUSED(name)`
      const single = last - open === 2 && code.isName(open + 1);
      if (word > from && single && (code.has(word, CAPS | UNUSED_LIKE) || code.is(word - 1, STAR))) {
        code.attributes.push({ name: code.name(word), start: code.start[word]!, end: code.end[word]! });
        code.blank(word, open + 1);
        code.blank(last, last + 1);
        cleanPrefix(code, from, word);
        return;
      }
      if (word > from && last - open === 1 && code.has(word, CAPS)) {
        code.dropAttribute(word, last + 1);
        cleanPrefix(code, from, word);
        return;
      }
      if (word === from && code.has(word, UNUSED_LIKE | CAPS) && last - open > 2) {
        // `UNUSED(type name)`
        code.blank(word, open + 1);
        code.blank(last, last + 1);
        cleanParam(code, open + 1, last);
        return;
      }
      return;
    }
    for (let i = from; i < stop; i++) {
      if (code.is(i, LPAREN) && code.match[i]! > 0) {
        if (code.is(i + 1, STAR) || isPointerDeclarator(code, i)) {
          cleanPrefix(code, from, i);
          cleanPointer(code, i);
        }
        return;
      }
    }
    return;
  }
  if (code.cpp) {
    for (let i = from; i < stop; i++) if (code.is(i, LPAREN) || code.is(i, ELLIPSIS)) return;
  }
  let name = code.isName(last) && !code.is(last - 1, SCOPE) ? last : -1;
  if (name === from) return;
  if (name > 0 && !hasTypeBefore(code, from, name)) name = -1;
  if (name > 0 && code.has(name, ATTRIBUTE_LIKE) && code.isName(name - 1) && hasTypeBefore(code, from, name - 1)) {
    code.dropAttribute(name, name + 1);
    name--;
  }
  cleanPrefix(code, from, name >= 0 ? name : stop);
}

function hasTypeBefore(code: Code, from: number, name: number): boolean {
  for (let i = from; i < name; i++) {
    if (code.has(i, TYPE_WORD) || (code.isName(i) && !code.has(i - 1, TAG_WORD)) || code.is(i, GREATER)) return true;
    if (code.has(i, TAG_WORD) && i + 1 < name) return true;
    if (code.has(i, TYPE_OPERATOR) || code.isWord(i, "auto")) return true;
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
