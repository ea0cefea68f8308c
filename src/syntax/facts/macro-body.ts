/** Parsed macro bodies and code fragments, kept for the life of the thread. */
import type { Language, MacroFacts } from "../../ir/facts.ts";
import type { SyntaxNode } from "../ast.ts";
import type { MacroBody } from "../lower/context.ts";
import { parseText } from "../parse.ts";

const bodies: Record<Language, WeakMap<MacroFacts, MacroBody>> = { c: new WeakMap(), cpp: new WeakMap() };
const fragments: Record<Language, Map<string, MacroBody | null>> = { c: new Map(), cpp: new Map() };
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
export function fragment(text: string, language: Language): MacroBody | null {
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
  const shift = (prefix: string, node: SyntaxNode) => moved(node, base - prefix.length);
  const asExpression = "void f(void){x=(";
  const one = parseText(`${asExpression}${text}\n);}`, language);
  if (one.errors.length === 0) {
    const value = firstExpression(one.root);
    if (value && value.type !== "compound_statement") return { form: "expression", root: shift(asExpression, value) };
  }
  const top = parseText(text, language);
  if (top.errors.length === 0 && top.root.children.some((c) => c.type === "function_definition")) {
    return { form: "toplevel", root: shift("", top.root) };
  }
  const asStatements = "void f(void){";
  const list = parseText(`${asStatements}${text}\n;}`, language);
  if (list.errors.length === 0 && list.root.children.length === 1) {
    const block = list.root.children[0].children.find((c) => c.type === "compound_statement");
    if (block) return { form: "statements", root: shift(asStatements, block) };
  }
  return {
    form: "tokens",
    root: { type: "translation_unit", field: "", start: base, end: base + raw.length, children: [] },
  };
}

function firstExpression(root: SyntaxNode): SyntaxNode | null {
  if (root.children.length !== 1) return null;
  const block = root.children[0].children.find((c) => c.type === "compound_statement");
  if (block?.children.length !== 1 || block.children[0].type !== "expression_statement") return null;
  const assignment = block.children[0].children[0];
  if (assignment?.type !== "assignment_expression") return null;
  const right = assignment.children.find((c) => c.field === "right");
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

/** Same length: `##` becomes `__`, `#x` becomes `_x`; the names are read from the original text. */
function operatorsAsNames(text: string): string {
  return text.includes("#") ? text.replaceAll("#", "_") : text;
}
