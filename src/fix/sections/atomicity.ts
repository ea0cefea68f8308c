/**
 * What a critical section over a function does not give: points where it is suspended while a half-done work on the object, or a
 * pointer out of it, is kept for later; and locks that it must not be combined with unseen.
 */
import { effectAt } from "../../flow/effects.ts";
import { isSection } from "../../flow/locks.ts";
import { reaches } from "../../flow/points.ts";
import type { Instr, Span } from "../../ir/types.ts";
import { forEachInstr, type Point } from "../../ir/visit.ts";
import type { FunctionId } from "../../project/index-types.ts";
import type { FixProject } from "../types.ts";

/** Functions looked through below the one that gets the section. */
const MAX_CALLEES = 200;

/** Reasons for a person to look at the section over `fn`; `accesses` are the spans of what has to be done as one. */
export function sectionDoubts(project: FixProject, fn: FunctionId, accesses: readonly Span[]): string[] {
  return [
    ...detaches(project, fn),
    ...blockingLocks(project, fn),
    ...notUnderstood(project, fn),
    ...suspensions(project, fn, accesses),
  ];
}

/** The function and what it calls by name, nearest first. */
function withCallees(project: FixProject, fn: FunctionId): FunctionId[] {
  const found = [fn];
  const seen = new Set(found);
  for (const at of found) {
    if (found.length >= MAX_CALLEES) break;
    for (const { function: callee, via } of project.index.callees(at)) {
      if (via !== "direct" || seen.has(callee)) continue;
      seen.add(callee);
      found.push(callee);
    }
  }
  return found;
}

const holds = new WeakMap<FixProject, Map<FunctionId, { detaches: boolean; locks: boolean }>>();

/** What the code of one function does itself. */
function ownDeeds(project: FixProject, fn: FunctionId): { detaches: boolean; locks: boolean } {
  let memo = holds.get(project);
  if (memo === undefined) {
    memo = new Map();
    holds.set(project, memo);
  }
  let deeds = memo.get(fn);
  if (deeds === undefined) {
    deeds = { detaches: false, locks: false };
    const own = deeds;
    forEachInstr(project.analysesOf(fn).fn, (instr) => {
      own.detaches ||= instr.op === "detach";
      own.locks ||= instr.op === "lock" && !isSection(instr.lock) && instr.lock !== "pymutex";
    });
    memo.set(fn, deeds);
  }
  return deeds;
}

function detaches(project: FixProject, fn: FunctionId): string[] {
  const at = withCallees(project, fn).find((f) => ownDeeds(project, f).detaches);
  if (at === undefined) return [];
  const where =
    at === fn ? "it detaches the thread state" : `\`${project.index.functions[at].name}\` detaches the thread state`;
  return [`${where}: the section is suspended meanwhile, as the GIL was released there`];
}

/** A native lock does not give the section up while it waits: two orders of taking both are a deadlock. */
function blockingLocks(project: FixProject, fn: FunctionId): string[] {
  const at = withCallees(project, fn).find((f) => ownDeeds(project, f).locks);
  if (at === undefined) return [];
  return [
    `\`${project.index.functions[at].name}\` takes a lock inside of the section: nobody may want the object while holding it`,
  ];
}

function notUnderstood(project: FixProject, fn: FunctionId): string[] {
  return project.index.functions[fn].facts.unknowns > 0 ? ["the function has code that was not understood"] : [];
}

/**
 * Calls that may wait, and so suspend the section, between two accesses, or between an access and a use of the pointer that it gave.
 * Where Python code may run anything could happen with the GIL too, so the code has to expect it.
 */
function suspensions(project: FixProject, fn: FunctionId, accesses: readonly Span[]): string[] {
  const flow = project.analysesOf(fn);
  const points = pointsOf(flow.fn.blocks, accesses);
  const found = new Map<string, string>();
  forEachInstr(flow.fn, (instr, block, index) => {
    const point = { block, index };
    if (instr.op === "lock" || !flow.cfg.reachable[block]) return;
    const { effect, why } = effectAt(flow, point);
    if (effect !== "suspends" || found.size > 0) return;
    const before = points.filter((p) => reaches(flow.cfg, p, point));
    if (before.length === 0) return;
    const after = points.some((p) => reaches(flow.cfg, point, p));
    if (after || before.some((p) => isUsedAfter(p, point))) found.set(why, why);
  });
  return [...found.values()].map((why) => `${why}, which suspends the section between accesses of the object`);

  function isUsedAfter(access: Point, point: Point): boolean {
    const definition = flow.defUse.definitionAt(access);
    if (definition === undefined) return false;
    return flow.defUse.flowOf(definition).uses.some((u) => reaches(flow.cfg, point, u.point));
  }
}

function pointsOf(blocks: readonly { instrs: readonly Instr[] }[], spans: readonly Span[]): Point[] {
  const keys = new Set(spans.map((s) => `${s.start}-${s.end}`));
  return blocks.flatMap(({ instrs }, block) =>
    instrs.flatMap((instr, index) => (keys.has(`${instr.start}-${instr.end}`) ? [{ block, index }] : [])),
  );
}
