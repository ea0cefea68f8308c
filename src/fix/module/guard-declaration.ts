/** Puts a guard around a declaration that not every supported Python has. */

import type { FileFacts } from "../../ir/facts.ts";
import type { SyntaxNode } from "../../syntax/ast.ts";
import type { Edit } from "../../text/edits.ts";
import type { FixSource } from "../source.ts";
import type { FileEdit, FixContext, Proposal, Withheld } from "../types.ts";
import { CALL_GUARD, slotGuard } from "./guard.ts";

type Token = FileFacts["declarationTokens"][number];

const RECIPE = ["put `#ifdef Py_GIL_DISABLED` before the declaration and `#endif` after it"];

/** Guards the slot or the call that the token is in. */
export function guardDeclaration(context: FixContext, file: string, token: Token): Proposal | Withheld {
  const source = context.source(file);
  const isSlot = token.name === "Py_mod_gil";
  const guard = (isSlot && source && slotGuard(context, source)) || CALL_GUARD;
  const edits = source && (weakGuard(source, token, guard) ?? around(source, token, isSlot, guard));
  if (edits === undefined) {
    return { level: "manual", reason: "the declaration does not stand on lines of its own", recipe: RECIPE };
  }
  return {
    level: "safe",
    title: `guard it with \`${guard}\``,
    edits: edits.map((e): FileEdit => ({ file, ...e })),
    needs: [],
    review: [],
  };
}

/** `#ifdef Py_mod_gil`, which is always true from 3.15 on, becomes another condition. */
function weakGuard(source: FixSource, token: Token, guard: string): Edit[] | undefined {
  for (const { branches } of source.view.conditionals) {
    const [first] = branches;
    const isAround = branches.length === 1 && first.start <= token.start && token.start < first.end;
    if (!isAround || first.condition !== "defined(Py_mod_gil)") continue;
    const line = source.text.slice(first.start, first.bodyStart);
    const at = line.indexOf("ifdef");
    if (at < 0) return undefined;
    const start = first.start + at;
    const end = first.bodyStart - (line.length - line.trimEnd().length);
    return [{ start, end, text: guard.slice(1) }];
  }
  return undefined;
}

function around(source: FixSource, token: Token, isSlot: boolean, guard: string): Edit[] | undefined {
  const node = source.nodeAt(token);
  const part = isSlot ? rowOf(source, node) : statementOf(source, node);
  if (part === undefined || !source.isPlain(part)) return undefined;
  const end = isSlot ? afterComma(source, part.end) : part.end;
  if (end === undefined) return undefined;
  const lineEnd = source.nextLine(end - 1);
  const rest = source.text.slice(end, lineEnd).trim();
  if (rest === "" || rest.startsWith("//") || (rest.startsWith("/*") && rest.endsWith("*/"))) {
    if (!source.isFirstOnLine(part.start)) return undefined;
    const start = source.lineStart(part.start);
    const newline = source.text[lineEnd - 1] === "\n" || source.text[lineEnd - 1] === "\r" ? "" : "\n";
    return [insertion(start, `${guard}\n`), insertion(lineEnd, `${newline}#endif\n`)];
  }
  return undefined;
}

function insertion(at: number, text: string): Edit {
  return { start: at, end: at, text };
}

/** The row of the array that a slot's name is in. */
function rowOf(source: FixSource, node: SyntaxNode): SyntaxNode | undefined {
  const row = source.ancestor(node, "initializer_list", "call_expression");
  const parent = row && source.parentOf(row);
  return parent?.type === "initializer_list" ? row : undefined;
}

/** The whole statement of a call, with what it does if the call fails. */
function statementOf(source: FixSource, node: SyntaxNode): SyntaxNode | undefined {
  const statement = source.statementOf(node);
  if (statement === undefined || source.parentOf(statement)?.type !== "compound_statement") return undefined;
  return ["expression_statement", "if_statement"].includes(statement.type) ? statement : undefined;
}

/** The offset after the comma that follows a row. */
function afterComma(source: FixSource, end: number): number | undefined {
  let at = end;
  while (" \t".includes(source.text[at] ?? "x")) at++;
  return source.text[at] === "," ? at + 1 : undefined;
}
