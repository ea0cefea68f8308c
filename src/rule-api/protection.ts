/** Is an object locked over a stretch of code: by the function itself, or by every caller of it? */
import type { FunctionAnalyses } from "../flow/function-analyses.ts";
import { isSection, type LockSite } from "../flow/locks.ts";
import { reaches } from "../flow/points.ts";
import type { ValueId } from "../ir/types.ts";
import type { Point } from "../ir/visit.ts";
import type { FunctionId } from "../project/index-types.ts";
import { callSites } from "./callers.ts";
import type { ProjectContext } from "./context.ts";
import { heldOrGuarded } from "./guarded-locks.ts";

export { isSection };

const MAX_DEPTH = 3;

/**
 * The lock, in words, that protects the object in one of `values` at all of `points`; undefined if there is none. With
 * `loop`, the lock must also last from one execution of that point to the next; with `suspended`, critical sections do not count,
 * because the thread is detached somewhere between the points.
 */
export function protectedBy(
  project: ProjectContext,
  fn: FunctionId,
  values: readonly { value: ValueId; point: Point }[],
  points: readonly Point[],
  loop?: Point,
  suspended = false,
): string | undefined {
  const analyses = project.analysesOf(fn);
  const names = values.map(({ value, point }) => analyses.accessPaths.pointee(value, point));
  const isLoop = loop !== undefined && reaches(analyses.cfg, loop, loop);
  const lasts = (site: LockSite) => !isLoop || reaches(analyses.cfg, loop, loop, site.point);
  const counts = (site: LockSite) => lasts(site) && !(suspended && isSection(site.kind));
  const own = covering(analyses, points).find((site) => counts(site) && names.some((n) => protects(site, n)));
  if (own !== undefined) return `\`${own.form}\``;
  if (suspended) return undefined;
  return names.some((name) => lockedAtCallers(project, fn, name, 0)) ? "a lock that every caller holds" : undefined;
}

/** Locks held at all of `points`. */
function covering(analyses: FunctionAnalyses, points: readonly Point[]): LockSite[] {
  const [first, ...others] = points;
  if (first === undefined || analyses.locks.sites.length === 0) return [];
  return others.reduce(
    (held, point) => (held.length === 0 ? held : held.filter((site) => heldOrGuarded(analyses, point).includes(site))),
    heldOrGuarded(analyses, first),
  );
}

/** A section on the object or on what holds it, or any other lock. */
function protects(site: LockSite, name: string): boolean {
  if (!isSection(site.kind)) return true;
  return site.objects.some((o) => isWithin(name, o));
}

/** True for `self->items` within `self`, and for equal names. */
function isWithin(name: string, object: string): boolean {
  if (name === object) return true;
  if (!name.startsWith(object)) return false;
  const next = name[object.length];
  return next === "." || next === "[" || name.startsWith("->", object.length);
}

function lockedAtCallers(project: ProjectContext, fn: FunctionId, name: string, depth: number): boolean {
  if (depth >= MAX_DEPTH) return false;
  const sites = callSites(project, fn);
  if (sites === undefined || sites.length === 0) return false;
  const { params } = project.index.functions[fn].facts;
  const index = params.findIndex((p) => p.name !== "" && isWithin(name, p.name));
  return sites.every(({ caller, call, point }) => {
    if (project.index.isInitOnly(caller)) return true;
    const there = project.analysesOf(caller);
    const held = heldOrGuarded(there, point);
    const arg = call.args[index];
    if (arg === undefined) return held.some((site) => !isSection(site.kind));
    const passed = there.accessPaths.pointee(arg, point) + name.slice(params[index].name.length);
    return held.some((site) => protects(site, passed)) || lockedAtCallers(project, caller, passed, depth + 1);
  });
}
