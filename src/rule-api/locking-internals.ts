/** Accesses to fields of the interpreter's own structures. */
import { INTERNAL_FIELDS, type InternalField } from "../capi/container-macros.ts";
import { uniquenessTest } from "../capi/refcount-uniqueness.ts";
import { classNameOf } from "../capi/type-names.ts";
import type { FunctionAnalyses } from "../flow/function-analyses.ts";
import type { Instr, ValueId } from "../ir/types.ts";
import { forEachInstr, type Point } from "../ir/visit.ts";
import { borrowedUses, needsObject } from "./borrowed-uses.ts";
import { type ContainerFacts, containerFacts } from "./container.ts";
import type { FunctionContext } from "./context.ts";
import { decisionOn, isCountField } from "./locking-uniqueness.ts";
import { protectedBy } from "./protection.ts";
import type { Risk } from "./types.ts";

export interface InternalAccess {
  start: number;
  end: number;
  field: string;
  state: InternalField["state"];
  /** What to use instead, "" if there is nothing. */
  use: string;
  writes: boolean;
  object: ContainerFacts;
  risk: Risk;
}

/** Fields whose plain read is as good as the accessor's. */
const HARMLESS: ReadonlySet<string> = new Set(["ob_type", "ob_size"]);

/** Each access that is a hazard, one for a field and object; in order of place. */
export function internalAccesses(fn: FunctionContext): InternalAccess[] {
  // A project's own definition of a newer test of uniqueness has to look into the header.
  if (fn.initOnly || uniquenessTest(fn.facts.name)?.kind === "test") return [];
  const found: InternalAccess[] = [];
  const seen = new Set<string>();
  forEachInstr(fn.ir, (instr, block, index) => {
    if ((instr.op !== "load" && instr.op !== "store" && instr.op !== "addr") || !fn.flow.cfg.reachable[block]) return;
    const name = fieldName(instr.path);
    const rows = INTERNAL_FIELDS.get(name);
    if (rows === undefined || HARMLESS.has(name)) return;
    const point = { block, index };
    const struct = structName(fn, instr.base, point);
    const row = rows.find((r) => r.structs.includes(struct));
    // A structure on the stack is the function's own.
    if (row === undefined || (!instr.deref && fn.ir.values[instr.base]?.kind !== "global")) return;
    const access = judge(fn, instr, point, row);
    if (access === undefined) return;
    const key = `${name} ${fn.flow.accessPaths.of(instr.base, point)}`;
    if (seen.has(key)) return;
    seen.add(key);
    found.push(access);
  });
  return found.sort((a, b) => a.start - b.start);
}

function judge(
  fn: FunctionContext,
  instr: Instr & { op: "load" | "store" | "addr" },
  point: Point,
  row: InternalField,
): InternalAccess | undefined {
  const count = isCountField(instr.path);
  if (count && instr.op === "load" && decisionOn(fn.flow, point) !== undefined) return undefined;
  const object = containerFacts(fn.project, fn.id, instr.base, point);
  const compiles = row.state !== "does-not-compile" && row.state !== "removed";
  if (compiles && object.exposure === "private") return undefined;
  if (compiles && protectedBy(fn.project, fn.id, [{ value: instr.base, point }], [point]) !== undefined)
    return undefined;
  const writes = instr.op === "store";
  return {
    start: instr.start,
    end: instr.end,
    field: row.field,
    state: row.state,
    use: row.use,
    writes,
    object,
    risk: riskOf(row, object, writes, isOnlyTested(fn, point)),
  };
}

/** What was read is compared with NULL, nothing else. */
function isOnlyTested(fn: FunctionContext, point: Point): boolean {
  const definition = fn.flow.defUse.definitionAt(point);
  return definition !== undefined && !needsObject(borrowedUses(fn.flow, definition));
}

function riskOf(row: InternalField, object: ContainerFacts, writes: boolean, onlyTested: boolean): Risk {
  if (row.state === "does-not-compile") return "medium";
  if (object.exposure === "unlikely") return "low";
  if (row.structs.includes("PyTypeObject"))
    return writes ? "high" : row.field === "tp_dict" && !onlyTested ? "medium" : "low";
  return object.exposure === "shared" && row.state === "unlocked" ? "high" : "medium";
}

/** Last member named in a path: `ob_base.ob_refcnt` and `ob_item[]` give `ob_refcnt` and `ob_item`. */
function fieldName(path: string): string {
  const last = path.slice(path.lastIndexOf(".") + 1);
  const bracket = last.indexOf("[");
  return bracket < 0 ? last : last.slice(0, bracket);
}

/** Name of the structure that `value` points to: by a cast, a declaration or the function that gave it. */
function structName(fn: FunctionContext, value: ValueId, point: Point): string {
  const { defUse } = fn.flow;
  let current = value;
  let at = point;
  for (let steps = 0; steps < 8; steps++) {
    const v = fn.ir.values[current];
    if (v === undefined || v.kind === "const") return "";
    if (v.kind !== "global" && v.type !== "" && v.type !== "auto") return alias(classNameOf(v.type));
    if (v.kind === "global") return alias(staticType(fn, v.name, v.owner));
    const definitions = defUse.reaching(current, at);
    if (definitions.length !== 1) return "";
    const { instr } = definitions[0];
    if (instr?.op === "copy") {
      if (instr.cast !== undefined) return alias(classNameOf(instr.cast));
      current = instr.src;
      at = definitions[0].point;
    } else if (instr?.op === "call") return instr.callee === "Py_TYPE" ? "PyTypeObject" : "";
    else if (instr?.op === "load" || instr?.op === "addr") return memberType(fn, fn.flow, instr, definitions[0].point);
    else return "";
  }
  return "";
}

function memberType(
  fn: FunctionContext,
  flow: FunctionAnalyses,
  instr: Instr & { op: "load" | "addr" },
  point: Point,
): string {
  const name = fieldName(instr.path);
  if (name === "ob_type") return "PyTypeObject";
  if (instr.op === "addr" && instr.path === "" && !instr.deref) return structName(fn, instr.base, point);
  const owner = flow.provenance.structOf(instr.base, point);
  if (owner === "") return "";
  const struct = fn.project.index.structNamed(fn.file, owner);
  return struct === undefined ? "" : alias(classNameOf(fn.project.index.fieldType(struct, instr.path)));
}

function staticType(fn: FunctionContext, name: string, owner: string | undefined): string {
  const found = fn.project.index.resolveGlobal(fn.file, name, owner);
  if (found.kind !== "static") return name.startsWith("Py") && name.endsWith("_Type") ? "PyTypeObject" : "";
  return classNameOf(fn.project.index.static(found.id).facts.type);
}

/** Tags by which the public headers call the same structures. */
const ALIASES: Readonly<Record<string, string>> = {
  _typeobject: "PyTypeObject",
  _object: "PyObject",
  _frame: "PyFrameObject",
  _traceback: "PyTracebackObject",
  _PyWeakReference: "PyWeakReference",
};

function alias(name: string): string {
  return ALIASES[name] ?? name;
}
