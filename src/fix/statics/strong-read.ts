/** A static object that one statement uses: it gets a reference of its own, taken under the lock. */
import { StatementEdits } from "../borrowed/statement-edits.ts";
import { freshName } from "../borrowed/style.ts";
import type { SyntaxNode } from "../source.ts";
import type { FileEdit } from "../types.ts";
import type { FunctionSyntax, Reason } from "./variable.ts";

/** The edits, or why the statement cannot be rewritten. `Py_XNewRef` is needed. */
export function strongRead(
  { source, fn }: FunctionSyntax,
  mentions: readonly SyntaxNode[],
  { variable, type, mutex }: { variable: string; type: string; mutex: string },
): FileEdit[] | Reason {
  const statements = [...new Set(mentions.map((m) => source.statementOf(m)))];
  const [statement] = statements;
  if (statement === undefined || statements.length > 1)
    return `several statements of \`${fn.name}\` use \`${variable}\``;
  if (!source.isPlain(statement)) return "preprocessor directives stand in the statement";
  const isArgument = (m: SyntaxNode) => source.parentOf(m)?.type === "argument_list";
  if (!mentions.every(isArgument)) return `\`${fn.name}\` keeps what is in \`${variable}\``;
  const space = (t: string) => (t.endsWith("*") ? "" : " ");
  const own = freshName(source, fn.facts, `own_${variable}`);
  const isObject = type === "PyObject *";
  const copy = isObject ? `Py_XNewRef(${variable})` : `(${type})Py_XNewRef((PyObject *)${variable})`;
  const take = [`PyMutex_Lock(&${mutex});`, `${type}${space(type)}${own} = ${copy};`, `PyMutex_Unlock(&${mutex});`];
  const drop = `Py_XDECREF(${own});`;
  const edits = new StatementEdits(source);
  const replaced = (node: SyntaxNode) => {
    let text = source.textOf(node);
    for (const m of [...mentions].reverse()) {
      text = text.slice(0, m.start - node.start) + own + text.slice(m.end - node.start);
    }
    return text;
  };
  switch (statement.type) {
    case "return_statement": {
      const value = statement.children.find((c) => c.type !== "comment");
      const { returnType } = fn.facts;
      if (value === undefined || returnType === "") return "the type of the result is not known";
      const result = freshName(source, fn.facts, "result");
      const lines = [`${returnType}${space(returnType)}${result} = ${replaced(value)};`, drop, `return ${result};`];
      edits.replaceStatement(statement, [...take, ...lines].join("\n"));
      return edits.edits();
    }
    case "expression_statement":
    case "declaration":
      for (const m of mentions) edits.replace(m, own);
      edits.before(statement, take.join("\n"));
      edits.after(statement, drop);
      return edits.edits();
    default:
      return `a condition in \`${fn.name}\` uses \`${variable}\``;
  }
}
