/** Two nested sections on one object each become one section on both. */
import type { Span } from "../../ir/types.ts";
import { StatementEdits } from "../borrowed/statement-edits.ts";
import type { FixSource, SyntaxNode } from "../source.ts";
import type { FileEdit } from "../types.ts";
import { declaredNames, walk } from "./exits.ts";
import { sectionLines } from "./section-text.ts";

export interface NestedRequest {
  source: FixSource;
  outer: { begin: Span; end: Span };
  inner: { begin: Span; end: Span };
}

/** The edits, or the reason why there are none. */
export function joinSections({ source, outer, inner }: NestedRequest): FileEdit[] | string {
  const sites = [outer.begin, outer.end, inner.begin, inner.end].map((s) => callStatement(source, s));
  const [begin, end, innerBegin, innerEnd] = sites;
  if (!begin || !end || !innerBegin || !innerEnd) return "the sections are not begun and ended by the plain macros";
  if (!source.isPlain({ start: begin.start, end: end.end }))
    return "the code depends on conditions of the preprocessor";
  const first = argumentOf(source, begin);
  const second = argumentOf(source, innerBegin);
  if (first === undefined || second === undefined) return "a section on two objects is among them";
  const problem = notYetKnown(source, begin, innerBegin, second);
  if (problem !== undefined) return problem;
  const lines = sectionLines([source.textOf(first), source.textOf(second)]);
  const edits = new StatementEdits(source);
  edits.replaceStatement(begin, lines.begin);
  edits.replaceStatement(end, lines.end);
  edits.remove(innerBegin);
  edits.remove(innerEnd);
  return edits.edits();
}

function callStatement(source: FixSource, span: Span): SyntaxNode | undefined {
  const statement = source.statementOf(source.nodeAt(span));
  const [call] = statement?.children ?? [];
  return statement?.type === "expression_statement" && call?.type === "call_expression" ? statement : undefined;
}

function argumentOf(source: FixSource, statement: SyntaxNode): SyntaxNode | undefined {
  const [call] = statement.children;
  const name = source.text.slice(call.start, call.children[0]?.end);
  const args = call.children.find((c) => c.field === "arguments")?.children.filter((c) => c.type !== "comment") ?? [];
  return name === "Py_BEGIN_CRITICAL_SECTION" && args.length === 1 ? args[0] : undefined;
}

/** The inner object must be what it is where the outer section begins: a variable that is set between is not. */
function notYetKnown(source: FixSource, begin: SyntaxNode, inner: SyntaxNode, object: SyntaxNode): string | undefined {
  const names = new Set<string>();
  let isSimple = true;
  walk([object], (node) => {
    if (node.type === "identifier") names.add(source.textOf(node));
    if (node.type === "call_expression") isSimple = false;
    return true;
  });
  if (!isSimple) return "the inner object is the result of a call";
  let changed: string | undefined;
  walk([source.parentOf(begin)!], (node) => {
    if (node.start < begin.end || node.end > inner.start) return true;
    const left =
      node.type === "assignment_expression" || node.type === "update_expression" ? node.children[0] : undefined;
    const target = left?.type === "identifier" ? source.textOf(left) : undefined;
    const declared = node.type === "declaration" ? declaredNames(source, node) : [];
    for (const name of [...declared, ...(target === undefined ? [] : [target])]) if (names.has(name)) changed ??= name;
    return true;
  });
  return changed === undefined ? undefined : `\`${changed}\` is set only inside of the outer section`;
}

export interface WidenRequest {
  source: FixSource;
  section: { begin: Span; end: Span };
  /** Expression of the object to be locked as well. */
  object: string;
}

/** A section on one object becomes one on two; a text says why it cannot. */
export function widenSection({ source, section, object }: WidenRequest): FileEdit[] | string {
  const begin = callStatement(source, section.begin);
  const end = callStatement(source, section.end);
  const first = begin && argumentOf(source, begin);
  if (!begin || !end || !first) return "the section that is there is not begun and ended by the plain macros";
  if (!source.isPlain(begin) || !source.isPlain(end)) return "the code depends on conditions of the preprocessor";
  const lines = sectionLines([source.textOf(first), object]);
  const edits = new StatementEdits(source);
  edits.replaceStatement(begin, lines.begin);
  edits.replaceStatement(end, lines.end);
  return edits.edits();
}
