/**
 * Makes the preprocessor view of a source text: a text of the same length that the grammar can parse. What the rules write is
 * chosen so that the tree means what the code means; names and arguments as written are in the original at the same offsets.
 *
 * - Blank: comments, directives, code of other builds, attributes (`View.attributes`), wrappers (`Py_LOCAL(type)` leaves the type).
 * - `;` or `,` over white space, also over a line break: count lines in the original.
 * - One identifier (`_` for what no name may contain) for pasted names (`NAME(x)(...)`), types and operators as macro arguments,
 *   macros among joined strings; a keyword alone gets a capital (`Int`).
 * - `while(...)`/`if(...)` for macros in front of a block, `if(_)` for one without arguments, `case` for label macros.
 * - `if(_){ ... }` around code under an unknown condition that leaves the function: both ways are possible.
 * - `_goto(p)` for `goto *p`, `&label` for `&&label`, `a + b` for a range `a ... b`.
 * - `_` as the type of a function head that has none; a macro that brings a whole body stands between braces.
 */
import type { Problem } from "../../ir/facts.ts";
import { Overlay } from "./buffer.ts";
import { Code, EQUALS, SEMICOLON, tooDeep } from "./code.ts";
import { preprocess } from "./conditionals.ts";
import { simplifyTypes } from "./declaration-cpp.ts";
import { declarations } from "./declarations.ts";
import { type Lexed, lex, PUNCT } from "./lexer.ts";
import { markedComments } from "./marked-comments.ts";
import { hideTemplateMarks, templateOperators } from "./template.ts";
import type { View, ViewOptions } from "./types.ts";

/**
 * The view of `text` under `options`; never throws on any text. NumPy's `.src` templates (`options.template`) are read as the template
 * that they are: one function for each repeat block, `@name@` an identifier, the repeat markers being comments already.
 */
export function makeView(text: string, options: ViewOptions): View {
  const cpp = options.language === "cpp";
  const source = options.template ? templateOperators(text) : text;
  const lexing = { cpp, template: options.template };
  const lexed = lex(source, lexing);
  const problems: Problem[] = [];
  if (lexed.unterminated >= 0) {
    const start = lexed.unterminated;
    problems.push({
      file: "",
      kind: "unterminated",
      message: "comment or raw string without an end",
      start,
      end: text.length,
      skipped: false,
    });
  }
  const pre = preprocess(text, lexed, options);
  problems.push(...pre.problems);
  const out = new Overlay(source);
  blankNonCode(out, lexed);
  if (options.template) hideTemplateMarks(source, lexed.tokens, out);
  for (const range of pre.dead) out.blank(range.start, range.end);
  for (const range of pre.notTaken) out.blank(range.start, range.end);
  for (const jump of pre.jumps) {
    const limit = lexed.tokens.start[jump.firstToken]!;
    // The first unit of the line may hold the `}` of the branch before.
    const at = out.isSpace(jump.open.start) ? jump.open.start : jump.open.start + 1;
    if (out.putIfBlank(at, "if(_){", limit)) out.put(jump.close.start, "}");
  }
  includedValues(lexed, out);
  let code = new Code(text, lexed.tokens, pre.live, out, cpp);
  const deep = tooDeep(code);
  if (deep.length > 0) code = withoutDeep(code, lexed, deep, problems);
  if (cpp) simplifyTypes(code);
  declarations(code, 0, code.n, "file");
  for (const range of pre.notTaken) {
    const message = "an alternative that depends on the platform was not read";
    problems.push({ file: "", kind: "unknown-code", message, ...range, skipped: false });
  }
  for (const range of code.unread) {
    problems.push({
      file: "",
      kind: "unknown-code",
      message: "rows of a table without its declaration",
      ...range,
      skipped: true,
    });
  }
  let deadBytes = 0;
  for (const range of pre.dead) deadBytes += range.end - range.start;
  return {
    text: out.toString(),
    macros: pre.macros,
    includes: pre.includes,
    conditionals: pre.conditionals,
    dead: pre.dead,
    deadBytes,
    notTaken: pre.notTaken,
    functions: code.functions.sort((a, b) => a.start - b.start),
    attributes: code.attributes.sort((a, b) => a.start - b.start),
    comments: markedComments({ text, lexed, live: code.n, dead: pre.dead, lexing }),
    objectHeads: code.objectHeads,
    problems,
  };
}

/** Comments, directives, spliced lines and control characters are white space to the grammar. */
function blankNonCode(out: Overlay, lexed: Lexed): void {
  const { comments, directives, splices } = lexed;
  for (let i = 0; i < comments.length; i += 2) out.blank(comments[i]!, comments[i + 1]!);
  for (const directive of directives) out.blank(directive.start, directive.end);
  for (const at of splices) out.blank(at, at + 1);
  const { units } = out;
  for (let i = units.indexOf(0); i >= 0; i = units.indexOf(0, i + 1)) units[i] = 32;
}

/** Empties the braces that are nested too deeply and reports them. */
function withoutDeep(code: Code, lexed: Lexed, deep: ReturnType<typeof tooDeep>, problems: Problem[]): Code {
  const live = new Uint8Array(code.n).fill(1);
  for (const { from, to } of deep) {
    const start = code.start[from]!;
    const end = code.end[to]!;
    problems.push({
      file: "",
      kind: "too-deep",
      message: "nested too deeply to be analysed",
      start,
      end,
      skipped: true,
    });
    // The braces themselves stay, so that the function does.
    const closed = code.match[from] === to;
    code.blank(from + 1, closed ? to : to + 1);
    live.fill(0, from + 1, closed ? to : to + 1);
    if (!closed) {
      code.blank(from, from + 1);
      live[from] = 0;
    }
  }
  return new Code(code.text, { ...lexed.tokens, n: code.n }, live, code.out, code.cpp);
}

/** `table[] =` and then an `#include` that brings the value: a 0 takes its place. */
function includedValues(lexed: Lexed, out: Overlay): void {
  const { tokens, directives } = lexed;
  for (const directive of directives) {
    const before = directive.token - 1;
    if (directive.word !== "include" || before < 0 || tokens.kind[before] !== PUNCT || tokens.sym[before] !== EQUALS)
      continue;
    const ended =
      directive.token < tokens.n && tokens.kind[directive.token] === PUNCT && tokens.sym[directive.token] === SEMICOLON;
    out.put(directive.start, ended ? "0" : "0;");
  }
}
