/** Declarations at file, namespace and class level, and inside blocks. */
import {
  AMPERSAND,
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
  SCOPE,
  SEMICOLON,
  STAR,
} from "./code.ts";
import { expression, memberPointer } from "./expressions.ts";
import { enumerators, initialiser } from "./initialisers.ts";
import { PUNCT } from "./lexer.ts";
import { cleanHead, cleanTag, isTypeLike, skipAngles } from "./specifiers.ts";
import { block, statement } from "./statements.ts";
import {
  ASSEMBLY_WORD,
  ATTRIBUTE_WORD,
  CAPS,
  MARKER,
  QUALIFIER,
  ROW_LIKE,
  STATEMENT_WORD,
  STORAGE,
  TAG_WORD,
  TYPE_WORD,
} from "./symbols.ts";

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

/**
 * `type name(arguments);` in C++. Where the grammar would take it for a prototype, as in `type name(f());`, the
 * parentheses become braces. False if the group may hold parameters.
 */
function constructorCalls(code: Code, first: number, group: number, end: number, place: Place): boolean {
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

function functionBody(code: Code, from: number, first: number, open: number, headEnd: number): number {
  const { name, params, untyped } = cleanHead(code, first, headEnd);
  const close = code.match[open]! > 0 ? code.match[open]! : code.n;
  if (name >= 0 && params > 0) {
    if (untyped && !code.cpp) giveType(code, first, name);
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
function bodyMacro(code: Code, group: number, i: number, to: number): boolean {
  if (i !== code.match[group]! + 1 || !code.isName(i) || !code.isCall(i)) return false;
  if (!code.startsLine(i) && !code.has(i, CAPS)) return false;
  for (let k = group + 1; k < i; k++) if (code.isNumber(k) || code.isString(k)) return false;
  if (!code.isName(group - 1) || group < 2 || !(code.isIdent(group - 2) || code.is(group - 2, STAR))) return false;
  const next = code.match[i + 1]! + 1;
  if (next >= to) return true;
  return code.startsLine(next) && code.isIdent(next) && !code.has(next, ATTRIBUTE_WORD);
}

function macroBody(code: Code, from: number, first: number, i: number): number {
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
function knrBody(code: Code, group: number, semicolon: number, to: number): number {
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

/** Things that only C++ has in front of or instead of a declaration. */
function cppOnly(code: Code, i: number, to: number, place: Place): { at: number; done: boolean } {
  const done = (at: number): { at: number; done: boolean } => ({ at, done: true });
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
    for (let scope = i; scope < end; scope++) {
      if (code.is(scope, SCOPE) && code.is(scope + 1, STAR)) memberPointer(code, scope);
    }
    return done(end);
  }
  if ((code.isWord(i, "public") || code.isWord(i, "private") || code.isWord(i, "protected")) && place === "class") {
    let colon = i + 1;
    while (colon < to && code.isName(colon)) colon++;
    if (code.is(colon, COLON)) return done(colon + 1);
  }
  return { at: i, done: false };
}

function endOfStatement(code: Code, i: number, to: number): number {
  for (let k = i; k < to; k++) {
    if (code.is(k, SEMICOLON)) return k + 1;
    k = Math.max(k, code.afterGroup(k) - 1);
  }
  return to;
}

/** A macro used as a declaration of its own, with or without `;`. Returns the token after it, or `i` if there is none. */
function macroUse(code: Code, i: number, to: number, place: Place): number {
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
  if (code.has(i, MARKER) && code.has(next, CAPS) && code.isCall(next) && code.startsLine(code.match[next + 1]! + 1)) {
    code.blank(i, next);
    return next;
  }
  return i;
}
