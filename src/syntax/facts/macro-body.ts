/** Parsed macro bodies and code fragments, kept for the life of the thread. */
import type { Language, MacroFacts } from "../../ir/facts.ts";
import { child, type SyntaxNode } from "../ast.ts";
import type { MacroBody } from "../lower/context.ts";
import { isName, isSpace } from "../lower/env.ts";
import { parseSource } from "../parse.ts";

const bodies: Record<Language, WeakMap<MacroFacts, MacroBody>> = { c: new WeakMap(), cpp: new WeakMap() };
const fragments: Record<Language, Map<string, MacroBody>> = { c: new Map(), cpp: new Map() };
const MAX_FRAGMENTS = 5000;

/** The body of a macro as syntax; offsets are offsets into the file of the `#define`. */
export function macroBody(facts: MacroFacts, language: Language): MacroBody {
  let body = bodies[language].get(facts);
  if (!body) {
    body = parseBody(facts.body, facts.bodyStart, language);
    bodies[language].set(facts, body);
  }
  return body;
}

/** A piece of code on its own; offsets start at 0. */
export function fragment(text: string, language: Language): MacroBody {
  const known = fragments[language];
  let body = known.get(text);
  if (body === undefined) {
    body = parseBody(text, 0, language);
    if (known.size >= MAX_FRAGMENTS) known.clear();
    known.set(text, body);
  }
  return body;
}

function parseBody(raw: string, base: number, language: Language): MacroBody {
  const text = operatorsAsNames(raw);
  const body = parseForms(text, base, language);
  if (body.form !== "tokens" || !text.includes("\\")) return body;
  const ended = endBareNames(text);
  return ended === text ? body : parseForms(ended, base, language);
}

/** Tries, in this order: an expression, functions, statements, and the same two without their last block. */
function parseForms(text: string, base: number, language: Language): MacroBody {
  const tryParse = (prefix: string, code: string, suffix: string): SyntaxNode | null => {
    const whole = `${prefix}${code}${suffix}`;
    const { root, errors, problems, view } = parseSource(whole, { language, target: "3.14" });
    return errors.length === 0 && problems.length === 0 && !hasPastedCall(root, view.text, whole) ? root : null;
  };
  const asExpression = "void f(void){x=(";
  const one = startsWithWord(text, [...FLOW_STARTS, ...STORAGE_STARTS]) ? null : tryParse(asExpression, text, "\n);}");
  const value = one && firstExpression(one);
  if (value && value.type !== "compound_statement") {
    return { form: "expression", root: moved(value, base - asExpression.length) };
  }
  const trimmed = text.trim();
  if (trimmed.startsWith("{") && trimmed.endsWith("}") && !text.includes(";")) {
    const asInitialiser = "int x[]=";
    const declaration = tryParse(asInitialiser, text, ";");
    const declarator = declaration?.children[0]?.children.find((c) => c.type === "init_declarator");
    const list = declarator && child(declarator, "value");
    // Statements that are macros stand without commas between them.
    const items = trimmed.split(",").length;
    if (list?.type === "initializer_list" && list.children.length > 0 && list.children.length <= items) {
      return { form: "expression", root: moved(list, base - asInitialiser.length) };
    }
  }
  const mayDefine = text.includes("{") && text.includes("(") && !startsWithWord(text, FLOW_STARTS);
  const top = mayDefine ? tryParse("", text, "") : null;
  if (top?.children.some((c) => c.type === "function_definition")) return { form: "toplevel", root: moved(top, base) };
  const asStatements = "void f(void){";
  const headFirst = text.trimEnd().endsWith(")");
  const functionHead = headFirst && looksLikeDeclaration(text) ? tryParse("", text, "{}") : null;
  if (functionHead?.children.length === 1 && functionHead.children[0].type === "function_definition") {
    return { form: "function-head", root: moved(functionHead, base) };
  }
  const list = onlyBlock(tryParse(asStatements, text, "\n;}"));
  const open = list ? openEnd(list, asStatements.length + text.length) : true;
  const head = open ? onlyBlock(tryParse(asStatements, text, "{}}")) : undefined;
  const last = head?.children.length === 1 ? head.children[0] : undefined;
  if (last && (child(last, "body") ?? child(last, "consequence"))) {
    return { form: "head", root: moved(last, base - asStatements.length) };
  }
  if (list) return { form: "statements", root: moved(list, base - asStatements.length) };
  const root: SyntaxNode = { type: "translation_unit", field: "", start: base, end: base + text.length, children: [] };
  return { form: "tokens", root };
}

/** The last statement of a block has the `;` behind the body for its own: the body is the head of a loop or condition. */
function openEnd(block: SyntaxNode, end: number): boolean {
  let at = block.children[block.children.length - 1];
  for (let hops = 0; at && hops < 20; hops++) {
    if (at.start >= end) return at.type === "expression_statement" && hops > 0;
    const inner = child(at, "alternative") ?? child(at, "body") ?? child(at, "consequence");
    const next = inner?.type === "else_clause" ? inner.children[0] : inner;
    if (!next) return false;
    at = next;
  }
  return false;
}

const DECLARATION_STARTS = ["static", "extern", "int", "void", "PyObject", "inline", "char", "long", "const"];

/** Begins like a function of its own and not like a call. */
function looksLikeDeclaration(text: string): boolean {
  const trimmed = text.trimStart();
  if (DECLARATION_STARTS.some((w) => trimmed.startsWith(w))) return true;
  const open = trimmed.indexOf("(");
  return open > 0 && (trimmed.slice(0, open).trim().includes(" ") || trimmed.slice(0, open).includes("*"));
}

/** A name alone on a line of the body is a macro that stands for statements: the `\` behind it becomes `;`. */
function endBareNames(text: string): string {
  const lines = text.split("\n");
  return lines
    .map((line) => {
      const at = line.lastIndexOf("\\");
      return at > 0 && isName(line.slice(0, at).trim()) ? `${line.slice(0, at)};${line.slice(at + 1)}` : line;
    })
    .join("\n");
}

const FLOW_STARTS = ["do", "if", "for", "while", "switch", "return", "goto", "{", "case", "break", "continue"];
const STORAGE_STARTS = ["static", "extern"];

/** A body that begins so cannot be an expression (or a definition): saves a parse. */
function startsWithWord(text: string, words: readonly string[]): boolean {
  let at = 0;
  while (at < text.length && (isSpace(text.charCodeAt(at)) || text[at] === "\\")) at++;
  for (const word of words) {
    if (!text.startsWith(word, at)) continue;
    const next = text[at + word.length] ?? " ";
    if (word === "{" || !(next === "_" || (next >= "0" && next <= "9") || next.toLowerCase() !== next.toUpperCase())) {
      return true;
    }
  }
  return false;
}

/** `f ARGS`, read as one name: only the text with the argument list in the place of `ARGS` is syntax. */
function hasPastedCall(node: SyntaxNode, view: string, text: string): boolean {
  if (view === text) return false;
  if (node.type === "identifier") {
    for (let i = node.start; i < node.end; i++) if (text[i] === " " && view[i] !== " ") return isCallLike(text, node);
    return false;
  }
  return node.children.some((c) => hasPastedCall(c, view, text));
}

const TYPE_WORDS = new Set(["struct", "union", "enum", "const", "unsigned", "signed", "long", "short", "class"]);

function isCallLike(text: string, node: SyntaxNode): boolean {
  const words = text.slice(node.start, node.end).split(" ");
  return words.length === 2 && words.every(isName) && !TYPE_WORDS.has(words[0]) && words[1].toUpperCase() === words[1];
}

function onlyBlock(root: SyntaxNode | null): SyntaxNode | undefined {
  if (root?.children.length !== 1) return undefined;
  return root.children[0].children.find((c) => c.type === "compound_statement");
}

function firstExpression(root: SyntaxNode): SyntaxNode | null {
  const block = onlyBlock(root);
  if (block?.children.length !== 1 || block.children[0].type !== "expression_statement") return null;
  const assignment = block.children[0].children[0];
  if (assignment?.type !== "assignment_expression") return null;
  const right = child(assignment, "right");
  if (right?.type !== "parenthesized_expression" || right.children.length !== 1) return null;
  return right.children[0];
}

function moved(node: SyntaxNode, by: number): SyntaxNode {
  if (by === 0) return node;
  node.start += by;
  node.end += by;
  for (const c of node.children) moved(c, by);
  return node;
}

/**
 * The same text with `#` and `##` made parts of names, white space around `##` included. The names that result are read
 * from the original text, so that the parameters in them are found.
 */
function operatorsAsNames(text: string): string {
  if (!text.includes("#")) return text;
  const out = text.split("");
  for (let i = 0; i < out.length; i++) {
    if (text[i] !== "#") continue;
    let from = i;
    let to = i + 1;
    if (text[to] === "#") {
      to++;
      while (from > 0 && isGap(text, from - 1)) from--;
    }
    while (to < text.length && isGap(text, to)) to++;
    for (let k = from; k < to; k++) out[k] = "_";
    i = to - 1;
  }
  return out.join("");
}

function isGap(text: string, at: number): boolean {
  return isSpace(text.charCodeAt(at)) || text[at] === "\\";
}
