/** How long an object is needed: uses of what a call lent, and of what was got out of it and lives only as long. */
import { pointerDepth } from "../../capi/type-names.ts";
import { type Definition, type DefUse, samePoint, type Use } from "../../flow/def-use.ts";
import type { FunctionAnalyses } from "../../flow/function-analyses.ts";
import { reaches } from "../../flow/points.ts";
import { newReference } from "../../flow/reference-events.ts";
import { NO_VALUE, type Span, type Value, type ValueId } from "../../ir/types.ts";
import { destination } from "../../ir/visit.ts";

export interface Life {
  /** Values that hold the object itself: copies, casts, results of `Py_NewRef`. */
  holders: ReadonlySet<ValueId>;
  /** Uses of the holders. */
  uses: readonly Use[];
  /** Where the object must be alive, holders' uses included. */
  needed: readonly Span[];
}

/** Everything that is done with what `definition` gives. */
export function lifeOf(flow: FunctionAnalyses, definition: Definition): Life {
  const { defUse } = flow;
  const own = defUse.flowOf(definition);
  const holders = new Set(own.definitions.map((d) => d.value));
  const needed: Span[] = own.uses.map(spanOf);
  const seen = new Set(own.definitions.map((d) => d.id));
  const work: Definition[] = [];
  const add = (next: Definition[]) => {
    for (const d of next) {
      if (seen.has(d.id)) continue;
      seen.add(d.id);
      work.push(d);
    }
  };
  for (const use of own.uses) add(derived(flow, use));
  for (const current of work) {
    for (const use of defUse.usesOfDefinition(current)) {
      if (isOverwritten(flow, current, use)) continue;
      needed.push(spanOf(use));
      add(use.role === "copy" ? copied(defUse, use) : derived(flow, use));
    }
  }
  return { holders, uses: own.uses, needed };
}

/** True if another call has written the variable again on every way to the use: for what was got out of the object that counts. */
function isOverwritten({ defUse, cfg }: FunctionAnalyses, definition: Definition, use: Use): boolean {
  if (definition.kind !== "output") return false;
  return defUse
    .definitionsOf(definition.value)
    .some((d) => d !== definition && d.kind === "output" && !reaches(cfg, definition.point, use.point, d.point));
}

function spanOf({ instr, term }: Use): Span {
  const { start, end } = (instr ?? term)!;
  return { start, end };
}

function copied(defUse: DefUse, use: Use): Definition[] {
  const next = defUse.definitionAt(use.point);
  return next !== undefined && isPointer(defUse.fn.values[next.value]) ? [next] : [];
}

/** Definitions of what an instruction gets out of the object and that is only valid with it. */
function derived(flow: FunctionAnalyses, use: Use): Definition[] {
  const { defUse, fn } = flow;
  const { instr } = use;
  if (instr === undefined) return [];
  const at = () => {
    const dst = destination(instr);
    const next = dst === NO_VALUE ? undefined : defUse.definitionAt(use.point);
    return next !== undefined && isPointer(fn.values[next.value]) ? [next] : [];
  };
  switch (instr.op) {
    case "load":
    case "addr":
      return use.role === "base" ? at() : [];
    case "unary":
      return use.role === "null-test" ? [] : at();
    case "binary":
      return instr.operator === "+" || instr.operator === "-" ? at() : [];
    case "store":
      return use.role === "store" && !instr.deref ? parts(defUse, use) : [];
    case "call": {
      if (use.role !== "argument" && use.role !== "receiver") return [];
      const given = newReference(fn, instr, flow.environment);
      const result = given?.output === -1 ? [] : at();
      return [...result, ...outputs(flow, use, given?.output)];
    }
    default:
      return [];
  }
}

/** An array or struct of the function that the object was put into. */
function parts(defUse: DefUse, use: Use): Definition[] {
  return defUse.definitions.filter((d) => d.kind === "part" && samePoint(d.point, use.point));
}

function outputs({ defUse, fn }: FunctionAnalyses, use: Use, owned: number | undefined): Definition[] {
  return defUse.definitions.filter(
    (d) =>
      d.kind === "output" && d.argument !== owned && samePoint(d.point, use.point) && isPointer(fn.values[d.value]),
  );
}

/** True for values that can be a pointer into the object; what is not known can. */
function isPointer(value: Value): boolean {
  if (value.kind === "temp") return value.type === "" || pointerDepth(value.type) > 0;
  if (value.kind !== "local" && value.kind !== "param") return false;
  return value.type === "" || value.type.includes("auto") || value.type.includes("[") || pointerDepth(value.type) > 0;
}
