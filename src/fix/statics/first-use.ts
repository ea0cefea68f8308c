/** The code that fills a static where it is found unset: what of it can run elsewhere, and its text for another function. */
import type { Span } from "../../ir/types.ts";
import { child } from "../../syntax/ast.ts";
import { isBody } from "../borrowed/statement-edits.ts";
import { bracesOnOwnLine, ifBlock, nullWord } from "../borrowed/style.ts";
import type { FixSource, SyntaxNode } from "../source.ts";
import type { FixContext } from "../types.ts";
import type { FunctionSyntax, Reason } from "./variable.ts";

export interface FirstUseCode {
  syntax: FunctionSyntax;
  /** The `if` that tests the static and fills it. */
  test: SyntaxNode;
  /** Name of the static. */
  name: string;
  /** Statements that fill it; none where the condition itself does. */
  statements: SyntaxNode[];
  /** The value that the condition assigns. */
  value?: SyntaxNode;
  /** Some statement deals with a failure. */
  isChecked: boolean;
  /** Ways out of the function after a failure. */
  exits: SyntaxNode[];
  /** Releases of what the function has, in front of an exit. */
  dropped: SyntaxNode[];
  /** Declarations of local variables that only this code uses. */
  locals: SyntaxNode[];
}

/** The parts of the `if`, or why they cannot be taken apart. */
export function firstUseCode(
  context: FixContext,
  syntax: FunctionSyntax,
  test: SyntaxNode,
  name: string,
): FirstUseCode | Reason {
  const { source, fn } = syntax;
  const condition = child(test, "condition");
  const body = child(test, "consequence");
  if (condition === undefined || body === undefined || child(test, "alternative") !== undefined) {
    return "the test has an `else`";
  }
  if (!source.isPlain(test)) return "preprocessor directives stand between test and assignment";
  const value = assignedInTest(source, condition, name);
  if (value === undefined && !isNullTest(source, condition, name)) return `more than \`${name}\` is tested`;
  const inner = body.type === "compound_statement" ? body.children.filter((c) => c.type !== "comment") : [body];
  const code: FirstUseCode = {
    syntax,
    test,
    name,
    statements: value === undefined ? inner : [],
    isChecked: false,
    exits: [],
    dropped: [],
    locals: [],
    ...(value && { value }),
  };
  const reason =
    (value === undefined ? collect(code, inner) : undefined) ?? independent(context, code, value ?? body, test);
  if (reason !== undefined) return reason;
  const returns = context.project.analysesOf(fn.id).fn.blocks.filter(({ term }) => term.op === "return");
  const hidden = returns.some(({ term }) => inside(term, body) && !code.exits.some((e) => inside(term, e)));
  return hidden && value === undefined ? "a macro returns from between test and assignment" : code;
}

function inside(inner: Span, outer: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** Finds exits and what is dropped with them. */
function collect(code: FirstUseCode, statements: readonly SyntaxNode[]): Reason | undefined {
  const { source } = code.syntax;
  for (const statement of statements) {
    if (JUMPS.has(statement.type)) return "the value is used at once where it is made";
    const reason = visit(code, statement);
    if (reason !== undefined) return reason;
    const condition = statement.type === "if_statement" ? child(statement, "condition") : undefined;
    if (condition === undefined) continue;
    if (isNullTest(source, condition, code.name) || names(source, condition, code.name)) code.isChecked = true;
  }
  return undefined;
}

const JUMPS: ReadonlySet<string> = new Set([
  "return_statement",
  "goto_statement",
  "break_statement",
  "continue_statement",
]);
const COMPLEX: ReadonlySet<string> = new Set([
  "break_statement",
  "continue_statement",
  "labeled_statement",
  "while_statement",
  "for_statement",
  "do_statement",
  "switch_statement",
  "for_range_loop",
  "lambda_expression",
  "try_statement",
  "throw_statement",
]);

function visit(code: FirstUseCode, node: SyntaxNode): Reason | undefined {
  const { source } = code.syntax;
  if (COMPLEX.has(node.type)) return "the code that makes the value is not a plain sequence";
  if (node.type === "return_statement" || node.type === "goto_statement") {
    const value = node.children.find((c) => c.type !== "comment");
    if (node.type === "return_statement" && value !== undefined && names(source, value, code.name)) {
      return "the value is used at once where it is made";
    }
    if (value?.type === "call_expression" && !source.textOf(value).startsWith("PyErr_")) {
      return "a call computes the result after a failure";
    }
    code.exits.push(node);
    return undefined;
  }
  if (node.type === "compound_statement") {
    const inner = node.children.filter((c) => source.isStatement(c));
    const last = inner.at(-1);
    const leaves = last?.type === "return_statement" || last?.type === "goto_statement";
    if (leaves) code.dropped.push(...inner.filter((s) => isReleaseOfOther(code, s)));
  }
  for (const c of node.children) {
    const reason = visit(code, c);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

const RELEASES: ReadonlySet<string> = new Set(["Py_DECREF", "Py_XDECREF", "Py_CLEAR"]);

/** `Py_DECREF(arg);` for a variable that belongs to the function, not to the code that moves. */
function isReleaseOfOther({ syntax, test, name }: FirstUseCode, statement: SyntaxNode): boolean {
  const { source } = syntax;
  const [call] = statement.type === "expression_statement" ? statement.children : [];
  const callee = call?.type === "call_expression" ? child(call, "function") : undefined;
  const [released] = (call && child(call, "arguments")?.children) ?? [];
  if (callee === undefined || released?.type !== "identifier" || !RELEASES.has(source.textOf(callee))) return false;
  const own = source.textOf(released);
  return own !== name && usesOf(syntax, own).some((n) => !inside(n, test));
}

/** Why the code needs something that only its function has; finds the local variables that go with it. */
function independent(context: FixContext, code: FirstUseCode, node: SyntaxNode, test: SyntaxNode): Reason | undefined {
  const { syntax, name, dropped, exits } = code;
  const { source, fn } = syntax;
  const { values } = context.project.analysesOf(fn.id).fn;
  const known = new Map(
    values.flatMap((v) => (v.kind === "local" || v.kind === "param" ? [[v.name, v.kind] as const] : [])),
  );
  for (const identifier of identifiers(node)) {
    if ([...dropped, ...exits.filter((e) => !source.textOf(e).includes("PyErr_"))].some((d) => inside(identifier, d))) {
      continue;
    }
    const text = source.textOf(identifier);
    if (text === name) continue;
    const kind = known.get(text);
    if (kind !== undefined) {
      const reason = kind === "param" ? `it is made from \`${text}\`` : moves(code, text, test);
      if (reason !== undefined) return reason;
      continue;
    }
    const found = context.project.index.resolveGlobal(source.file, text, fn.name);
    if (found.kind !== "static") continue;
    const other = context.project.index.static(found.id);
    if (other.facts.owner !== undefined) return `it is made from \`${text}\`, which is static in \`${fn.name}\``;
    const isState = other.role === "state" && !other.facts.isConst;
    if (isState && other.writers.some((w) => !context.project.index.isInitOnly(w))) {
      return `it is made from \`${text}\`, which changes later`;
    }
  }
  return undefined;
}

/** A local variable can go along if nothing else uses it. */
function moves(code: FirstUseCode, text: string, test: SyntaxNode): Reason | undefined {
  const { syntax, locals, dropped, exits } = code;
  const { source } = syntax;
  const uses = usesOf(syntax, text);
  const outside = uses.filter((u) => !inside(u, test));
  if (outside.length === 0) return undefined;
  const [declared, ...others] = outside;
  const declaration = source.ancestor(declared, "declaration");
  const declarators = declaration?.children.filter((c) => c.field === "declarator") ?? [];
  const isAlone = declaration !== undefined && others.length === 0 && declarators.length === 1;
  const [declarator] = declarators;
  const initial = declarator?.type === "init_declarator" ? child(declarator, "value") : undefined;
  const isPlainInitial = initial === undefined || initial.children.length === 0;
  const isPlaced = declaration !== undefined && source.parentOf(declaration)?.type === "compound_statement";
  if (!isAlone || !isPlainInitial || !isPlaced || !inside(declared, declarator) || !source.isPlain(declaration)) {
    return `it is made from \`${text}\``;
  }
  if ([...dropped, ...exits].some((d) => uses.some((u) => inside(u, d)))) return `it is made from \`${text}\``;
  if (!locals.includes(declaration)) locals.push(declaration);
  return undefined;
}

function usesOf({ source, node }: FunctionSyntax, text: string): SyntaxNode[] {
  return identifiers(node).filter((n) => source.textOf(n) === text);
}

function identifiers(node: SyntaxNode): SyntaxNode[] {
  return node.type === "identifier" ? [node] : node.children.flatMap(identifiers);
}

function names(source: FixSource, node: SyntaxNode, text: string): boolean {
  return identifiers(node).some((n) => source.textOf(n) === text);
}

const NULLS: ReadonlySet<string> = new Set(["NULL", "nullptr", "0"]);

/** `!x`, `x == NULL`, `NULL == x`. */
export function isNullTest(source: FixSource, node: SyntaxNode, name: string): boolean {
  const at = unwrapped(node);
  if (at.type === "unary_expression") {
    const argument = child(at, "argument");
    return at.operator === "!" && argument !== undefined && source.textOf(unwrapped(argument)) === name;
  }
  const sides = sidesOf(at, "==");
  if (sides === undefined) return false;
  const [left, right] = sides.map((s) => source.textOf(unwrapped(s)));
  return (left === name && NULLS.has(right)) || (right === name && NULLS.has(left));
}

/** The value in `x == NULL && (x = value) == NULL`. */
function assignedInTest(source: FixSource, node: SyntaxNode, name: string): SyntaxNode | undefined {
  const sides = sidesOf(unwrapped(node), "&&");
  if (sides === undefined || !isNullTest(source, sides[0], name)) return undefined;
  const second = unwrapped(sides[1]);
  const compared = sidesOf(second, "==");
  const argument =
    second.type === "unary_expression" && second.operator === "!" ? child(second, "argument") : undefined;
  if (compared !== undefined && !NULLS.has(source.textOf(unwrapped(compared[1])))) return undefined;
  const assignment = compared?.[0] ?? argument;
  const at = assignment && unwrapped(assignment);
  if (at?.type !== "assignment_expression" || at.operator !== "=") return undefined;
  const left = child(at, "left");
  return left !== undefined && source.textOf(left) === name ? child(at, "right") : undefined;
}

function sidesOf(node: SyntaxNode, operator: string): [SyntaxNode, SyntaxNode] | undefined {
  if (node.type !== "binary_expression" || node.operator !== operator) return undefined;
  const left = child(node, "left");
  const right = child(node, "right");
  return left && right && [left, right];
}

function unwrapped(node: SyntaxNode): SyntaxNode {
  let at = node;
  while (at.type === "parenthesized_expression" || at.type === "condition_clause") {
    const inner = at.children.filter((c) => c.type !== "comment");
    if (inner.length !== 1) return at;
    [at] = inner;
  }
  return at;
}

/**
 * The code as lines for another function, without indentation of their own. `exit` leaves that function, `name` is what the static is
 * called there; `keepTest`: the value is made only if it is not there yet.
 */
export function firstUseText(
  code: FirstUseCode,
  { exit, name, keepTest }: { exit: readonly string[]; name: string; keepTest: boolean },
): string {
  const { syntax, statements, value, isChecked, locals, test } = code;
  const { source } = syntax;
  const check = ifBlock(source, `${name} == ${nullWord(source)}`, exit);
  const lines = locals.map((l) => source.textOf(l));
  if (value !== undefined) lines.push(`${name} = ${source.textOf(value)};`);
  for (const s of statements) lines.push(moved(code, s, exit, name));
  if (value !== undefined || !isChecked) lines.push(check);
  const isBlock = locals.length > 0 || statements.some((s) => s.type === "declaration");
  if (!keepTest && !isBlock) return lines.join("\n");
  const isNegated = unwrapped(child(test, "condition")!).type === "unary_expression";
  return ifBlock(source, isNegated ? `!${name}` : `${name} == ${nullWord(source)}`, lines);
}

/** One statement with its exits and names changed. */
function moved(
  { syntax, exits, dropped, name: old }: FirstUseCode,
  statement: SyntaxNode,
  exit: readonly string[],
  name: string,
): string {
  const { source } = syntax;
  const changes: { start: number; end: number; text: string }[] = [];
  for (const e of exits) {
    const value = e.children.find((c) => c.type !== "comment");
    const raise = value?.type === "call_expression" ? [`${source.textOf(value)};`] : [];
    const lines = [...raise, ...exit];
    const outer = isBody(source, e) ? source.indentAt(source.parentOf(e)!.start) : source.indentAt(e.start);
    const isBraced = isBody(source, e) && lines.length > 1;
    if (!isBraced) {
      changes.push({ start: e.start, end: e.end, text: lines.join(`\n${outer}`) });
      continue;
    }
    const inner = outer + source.indentUnit;
    const open = bracesOnOwnLine(source) ? `\n${outer}{` : " {";
    let start = e.start;
    while (source.text[start - 1]?.trim() === "") start--;
    changes.push({ start, end: e.end, text: `${open}\n${lines.map((l) => inner + l).join("\n")}\n${outer}}` });
  }
  for (const d of dropped)
    changes.push({ start: source.lineStart(d.start), end: source.nextLine(d.end - 1), text: "" });
  for (const n of identifiers(statement)) {
    if (source.textOf(n) === old && old !== name) changes.push({ start: n.start, end: n.end, text: name });
  }
  const own = changes
    .filter((c) => inside(c, statement) && !changes.some((o) => o !== c && inside(c, o)))
    .sort((a, b) => b.start - a.start);
  let text = source.textOf(statement);
  for (const { start, end, text: by } of own) {
    text = text.slice(0, start - statement.start) + by + text.slice(end - statement.start);
  }
  const indent = source.indentAt(statement.start);
  return text.replaceAll("\r\n", "\n").replaceAll(`\n${indent}`, "\n");
}
