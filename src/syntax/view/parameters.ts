/** Macros among parameters and in declarators of pointers. */
import { COMMA, type Code, ELLIPSIS, EQUALS, GREATER, LBRACE, LBRACKET, LESS, LPAREN, SCOPE, STAR } from "./code.ts";
import { isPointerDeclarator, skipAngles } from "./declarators.ts";
import { PUNCT } from "./lexer.ts";
import { cleanPrefix } from "./specifiers.ts";
import { ATTRIBUTE_LIKE, CAPS, TAG_WORD, TYPE_OPERATOR, TYPE_WORD, UNUSED_LIKE } from "./symbols.ts";

/** `(CALLCONV *name)(params)`: returns the name. */
export function cleanPointer(code: Code, open: number): number {
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
  if (code.cpp && code.is(stop, EQUALS) && code.is(stop + 1, LBRACE) && code.match[stop + 1]! > 0) {
    // The grammar knows no `{}` as a default.
    code.blank(stop + 1, code.match[stop + 1]! + 1);
    code.out.put(code.start[stop + 1]!, "0");
  }
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
