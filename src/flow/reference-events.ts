/** What an instruction does to references of its operands, by the rules of the C API. */
import { allocatorCall } from "../capi/allocators.ts";
import { resultOf } from "../capi/provenance.ts";
import { refcountCall } from "../capi/refcounting.ts";
import { IN_OUT, stealingCall } from "../capi/stealing.ts";
import type { FunctionIr } from "../ir/types.ts";
import type { CallInstr, FlowEnvironment } from "./environment.ts";
import { buildsObjects, formatUnits, unitOfArgument } from "./format-units.ts";

/** Effect of a call on one argument that holds the object. */
export type ArgumentEffect =
  | "none"
  | "increment"
  | "decrement"
  /** The callee takes over the caller's reference. */
  | "steal"
  /** It does so only if it succeeds (its result is not negative). */
  | "steal-on-success"
  /** Anything may happen to the reference. */
  | "unknown";

export function argumentEffect(
  fn: FunctionIr,
  call: CallInstr,
  argument: number,
  environment: FlowEnvironment,
): ArgumentEffect {
  const counting = refcountCall(call.callee);
  if (counting !== undefined) {
    // The assignment of `Py_SETREF(place, object)` is a store of its own.
    if (argument !== counting.arg) return "none";
    return counting.effect === "increment" || counting.effect === "new" ? "increment" : "decrement";
  }
  const stealing = stealingCall(call.callee);
  if (stealing !== undefined) {
    if (!stealing.args.includes(argument)) return "none";
    return stealing.when === "success" ? "steal-on-success" : "steal";
  }
  const inOut = IN_OUT.get(call.callee);
  if (inOut !== undefined) return inOut.also === argument ? "steal" : inOut.arg === argument ? "unknown" : "none";
  // `Py_BuildValue("(N)", x)` takes over what `N` stands for.
  if (buildsObjects(call.callee) && unitOfArgument(fn, call, argument)?.unit === "N") return "steal";
  const summary = environment.callee(fn, call);
  if (summary?.steals[argument] === true) return "steal";
  const memory = allocatorCall(call.callee);
  if (memory?.action === "free" && memory.pointerArg === argument) return "decrement";
  // A function of the project that hands its format on to Py_BuildValue takes over what `N` stands for.
  return !isPythonApi(call.callee) && hasOwningFormat(fn, call, argument) ? "unknown" : "none";
}

/** True if a string before the argument can be a format of Py_BuildValue with `N` in it. */
function hasOwningFormat(fn: FunctionIr, call: CallInstr, argument: number): boolean {
  return call.args.slice(0, argument).some((arg) => {
    const value = fn.values[arg];
    return (
      value?.kind === "const" && value.type === "string" && formatUnits(value.text, "build").some((u) => u.unit === "N")
    );
  });
}

function isPythonApi(callee: string): boolean {
  return callee.startsWith("Py") || callee.startsWith("_Py");
}

/** How a call hands out a reference that its caller owns afterwards. */
export interface NewReference {
  /** Argument through which it comes, -1 for the result. */
  output: number;
  /** For an output: results of the call with which there is an object. */
  given: readonly ("negative" | "zero" | "positive")[];
}

/** The reference that a call gives its caller, if it gives one that must be released. */
export function newReference(fn: FunctionIr, call: CallInstr, environment: FlowEnvironment): NewReference | undefined {
  const summary = environment.callee(fn, call);
  if (summary !== undefined) {
    if (summary.returnsOwned === true) return { output: -1, given: [] };
    const output = summary.outputs.find((o) => o.owned === true);
    return output === undefined ? undefined : { output: output.index, given: ["zero", "positive"] };
  }
  const result = resultOf(call.callee);
  if (result === undefined || result.reference !== "new") return undefined;
  if (result.outArgs.length === 0) return { output: -1, given: [] };
  const always = call.callee === "PyDict_SetDefaultRef" || call.callee === "PyContextVar_Get";
  return { output: result.outArgs[0], given: always ? ["zero", "positive"] : ["positive"] };
}
