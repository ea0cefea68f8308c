/** Statements of function bodies. */
import {
  ARROW,
  COLON,
  type Code,
  EQUALS,
  GREATER,
  LBRACE,
  LBRACKET,
  LESS,
  LPAREN,
  RBRACE,
  SCOPE,
  SEMICOLON,
  STAR,
} from "./code.ts";
import { declaration } from "./declarations.ts";
import { expression } from "./expressions.ts";
import { PUNCT } from "./lexer.ts";
import { isDeclarator, named } from "./statement-macros.ts";
import {
  ASSEMBLY_WORD,
  ATTRIBUTE_WORD,
  KEYWORD,
  QUALIFIER,
  STATEMENT_WORD,
  STORAGE,
  TAG_WORD,
  TYPE_WORD,
} from "./symbols.ts";

/** All statements in tokens `from` to `to`. */
export function block(code: Code, from: number, to: number): void {
  let i = from;
  while (i < to) {
    const next = statement(code, i, to);
    i = next > i ? next : i + 1;
  }
}

/** One statement; returns the token after it (after its head, for a compound statement). */
export function statement(code: Code, i: number, to: number): number {
  if (code.kind[i] === PUNCT) {
    const c = code.sym[i]!;
    if (c === SEMICOLON || c === RBRACE) return i + 1;
    if (c === LBRACE) {
      const close = code.match[i]!;
      block(code, i + 1, close > 0 ? close : to);
      return close > 0 ? close + 1 : to;
    }
    if (c === LBRACKET && code.is(i + 1, LBRACKET) && code.match[i]! > 0) return code.match[i]! + 1;
    return simple(code, i, to);
  }
  if (!code.isIdent(i)) return simple(code, i, to);
  const flags = code.flags(i);
  if ((flags & STATEMENT_WORD) !== 0) return control(code, i, to);
  if ((flags & (TYPE_WORD | TAG_WORD | STORAGE | QUALIFIER)) !== 0) {
    // `unsigned(x)`: a conversion in C++.
    if (code.cpp && (flags & TYPE_WORD) !== 0 && code.is(i + 1, LPAREN)) return simple(code, i, to);
    return declaration(code, i, to, "block");
  }
  if ((flags & ASSEMBLY_WORD) !== 0) return assembly(code, i, to);
  if ((flags & ATTRIBUTE_WORD) !== 0) {
    const next = code.afterGroup(i + 1);
    code.dropAttribute(i, next);
    return next;
  }
  if (code.isWord(i, "__extension__")) {
    code.blank(i, i + 1);
    return i + 1;
  }
  if (code.isWord(i, "_Static_assert")) {
    const next = code.afterGroup(i + 1);
    code.blank(i, next);
    return next;
  }
  if (code.cpp && (code.isWord(i, "using") || code.isWord(i, "static_assert") || code.isWord(i, "namespace"))) {
    return declaration(code, i, to, "block");
  }
  if ((flags & KEYWORD) !== 0) return simple(code, i, to);
  return named(code, i, to);
}

function control(code: Code, i: number, to: number): number {
  const word = code.name(i);
  switch (word) {
    case "if":
    case "while":
    case "switch":
    case "for":
    case "catch": {
      let open = i + 1;
      if (code.isWord(open, "constexpr")) open++;
      if (!code.is(open, LPAREN) || code.match[open]! < 0) {
        // `if UNLIKELY(x) {`: the macro brings the parentheses.
        if (code.isName(open) && code.isCall(open)) {
          const close = code.match[open + 1]!;
          expression(code, open + 2, close);
          code.blank(open, open + 1);
          return close + 1;
        }
        return i + 1;
      }
      if (word === "catch") return code.match[open]! + 1;
      if (word === "for") forHead(code, open);
      else expression(code, open + 1, code.match[open]!);
      return code.match[open]! + 1;
    }
    case "case":
    case "default": {
      let k = i + 1;
      let questions = 0;
      for (; k < to; k++) {
        if (code.is(k, 63)) questions++;
        else if (code.is(k, COLON)) {
          if (questions === 0) break;
          questions--;
        } else if (code.is(k, SEMICOLON) || code.is(k, LBRACE)) break;
        else k = Math.max(k, code.afterGroup(k) - 1);
      }
      expression(code, i + 1, k);
      return k + 1;
    }
    case "else":
    case "do":
      return i + 1;
    case "try":
      // A macro brings the `catch`.
      if (code.is(i + 1, LBRACE) && code.match[i + 1]! > 0 && !code.isWord(code.match[i + 1]! + 1, "catch"))
        code.blank(i, i + 1);
      return i + 1;
    case "__try":
      code.blank(i, i + 1);
      return i + 1;
    case "__except":
    case "__finally":
      code.blank(i, i + 1);
      if (word === "__except") {
        code.out.put(code.start[i]!, "if");
        const close = code.afterGroup(i + 1);
        return close;
      }
      return i + 1;
    case "goto":
      if (code.is(i + 1, STAR)) return computedGoto(code, i, to);
      return simple(code, i, to);
    default:
      return simple(code, i, to);
  }
}

/** `goto *p;` becomes `_goto(p);`: the grammar knows no computed goto. */
function computedGoto(code: Code, i: number, to: number): number {
  const end = simple(code, i, to);
  const semicolon = end - 1;
  const at = code.start[i]!;
  if (code.is(semicolon, SEMICOLON) && code.start[i + 1]! === at + 5 && code.out.isSpace(code.end[semicolon]!)) {
    code.out.put(at, "_goto(");
    code.out.put(code.start[semicolon]!, ")");
    code.out.put(code.end[semicolon]!, ";");
  }
  return end;
}

function forHead(code: Code, open: number): void {
  const close = code.match[open]!;
  let first = open + 1;
  for (; first < close; first++) {
    if (code.is(first, SEMICOLON) || code.is(first, COLON)) break;
    first = Math.max(first, code.afterGroup(first) - 1);
  }
  if (open + 1 < first && looksLikeDeclaration(code, open + 1)) {
    for (let k = open + 1; k < first; k++) if (code.is(k, EQUALS)) expression(code, k + 1, first);
  } else expression(code, open + 1, first);
  expression(code, first, close);
}

function looksLikeDeclaration(code: Code, i: number): boolean {
  return (
    code.has(i, TYPE_WORD | TAG_WORD | STORAGE | QUALIFIER) ||
    (code.isName(i) && (code.isName(i + 1) || code.is(i + 1, STAR) || code.is(i + 1, SCOPE) || code.is(i + 1, LESS)))
  );
}

function assembly(code: Code, i: number, to: number): number {
  let k = i + 1;
  while (k < to && code.isIdent(k)) k++;
  if (
    !code.startsLine(i + 1) &&
    k > i + 1 &&
    !/^(?:volatile|__volatile__|__volatile|goto|inline|__inline__)$/.test(code.name(i + 1))
  ) {
    // `__asm mov eax, ebx`: an instruction that ends with its line.
    k = i + 1;
    while (k < to && !code.startsLine(k) && !code.is(k, RBRACE)) k++;
    code.blank(i, k);
    return k;
  }
  if (code.is(k, LPAREN) || code.is(k, LBRACE)) k = code.afterGroup(k);
  if (code.is(k, SEMICOLON)) {
    code.blank(i, k);
    return k + 1;
  }
  code.blank(i, k);
  code.out.put(code.start[i]!, ";");
  return k;
}

/** Whether the statement at `i` declares something: `type name`, `type *name = `, `ns::type<x> name`. */
export function declarationOrExpression(code: Code, i: number, to: number): number {
  return isDeclaration(code, i, to) ? declaration(code, i, to, "block") : simple(code, i, to);
}

function isDeclaration(code: Code, i: number, to: number): boolean {
  let k = i;
  if (code.cpp) {
    while (k < to) {
      if (code.is(k, SCOPE)) k++;
      else if (code.isName(k) && code.is(k + 1, LESS)) {
        const next = closeAngles(code, k + 1, to);
        if (next < 0) return false;
        k = next;
      } else if (code.isName(k) && code.is(k + 1, SCOPE)) k++;
      else break;
    }
    if (k > i && !code.isName(k)) k--;
  }
  if (!code.isName(k) && k === i) return false;
  let names = 0;
  for (k = k + 1; k < to; k++) {
    if (code.isName(k)) {
      names++;
      continue;
    }
    if (code.has(k, QUALIFIER | TYPE_WORD | STORAGE | TAG_WORD | ATTRIBUTE_WORD)) return true;
    break;
  }
  if (names > 0) {
    if (code.is(k, LPAREN)) return true;
    return !code.is(k, ARROW);
  }
  if (!code.is(k, STAR) && !(code.cpp && (code.is(k, 38) || code.is(k, 0x2626)))) return false;
  while (code.is(k, STAR) || code.is(k, 38) || code.is(k, 0x2626) || code.has(k, QUALIFIER)) k++;
  let stars = 0;
  while (code.isName(k)) {
    k++;
    stars++;
  }
  if (stars > 0 && code.has(k, QUALIFIER)) return true;
  return stars > 0 && (isDeclarator(code, k - 1) || stars > 1);
}

function closeAngles(code: Code, i: number, to: number): number {
  let depth = 0;
  for (let k = i; k < to && k < i + 200; k++) {
    if (code.is(k, LESS)) depth++;
    else if (code.is(k, GREATER)) {
      if (--depth === 0) return k + 1;
    } else if (code.is(k, SEMICOLON) || code.is(k, LBRACE) || code.is(k, 0x7c7c) || code.is(k, EQUALS)) return -1;
    else k = Math.max(k, code.afterGroup(k) - 1);
  }
  return -1;
}

/** An expression statement or jump, up to its `;`. */
export function simple(code: Code, i: number, to: number): number {
  let k = i;
  for (; k < to; k++) {
    if (code.kind[k] === PUNCT) {
      const c = code.sym[k]!;
      if (c === SEMICOLON) break;
      if (c === LPAREN || c === LBRACKET || c === LBRACE) {
        const close = code.match[k]!;
        if (close < 0) break;
        k = close;
      } else if (c === RBRACE) break;
      continue;
    }
    // A keyword that begins a statement: the `;` before it is in a macro.
    if (
      k > i &&
      code.has(k, STATEMENT_WORD) &&
      (code.startsLine(k) || code.isWord(k, "else")) &&
      !code.isWord(k, "throw") &&
      !code.isWord(k, "default")
    ) {
      expression(code, i, k);
      code.appendTo(k - 1, ";");
      return k;
    }
  }
  expression(code, i, k);
  if (code.is(k, SEMICOLON)) return k + 1;
  if (k > i) code.appendTo(k - 1, ";");
  if (k < to && !code.is(k, RBRACE)) return k + 1;
  return Math.max(k, i + 1);
}
