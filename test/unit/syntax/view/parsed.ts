/** Parsing invented code in tests. */
import type { Language } from "../../../../src/ir/facts.ts";
import type { SyntaxNode } from "../../../../src/syntax/ast.ts";
import { type ParsedFile, parseSource } from "../../../../src/syntax/parse.ts";

export interface Parsed extends ParsedFile {
  /** Text of the view with runs of white space joined. */
  short: string;
}

/** Parses `text` and demands that nothing in it is an error and that the view keeps its length. */
export function parsed(text: string, language: Language = "c", template = false): Parsed {
  const file = parseSource(text, { language, target: "3.14", template });
  if (file.view.text.length !== text.length) throw new Error("the view has another length");
  if (file.errors.length > 0) {
    const places = file.errors.map((e) => JSON.stringify(file.view.text.slice(e.start, e.end + 20)));
    throw new Error(`not parsed at ${places.join(", ")} in ${file.view.text}`);
  }
  return { ...file, short: file.view.text.replace(/\s+/g, " ").trim() };
}

/** Types of the statements of the first function's body, calls and names with their text. */
export function statements(text: string, language: Language = "c"): string[] {
  const file = parsed(`int f(void)\n{\n${text}\n}\n`, language);
  const body = find(file.root, "function_definition")[0]!.children.find((c) => c.field === "body")!;
  return body.children.map((node) => describe(node, file.view.text));
}

function describe(node: SyntaxNode, text: string): string {
  const only = node.children[0];
  if (node.type !== "expression_statement" || !only) return node.type.replace(/_statement$/, "");
  if (only.type === "call_expression") return `${text.slice(only.children[0]!.start, only.children[0]!.end)}()`;
  return only.type === "identifier" ? text.slice(only.start, only.end) : only.type;
}

/** All nodes of a type, in order. */
export function find(root: SyntaxNode, type: string): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  const visit = (node: SyntaxNode): void => {
    if (node.type === type) found.push(node);
    for (const c of node.children) visit(c);
  };
  visit(root);
  return found;
}

/** Names of the functions defined in `text`. */
export function functionNames(text: string, language: Language = "c"): string[] {
  const file = parsed(text, language);
  return file.view.functions.map((f) => text.slice(f.nameStart, f.nameEnd));
}
