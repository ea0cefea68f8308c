/** Parsed macro bodies and code fragments, kept for the life of the thread. */
import type { Language, MacroFacts } from "../../ir/facts.ts";
import { child, type SyntaxNode } from "../ast.ts";
import type { MacroBody } from "../lower/context.ts";
import { isSpace } from "../lower/env.ts";
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

/** Tries, in this order: an expression, functions, statements, and the same two without their last block. */
function parseBody(raw: string, base: number, language: Language): MacroBody {
  const text = operatorsAsNames(raw);
  const tryParse = (prefix: string, code: string, suffix: string): SyntaxNode | null => {
    const parsed = parseSource(`${prefix}${code}${suffix}`, { language, target: "3.14" });
    return parsed.errors.length === 0 && parsed.problems.length === 0 ? parsed.root : null;
  };
  const asExpression = "void f(void){x=(";
  const one = looksLikeStatements(text) ? null : tryParse(asExpression, text, "\n);}");
  const value = one && firstExpression(one);
  if (value && value.type !== "compound_statement") {
    return { form: "expression", root: moved(value, base - asExpression.length) };
  }
  const mayDefine = text.includes("{") && text.includes("(");
  const top = mayDefine ? tryParse("", text, "") : null;
  if (top?.children.some((c) => c.type === "function_definition")) return { form: "toplevel", root: moved(top, base) };
  const asStatements = "void f(void){";
  const list = onlyBlock(tryParse(asStatements, text, "\n;}"));
  if (list) return { form: "statements", root: moved(list, base - asStatements.length) };
  const head = onlyBlock(tryParse(asStatements, text, "{}}"));
  const last = head?.children.length === 1 ? head.children[0] : undefined;
  if (last && (child(last, "body") ?? child(last, "consequence"))) {
    return { form: "head", root: moved(last, base - asStatements.length) };
  }
  const functionHead = tryParse("", text, "{}");
  if (functionHead?.children.length === 1 && functionHead.children[0].type === "function_definition") {
    return { form: "function-head", root: moved(functionHead, base) };
  }
  const root: SyntaxNode = { type: "translation_unit", field: "", start: base, end: base + raw.length, children: [] };
  return { form: "tokens", root };
}

const STATEMENT_STARTS = ["do", "if", "for", "while", "switch", "return", "goto", "{", "static", "extern", "case"];

/** A body that begins like this is no expression: saves a parse. */
function looksLikeStatements(text: string): boolean {
  let at = 0;
  while (at < text.length && (isSpace(text.charCodeAt(at)) || text[at] === "\\")) at++;
  for (const word of STATEMENT_STARTS) {
    if (!text.startsWith(word, at)) continue;
    const next = text[at + word.length] ?? " ";
    if (word === "{" || !(next === "_" || (next >= "0" && next <= "9") || next.toLowerCase() !== next.toUpperCase())) {
      return true;
    }
  }
  return false;
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
