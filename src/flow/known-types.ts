/** What tests on the way say about the type of an object: `if (PyTuple_CheckExact(x))`, `O!` in a format. */
import { type TypeTest, typeTest } from "../capi/immutable.ts";
import { dominates } from "../ir/cfg.ts";
import type { BlockId, ValueId } from "../ir/types.ts";
import type { Point } from "../ir/visit.ts";
import { isArgumentParser } from "./api-origin.ts";
import { branchTests } from "./branch-test.ts";
import { unitOfArgument } from "./format-units.ts";
import type { FunctionAnalyses } from "./function-analyses.ts";

/** Types that `value` is known to have when the instruction at `point` reads it; empty if nothing is known. */
export function knownTypes(analyses: FunctionAnalyses, value: ValueId, point: Point): TypeTest[] {
  const found: TypeTest[] = [];
  const { cfg, fn } = analyses;
  for (let b: BlockId = point.block; b !== -1; b = cfg.idom[b]) {
    const above = cfg.idom[b];
    if (above === -1) break;
    const { term } = fn.blocks[above];
    if (term.op !== "branch" || term.then === term.else) continue;
    // The edge counts only if nothing else leads into its block.
    for (const [target, holds] of [
      [term.then, true],
      [term.else, false],
    ] as const) {
      if (cfg.predecessors[target].length !== 1 || !dominates(cfg, target, point.block)) continue;
      const test = testedType(analyses, term.cond, holds, value, point);
      if (test !== undefined && !found.some((t) => t.type === test.type)) found.push(test);
    }
  }
  const parsed = parsedType(analyses, value, point);
  if (parsed !== undefined && !found.some((t) => t.type === parsed.type)) found.push(parsed);
  return found;
}

/** The type that `cond` (true or false, as `holds` says) gives to `value`. */
function testedType(
  analyses: FunctionAnalyses,
  cond: ValueId,
  holds: boolean,
  value: ValueId,
  point: Point,
): TypeTest | undefined {
  const { defUse, accessPaths } = analyses;
  for (const { value: tested, whenTrue } of branchTests(defUse, cond)) {
    const definition = defUse.soleDefinition(tested);
    const call = definition?.instr;
    if (call?.op !== "call" || definition === undefined) continue;
    const test = typeTest(call.callee);
    if (test === undefined || call.args.length === 0) continue;
    const passed = whenTrue.includes("positive") && !whenTrue.includes("zero");
    const failed = whenTrue.includes("zero") && !whenTrue.includes("positive");
    if (!(holds ? passed : failed)) continue;
    if (accessPaths.of(call.args[0], definition.point) === accessPaths.of(value, point)) return test;
  }
  return undefined;
}

/** Units of a format that fix the type of the object they give. */
const UNIT_TYPES: Readonly<Record<string, string>> = {
  S: "PyBytes_Check",
  U: "PyUnicode_Check",
  Y: "PyByteArray_Check",
};

function parsedType(analyses: FunctionAnalyses, value: ValueId, point: Point): TypeTest | undefined {
  const { defUse, fn } = analyses;
  const outputs = defUse.reaching(value, point).filter((d) => d.kind === "output");
  if (outputs.length !== 1) return undefined;
  const [{ instr: call, argument }] = outputs;
  if (call?.op !== "call" || !isArgumentParser(call.callee)) return undefined;
  const found = unitOfArgument(fn, call, argument);
  if (found?.unit !== "O!" || found.offset !== 1)
    return found === undefined ? undefined : typeTest(UNIT_TYPES[found.unit] ?? "");
  // `O!` takes the address of the type object before that of the variable.
  const type = call.args[argument - 1];
  const address = defUse.soleDefinition(type)?.instr;
  const named = fn.values[address?.op === "addr" ? address.base : type];
  if (named?.kind !== "global" || !named.name.endsWith("_Type")) return undefined;
  return typeTest(`${named.name.slice(0, -"_Type".length)}_Check`);
}
