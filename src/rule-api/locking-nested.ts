/** Critical sections inside others that use both objects. */
import { isSection, type LockSite } from "../flow/locks.ts";
import type { Instr, Span } from "../ir/types.ts";
import { forEachInstr, type Point } from "../ir/visit.ts";
import type { FunctionContext } from "./context.ts";

export interface NestedSections {
  outer: LockSite;
  inner: LockSite;
  /** Where the outer object is used inside the inner section. */
  use: Span;
}

/** Each inner section once, with the section around it. */
export function nestedSections(fn: FunctionContext): NestedSections[] {
  if (!fn.project.locksOf(fn.id)) return [];
  const { locks } = fn.flow;
  const sections = locks.sites.filter((s) => isSection(s.kind));
  if (sections.length < 2) return [];
  const found: NestedSections[] = [];
  for (const inner of sections) {
    const outer = locks
      .heldAt(inner.point)
      .filter((s) => isSection(s.kind) && !s.objects.some((o) => inner.objects.includes(o)))
      .at(-1);
    const use = outer === undefined ? undefined : useInside(fn, outer, inner);
    if (outer !== undefined && use !== undefined) found.push({ outer, inner, use });
  }
  return found;
}

function useInside(fn: FunctionContext, outer: LockSite, inner: LockSite): Span | undefined {
  const { locks, cfg } = fn.flow;
  let use: Span | undefined;
  forEachInstr(fn.ir, (instr, block, index) => {
    if (use !== undefined || !cfg.reachable[block]) return;
    const point = { block, index };
    if (!touches(fn, instr, point, outer) || !locks.heldAt(point).includes(inner)) return;
    use = { start: instr.start, end: instr.end };
  });
  return use;
}

/** A member of the object is read or written, or the object handed to a call. */
function touches(fn: FunctionContext, instr: Instr, point: Point, site: LockSite): boolean {
  const { accessPaths } = fn.flow;
  if (instr.op === "load" || instr.op === "store") {
    return instr.deref && site.objects.includes(accessPaths.pointee(instr.base, point));
  }
  if (instr.op !== "call") return false;
  return instr.args.some((arg) => arg >= 0 && site.objects.includes(accessPaths.pointee(arg, point)));
}
