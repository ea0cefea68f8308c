/** Locks that one function takes and another releases: events, pairs of helpers, locks handed to the caller. */
import { isSection } from "../flow/locks.ts";
import { forEachInstr } from "../ir/visit.ts";
import type { ProjectContext } from "./context.ts";

const memo = new WeakMap<ProjectContext, ReadonlySet<string>>();

/** True if some function of the project releases a lock of this name (the last part of its path) that it did not take. */
export function isHandedOver(project: ProjectContext, object: string): boolean {
  let names = memo.get(project);
  if (names === undefined) {
    names = collect(project);
    memo.set(project, names);
  }
  return names.has(lastPart(object));
}

function collect(project: ProjectContext): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { id } of project.index.functions) {
    if (!project.locksOf(id)) continue;
    const { fn, locks, accessPaths, cfg } = project.analysesOf(id);
    forEachInstr(fn, (instr, block, index) => {
      if (instr.op !== "unlock" || isSection(instr.lock) || !cfg.reachable[block]) return;
      const point = { block, index };
      if (locks.closedBy(point).length > 0) return;
      for (const arg of instr.args) names.add(lastPart(accessPaths.pointee(arg, point)));
    });
  }
  return names;
}

/** `queue->mutex` and `global:state.mutex` give `mutex`. */
function lastPart(object: string): string {
  const end = Math.max(object.lastIndexOf(">"), object.lastIndexOf("."), object.lastIndexOf(":"));
  return object.slice(end + 1);
}
