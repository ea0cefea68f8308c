/** The origin of what a C API call gives, from the tables of `src/capi`. */
import { allocatorCall } from "../capi/allocators.ts";
import { type ApiResult, resultOf } from "../capi/provenance.ts";
import type { FunctionIr, Instr } from "../ir/types.ts";
import type { Point } from "../ir/visit.ts";
import type { CallInstr } from "./environment.ts";
import { unitOfArgument } from "./format-units.ts";
import type { Origin, Step } from "./origin.ts";

/** Calls that hand out what the caller passed as arguments, through addresses of variables. */
export function isArgumentParser(callee: string): boolean {
  return (
    callee.startsWith("PyArg_Parse") ||
    callee.startsWith("PyArg_VaParse") ||
    callee.startsWith("_PyArg_Parse") ||
    callee === "PyArg_UnpackTuple" ||
    callee === "_PyArg_UnpackStack"
  );
}

/** Slots that allocate, called through the type: `type->tp_alloc(type, 0)`. */
const ALLOCATING_SLOTS: ReadonlySet<string> = new Set(["tp_alloc", "tp_new"]);

/** True if a call through the field `path` makes a new object. */
export function isAllocatingSlot(path: string): boolean {
  return ALLOCATING_SLOTS.has(path.slice(path.lastIndexOf(".") + 1));
}

/**
 * Origins of the result (`output` undefined) or of what comes out through argument `output` of a call; undefined if
 * the API is not known to give an object there. `argument` gives the origins of an argument at the call.
 */
export function apiOrigins(
  fn: FunctionIr,
  call: CallInstr,
  point: Point,
  output: number | undefined,
  argument: (index: number) => readonly Origin[],
): readonly Origin[] | undefined {
  const { callee } = call;
  if (output !== undefined && isArgumentParser(callee)) {
    return [parsedOrigin(fn, call, point, output)];
  }
  const result = resultOf(callee);
  if (result === undefined) {
    const allocator = allocatorCall(callee);
    if (allocator === undefined || allocator.action === "free" || output !== undefined) return undefined;
    return [fresh(call, point, callee, "any")];
  }
  const matches = output === undefined ? result.outArgs.length === 0 : result.outArgs.includes(output);
  if (!matches) return output === undefined ? [{ kind: "scalar", steps: [] }] : undefined;
  return fromResult(result, call, point, argument);
}

/** What an argument parser puts into the variable whose address is argument `output`. */
function parsedOrigin(fn: FunctionIr, call: CallInstr, point: Point, output: number): Origin {
  const steps = [stepAt(call, `taken from the arguments by ${call.callee}`)];
  const unit = unitOfArgument(fn, call, output)?.unit ?? "O";
  if (unit === "O&") return { kind: "unknown", reason: "given by a converter", steps };
  if (unit.startsWith("e")) return fresh(call, point, call.callee, "any");
  if (unit.startsWith("O") || unit === "S" || unit === "U" || unit === "Y") {
    return { kind: "parameter", index: -1, name: "", steps };
  }
  // Strings point into an argument that cannot change, everything else is a number or a buffer.
  return "szyu".includes(unit[0]) ? { kind: "immutable", type: "any", steps } : { kind: "scalar", steps };
}

function fromResult(
  result: ApiResult,
  call: CallInstr,
  point: Point,
  argument: (index: number) => readonly Origin[],
): readonly Origin[] {
  const api = result.name;
  const from = result.fromArg < 0 || result.fromArg >= call.args.length ? [] : argument(result.fromArg);
  const steps = [...stepsOf(from), stepAt(call, `${result.reference === "new" ? "returned" : "lent"} by ${api}`)];
  const taken = { api, bases: from, steps };
  switch (result.origin) {
    case "fresh":
      return [fresh(call, point, api, result.type)];
    case "fresh-or-argument":
      return [fresh(call, point, api, result.type), ...from];
    case "argument":
      return from;
    case "attribute":
    case "weakref-target":
      return [{ kind: "attribute", ...taken }];
    case "item":
      return [{ kind: "item", reference: result.reference, ...taken }];
    case "module":
      return [{ kind: "module", name: "", steps }];
    case "module-dict":
    case "type-dict":
    case "sys":
    case "interpreter":
      return [{ kind: result.origin, steps }];
    case "own-frame":
      // The globals of a frame are the dict of a module, its builtins that of `builtins`; only its locals are its own.
      return [{ kind: api.includes("Locals") ? "own-thread" : "module-dict", steps }];
    case "own-thread":
      return [{ kind: "own-thread", steps }];
    case "immutable":
      return [{ kind: "immutable", type: result.type, steps }];
    case "type-object":
      return [{ kind: "class", steps }];
    case "call-result":
      if (result.type !== "any" && IMMUTABLE_TYPES.has(result.type)) {
        return [{ kind: "immutable", type: result.type, steps }];
      }
      return [{ kind: "call-result", callee: api, reference: result.reference, steps }];
  }
}

const IMMUTABLE_TYPES: ReadonlySet<string> = new Set(["str", "bytes", "int", "float", "complex", "bool", "tuple"]);

/** A new object made by the call at `point`. */
export function fresh(call: Instr, made: Point, api: string, type: ApiResult["type"]): Origin {
  return { kind: "fresh", api, type, made, steps: [stepAt(call, `made by ${api}`)] };
}

export function stepAt(instr: { start: number; end: number }, text: string): Step {
  return { start: instr.start, end: instr.end, text };
}

/** Longest trail of evidence that is kept; a reader follows no longer one. */
const MAX_STEPS = 6;

/** Steps of the first origin that has any, to be continued. */
export function stepsOf(origins: readonly Origin[]): readonly Step[] {
  const steps = origins.find((o) => o.kind !== "null" && o.steps.length > 0)?.steps ?? [];
  return steps.length > MAX_STEPS ? steps.slice(-MAX_STEPS) : steps;
}
