/** A static variable as the builders of fixes see it: its declaration in the syntax, and where a function names it. */
import type { StaticAccess } from "../../flow/shared/shared-state.ts";
import type { StaticFacts } from "../../ir/facts.ts";
import type { Span } from "../../ir/types.ts";
import type { FunctionId, IndexedFunction, IndexedStatic } from "../../project/index-types.ts";
import { child } from "../../syntax/ast.ts";
import type { FixSource, SyntaxNode } from "../source.ts";
import type { FixContext } from "../types.ts";

/** What is to be fixed, as the rule found it. */
export interface StaticToFix {
  /** The rule that found it. */
  rule: string;
  variable: IndexedStatic;
  /** What the variable holds, from its declaration. */
  shape: "object" | "pointer" | "function-pointer" | "container" | "aggregate" | "scalar";
  /** Accesses that other threads can make at the same time. */
  accesses: readonly StaticAccess[];
  /** Tests that lead to a first assignment. */
  firstUses: readonly { function: FunctionId; test: Span; assignment?: Span }[];
  /** Other unprotected statics that the same functions use, without companions of their own. */
  companions: readonly StaticToFix[];
  /** A reference that the variable held is released somewhere. */
  released: boolean;
}

/** The name of a variable as code in its scope writes it. */
export function nameOf({ name }: { name: string }): string {
  return name.slice(name.lastIndexOf(":") + 1);
}

export interface Declaration {
  source: FixSource;
  /** The whole declaration with its `;`. */
  node: SyntaxNode;
  /** The declarator of the variable, with its initialiser. */
  declarator: SyntaxNode;
  /** Other variables stand in the same declaration. */
  shared: boolean;
}

/** A sentence that says why something cannot be edited. */
export type Reason = string;

export function isReason<T extends object>(answer: T | Reason): answer is Reason {
  return typeof answer === "string";
}

/** The declaration that defines the variable, or why it cannot be edited. */
export function declarationOf(context: FixContext, { variable }: StaticToFix): Declaration | Reason {
  return declarationAt(context, variable.file, variable.facts);
}

/** As `declarationOf`, for one of several declarations of a variable. */
export function declarationAt(context: FixContext, file: string, facts: StaticFacts): Declaration | Reason {
  const source = context.source(file);
  if (source === undefined) return "the file of the declaration cannot be read";
  const node = source.ancestor(source.nodeAt({ start: facts.nameStart, end: facts.nameEnd }), "declaration");
  if (node === undefined || !source.textOf({ start: facts.nameStart, end: facts.nameEnd }).endsWith(nameOf(facts))) {
    return `the declaration of \`${nameOf(facts)}\` comes out of a macro`;
  }
  if (!source.isPlain(node)) return `the declaration of \`${nameOf(facts)}\` is mixed with preprocessor directives`;
  const declarators = node.children.filter((c) => c.field === "declarator");
  const declarator = declarators.find((d) => d.start <= facts.nameStart && facts.nameEnd <= d.end);
  if (declarator === undefined) return `the declaration of \`${nameOf(facts)}\` is not understood`;
  return { source, node, declarator, shared: declarators.length > 1 };
}

/** Declarations of the variable beside the one that defines it. */
export function otherDeclarations({ file, facts, declarations }: IndexedStatic): IndexedStatic["declarations"] {
  return declarations.filter((d) => d.file !== file || d.facts.nameStart !== facts.nameStart);
}

export interface FunctionSyntax {
  fn: IndexedFunction;
  source: FixSource;
  node: SyntaxNode;
  body: SyntaxNode;
}

/** The syntax of a function that may be edited, or why not. */
export function functionSyntax(context: FixContext, id: FunctionId): FunctionSyntax | Reason {
  const fn = context.project.index.functions[id];
  const { facts } = fn;
  if (facts.instantiated !== undefined) return `\`${fn.name}\` is made by a macro`;
  const source = context.source(facts.file);
  if (source === undefined) return `the file of \`${fn.name}\` cannot be read`;
  const node = source.functionAt(facts.nameStart);
  const body = node && child(node, "body");
  if (node === undefined || body?.type !== "compound_statement") return `\`${fn.name}\` is not understood`;
  if (hasError(node)) return `\`${fn.name}\` contains code that the parser does not understand`;
  return { fn, source, node, body };
}

/** Identifiers in a function that mean the variable, in order; its own declaration is left out. */
export function mentionsIn({ source, node }: FunctionSyntax, { facts, file }: IndexedStatic): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  const name = nameOf(facts);
  const visit = (n: SyntaxNode) => {
    const isName = n.type === "identifier" && n.end - n.start === name.length;
    const isDeclaration = n.start === facts.nameStart && source.file === file;
    if (isName && !isDeclaration && source.textOf(n) === name) found.push(n);
    for (const c of n.children) visit(c);
  };
  visit(node);
  return found;
}

/** The `if` whose condition the test is part of. */
export function testStatement({ source, node }: FunctionSyntax, test: Span): SyntaxNode | undefined {
  let at: SyntaxNode | undefined = source.nodeAt(test);
  while (at !== undefined && at !== node) {
    const parent = source.parentOf(at);
    if (parent?.type === "if_statement" && at.field === "condition") return parent;
    if (parent !== undefined && source.isStatement(parent) && parent.type !== "if_statement") return undefined;
    at = parent;
  }
  return undefined;
}

/** True if a parameter or automatic variable of the function has the name of the static. */
export function isHidden(context: FixContext, id: FunctionId, name: string): boolean {
  const { fn } = context.project.analysesOf(id);
  return fn.values.some((v) => (v.kind === "local" || v.kind === "param") && v.name === name);
}

/** The access of a function that no identifier in its text shows: it comes out of a macro. */
export function unseenAccess(
  accesses: readonly StaticAccess[],
  { fn, source }: FunctionSyntax,
  mentions: readonly SyntaxNode[],
): StaticAccess | undefined {
  return accesses.find((a) => {
    if (a.function !== fn.id || isBehindCopy(a)) return false;
    const { start, end } = a.access.chain[0] ?? a.access;
    if (mentions.some((m) => (start <= m.start && m.end <= end) || (m.start <= start && end <= m.end))) return false;
    // What a call returns is stored by the call itself.
    const assignment = source.ancestor(source.nodeAt({ start, end }), "assignment_expression", "init_declarator");
    const [left] = assignment?.children ?? [];
    return left === undefined || !mentions.some((m) => left.start <= m.start && m.end <= left.end);
  });
}

/** Through a pointer that was read from an element of the variable: what is there goes by the name of a local variable. */
function isBehindCopy({ access }: StaticAccess): boolean {
  return access.at.includes("**");
}

function hasError(node: SyntaxNode): boolean {
  return node.type === "ERROR" || node.type === "MISSING" || node.children.some(hasError);
}

/** True if the place of the declaration is compiled whenever the place of the use is. */
export function isVisibleAt(declaration: Declaration, use: FixSource, offset: number): boolean {
  if (declaration.source.file !== use.file) return true;
  const at = use.conditionsAt(offset);
  return declaration.source
    .conditionsAt(declaration.node.start)
    .every(({ condition }, i) => at[i]?.condition === condition);
}

/** A name that the file does not use yet: `base`, else `base2`, ... */
export function freshInFile(source: FixSource, base: string): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? base : base + n;
    if (!mentionsWord(source.text, name)) return name;
  }
}

function mentionsWord(text: string, name: string): boolean {
  const isWord = (c: string | undefined) => c !== undefined && /[A-Za-z0-9_]/.test(c);
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (!isWord(text[at - 1]) && !isWord(text[at + name.length])) return true;
  }
  return false;
}
