/** Format strings of `PyArg_Parse*` and `Py_BuildValue`: which C argument belongs to which unit. */
import type { FunctionIr, ValueId } from "../ir/types.ts";
import type { CallInstr } from "./environment.ts";

export interface FormatUnit {
  /** With its modifier: `O!`, `s#`, `es#`, `N`. */
  unit: string;
  /** Number of C arguments it takes. */
  args: number;
}

/** Units whose modifier makes them take one argument more. */
const TAKES_MORE = "#!&";

/**
 * Units of a format, those inside parentheses too. A format for parsing ends at `:` or `;`, where the name or message
 * begins; in one for building they are punctuation.
 */
export function formatUnits(format: string, use: "parse" | "build"): FormatUnit[] {
  const units: FormatUnit[] = [];
  for (let i = 0; i < format.length; i++) {
    const c = format[i];
    if (use === "parse" && (c === ":" || c === ";")) break;
    if (!isLetter(c)) continue;
    let unit = c;
    let args = 1;
    // `es` and `et` take an encoding before the address.
    if (c === "e" && (format[i + 1] === "s" || format[i + 1] === "t")) {
      unit += format[++i];
      args++;
    }
    const modifier = format[i + 1];
    if (modifier === "*" || (modifier !== undefined && TAKES_MORE.includes(modifier))) {
      unit += modifier;
      i++;
      if (modifier !== "*") args++;
    }
    units.push({ unit, args });
  }
  return units;
}

/** The unit that argument number `argument` of a parsing or building call belongs to, and its place in the unit. */
export function unitOfArgument(
  fn: FunctionIr,
  call: CallInstr,
  argument: number,
): { unit: string; offset: number } | undefined {
  const at = formatArgument(fn, call);
  const format = at < 0 ? undefined : stringOf(fn, call.args[at]);
  if (format === undefined) return undefined;
  // The keyword list stands between the format and the addresses.
  let first = at + (call.callee.includes("Keywords") ? 2 : 1);
  for (const { unit, args } of formatUnits(
    stringOf(fn, call.args[at])!,
    call.callee.includes("Build") ? "build" : "parse",
  )) {
    if (argument < first) return undefined;
    if (argument < first + args) return { unit, offset: argument - first };
    first += args;
  }
  return undefined;
}

/** True for calls whose format says what objects to make: `Py_BuildValue`, `PyObject_CallFunction`, `PyObject_CallMethod`. */
export function buildsObjects(callee: string): boolean {
  return (
    callee.includes("BuildValue") ||
    callee === "PyObject_CallFunction" ||
    callee === "PyObject_CallMethod" ||
    callee === "PyEval_CallFunction" ||
    callee === "PyEval_CallMethod"
  );
}

function formatArgument(fn: FunctionIr, call: CallInstr): number {
  if (call.callee.endsWith("_CallFunction")) return 1;
  if (call.callee.endsWith("_CallMethod")) return 2;
  return call.args.findIndex((arg) => stringOf(fn, arg) !== undefined);
}

function stringOf(fn: FunctionIr, value: ValueId): string | undefined {
  const v = fn.values[value];
  return v?.kind === "const" && v.type === "string" ? v.text : undefined;
}

function isLetter(c: string): boolean {
  return (c >= "a" && c <= "z") || (c >= "A" && c <= "Z");
}
