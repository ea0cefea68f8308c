/** An object that is put into a container, released, and returned: the release goes away where the object is returned. */
import { refcountCall } from "../../../capi/refcounting.ts";
import type { Definition } from "../../../flow/def-use.ts";
import type { FunctionAnalyses } from "../../../flow/function-analyses.ts";
import type { FunctionFacts } from "../../../ir/facts.ts";
import { child } from "../../../syntax/ast.ts";
import type { FixSource, SyntaxNode } from "../../source.ts";
import { planRelease } from "../release.ts";
import type { StatementEdits } from "../statement-edits.ts";

/** True if the function owned the object and has released it when it returns it. */
export function isReleasedBefore({ ownership }: FunctionAnalyses, definition: Definition): boolean {
  return ownership.follow(definition).overReleases.some((e) => e.text.startsWith("returned"));
}

/** Moves the reference to the caller, and the releases to where it is not returned; why that cannot be done, if so. */
export function keepUntilReturn(
  source: FixSource,
  facts: FunctionFacts,
  flow: FunctionAnalyses,
  definition: Definition,
  edits: StatementEdits,
): string | undefined {
  const value = flow.fn.values[definition.value];
  const call = definition.instr === undefined ? undefined : source.nodeWith(definition.instr, ["call_expression"]);
  const statement = source.statementOf(call);
  if (value.kind !== "local" || statement === undefined) return "an object that it has released is returned";
  const released: SyntaxNode[] = [];
  for (const event of flow.ownership.follow(definition).releases) {
    const node = source.nodeWith(event, ["call_expression"]);
    const callee = node === undefined ? undefined : child(node, "function");
    const isPlain = callee !== undefined && refcountCall(source.textOf(callee))?.effect === "decrement";
    if (node === undefined || !isPlain || source.parentOf(node)?.type !== "expression_statement")
      return `\`${value.name}\` is released in a way that is not understood, and returned`;
    released.push(node);
  }
  if (released.length === 0) return `\`${value.name}\` has been given away when it is returned`;
  const { name } = value;
  const planned = planRelease({ source, facts, flow, definition, name, statement, isMoved: true, released }, edits);
  if (!planned.ok) return planned.reason;
  if (planned.needsNullInit) return `\`${name}\` is made on some paths only`;
  for (const node of released) removeWithComment(source, source.parentOf(node)!, edits);
  return undefined;
}

/** A comment behind the release speaks of it, and goes with it. */
function removeWithComment(source: FixSource, statement: SyntaxNode, edits: StatementEdits): void {
  const next = source.nextLine(statement.end);
  const comment = source.text.slice(statement.end, next).trim();
  const isComment = source.view.text.slice(statement.end, next).trim() === "" && comment !== "";
  const isWhole = comment.startsWith("//") || comment.endsWith("*/");
  const isListed = source.parentOf(statement)?.type === "compound_statement";
  if (isComment && isWhole && isListed && source.isFirstOnLine(statement.start)) {
    edits.replace({ start: source.lineStart(statement.start), end: next }, "");
  } else edits.remove(statement);
}
