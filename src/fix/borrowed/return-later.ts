/** `return f(item);` where `item` is still to be released: the result is computed first, in a variable. */
import type { FunctionFacts } from "../../ir/facts.ts";
import { child } from "../../syntax/ast.ts";
import type { FixSource, SyntaxNode } from "../source.ts";
import { declare, isDeclaredInFront } from "./out/declare.ts";
import type { StatementEdits } from "./statement-edits.ts";
import { freshName } from "./style.ts";

export interface LateReturn {
  statement: SyntaxNode;
  /** What has to be done between the computation and the return. */
  release: string;
}

/** Names that functions give to what they return. */
const RESULTS: readonly string[] = ["result", "res", "ret", "retval", "rv", "r"];

/** Rewrites the returns, with one variable for all of them where it has to be declared in advance. */
export function returnLater(
  source: FixSource,
  facts: FunctionFacts,
  all: readonly LateReturn[],
  edits: StatementEdits,
): void {
  const returns = all.filter((r) => !isPlain(r.statement));
  for (const { statement, release } of all) if (isPlain(statement)) edits.before(statement, release);
  if (returns.length === 0) return;
  const type = facts.returnType.trim();
  const declaration = (name: string) => `${type}${type.endsWith("*") ? "" : " "}${name}`;
  const fresh = freshName(source, facts, "result");
  const known = returns.map(({ statement, release }) => declaredResult(source, statement, type, release));
  const inFront = returns.every((r, i) => known[i] !== undefined || isDeclaredInFront(source, r.statement));
  if (!inFront) declare(edits, topmost(source, returns[0].statement), `${declaration(fresh)};`);
  for (const [i, { statement, release }] of returns.entries()) {
    const name = known[i] ?? fresh;
    const lead = known[i] === undefined && inFront ? declaration(name) : name;
    edits.replace({ start: statement.start, end: statement.children[0].start }, `${lead} = `);
    edits.after(statement, release);
    edits.after(statement, `return ${name};`);
  }
}

/** `return v;` of a variable: no release changes what it holds. */
function isPlain(statement: SyntaxNode): boolean {
  return statement.children.length === 1 && statement.children[0].type === "identifier";
}

/** A variable of the returned type that is declared for the purpose and visible at the statement. */
function declaredResult(source: FixSource, statement: SyntaxNode, type: string, release: string): string | undefined {
  const wanted = type.replaceAll(" ", "");
  const released = release.split(/\W+/);
  for (let node = source.parentOf(statement); node !== undefined; node = source.parentOf(node)) {
    if (node.type !== "compound_statement") continue;
    for (const c of node.children) {
      if (c.type !== "declaration" || c.end > statement.start) continue;
      const name = RESULTS.find((r) => !released.includes(r) && declaredType(source, c, r) === wanted);
      if (name !== undefined) return name;
    }
    if (source.parentOf(node)?.type === "function_definition") return undefined;
  }
  return undefined;
}

/** Type, without blanks, of a variable in a declaration; undefined if it is not declared there, or static. */
function declaredType(source: FixSource, declaration: SyntaxNode, name: string): string | undefined {
  const base = child(declaration, "type");
  if (base === undefined) return undefined;
  for (const c of declaration.children) {
    if (c.field !== "declarator") continue;
    let inner = c.type === "init_declarator" ? child(c, "declarator") : c;
    let stars = "";
    while (inner?.type === "pointer_declarator") {
      stars += "*";
      inner = child(inner, "declarator");
    }
    if (inner?.type !== "identifier" || source.textOf(inner) !== name) continue;
    const others = declaration.children.some(
      (d) => d.type === "storage_class_specifier" || d.type === "type_qualifier",
    );
    return others ? undefined : source.textOf(base).replaceAll(" ", "") + stars;
  }
  return undefined;
}

/** The statement of the function's body that has this one in it. */
function topmost(source: FixSource, statement: SyntaxNode): SyntaxNode {
  let at = statement;
  for (;;) {
    const parent = source.parentOf(at);
    if (parent === undefined || source.parentOf(parent)?.type === "function_definition") return at;
    at = parent;
  }
}
