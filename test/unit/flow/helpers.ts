import { EMPTY_ENVIRONMENT, type FlowEnvironment, type ParameterFacts } from "../../../src/flow/environment.ts";
import { FunctionAnalyses } from "../../../src/flow/function-analyses.ts";
import { parseFunctionText } from "../../../src/ir/parse-text.ts";
import { printInstr } from "../../../src/ir/print.ts";
import type { Instr } from "../../../src/ir/types.ts";
import type { Point } from "../../../src/ir/visit.ts";

/** Parameters by name get these roles; `@g_*` are statics of the project, `struct Foo *` and `Foo *` name struct Foo. */
const ROLES: Record<string, ParameterFacts> = {
  self: { role: "self", why: "the instance" },
  args: { role: "args-tuple", why: "the argument tuple" },
  kwargs: { role: "kwargs-dict", why: "the keyword dict" },
  argv: { role: "args-array", why: "the argument array" },
  module: { role: "module", why: "the module" },
  cls: { role: "type", why: "the class" },
};

export const TEST_ENVIRONMENT: FlowEnvironment = {
  ...EMPTY_ENVIRONMENT,
  parameter(fn, index) {
    const value = fn.values[fn.params[index]];
    const known = value?.kind === "param" ? ROLES[value.name] : undefined;
    return known ?? { role: "object", why: "an argument" };
  },
  global(_fn, name) {
    if (name.startsWith("g_")) return { kind: "static", type: "PyObject *" };
    if (name.startsWith("tls_")) return { kind: "thread-local", type: "PyObject *" };
    return { kind: "function", type: "" };
  },
  structOf: (_fn, type) => {
    const name = type.replace(/[*\s]|struct|const/g, "");
    return name === "PyObject" ? "" : name;
  },
};

export function analyse(text: string, environment: FlowEnvironment = TEST_ENVIRONMENT): FunctionAnalyses {
  return new FunctionAnalyses(parseFunctionText(text), environment);
}

/** The point of the first instruction (or, counting from 1, the nth) whose text form contains `part`. */
export function find(analyses: FunctionAnalyses, part: string, nth = 1): Point {
  let left = nth;
  const { fn } = analyses;
  for (let b = 0; b < fn.blocks.length; b++) {
    for (let i = 0; i < fn.blocks[b].instrs.length; i++) {
      if (printInstr(fn, fn.blocks[b].instrs[i]).includes(part) && --left === 0) return { block: b, index: i };
    }
  }
  throw new Error(`no instruction "${part}"`);
}

export function instrAt(analyses: FunctionAnalyses, point: Point): Instr {
  return analyses.fn.blocks[point.block].instrs[point.index];
}

/** Argument `n` of the call at the point. */
export function argument(analyses: FunctionAnalyses, point: Point, n: number): number {
  const instr = instrAt(analyses, point);
  if (instr.op !== "call") throw new Error("not a call");
  return instr.args[n];
}
