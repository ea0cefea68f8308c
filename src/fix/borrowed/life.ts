/** How long an object is needed: uses of what a call lent, and of what was got out of it and lives only as long. */
import { borrowedApi } from "../../capi/borrowed.ts";
import { isObjectPointer, pointerDepth } from "../../capi/type-names.ts";
import { type Definition, type DefUse, samePoint, type Use } from "../../flow/def-use.ts";
import type { FunctionAnalyses } from "../../flow/function-analyses.ts";
import { reaches } from "../../flow/points.ts";
import { argumentEffect, newReference } from "../../flow/reference-events.ts";
import { NO_VALUE, type Span, type Value, type ValueId } from "../../ir/types.ts";
import { destination, type Point } from "../../ir/visit.ts";

export interface Life {
  /** Values that hold the object itself: copies, casts, results of `Py_NewRef`. */
  holders: ReadonlySet<ValueId>;
  /** Uses of the holders. */
  uses: readonly Use[];
  /** Where the object must be alive, holders' uses included. */
  needed: readonly Need[];
  /** What is got out of the object without a reference of its own and handed on, beyond its life. */
  escapes: readonly string[];
}

export interface Need extends Span {
  point: Point;
}

/** Everything that is done with what `definition` gives. */
export function lifeOf(flow: FunctionAnalyses, definition: Definition): Life {
  const { defUse, fn } = flow;
  const own = defUse.flowOf(definition);
  const holders = new Set(own.definitions.map((d) => d.value));
  const needed = own.uses.map(needOf);
  const seen = new Set(own.definitions.map((d) => d.id));
  const work: Definition[] = [];
  const add = (next: Definition[]) => {
    for (const d of next) {
      if (seen.has(d.id)) continue;
      seen.add(d.id);
      work.push(d);
    }
  };
  const escapes = new Set<string>();
  for (const use of own.uses) {
    add(derived(flow, use));
    for (const place of keptBeyond(flow, use)) escapes.add(place);
  }
  for (const current of work) {
    if (isInside(flow, current) && isHandedOn(flow, current)) escapes.add(nameOf(fn, current));
    for (const use of defUse.usesOfDefinition(current)) {
      if (isOverwritten(flow, current, use)) continue;
      needed.push(needOf(use));
      add(use.role === "copy" ? copied(defUse, use) : derived(flow, use));
    }
  }
  return { holders, uses: own.uses, needed, escapes: [...escapes] };
}

/** True if what the definition gives is certainly a pointer into the object, or an object that it lends. */
function isInside(flow: FunctionAnalyses, definition: Definition): boolean {
  const { fn, environment } = flow;
  const { instr } = definition;
  if (instr?.op === "load") {
    const base = fn.values[instr.base];
    const struct = "type" in base ? environment.structOf(fn, base.type) : "";
    return struct !== "" && pointerDepth(environment.fieldType(fn, struct, instr.path)) > 0;
  }
  if (instr?.op !== "call") return false;
  if (borrowedApi(instr.callee) !== undefined) return true;
  const dst = instr.dst === NO_VALUE ? undefined : fn.values[instr.dst];
  const type = dst !== undefined && "type" in dst ? dst.type : "";
  return instr.callee.startsWith("Py") && isRawPointer(type === "" ? takenAs(flow, definition) : type);
}

function isRawPointer(type: string): boolean {
  return pointerDepth(type) > 0 && !isObjectPointer(type);
}

/** Names of pointers that do not point to variables of the function, and through which a callee writes what it gets out of the object. */
function keptBeyond({ fn, defUse, environment }: FunctionAnalyses, { instr, role, argument }: Use): string[] {
  if (instr?.op !== "call" || role !== "argument") return [];
  const outputs = environment.callee(fn, instr)?.outputs ?? [];
  return outputs.flatMap(({ index, returns, owned }) => {
    const place = instr.args[index];
    const isLent = returns.some(
      (r) => (r.kind === "borrowed-from-argument" || r.kind === "field-of-argument") && r.index === argument,
    );
    if (!isLent || owned === true || place === undefined || defUse.addressOf(place) !== undefined) return [];
    const value = fn.values[place];
    return ["name" in value ? `*${value.name}` : instr.callee];
  });
}

/** The type that a temporary is returned or stored as, "" if that is not known. */
function takenAs({ fn, defUse, environment }: FunctionAnalyses, definition: Definition): string {
  for (const { term, instr, role } of defUse.usesOfDefinition(definition)) {
    if (term?.op === "return") return fn.returnType;
    if (instr?.op !== "store" || role !== "store") continue;
    const base = fn.values[instr.base];
    const struct = "type" in base ? environment.structOf(fn, base.type) : "";
    if (struct !== "") return environment.fieldType(fn, struct, instr.path);
  }
  return "";
}

/** True if it is stored or returned, and no reference of its own is taken. */
function isHandedOn({ fn, defUse, environment }: FunctionAnalyses, definition: Definition): boolean {
  const { uses } = defUse.flowOf(definition);
  const effectOf = ({ instr, role, argument }: Use) =>
    instr?.op === "call" && role === "argument" ? argumentEffect(fn, instr, argument, environment) : "none";
  if (uses.some((u) => effectOf(u) === "increment")) return false;
  return uses.some((use) => {
    const { instr, term, role } = use;
    if (term?.op === "return") return pointerDepth(fn.returnType) > 0;
    if (instr?.op === "store" && role === "store") {
      if (!instr.deref) return fn.values[instr.base].kind === "global";
      return defUse.addressOf(instr.base) === undefined;
    }
    if (instr?.op === "copy") return fn.values[instr.dst].kind === "global";
    return effectOf(use) === "steal" && !["Py_SETREF", "Py_XSETREF"].includes((instr as { callee: string }).callee);
  });
}

function nameOf(fn: FunctionAnalyses["fn"], { value, instr }: Definition): string {
  const named = fn.values[value];
  if (named.kind === "local" || named.kind === "param") return named.name;
  return instr?.op === "call" ? instr.callee : instr?.op === "load" ? instr.path : "";
}

/** True if another call has written the variable again on every way to the use: for what was got out of the object that counts. */
function isOverwritten({ defUse, cfg }: FunctionAnalyses, definition: Definition, use: Use): boolean {
  if (definition.kind !== "output") return false;
  return defUse
    .definitionsOf(definition.value)
    .some((d) => d !== definition && d.kind === "output" && !reaches(cfg, definition.point, use.point, d.point));
}

function needOf({ instr, term, point }: Use): Need {
  const { start, end } = (instr ?? term)!;
  return { start, end, point };
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
