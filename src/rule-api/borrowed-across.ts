/** Borrowed references that are used after a call that can free them. */
import { isObjectPointer } from "../capi/type-names.ts";
import { forEachInstr } from "../ir/visit.ts";
import { borrowedCalls, callSpan, LENDING_RULES } from "./borrowed.ts";
import { changeableFacts } from "./changeable.ts";
import { type ContainerFacts, containerFacts } from "./container.ts";
import type { FunctionContext } from "./context.ts";
import { replacementOfField } from "./field-changes.ts";
import { lendingApi } from "./lending.ts";
import { type Crossing, callsIn, crossingOf, type Loan } from "./loans.ts";

/** Every loan that is used after a call that can end it, the first such use of each; in order of place. */
export function crossings(fn: FunctionContext): Crossing[] {
  if (fn.initOnly) return [];
  const found: Crossing[] = [];
  for (const loan of [...apiLoans(fn), ...fieldLoans(fn)]) {
    const crossing = crossingOf(fn, loan);
    if (crossing !== undefined) found.push(crossing);
  }
  return found.sort((a, b) => a.use.start - b.use.start);
}

/** References that an API lent, where its own rule has nothing to say: the container is private or locked. */
function apiLoans(fn: FunctionContext): Loan[] {
  const { flow, project } = fn;
  const reported = new Set(LENDING_RULES.flatMap((rule) => borrowedCalls(fn, rule).map((c) => c.call)));
  const loans: Loan[] = [];
  for (const { call, point } of callsIn(fn)) {
    const api = lendingApi(project, call.callee);
    if (api === undefined || api.containerArg < 0 || api.outArgs.length > 0 || reported.has(call)) continue;
    if (!CONTAINERS.has(api.owner)) continue;
    const definition = flow.defUse.definitionAt(point);
    const value = call.args[api.containerArg];
    if (definition === undefined || value === undefined) continue;
    const container = changeableFacts(project, fn.id, value, point);
    if (KEPT.has(container.origin?.kind ?? "")) continue;
    const key = call.args[api.containerArg + 1];
    loans.push({
      definition,
      source: call.callee,
      lent: callSpan(call),
      container,
      containerName: flow.accessPaths.of(value, point),
      keyName: key === undefined ? "" : flow.accessPaths.of(key, point),
      reachable: container.exposure === "shared" && (api.owner !== "tuple" || isReplaced(fn, container)),
    });
  }
  return loans;
}

const CONTAINERS: ReadonlySet<string> = new Set(["list", "tuple", "dict", "cell", "argument"]);
/** Kept by the interpreter, or by nothing that could go. */
const KEPT: ReadonlySet<string> = new Set(["args-tuple", "args-array", "kwnames", "own-thread", "immutable", "scalar"]);

/** A tuple cannot change: only a field of the instance can get another one. */
function isReplaced(fn: FunctionContext, { origin }: ContainerFacts): boolean {
  if (origin?.kind !== "field" || !origin.bases.some((b) => b.kind === "self")) return false;
  return replacementOfField(fn.project, origin.path) !== undefined;
}

/** Object fields read into a variable under a lock, where other code replaces them. */
function fieldLoans(fn: FunctionContext): Loan[] {
  const { flow, project } = fn;
  if (!project.locksOf(fn.id)) return [];
  const loans: Loan[] = [];
  forEachInstr(fn.ir, (instr, block, index) => {
    if (instr.op !== "load" || !instr.deref || instr.path === "" || instr.path.includes("[")) return;
    const point = { block, index };
    const definition = flow.defUse.definitionAt(point);
    if (definition === undefined || flow.locks.heldAt(point).length === 0) return;
    const struct = flow.provenance.structOf(instr.base, point);
    const id = struct === "" ? undefined : project.index.structNamed(fn.file, struct);
    if (id === undefined || !isObjectPointer(project.index.fieldType(id, instr.path))) return;
    if (replacementOfField(project, instr.path) === undefined) return;
    const container = containerFacts(project, fn.id, instr.base, point);
    if (container.exposure !== "shared" && container.origin?.kind !== "self") return;
    loans.push({
      definition,
      source: instr.path,
      lent: instr,
      container,
      containerName: "",
      keyName: "",
      reachable: true,
    });
  });
  return loans;
}
