/** Declarations at file, namespace and class level, and inside blocks. */
import {
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
  RBRACE,
  SEMICOLON,
} from "./code.ts";
import { constructorCalls, cppOnly, endOfStatement } from "./declaration-cpp.ts";
import { macroUse } from "./declaration-macros.ts";
import { skipAngles } from "./declarators.ts";
import { expression } from "./expressions.ts";
import { bodyMacro, functionBody, knrBody, macroBody } from "./functions.ts";
import { enumerators, initialiser } from "./initialisers.ts";
import { PUNCT } from "./lexer.ts";
import { cleanHead, cleanTag } from "./specifiers.ts";
import { block, statement } from "./statements.ts";
import { ASSEMBLY_WORD, ATTRIBUTE_WORD, CAPS, STATEMENT_WORD, STORAGE, TAG_WORD, TYPE_WORD } from "./symbols.ts";

export type Place = "file" | "class" | "block";

/** All declarations in tokens `from` to `to`. */
export function declarations(code: Code, from: number, to: number, place: Place): void {
  let i = from;
  while (i < to) {
    const next = declaration(code, i, to, place);
    i = next > i ? next : i + 1;
  }
}

/** One declaration; returns the token after it. */
export function declaration(code: Code, from: number, to: number, place: Place): number {
  let i = from;
  if (code.kind[i] === PUNCT) {
    const c = code.sym[i]!;
    if (c === SEMICOLON || c === RBRACE) {
      // The grammar of C knows no empty member.
      if (c === SEMICOLON && place === "class") code.blank(i, i + 1);
      return i + 1;
    }
    if (c === ELLIPSIS && place === "class") {
      // `...;` in declarations for cffi.
      code.blank(i, code.is(i + 1, SEMICOLON) ? i + 2 : i + 1);
      return i + 1;
    }
    if (c === LBRACE && place === "file" && (code.isString(i + 1) || code.isNumber(i + 1))) return rows(code, i, to);
    if (c === LBRACE) {
      const close = code.match[i]!;
      declarations(code, i + 1, close > 0 ? close : to, place);
      return close > 0 ? close + 1 : to;
    }
  }
  if (code.isWord(i, "extern") && code.isString(i + 1)) {
    if (code.is(i + 2, LBRACE)) {
      const close = code.match[i + 2]!;
      if (!code.cpp) {
        code.blank(i, i + 3);
        if (close > 0) code.blank(close, close + 1);
      }
      declarations(code, i + 3, close > 0 ? close : to, place);
      return close > 0 ? close + 1 : to;
    }
    if (!code.cpp) code.blank(i + 1, i + 2);
    i += 2;
  }
  if (code.cpp) {
    const next = cppOnly(code, i, to, place);
    if (next.done) return next.at;
    i = next.at;
  }
  if (code.isWord(i, "_Static_assert") || code.isWord(i, "__pragma") || code.isWord(i, "_Pragma")) {
    let next = code.afterGroup(i + 1);
    if (code.is(next, SEMICOLON)) next++;
    code.blank(i, next);
    return next;
  }
  if (code.has(i, ASSEMBLY_WORD)) {
    const end = endOfStatement(code, i, to);
    code.blank(i, end);
    return end;
  }
  if (place === "file" && !code.isString(i) && code.is(i + 1, COMMA) && !code.is(i, 41)) {
    return rows(code, i, to);
  }
  // Behind `template <...>` there is a declaration, whatever it begins with.
  // A fragment that another file includes in the middle of a function.
  if (place === "file" && code.has(i, STATEMENT_WORD)) return statementAtFileLevel(code, i, to);
  const macro = i === from ? macroUse(code, i, to, place) : i;
  if (macro > i) return macro;
  return walk(code, from, i, to, place);
}

function statementAtFileLevel(code: Code, i: number, to: number): number {
  const next = statement(code, i, to);
  const close = code.is(next, LBRACE) ? code.match[next]! : -1;
  if (close < 0) return next;
  block(code, next + 1, close);
  return close + 1;
}

/** Rows of a table that another file includes between braces. */
function rows(code: Code, i: number, to: number): number {
  let end = i;
  while (end < to && !code.is(end, SEMICOLON) && (end === i || !code.has(end, STORAGE | TAG_WORD))) {
    end = Math.max(end, code.afterGroup(end) - 1) + 1;
  }
  end = Math.min(end, to);
  code.blank(i, end);
  code.unread.push({ start: code.start[i]!, end: code.end[end - 1]! });
  return end;
}

/** The parts of a declaration in order, up to `;` or the end of a function body. */
function walk(code: Code, from: number, first: number, to: number, place: Place): number {
  let tag = -1;
  let group = -1;
  let assigned = false;
  let colon = -1;
  let cleaned = false;
  const head = (end: number): void => {
    if (!cleaned) cleanHead(code, first, end);
    cleaned = true;
  };
  for (let i = first; i < to; i++) {
    if (code.kind[i] !== PUNCT) {
      const flags = code.flags(i);
      if ((flags & TAG_WORD) !== 0 && !assigned && group < 0) {
        // `enum class`
        if (tag < 0 || tag !== i - 1) tag = i;
      } else if (group > 0 && i === code.match[group]! + 1 && code.isCall(i) && code.is(i + 2, LBRACE)) {
        // `head(...) CODE({ ... })`: the macro passes the body through.
        const open = i + 2;
        const close = code.match[i + 1]!;
        if (code.match[open] === close - 1) {
          code.unwrap(i);
          functionBody(code, from, first, open, i);
          return close + 1;
        }
      } else if (group > 0 && place !== "class" && bodyMacro(code, group, i, to)) {
        return macroBody(code, from, first, i);
      }
      if ((flags & ATTRIBUTE_WORD) !== 0) i = code.afterGroup(i + 1) - 1;
      else if (code.cpp && i > first && code.isCall(i) && code.has(i, CAPS) && code.is(code.match[i + 1]! + 1, LESS)) {
        // `NAME(x)<types>(...)`: a pasted name with template arguments.
        code.fuse(i, code.match[i + 1]! + 1);
        i = code.match[i + 1]!;
      } else if (
        (flags & STATEMENT_WORD) !== 0 &&
        code.startsLine(i) &&
        !assigned &&
        i > first &&
        !code.isWord(i, "default") &&
        !code.isWord(i, "try") &&
        place === "block"
      ) {
        head(i);
        code.appendTo(i - 1, ";");
        return i;
      }
      continue;
    }
    const c = code.sym[i]!;
    if (c === SEMICOLON) {
      const knr = group > 0 && place === "file" ? knrBody(code, group, i, to) : -1;
      if (knr > 0) return functionBody(code, from, first, knr, code.match[group]! + 1);
      if (
        !code.cpp &&
        group > first + 1 &&
        code.match[group] === i - 1 &&
        code.isNumber(group + 1) &&
        code.isName(group - 1)
      ) {
        // `struct tag MEMBERS(1);`
        code.fuse(group - 1, code.match[group]! + 1);
      }
      const constructed =
        code.cpp && !assigned && group > 0 && colon < 0 ? constructorCalls(code, first, group, i, place) : false;
      if (constructed) cleanHead(code, first, group);
      else head(i);
      if (!constructed) rest(code, first, i, group);
      return i + 1;
    }
    if (c === LPAREN) {
      const close = code.match[i]!;
      if (close < 0) continue;
      if (!assigned && group < 0 && !(i > first && code.has(i - 1, ATTRIBUTE_WORD))) group = i;
      else if (
        !assigned &&
        colon < 0 &&
        (code.isName(i - 1) || (i - 1 === code.match[group] && code.isName(group - 1)))
      )
        group = i;
      i = close;
    } else if (c === LBRACKET) {
      const open = i;
      if (code.match[i]! > 0) i = code.match[i]!;
      // `type name[3] ATTRIBUTE(x);`
      while (!assigned && open > first && i + 1 < to && (code.isName(i + 1) || code.has(i + 1, ATTRIBUTE_WORD))) {
        const next = code.is(i + 2, LPAREN) ? code.afterGroup(i + 2) : i + 2;
        code.dropAttribute(i + 1, next);
        i = next - 1;
      }
    } else if (c === LESS && code.cpp && !assigned) {
      i = skipAngles(code, i) - 1;
    } else if (c === EQUALS) {
      if (code.cpp && code.isWord(i - 1, "operator")) continue;
      if (!assigned) head(i);
      assigned = true;
    } else if (c === COLON) {
      if (group > 0 && colon < 0 && code.cpp) colon = i;
      if (place === "class" && i > first && code.has(i - 1, TYPE_WORD)) {
        // A bit field without a name: padding.
        const end = endOfStatement(code, i, to);
        code.blank(first, end);
        return end;
      }
    } else if (c === RBRACE) {
      // Stray, or the end of a block whose last declaration has no `;`.
      head(i);
      code.appendTo(i - 1, ";");
      return i + 1;
    } else if (c === LBRACE) {
      const close = code.match[i]!;
      if (close < 0) {
        head(i);
        return i + 1;
      }
      if (assigned) {
        if (code.cpp && (code.is(i - 1, 41) || code.is(i - 1, 93) || code.isWord(i - 1, "mutable")))
          block(code, i + 1, close);
        else initialiser(code, i + 1, close);
        i = close;
      } else if (tag >= 0 && isTaggedVariable(code, tag, i)) {
        head(i);
        initialiser(code, i + 1, close);
        tag = -1;
        i = close;
      } else if (tag >= 0 && (group < 0 || group < tag || groupIsAttribute(code, tag, group))) {
        cleanTag(code, tag, i + 1);
        if (code.isWord(tag, "enum")) enumerators(code, i + 1, close);
        else declarations(code, i + 1, close, "class");
        tag = -1;
        group = -1;
        colon = -1;
        // `struct { ... } name` needs a `;`; a function body or a new declaration on the next line shows that it is missing.
        if (close + 1 >= to) code.appendTo(close, ";");
        i = close;
      } else if (group >= 0) {
        if (colon > 0 && (code.isName(i - 1) || code.is(i - 1, GREATER)) && !code.isWord(i - 1, "try")) {
          initialiser(code, i + 1, close);
          i = close;
          continue;
        }
        if (place === "block" && !code.cpp) {
          block(code, i + 1, close);
          return close + 1;
        }
        return functionBody(code, from, first, i, i);
      } else if (code.cpp && i > first && (code.isName(i - 1) || code.is(i - 1, 93)) && i - first >= 2) {
        head(i);
        initialiser(code, i + 1, close);
        assigned = true;
        i = close;
      } else {
        // A macro in front of a block: `BEGIN_SOMETHING {`.
        if (i > first) code.blank(first, i);
        if (place === "block") block(code, i + 1, close);
        else declarations(code, i + 1, close, place);
        return close + 1;
      }
    }
  }
  head(to);
  rest(code, first, to, group);
  if (to > first) code.appendTo(to - 1, ";");
  return to;
}

/** `union tag name{...}`: a variable with an initialiser, no definition of a type. */
function isTaggedVariable(code: Code, tag: number, open: number): boolean {
  if (!code.cpp || open !== tag + 3 || !code.isName(tag + 1) || !code.isName(tag + 2)) return false;
  return !code.has(tag + 1, CAPS) && !code.isWord(tag + 2, "final");
}

/** The group belongs to an attribute or alignment between the tag word and the tag. */
function groupIsAttribute(code: Code, tag: number, group: number): boolean {
  const close = code.match[group]!;
  return (
    code.isIdent(group - 1) &&
    group - 1 > tag &&
    (code.isIdent(close + 1) || code.is(close + 1, LBRACE)) &&
    code.has(group - 1, CAPS | ATTRIBUTE_WORD)
  );
}

/** Initialisers, array bounds and further declarators of a declaration. */
function rest(code: Code, first: number, end: number, group: number): void {
  let i = first;
  // Parameters are no expressions; everything after `=` and inside `[ ]` is.
  for (; i < end; i++) {
    if (code.is(i, EQUALS)) {
      expression(code, i + 1, end);
      return;
    }
    if (code.is(i, LBRACKET) && code.match[i]! > 0) {
      expression(code, i + 1, code.match[i]!);
      i = code.match[i]!;
    } else if (code.is(i, LBRACE) && code.match[i]! > 0) i = code.match[i]!;
    else if (code.is(i, LPAREN) && code.match[i]! > 0) {
      if (i !== group && !code.cpp) expression(code, i, code.match[i]! + 1);
      i = code.match[i]!;
    }
  }
}
