/** Calls that do nothing any more and can go. */
import type { Span } from "../../ir/types.ts";
import { isBody } from "../borrowed/statement-edits.ts";
import type { FixSource } from "../source.ts";
import type { FixContext, Proposal } from "../types.ts";
import type { Reason } from "./variable.ts";

/** Takes the statement `api(...);` out. `since` is the minor version of Python from which on the call does nothing. */
export function removeCall(context: FixContext, file: string, at: Span, api: string, since: number): Proposal | Reason {
  const source = context.source(file);
  const statement = source?.statementOf(source.nodeAt(at));
  if (source === undefined || statement?.type !== "expression_statement" || !source.isPlain(statement)) {
    return `\`${api}\` is not a statement of its own`;
  }
  const [call] = statement.children;
  if (call?.type !== "call_expression" || call.start !== at.start) return `\`${api}\` is not a statement of its own`;
  if (isBody(source, statement) || source.parentOf(statement)?.type === "labeled_statement") {
    return `\`${api}\` is all that a condition leads to`;
  }
  const { minPython, minPythonKnown } = context.project.options;
  const isOld = minPythonKnown !== true || minPython < since;
  return {
    level: isOld ? "review" : "safe",
    title: `delete the call of \`${api}\``,
    edits: [{ file, ...wholeOf(source, statement), text: "" }],
    needs: [],
    review: isOld ? [`Pythons before 3.${since} need the call`] : [],
  };
}

/** A statement with its line and the comment behind it, and with the conditional that holds nothing else. */
function wholeOf(source: FixSource, { start, end }: Span): Span {
  const { text, view } = source;
  const around = view.conditionals.find(
    (c) =>
      c.branches.length === 1 &&
      c.branches.some((b) => text.slice(b.bodyStart, b.end).trim() === text.slice(start, end)),
  );
  if (around !== undefined) return { start: source.lineStart(around.start), end: source.nextLine(around.end - 1) };
  const next = source.nextLine(end - 1);
  const rest = text.slice(end, next).trim();
  const isOpen = rest.startsWith("/*") && !rest.endsWith("*/");
  const isAlone = source.isFirstOnLine(start) && view.text.slice(end, next).trim() === "" && !isOpen;
  return isAlone ? { start: source.lineStart(start), end: next } : { start, end };
}
