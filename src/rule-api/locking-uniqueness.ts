/** Tests of a reference count that decide something. */
import type { Use } from "../flow/def-use.ts";
import type { FunctionAnalyses } from "../flow/function-analyses.ts";
import { type Instr, NO_VALUE, type ValueId } from "../ir/types.ts";
import { forEachInstr, type Point } from "../ir/visit.ts";
import { type ContainerFacts, containerFacts } from "./container.ts";
import type { FunctionContext } from "./context.ts";
import type { EvidenceStep, Risk } from "./types.ts";

export interface UniquenessUse {
  start: number;
  end: number;
  symbol: string;
  object: ContainerFacts;
  risk: Risk;
  sets: boolean;
  steps: EvidenceStep[];
}

const COMPARISONS: ReadonlySet<string> = new Set(["==", "!=", "<", ">", "<=", ">="]);
/** Slots that run when the count has fallen to 0, where it is looked at to see whether the object was revived. */
const DESTRUCTORS: ReadonlySet<string> = new Set(["tp_dealloc", "tp_finalize", "tp_del", "tp_free"]);

/** Every place in `fn` where a count decides a branch or a result, and every count that is set. */
export function uniquenessTests(fn: FunctionContext): UniquenessUse[] {
  const found: UniquenessUse[] = [];
  if (fn.initOnly) return found;
  forEachInstr(fn.ir, (instr, block, index) => {
    const counted = countedObject(instr);
    if (counted === undefined || !fn.flow.cfg.reachable[block]) return;
    const point = { block, index };
    const decision = counted.sets ? undefined : decisionOn(fn.flow, point);
    if (!counted.sets && decision === undefined) return;
    const object = containerFacts(fn.project, fn.id, counted.object, point);
    // A dying object that gets a count again is revived by hand.
    if (object.exposure === "private" && !(counted.sets && object.origin?.kind === "self")) return;
    const steps: EvidenceStep[] = [];
    if (decision !== undefined) {
      steps.push({ file: fn.file, start: decision.start, end: decision.end, text: "the count decides here" });
    }
    const span =
      instr.op === "call" && instr.via === undefined ? { start: instr.calleeStart, end: instr.calleeEnd } : instr;
    found.push({
      start: span.start,
      end: span.end,
      symbol: instr.op === "call" ? instr.callee : "ob_refcnt",
      object,
      sets: counted.sets,
      risk: riskOf(fn, object),
      steps,
    });
  });
  return found.sort((a, b) => a.start - b.start);
}

function riskOf(fn: FunctionContext, object: ContainerFacts): Risk {
  if (isDestructor(fn)) return "low";
  if (object.exposure === "unlikely" || object.exposure === "private") return "low";
  return object.exposure === "shared" && object.origin?.kind !== "self" ? "high" : "medium";
}

/** Runs only when the count has fallen to 0: a slot for that, or a helper that only such slots reach. */
function isDestructor({ id, project: { index } }: FunctionContext): boolean {
  const reaching = index.entryFunctionsReaching(id).filter((f) => !index.isInitOnly(f));
  const entries = reaching.flatMap((f) => index.entriesOf(f));
  return entries.length > 0 && entries.every((e) => DESTRUCTORS.has(e.slot ?? ""));
}

function countedObject(instr: Instr): { object: ValueId; sets: boolean } | undefined {
  if (instr.op === "load" && isCountField(instr.path)) return { object: instr.base, sets: false };
  if (instr.op !== "call") return undefined;
  const [object] = instr.args;
  if (object === undefined || object === NO_VALUE) return undefined;
  if (instr.callee === "Py_REFCNT") return { object, sets: false };
  return instr.callee === "Py_SET_REFCNT" ? { object, sets: true } : undefined;
}

/** True for the field path of a reference count, also inside an embedded header. */
export function isCountField(path: string): boolean {
  return path === "ob_refcnt" || path.endsWith(".ob_refcnt");
}

/** The branch or return that the count at `point` decides; undefined if it is only shown or asserted. */
export function decisionOn(flow: FunctionAnalyses, point: Point): { start: number; end: number } | undefined {
  const definition = flow.defUse.definitionAt(point);
  if (definition === undefined) return undefined;
  const comparison = flow.defUse
    .flowOf(definition)
    .uses.find((u) => u.instr?.op === "binary" && COMPARISONS.has(u.instr.operator));
  if (comparison === undefined) return undefined;
  const result = flow.defUse.definitionAt(comparison.point);
  if (result === undefined) return undefined;
  const deciding = flow.defUse.flowOf(result).uses.find((u) => isDecision(flow, u));
  return deciding === undefined ? undefined : comparison.instr;
}

function isDecision(flow: FunctionAnalyses, { term, instr, point }: Use): boolean {
  if (term?.op === "return") return true;
  if (term?.op === "branch") return !onlyFails(flow, term.then) && !onlyFails(flow, term.else);
  // `!(count == 1)` and `count == 1 && more` reach the branch through another value.
  if (instr?.op !== "unary" && instr?.op !== "binary") return false;
  const next = flow.defUse.definitionAt(point);
  return next !== undefined && flow.defUse.flowOf(next).uses.some((u) => u.term !== undefined);
}

/** A block that only ends the program: the other side of an assertion. */
function onlyFails(flow: FunctionAnalyses, block: number): boolean {
  return flow.fn.blocks[block].term.op === "unreachable";
}
