/** `PyList_SET_ITEM` on a list that others have becomes `PyList_SetItem`. */
import type { CallInstr } from "../../flow/environment.ts";
import type { FunctionFacts } from "../../ir/facts.ts";
import { child } from "../../syntax/ast.ts";
import type { FixSource } from "../source.ts";
import type { FileEdit } from "../types.ts";
import { walk } from "./exits.ts";

/** The edit, or the reason why there is none. */
export function storeWithRelease(source: FixSource, facts: FunctionFacts, store: CallInstr): FileEdit[] | string {
  const callee = source.nodeWith({ start: store.calleeStart, end: store.calleeEnd }, ["identifier"]);
  const call = callee === undefined ? undefined : source.parentOf(callee);
  if (callee === undefined || call === undefined || source.parentOf(call)?.type !== "expression_statement") {
    return "the store is part of an expression";
  }
  if (!source.isPlain(call)) return "the store depends on conditions of the preprocessor";
  const list = source.text.slice(store.argSpans[0], store.argSpans[1]);
  if (takesOldItem(source, facts, list))
    return `the old item of \`${list}\` is taken out before, and may be released there`;
  return [{ file: source.file, start: callee.start, end: callee.end, text: "PyList_SetItem" }];
}

const READS: ReadonlySet<string> = new Set(["PyList_GET_ITEM", "PyList_GetItem"]);

function takesOldItem(source: FixSource, facts: FunctionFacts, list: string): boolean {
  const fn = source.functionAt(facts.bodyStart);
  let found = false;
  walk(fn?.children ?? [], (node) => {
    const name = node.type === "call_expression" ? child(node, "function") : undefined;
    if (name === undefined || !READS.has(source.textOf(name))) return true;
    const first = child(node, "arguments")?.children[0];
    found ||= first !== undefined && source.textOf(first) === list;
    return true;
  });
  return found;
}
