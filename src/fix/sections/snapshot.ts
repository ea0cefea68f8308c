/** `PySequence_Fast` gives a list as it is; a copy of its items is nobody else's. */
import type { CallInstr } from "../../flow/environment.ts";
import type { FunctionAnalyses } from "../../flow/function-analyses.ts";
import { forEachInstr } from "../../ir/visit.ts";
import { child } from "../../syntax/ast.ts";
import type { FixSource } from "../source.ts";
import type { FileEdit } from "../types.ts";

export interface Snapshot {
  api: "PySequence_Tuple" | "PySequence_List";
  edits: FileEdit[];
}

/** The call that makes the copy in the place of `made`; a text says why it cannot be put there. */
export function snapshot(source: FixSource, flow: FunctionAnalyses, made: CallInstr): Snapshot | string {
  if (made.via !== undefined) return "`PySequence_Fast` is called by a macro";
  const callee = source.nodeWith({ start: made.calleeStart, end: made.calleeEnd }, ["identifier"]);
  const call = callee === undefined ? undefined : source.parentOf(callee);
  const args = call?.type === "call_expression" ? child(call, "arguments") : undefined;
  const [sequence, message] = args?.children.filter((c) => c.type !== "comment") ?? [];
  if (callee === undefined || args === undefined || sequence === undefined || message === undefined) {
    return "the call of `PySequence_Fast` is not understood";
  }
  if (!source.isPlain(args)) return "the call depends on conditions of the preprocessor";
  const api = isUsedAsList(flow, made) ? "PySequence_List" : "PySequence_Tuple";
  const { file } = source;
  return {
    api,
    edits: [
      { file, start: callee.start, end: callee.end, text: api },
      { file, start: sequence.end, end: message.end, text: "" },
    ],
  };
}

/** The result is handed to calls that want a list. */
function isUsedAsList(flow: FunctionAnalyses, made: CallInstr): boolean {
  let found = false;
  forEachInstr(flow.fn, (instr, block, index) => {
    if (instr !== made) return;
    const definition = flow.defUse.definitionAt({ block, index });
    if (definition === undefined) return;
    for (const use of flow.defUse.flowOf(definition).uses) {
      found ||= use.instr?.op === "call" && use.argument === 0 && use.instr.callee.startsWith("PyList_");
    }
  });
  return found;
}
