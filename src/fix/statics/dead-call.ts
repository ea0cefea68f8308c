/** Calls that do nothing any more and can go. */
import type { Span } from "../../ir/types.ts";
import { isBody, StatementEdits } from "../borrowed/statement-edits.ts";
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
  const edits = new StatementEdits(source);
  edits.remove(statement);
  return {
    level: isOld ? "review" : "safe",
    title: `delete the call of \`${api}\``,
    edits: edits.edits(),
    needs: [],
    review: isOld ? [`Pythons before 3.${since} need the call`] : [],
  };
}
