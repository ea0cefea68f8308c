/** The head of a function definition as text: what a second function with the same signature needs of it. */
import { lastComponent } from "../../capi/type-names.ts";
import type { FunctionFacts } from "../../ir/facts.ts";
import type { Span } from "../../ir/types.ts";
import { child } from "../../syntax/ast.ts";
import type { FixSource, SyntaxNode } from "../source.ts";

export interface HeadParameter {
  name: string;
  /** The whole declaration in the list, attributes and macros around it included. */
  span: Span;
  /** How a function that uses the parameter declares it. */
  text: string;
}

export interface FunctionHead {
  node: SyntaxNode;
  /** From the first word of the head, export macros and `extern "C"` included, to the brace of the body. */
  span: Span;
  /** The name in the declarator, without what qualifies it. */
  name: Span;
  parameters: HeadParameter[];
  /** The parentheses of the parameter list and what is between them. */
  list: Span;
  isStatic: boolean;
  /** A member of a class that is not `static`: it has `this`. */
  isMethod: boolean;
  /** Defined in the body of its class. */
  inClass: boolean;
  /** `Type::` in front of the name of a member that is defined outside of its class, else "". */
  scope: string;
}

/** The head of the function that `facts` describes in `source`; a text says why it cannot be repeated. */
export function functionHead(source: FixSource, facts: FunctionFacts): FunctionHead | string {
  const node = source.functionAt(facts.bodyStart);
  const body = node === undefined ? undefined : child(node, "body");
  if (facts.instantiated !== undefined) return "the function is made by a macro";
  if (node === undefined || body === undefined || body.start !== facts.bodyStart) {
    return "the head of the function is not understood";
  }
  const declarator = functionDeclarator(node);
  const list = declarator === undefined ? undefined : child(declarator, "parameters");
  const named = declarator === undefined ? undefined : child(declarator, "declarator");
  if (declarator === undefined || list === undefined || named === undefined) {
    return "the head of the function is not understood";
  }
  const name = named.type === "qualified_identifier" ? innermostName(named) : named;
  if (source.textOf(name) !== lastComponent(facts.name)) return "the name of the function is put together by a macro";
  const parent = source.parentOf(node);
  if (parent?.type === "template_declaration") return "the function is a template";
  if (hasTrailingType(declarator)) return "the function has a trailing return type";
  const parameters = parametersOf(source, list, facts);
  if (typeof parameters === "string") return parameters;
  const start = headStart(source, node, parent);
  const isWritten = node.children.some((c) => c.type === "storage_class_specifier" && source.textOf(c) === "static");
  const isStatic = isWritten || wrapperStart(source, node.start) !== undefined;
  const span = { start, end: body.start };
  if (!source.isPlain(span)) return "the head of the function depends on conditions of the preprocessor";
  if (!sameConditions(source, start, node.end)) return "the function begins and ends under different conditions";
  const scope = named.type === "qualified_identifier" ? source.text.slice(named.start, name.start) : "";
  const inClass = parent?.type === "field_declaration_list";
  return {
    node,
    span,
    name: { start: name.start, end: name.end },
    parameters,
    list: { start: list.start, end: list.end },
    isStatic,
    isMethod:
      (inClass && !isStatic) || (scope !== "" && facts.params.length === list.children.length && isMember(facts)),
    inClass,
    scope,
  };
}

function isMember(facts: FunctionFacts): boolean {
  return facts.name.includes("::") && !facts.isStatic;
}

function functionDeclarator(node: SyntaxNode): SyntaxNode | undefined {
  let at = child(node, "declarator");
  while (at !== undefined && at.type !== "function_declarator") {
    at = child(at, "declarator") ?? at.children.find((c) => c.type === "function_declarator");
  }
  return at;
}

function innermostName(node: SyntaxNode): SyntaxNode {
  let at = node;
  for (let next: SyntaxNode | undefined = at; next !== undefined; next = child(at, "name")) at = next;
  return at;
}

function hasTrailingType(declarator: SyntaxNode): boolean {
  return declarator.children.some((c) => c.type === "trailing_return_type");
}

/** Macros in front of the type (`PyAPI_FUNC(int)`) and `extern "C"` belong to the head of the function that keeps its name. */
function headStart(source: FixSource, node: SyntaxNode, parent: SyntaxNode | undefined): number {
  let { start } = parent?.type === "linkage_specification" ? parent : node;
  for (const a of [...source.view.attributes].reverse()) {
    if (a.start >= start || source.view.text.slice(a.end, start).trim() !== "") continue;
    // A comment or an empty line in between: it belongs to something else.
    if (a.end <= start && source.text.slice(a.end, start).trim() !== "") continue;
    start = a.start;
  }
  return wrapperStart(source, start) ?? start;
}

/** Where the macro begins that is written around the type (`Py_LOCAL_INLINE(int)`): all that can be seen in the view is the type. */
function wrapperStart(source: FixSource, start: number): number | undefined {
  let at = start - 1;
  while (at > 0 && source.text[at] === " ") at--;
  if (source.text[at] !== "(" || source.view.text[at] !== " ") return undefined;
  while (at > 0 && isWordAt(source, at - 1)) at--;
  return at;
}

function isWordAt(source: FixSource, at: number): boolean {
  const c = source.text[at];
  return c === "_" || (c >= "0" && c <= "9") || (c >= "A" && c <= "Z") || (c >= "a" && c <= "z");
}

/** True if no conditional group begins or ends around only one of the two offsets. */
function sameConditions(source: FixSource, start: number, end: number): boolean {
  return source.view.conditionals.every((group) => {
    if (group.end <= start || end <= group.start) return true;
    if (start <= group.start && group.end <= end) return true;
    return group.branches.some((b) => b.bodyStart <= start && end <= b.end);
  });
}

const PARAMETERS: ReadonlySet<string> = new Set(["parameter_declaration", "optional_parameter_declaration"]);

function parametersOf(source: FixSource, list: SyntaxNode, facts: FunctionFacts): HeadParameter[] | string {
  const nodes = list.children.filter((c) => PARAMETERS.has(c.type));
  if (nodes.length !== list.children.filter((c) => c.type !== "comment").length) return "the function is variadic";
  if (facts.params.length === 0) return [];
  if (nodes.length !== facts.params.length) return "the parameters of the function are not understood";
  const parameters: HeadParameter[] = [];
  for (const [i, node] of nodes.entries()) {
    const span = {
      start: i === 0 ? list.start + 1 : commaAfter(source, nodes[i - 1]) + 1,
      end: i + 1 < nodes.length ? commaAfter(source, node) : list.end - 1,
    };
    const parameter = parameterOf(source, node, trimmed(source, span), facts.params[i].name, i);
    if (typeof parameter === "string") return parameter;
    parameters.push(parameter);
  }
  return parameters;
}

/** `span` is the declaration with the macros around it, `node` what the compiler sees of it. */
function parameterOf(
  source: FixSource,
  node: SyntaxNode,
  span: Span,
  known: string,
  index: number,
): HeadParameter | string {
  const seen = spaced(source.view.text.slice(span.start, span.end));
  if (known !== "") {
    const written = source.textOf(span);
    return { name: known, span, text: spaced(written) === seen ? written : seen };
  }
  const declarator = child(node, "declarator");
  const isSimple = declarator === undefined || declarator.type === "abstract_pointer_declarator";
  if (!isSimple || node.type === "optional_parameter_declaration") return "a parameter of the function has no name";
  const name = `arg${index}`;
  return { name, span, text: seen.endsWith("*") || seen.endsWith("&") ? seen + name : `${seen} ${name}` };
}

/** One blank between words, none behind a star that has one in front of it. */
function spaced(text: string): string {
  const words = text.split(/\s+/).filter((w) => w !== "");
  return words.reduce((line, word) => line + (isOnlyStars(line.split(" ").at(-1)) ? "" : " ") + word);
}

function isOnlyStars(word = ""): boolean {
  return word !== "" && word.replaceAll("*", "") === "";
}

function commaAfter(source: FixSource, node: SyntaxNode): number {
  const at = source.view.text.indexOf(",", node.end);
  return at < 0 ? node.end : at;
}

function trimmed(source: FixSource, { start, end }: Span): Span {
  const text = source.text.slice(start, end);
  return { start: start + (text.length - text.trimStart().length), end: end - (text.length - text.trimEnd().length) };
}
