/**
 * What a critical section over a function does not give: points where it is suspended while a half-done work on the object, or a
 * pointer out of it, is kept for later; and locks that it must not be combined with unseen.
 */
import { isSection } from "../../flow/locks.ts";
import { reaches } from "../../flow/points.ts";
import type { Span } from "../../ir/types.ts";
import { forEachInstr, type Point } from "../../ir/visit.ts";
import type { FunctionId } from "../../project/index-types.ts";
import type { FixProject } from "../types.ts";
import { borrowedInside, oneOfSeveral, pointsOf } from "./objects-inside.ts";
import { isCallOfAnything, thrownThrough } from "./running-code.ts";
import { waitingAt } from "./waiting.ts";

/** Functions looked through below the one that gets the section. */
const MAX_CALLEES = 200;

/**
 * Reasons for a person to look at a section over the code of `fn` in `within`; `accesses` are the spans of what has to be done as one.
 */
export function sectionDoubts(
  project: FixProject,
  fn: FunctionId,
  accesses: readonly Span[],
  within: Span = project.index.functions[fn].facts,
): string[] {
  return [
    ...deeds(project, fn, within),
    ...notUnderstood(project, fn, within),
    ...suspensions(project, fn, accesses, within),
    ...borrowedInside(project.analysesOf(fn), accesses),
    ...oneOfSeveral(project.analysesOf(fn), accesses),
    ...thrownThrough(project, fn, within),
  ];
}

/** What the code in `within` calls by name, and what that calls, nearest first. */
function calleesWithin(project: FixProject, fn: FunctionId, within: Span): FunctionId[] {
  const { index } = project;
  const found: FunctionId[] = [];
  const seen = new Set([fn]);
  const add = (callee: FunctionId) => {
    if (!seen.has(callee)) found.push(callee);
    seen.add(callee);
  };
  const flow = project.analysesOf(fn);
  forEachInstr(flow.fn, (instr) => {
    if (instr.op !== "call" || instr.callee === "" || !isIn(instr, within)) return;
    for (const callee of index.resolveCall(flow.fn.file, instr.callee)) add(callee);
  });
  for (const at of found) {
    if (found.length >= MAX_CALLEES) break;
    for (const { function: callee, via } of index.callees(at)) if (via === "direct") add(callee);
  }
  return found;
}

function isIn(instr: Span, { start, end }: Span): boolean {
  return start <= instr.start && instr.end <= end;
}

interface Deeds {
  detaches: boolean;
  /** Takes a lock for which it waits without giving the section up. */
  locks: boolean;
  /** Calls what somebody else wrote, by the name of the call. */
  calls?: string;
}

const memos = new WeakMap<FixProject, Map<FunctionId, Deeds>>();

/** What the code of one function does itself. */
function deedsOf(project: FixProject, fn: FunctionId): Deeds {
  let memo = memos.get(project);
  if (memo === undefined) {
    memo = new Map();
    memos.set(project, memo);
  }
  let deeds = memo.get(fn);
  if (deeds === undefined) {
    deeds = deedsWithin(project, fn, project.index.functions[fn].facts);
    memo.set(fn, deeds);
  }
  return deeds;
}

function deedsWithin(project: FixProject, fn: FunctionId, within: Span): Deeds {
  const deeds: Deeds = { detaches: false, locks: false };
  forEachInstr(project.analysesOf(fn).fn, (instr) => {
    if (!isIn(instr, within)) return;
    deeds.detaches ||= instr.op === "detach";
    deeds.locks ||= instr.op === "lock" && !isSection(instr.lock) && instr.lock !== "pymutex";
    if (instr.op === "call" && isCallOfAnything(instr.callee)) deeds.calls ??= instr.callee;
  });
  return deeds;
}

/**
 * Detaching suspends the section. A native lock does not while it waits: two orders of taking both are a deadlock. Who calls any
 * callable keeps the other threads out for as long as that runs.
 */
function deeds(project: FixProject, fn: FunctionId, within: Span): string[] {
  const own = deedsWithin(project, fn, within);
  const callees = calleesWithin(project, fn, within);
  const who = (deed: "detaches" | "locks") => {
    if (own[deed]) return "the code inside";
    const callee = callees.find((f) => deedsOf(project, f)[deed]);
    return callee === undefined ? undefined : `\`${project.index.functions[callee].name}\``;
  };
  const detaches = who("detaches");
  const locks = who("locks");
  const calls = own.calls ?? callees.map((f) => deedsOf(project, f).calls).find((name) => name !== undefined);
  return [
    ...(detaches ? [`${detaches} detaches the thread state: the section is given up meanwhile, as the GIL was`] : []),
    ...(locks
      ? [`${locks} takes a lock inside of the section: nobody may want the object while holding that lock`]
      : []),
    ...(calls ? [`\`${calls}\` runs whatever it is given inside of the section, one thread after the other`] : []),
  ];
}

function notUnderstood(project: FixProject, fn: FunctionId, within: Span): string[] {
  let found = false;
  forEachInstr(project.analysesOf(fn).fn, (instr) => {
    found ||= instr.op === "unknown" && isIn(instr, within);
  });
  return found ? ["the section has code in it that was not understood"] : [];
}

/**
 * Calls that may wait, and so suspend the section, between two accesses, or between an access and a use of the pointer that it gave.
 * Where Python code may run anything could happen with the GIL too, so the code has to expect it.
 */
function suspensions(project: FixProject, fn: FunctionId, accesses: readonly Span[], within: Span): string[] {
  const flow = project.analysesOf(fn);
  const points = pointsOf(flow.fn.blocks, accesses);
  const isUsedAfter = (access: Point, point: Point) => {
    const definition = flow.defUse.definitionAt(access);
    if (definition === undefined) return false;
    return flow.defUse.flowOf(definition).uses.some((u) => reaches(flow.cfg, point, u.point));
  };
  let found: string | undefined;
  forEachInstr(flow.fn, (instr, block, index) => {
    if (found !== undefined || !isIn(instr, within)) return;
    const point = { block, index };
    const waits = waitingAt(flow, point);
    if (waits === undefined) return;
    const before = points.filter((p) => reaches(flow.cfg, p, point));
    if (before.length === 0) return;
    const after = points.some((p) => reaches(flow.cfg, point, p));
    if (after || before.some((p) => isUsedAfter(p, point))) found = waits;
  });
  return found === undefined
    ? []
    : [`${found} may wait, which suspends the section between two accesses of the object`];
}
