/** Where a critical section must not be taken at all. */
import { refcountCall } from "../../capi/refcounting.ts";
import { NO_VALUE, type Span } from "../../ir/types.ts";
import { forEachInstr } from "../../ir/visit.ts";
import type { FunctionId } from "../../project/index-types.ts";
import type { FixProject } from "../types.ts";
import { mayLeave } from "./exits.ts";
import type { LockedObject } from "./locked-object.ts";

/** Why `fn` must not take a section on `objects`; undefined if nothing speaks against it. */
export function sectionHazard(
  project: FixProject,
  fn: FunctionId,
  objects: readonly LockedObject[],
): string | undefined {
  if (runsInCollector(project, fn))
    return "the garbage collector calls it (`tp_traverse`), where no lock may be waited for";
  if (isCalledDetached(project, fn)) return "it is called while the thread is detached, where no section can be taken";
  const released = objects.find((o) => o.expression === nameOf(project, fn, o) && mayRelease(project, fn, o.parameter));
  if (released)
    return `it gives up a reference to \`${released.expression}\`, which may be gone before the section ends`;
  return undefined;
}

/** A macro, of whatever file, that is expanded between the edits and may jump or return from there. */
export function leavingMacro(project: FixProject, fn: FunctionId, edits: readonly Span[]): string | undefined {
  const { fn: ir } = project.analysesOf(fn);
  const start = Math.min(...edits.map((e) => e.start));
  const end = Math.max(...edits.map((e) => e.end));
  const use = ir.macroUses.find((u) => {
    if (u.start < start || end < u.end) return false;
    return project.index.file(u.defFile)?.macros.some((m) => m.name === u.name && mayLeave(m.body)) === true;
  });
  return use === undefined ? undefined : `the macro \`${use.name}\` may leave the section`;
}

function nameOf(project: FixProject, fn: FunctionId, { parameter }: LockedObject): string | undefined {
  return project.index.functions[fn].facts.params[parameter]?.name;
}

/** Only what it calls itself: chains of calls by name are too vague to tell. */
function runsInCollector({ index }: FixProject, fn: FunctionId): boolean {
  const callers = index.callers(fn).flatMap((c) => (c.via === "direct" ? [c.function] : []));
  return [fn, ...callers].some((f) => index.entriesOf(f).some((entry) => entry.slot === "tp_traverse"));
}

function isCalledDetached(project: FixProject, fn: FunctionId): boolean {
  const { index } = project;
  return index.callers(fn).some(({ function: caller, via }) => {
    if (via !== "direct") return false;
    const { fn: ir, threadStates } = project.analysesOf(caller);
    let found = false;
    forEachInstr(ir, (instr, block, at) => {
      if (instr.op !== "call" || instr.callee === "" || found) return;
      if (!index.resolveCall(ir.file, instr.callee).includes(fn)) return;
      const state = threadStates.at({ block, index: at });
      found = state === "detached" || state === "mixed";
    });
    return found;
  });
}

/** The function, or one that it hands the object to, gives up a reference that it did not take itself. */
function mayRelease(project: FixProject, fn: FunctionId, parameter: number): boolean {
  if (parameter < 0) return false;
  const { defUse, fn: ir, environment } = project.analysesOf(fn);
  const [entry] = defUse.definitionsOf(ir.params[parameter] ?? NO_VALUE);
  if (entry === undefined) return false;
  let taken = false;
  let given = false;
  for (const { instr, argument } of defUse.flowOf(entry).uses) {
    if (instr?.op !== "call") continue;
    const counted = refcountCall(instr.callee);
    if (counted?.arg === argument) {
      taken ||= counted.effect === "increment" || counted.effect === "new";
      given ||= counted.effect === "decrement" || counted.effect === "clear";
    } else given ||= environment.callee(ir, instr)?.steals[argument] === true;
  }
  return given && !taken;
}
