/** Calls that look into other threads. */
import { GIL_FUNCTIONS } from "../capi/gil-functions.ts";
import type { CallInstr } from "../flow/environment.ts";
import { callsOf } from "./calls.ts";
import type { FunctionContext } from "./context.ts";

/** Names of the calls that look into other threads. */
export const FOREIGN_CALLS: ReadonlySet<string> = new Set(
  [...GIL_FUNCTIONS.values()].filter((f) => f.kind === "foreign").map((f) => f.name),
);

const OWN_STATE = new Set([
  "PyThreadState_Get",
  "PyThreadState_GetUnchecked",
  "_PyThreadState_UncheckedGet",
  "_PyThreadState_GET",
  "PyThreadState_GET",
  "PyGILState_GetThisThreadState",
]);

export interface ForeignCall {
  call: CallInstr;
  /** The thread state is one that the caller passes: it may well be the thread's own. */
  ofCaller: boolean;
}

/** Calls of them in `fn`, but for those on the thread's own state. */
export function foreignCalls(fn: FunctionContext): ForeignCall[] {
  return callsOf(fn, FOREIGN_CALLS).flatMap(({ call, point }) => {
    if (call.callee !== "PyThreadState_GetFrame" || call.args.length === 0) return [{ call, ofCaller: false }];
    const definitions = fn.flow.defUse.reaching(call.args[0], point);
    if (definitions.length > 0 && definitions.every((d) => comesFromOwn(fn, d.instr, d.point, 0))) return [];
    return [{ call, ofCaller: definitions.some((d) => d.kind === "entry") }];
  });
}

function comesFromOwn(
  fn: FunctionContext,
  instr: ReturnType<FunctionContext["flow"]["defUse"]["reaching"]>[number]["instr"],
  point: { block: number; index: number },
  depth: number,
): boolean {
  if (instr?.op === "call") return OWN_STATE.has(instr.callee) || givesOwn(fn, instr.callee);
  if (instr?.op !== "copy" || depth > 6) return false;
  const definitions = fn.flow.defUse.reaching(instr.src, point);
  return definitions.length > 0 && definitions.every((d) => comesFromOwn(fn, d.instr, d.point, depth + 1));
}

/** A helper of the project that does nothing but ask for the own state. */
function givesOwn(fn: FunctionContext, callee: string): boolean {
  const { index } = fn.project;
  const [id] = callee === "" ? [] : index.resolveCall(fn.file, callee);
  if (id === undefined) return false;
  const calls = index.functions[id].facts.calls;
  return calls.length > 0 && calls.every((c) => OWN_STATE.has(c));
}
