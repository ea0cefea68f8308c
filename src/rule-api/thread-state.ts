/** Which code runs detached from the interpreter, and what of it must not. */
import { ALLOCATORS } from "../capi/allocators.ts";
import { REFCOUNTS } from "../capi/data/refcounts.generated.ts";
import { STABLE_ABI } from "../capi/data/stable-abi.generated.ts";
import { needsThreadState } from "../capi/needs-thread-state.ts";
import { refcountCall } from "../capi/refcounting.ts";
import { threadStateCall, threadStateGuard } from "../capi/thread-state.ts";
import type { CallInstr } from "../flow/environment.ts";
import type { FunctionAnalyses } from "../flow/function-analyses.ts";
import type { Instr } from "../ir/types.ts";
import type { Point } from "../ir/visit.ts";
import type { FunctionId } from "../project/index-types.ts";
import type { FunctionContext, ProjectContext } from "./context.ts";
import type { EvidenceStep } from "./types.ts";

/** `api`: any other function of the C API; `alloc`: an allocator that needs a thread state. */
export type StateNeed = "api" | "alloc";

/** A call that needs an attached thread state, made by a function in the state in which it was entered. */
interface NeedOfCallee {
  api: string;
  call: CallInstr;
  function: FunctionId;
  /** The function of the project through which it is reached, if it is not called directly. */
  next?: NeedOfCallee;
}

export interface DetachedUse {
  call: CallInstr;
  /** What needs the thread state: the called API, or the one that a called helper uses. */
  api: string;
  /** The instruction that detached. */
  cause: Instr | undefined;
  evidence: EvidenceStep[];
}

/** Longest chain of helpers that is followed. */
const MAX_DEPTH = 6;

/** Functions that look at an object or its type without a thread state; unsafe for other reasons at most. */
const INSPECTS = new Set(
  "Py_NewInterpreter Py_NewInterpreterFromConfig Py_Is Py_IsNone Py_IsTrue Py_IsFalse Py_TYPE Py_REFCNT Py_SIZE Py_IS_TYPE PyObject_TypeCheck PyType_HasFeature PyType_IsSubtype PyType_FastSubclass PyCapsule_IsValid PyTraceMalloc_Track PyTraceMalloc_Untrack PyCapsule_GetPointer PyCapsule_GetContext PyCapsule_GetName PyType_GetFlags PyIter_Check PyCallable_Check PyIndex_Check PyObject_CheckBuffer PyModule_GetState PyType_GetModuleState PyErr_BadInternalCall PyBuffer_GetPointer PyBuffer_IsContiguous PyBuffer_SizeFromFormat PyArg_ValidateKeywordArguments".split(
    " ",
  ),
);

/** First parts of the names of CPython's API: `PyDict`, `PyErr`. Other libraries have names that look alike. */
const FAMILIES: ReadonlySet<string> = new Set(
  [...Object.keys(STABLE_ABI), ...Object.keys(REFCOUNTS), "PyUnstable_", "PyDateTime_", "PyMonitoring_"].map(familyOf),
);

function familyOf(name: string): string {
  const start = name.startsWith("_") ? 1 : 0;
  const end = name.indexOf("_", start);
  return end < 0 ? name.slice(start) : name.slice(start, end);
}

/** What an external call needs, or undefined if it may be made while detached. */
export function stateNeed(callee: string): StateNeed | undefined {
  const row = ALLOCATORS.get(callee);
  if (row && row.domain !== "handle") return row.attached ? "alloc" : undefined;
  if (!needsThreadState(callee) || INSPECTS.has(callee) || !FAMILIES.has(familyOf(callee))) return undefined;
  if (refcountCall(callee)) return "api";
  // Names in capital letters are macros that read a field; `_Py_` are internals, most of them wrappers of system calls.
  const rest = callee.slice(callee.indexOf("_", 1) + 1);
  if (rest === rest.toUpperCase() || callee.startsWith("_Py_")) return undefined;
  return rest === "Check" || rest === "CheckExact" ? undefined : "api";
}

/** Calls in `fn` that need a thread state and are made while it is detached on every path, helpers included. */
export function detachedUses(fn: FunctionContext, need: StateNeed): DetachedUse[] {
  const { flow, project } = fn;
  if (!mayDetach(fn)) return [];
  const found: DetachedUse[] = [];
  forEachCall(flow, (call, point) => {
    if (!flow.threadStates.isDetached(point)) return;
    const cause = flow.threadStates.causeAt(point);
    const used = needOf(project, fn.id, call, need, 0);
    if (!used) return;
    found.push({ call, api: lastOf(used).api, cause, evidence: evidenceOf(fn, cause, used) });
  });
  return found;
}

/** True if the function, or one that it calls, changes the state of the thread. */
function mayDetach({ facts, file, project }: FunctionContext): boolean {
  const { index } = project;
  return facts.calls.some(
    (c) =>
      changesState(c) || index.resolveCall(file, c).some((id) => index.functions[id].facts.calls.some(changesState)),
  );
}

/** True for calls, macros and guard classes that attach or detach. */
function changesState(name: string): boolean {
  return threadStateCall(name) !== undefined || threadStateGuard(name) !== undefined;
}

function forEachCall(flow: FunctionAnalyses, visit: (call: CallInstr, point: Point) => void): void {
  flow.fn.blocks.forEach((block, b) => {
    if (!flow.cfg.reachable[b]) return;
    block.instrs.forEach((instr, i) => {
      if (instr.op === "call") visit(instr, { block: b, index: i });
    });
  });
}

function needOf(
  project: ProjectContext,
  caller: FunctionId,
  call: CallInstr,
  need: StateNeed,
  depth: number,
): NeedOfCallee | undefined {
  if (call.callee === "") return undefined;
  const { file } = project.index.functions[caller];
  const callees = project.index.resolveCall(file, call.callee);
  if (callees.length === 0) {
    // A variable of that name is a function pointer (`PyOS_InputHook` is one of CPython's).
    if (call.receiver !== undefined || isVariable(project, file, call.callee)) return undefined;
    return stateNeed(call.callee) === need ? { api: call.callee, call, function: caller } : undefined;
  }
  // A method name that means several functions: only if all of them need it.
  const needs = callees.map((c) => needInCallersState(project, c, need, depth + 1));
  const [next] = needs;
  if (!next || needs.some((n) => n === undefined)) return undefined;
  return { api: call.callee, call, function: caller, next };
}

function isVariable(project: ProjectContext, file: string, name: string): boolean {
  return name === "PyOS_InputHook" || project.index.resolveGlobal(file, name).kind === "static";
}

const memos = new WeakMap<ProjectContext, Map<string, NeedOfCallee | undefined>>();

/** The first call in `id` that needs a thread state before the function has changed the state itself. */
export function needInCallersState(
  project: ProjectContext,
  id: FunctionId,
  need: StateNeed,
  depth = 0,
): NeedOfCallee | undefined {
  if (depth > MAX_DEPTH) return undefined;
  let memo = memos.get(project);
  if (!memo) {
    memo = new Map();
    memos.set(project, memo);
  }
  const key = `${id} ${need}`;
  if (memo.has(key)) return memo.get(key);
  // The answer while it is being computed (recursion).
  memo.set(key, undefined);
  const found = firstNeed(project, id, need, depth);
  memo.set(key, found);
  return found;
}

function firstNeed(project: ProjectContext, id: FunctionId, need: StateNeed, depth: number): NeedOfCallee | undefined {
  const { facts, file } = project.index.functions[id];
  const { index } = project;
  const relevant = facts.calls.some((c) => {
    const callees = index.resolveCall(file, c);
    return callees.length === 0 ? stateNeed(c) === need : true;
  });
  // Code that asks whether it is attached knows what it does.
  if (!relevant || facts.calls.includes("PyGILState_Check")) return undefined;
  const flow = project.analysesOf(id);
  let found: NeedOfCallee | undefined;
  forEachCall(flow, (call, point) => {
    if (found || flow.threadStates.at(point) !== "attached" || flow.threadStates.causeAt(point)) return;
    found = needOf(project, id, call, need, depth);
  });
  return found;
}

/** The first function of the C API on the way: CPython itself has its own API in the scan. */
function lastOf(need: NeedOfCallee): NeedOfCallee {
  let last = need;
  while (last.next && stateNeed(last.api) === undefined) last = last.next;
  return last;
}

function evidenceOf(fn: FunctionContext, cause: Instr | undefined, need: NeedOfCallee): EvidenceStep[] {
  const steps: EvidenceStep[] = [];
  if (cause)
    steps.push({ text: "the thread state is detached here", file: fn.file, start: cause.start, end: cause.end });
  for (let step = need.next; step; step = step.next) {
    const { facts } = fn.project.index.functions[step.function];
    const { start, end } = step.call;
    steps.push({ text: `\`${facts.name}\` calls \`${step.api}\``, file: facts.file, start, end });
  }
  return steps;
}

/** One use for each API and region, with the others behind it. */
export function groupedUses(uses: readonly DetachedUse[]): { first: DetachedUse; others: DetachedUse[] }[] {
  const groups = new Map<string, { first: DetachedUse; others: DetachedUse[] }>();
  for (const use of [...uses].sort((a, b) => a.call.start - b.call.start)) {
    const key = `${use.call.callee} ${use.cause?.start ?? -1}`;
    const group = groups.get(key);
    if (group) group.others.push(use);
    else groups.set(key, { first: use, others: [] });
  }
  return [...groups.values()];
}

/** Whether Python can get to `fn` with the thread still attached, and through which call. Helpers of detached regions cannot. */
export function isReachedAttached(project: ProjectContext, fn: FunctionId): boolean {
  const { index } = project;
  const seen = new Set<FunctionId>([fn]);
  let level = [fn];
  for (let depth = 0; depth <= MAX_DEPTH && level.length > 0; depth++) {
    const next: FunctionId[] = [];
    for (const id of level) {
      if (index.entriesOf(id).some((e) => e.kind !== "callback")) return true;
      for (const { function: caller, via } of index.callers(id)) {
        if (seen.has(caller) || via === "callback" || !callsAttached(project, caller, id)) continue;
        seen.add(caller);
        next.push(caller);
      }
    }
    level = next;
  }
  return false;
}

function callsAttached(project: ProjectContext, caller: FunctionId, callee: FunctionId): boolean {
  const { index } = project;
  const flow = project.analysesOf(caller);
  const { file } = index.functions[caller];
  let attached = false;
  forEachCall(flow, (call, point) => {
    if (attached || call.callee === "" || flow.threadStates.at(point) !== "attached") return;
    attached = index.resolveCall(file, call.callee).includes(callee);
  });
  return attached;
}
