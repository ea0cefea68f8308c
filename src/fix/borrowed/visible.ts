/** Which variables of a function can be named at a place. */
import type { FunctionIr, Value } from "../../ir/types.ts";
import type { FixSource, SyntaxNode } from "../source.ts";

const SCOPES: ReadonlySet<string> = new Set([
  "compound_statement",
  "for_statement",
  "for_range_loop",
  "if_statement",
  "while_statement",
  "switch_statement",
  "catch_clause",
  "lambda_expression",
  "function_definition",
]);

/** True if the variable's name means the variable at the start of `statement`: it is in scope there, and no other hides it. */
export function isVisibleAt(source: FixSource, fn: FunctionIr, value: Value, statement: SyntaxNode): boolean {
  if (value.kind === "param") return hiding(source, fn, value.name, 0, statement) === 0;
  if (value.kind !== "local") return false;
  const scope = scopeOf(source, value.start, value.end);
  if (scope === undefined || !isInside(scope, value.start, statement)) return false;
  return hiding(source, fn, value.name, scope.start, statement) === 0;
}

/** How many variables of that name are declared further inside than the scope at `outer`, around the statement. */
function hiding(source: FixSource, fn: FunctionIr, name: string, outer: number, statement: SyntaxNode): number {
  return fn.values.filter((v) => {
    if (v.kind !== "local" || v.name !== name) return false;
    const scope = scopeOf(source, v.start, v.end);
    return scope !== undefined && scope.start > outer && isInside(scope, v.start, statement);
  }).length;
}

function isInside(scope: SyntaxNode, declared: number, statement: SyntaxNode): boolean {
  return declared < statement.start && statement.end <= scope.end;
}

function scopeOf(source: FixSource, start: number, end: number): SyntaxNode | undefined {
  let node: SyntaxNode | undefined = source.nodeAt({ start, end });
  while (node !== undefined && !SCOPES.has(node.type)) node = source.parentOf(node);
  return node;
}
