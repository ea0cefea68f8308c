/** Calls of the GIL interface that stand where a lock belongs, and thread states that outlive the function. */
import { gilFunction } from "../capi/gil-functions.ts";
import { classNameOf, pointerDepth } from "../capi/type-names.ts";
import type { CallInstr } from "../flow/environment.ts";
import { walkForward } from "../flow/points.ts";
import type { BlockId, Instr, Span, ValueId } from "../ir/types.ts";
import type { Point } from "../ir/visit.ts";
import type { FunctionId } from "../project/index-types.ts";
import type { FunctionContext, ProjectContext } from "./context.ts";
import { isObjectType } from "./globals-model.ts";
import { Blocks } from "./memory-model.ts";
import { needInCallersState, stateNeed } from "./thread-state.ts";

export interface GilUse extends Span {
  api: string;
  /** `exclusion`: attached only to change data. `guard`: asked in order to change data. `dead`: does nothing. `removed`: gone. */
  kind: "exclusion" | "guard" | "dead" | "removed";
  /** What replaces it. */
  instead: string;
  /** A change of shared data that it was meant to protect. */
  change?: Span;
}

/** Calls in `fn` that use the GIL as a lock. */
export function gilUses(fn: FunctionContext): GilUse[] {
  const found: GilUse[] = [];
  fn.ir.blocks.forEach((block, b) => {
    if (!fn.flow.cfg.reachable[b]) return;
    block.instrs.forEach((instr, i) => {
      const use = gilUse(fn, instr, { block: b, index: i });
      if (use) found.push(use);
    });
  });
  return found;
}

function gilUse(fn: FunctionContext, instr: Instr, point: Point): GilUse | undefined {
  const api = instr.op === "call" ? instr.callee : instr.op === "attach" || instr.op === "detach" ? instr.form : "";
  const known = api === "" ? undefined : gilFunction(api);
  if (!known || fn.project.index.resolveFunction(fn.file, api) !== undefined) return undefined;
  const span =
    instr.op === "call" ? { start: instr.calleeStart, end: instr.calleeEnd } : { start: instr.start, end: instr.end };
  const use = { ...span, api, instead: known.use };
  switch (known.kind) {
    case "no-op":
      return { ...use, kind: "dead" };
    case "removed":
      return { ...use, kind: "removed" };
    case "no-exclusion": {
      const change = onlyChangesData(fn, point, (i) => i.op === "detach" && i.form === known.pair);
      return change && { ...use, kind: "exclusion", change };
    }
    case "attached-only": {
      const change = instr.op === "call" ? guardedChange(fn, instr) : undefined;
      return change && { ...use, kind: "guard", change };
    }
    default:
      return undefined;
  }
}

/** The first change of shared data after `from` and before `ends`, if nothing there needs the interpreter. */
function onlyChangesData(fn: FunctionContext, from: Point, ends: (instr: Instr) => boolean): Span | undefined {
  let change: Span | undefined;
  let needed = false;
  let ended = false;
  walkForward(fn.ir, fn.flow.cfg, from, (point) => {
    const instr = fn.ir.blocks[point.block].instrs[point.index];
    if (instr === undefined) return true;
    if (ends(instr)) {
      ended = true;
      return false;
    }
    if (mayNeedInterpreter(fn, instr)) needed = true;
    change ??= changeOf(fn, instr);
    return !needed;
  });
  return ended && !needed ? change : undefined;
}

function guardedChange(fn: FunctionContext, check: CallInstr): Span | undefined {
  for (const [b, { term }] of fn.ir.blocks.entries()) {
    if (term.op !== "branch" || term.cond !== check.dst) continue;
    const other = new Set(reach(fn, term.else, b));
    const guarded = reach(fn, term.then, b).filter((x) => !other.has(x));
    const instrs = guarded.flatMap((x) => fn.ir.blocks[x].instrs);
    if (instrs.some((i) => i.op === "call" && isApi(fn, i))) return undefined;
    const first = instrs.find((i) => changeOf(fn, i) || i.op === "call");
    if (first) return { start: first.start, end: first.end };
  }
  return undefined;
}

function reach(fn: FunctionContext, from: BlockId, avoiding: BlockId): BlockId[] {
  const found = new Set<BlockId>();
  const work = [from];
  while (work.length > 0) {
    const b = work.pop()!;
    if (b === avoiding || found.has(b)) continue;
    found.add(b);
    work.push(...fn.flow.cfg.successors[b]);
  }
  return [...found];
}

function isApi(fn: FunctionContext, call: CallInstr): boolean {
  const callees = call.callee === "" ? [] : fn.project.index.resolveCall(fn.file, call.callee);
  if (callees.length === 0) return call.callee !== "" && stateNeed(call.callee) !== undefined;
  return callees.some((c) => needInCallersState(fn.project, c, "api") ?? needInCallersState(fn.project, c, "alloc"));
}

/** Anything but plain C code of the project: what is not known may call back. */
function mayNeedInterpreter(fn: FunctionContext, instr: Instr): boolean {
  if (instr.op === "unknown") return true;
  if (instr.op !== "call") return false;
  if (isApi(fn, instr)) return true;
  return instr.callee === "" || fn.project.index.resolveCall(fn.file, instr.callee).length === 0;
}

function changeOf(fn: FunctionContext, instr: Instr): Span | undefined {
  const span = { start: instr.start, end: instr.end };
  if (instr.op === "store") return instr.deref || fn.ir.values[instr.base].kind === "global" ? span : undefined;
  if (!("dst" in instr) || instr.dst === undefined) return undefined;
  return fn.ir.values[instr.dst]?.kind === "global" ? span : undefined;
}

export interface KeptState extends Span {
  /** The same for every store into the same member or variable. */
  key: string;
  /** Name of the variable or member. */
  place: string;
  isStatic: boolean;
  /** It lies in a Python object, not in a struct of C that may belong to one thread. */
  inObject: boolean;
  /** The call that gave the state, "" if it came from elsewhere. */
  source: string;
}

/** Copies that are followed from a store back to the call. */
const MAX_COPIES = 6;

const STATE_CALLS = new Set([
  "PyEval_SaveThread",
  "PyThreadState_Get",
  "PyThreadState_GetUnchecked",
  "_PyThreadState_UncheckedGet",
  "_PyThreadState_GET",
  "PyThreadState_GET",
  "PyGILState_GetThisThreadState",
  "PyThreadState_Swap",
  "PyThreadState_New",
  "Py_NewInterpreter",
  "PyGILState_Ensure",
]);

const STATE_TYPES = new Set(["PyThreadState", "PyGILState_STATE"]);

/** Stores of thread states by the variable or member they go to, in order of the functions. */
export function keptStateGroups(project: ProjectContext): { fn: FunctionId; kept: KeptState }[][] {
  const { index } = project;
  const isState = ({ type }: { type: string }) => STATE_TYPES.has(classNameOf(type));
  const places = index.statics.some((s) => isState(s.facts)) || index.structs.some((s) => s.facts.fields.some(isState));
  const groups = new Map<string, { fn: FunctionId; kept: KeptState }[]>();
  for (const { id, facts } of places ? index.functions : []) {
    const isGiven = facts.params.some(isState);
    if (!isGiven && !facts.calls.some((c) => STATE_CALLS.has(c))) continue;
    for (const kept of keptStates(project.functionContext(id))) {
      groups.set(kept.key, [...(groups.get(kept.key) ?? []), { fn: id, kept }]);
    }
  }
  return [...groups.values()];
}

/** Stores of a thread state into a static variable or behind a pointer. */
export function keptStates(fn: FunctionContext): KeptState[] {
  const found: KeptState[] = [];
  fn.ir.blocks.forEach((block, b) => {
    if (!fn.flow.cfg.reachable[b]) return;
    block.instrs.forEach((instr, i) => {
      const kept = keptState(fn, instr, { block: b, index: i });
      if (kept) found.push(kept);
    });
  });
  return found;
}

function keptState(fn: FunctionContext, instr: Instr, point: Point): KeptState | undefined {
  const span = { start: instr.start, end: instr.end };
  if (instr.op === "store") {
    if (!instr.deref && fn.ir.values[instr.base].kind !== "global") return undefined;
    if (isThreadLocal(fn, instr.base) || isGuard(fn, instr.base) || isOutParameter(fn, instr)) return undefined;
    const source = sourceOf(fn, instr.src, point);
    if (source === undefined || isOnStack(fn, instr.base, point)) return undefined;
    const isStatic = fn.ir.values[instr.base].kind === "global";
    const inObject = isInObject(fn, instr.base);
    const place = placeName(fn, instr.base, instr.path);
    return { ...span, key: keyOf(fn, instr.base, instr.path), place, isStatic, inObject, source };
  }
  if (!("dst" in instr) || instr.dst === undefined || instr.dst < 0) return undefined;
  const target = fn.ir.values[instr.dst];
  if (target.kind !== "global" || isThreadLocal(fn, instr.dst)) return undefined;
  const source = instr.op === "copy" ? sourceOf(fn, instr.src, point) : stateCallOf(instr);
  return source === undefined
    ? undefined
    : {
        ...span,
        key: `@${target.owner ?? ""} ${target.name}`,
        place: target.name,
        isStatic: true,
        inObject: false,
        source,
      };
}

function stateCallOf(instr: Instr): string | undefined {
  const name = instr.op === "call" ? instr.callee : instr.op === "detach" || instr.op === "attach" ? instr.form : "";
  return STATE_CALLS.has(name) ? name : undefined;
}

/** The call a stored value came from, "" if only its type says that it is a thread state, undefined if it is none. */
function sourceOf(fn: FunctionContext, value: ValueId, point: Point, depth = 0): string | undefined {
  const v = fn.ir.values[value];
  if (v === undefined || v.kind === "const" || depth > MAX_COPIES) return undefined;
  for (const definition of fn.flow.defUse.reaching(value, point)) {
    const call = definition.instr && stateCallOf(definition.instr);
    if (call) return call;
    if (definition.instr?.op === "copy") return sourceOf(fn, definition.instr.src, definition.point, depth + 1);
  }
  const type = v.kind === "local" || v.kind === "param" || v.kind === "temp" ? v.type : "";
  return classNameOf(type) === "PyThreadState" && pointerDepth(type) === 1 ? "" : undefined;
}

function isThreadLocal(fn: FunctionContext, value: ValueId): boolean {
  const v = fn.ir.values[value];
  if (v.kind !== "global") return false;
  const found = fn.project.index.resolveGlobal(fn.file, v.name, v.owner);
  return found.kind === "static" && fn.project.index.static(found.id).facts.threadLocal;
}

/** The constructor of a guard object, which lives on the stack of the thread whose state it keeps. */
function isGuard(fn: FunctionContext, base: ValueId): boolean {
  const v = fn.ir.values[base];
  const [name, owner] = fn.ir.name.split("::").reverse();
  return v.kind === "param" && v.index === -1 && name === owner;
}

/** `*state = PyEval_SaveThread()`: the caller has the variable, or the call that gave the pointer knows whose it is. */
function isOutParameter(fn: FunctionContext, { base, path }: { base: ValueId; path: string }): boolean {
  const v = fn.ir.values[base];
  return path === "" && (v.kind === "param" || v.kind === "temp");
}

/** Type of what `base` points to, as written. */
function typeOf(fn: FunctionContext, base: ValueId): string {
  return new Blocks(fn.id, fn.flow.defUse, fn.project.index, () => undefined).typeOf(base);
}

/** The struct at `base` is a Python object, which any thread can have. */
function isInObject(fn: FunctionContext, base: ValueId): boolean {
  return isObjectType(fn.project, typeOf(fn, base), fn.file);
}

/** The struct that is written is an automatic variable of this function. */
function isOnStack(fn: FunctionContext, base: ValueId, point: Point): boolean {
  return fn.flow.defUse.reaching(base, point).some((d) => d.instr?.op === "addr" && !d.instr.deref);
}

function keyOf(fn: FunctionContext, base: ValueId, path: string): string {
  const v = fn.ir.values[base];
  if (v.kind === "global") return `@${v.owner ?? ""} ${v.name} ${path}`;
  const struct = fn.project.index.structOfType(fn.file, typeOf(fn, base));
  return struct === undefined ? `${fn.id} ${path}` : `${struct} ${path}`;
}

function placeName(fn: FunctionContext, base: ValueId, path: string): string {
  const v = fn.ir.values[base];
  const name = "name" in v ? v.name : classNameOf(typeOf(fn, base)) || "?";
  return path === "" ? `*${name}` : `${name}${v.kind === "global" ? "." : "->"}${path}`;
}
