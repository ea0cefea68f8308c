/** Objects that a static gives up: they are released after the lock, because a destructor can run any code. */
import { child } from "../../syntax/ast.ts";
import type { StatementEdits } from "../borrowed/statement-edits.ts";
import type { FixSource, SyntaxNode } from "../source.ts";

export interface Release {
  /** The whole statement. */
  statement: SyntaxNode;
  /** `Py_XDECREF`, `Py_CLEAR`, ... */
  api: string;
  /** What `Py_SETREF` stores. */
  value: SyntaxNode | undefined;
}

const RELEASES: ReadonlySet<string> = new Set(["Py_DECREF", "Py_XDECREF", "Py_CLEAR", "Py_SETREF", "Py_XSETREF"]);

/** The statement `Py_XDECREF(name);` or one like it that `mention` is the first argument of. */
export function releaseAt(source: FixSource, mention: SyntaxNode): Release | undefined {
  const list = source.parentOf(mention);
  const call = list?.type === "argument_list" && list.children[0] === mention ? source.parentOf(list) : undefined;
  const callee = call && child(call, "function");
  const statement = call && source.parentOf(call);
  if (callee === undefined || statement?.type !== "expression_statement") return undefined;
  const api = source.textOf(callee);
  return RELEASES.has(api) ? { statement, api, value: list!.children[1] } : undefined;
}

/** Rewrites the release: `old` takes the object over, to be released behind `last`. The lock's edits must be there already. */
export function releaseLater(
  edits: StatementEdits,
  { statement, api, value }: Release,
  { variable, type, old, last }: { variable: string; type: string; old: string; last: SyntaxNode },
): void {
  const { source } = edits;
  const space = type.endsWith("*") ? "" : " ";
  const lines = [`${type}${space}${old} = ${variable};`];
  if (api === "Py_CLEAR") lines.push(`${variable} = NULL;`);
  if (value !== undefined) lines.push(`${variable} = ${source.textOf(value)};`);
  edits.replaceStatement(statement, lines.join("\n"));
  const isNever = api === "Py_DECREF" || api === "Py_SETREF";
  edits.after(last, `${isNever ? "Py_DECREF" : "Py_XDECREF"}(${old});`);
}
