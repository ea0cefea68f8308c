/** Critical sections whose begin and end do not belong together. */
import { lockCall } from "../capi/locks.ts";
import { lastComponent } from "../capi/type-names.ts";
import { isSection, type LockSite } from "../flow/locks.ts";
import type { Instr } from "../ir/types.ts";
import { forEachInstr } from "../ir/visit.ts";
import type { FunctionContext } from "./context.ts";
import { isSectionMacro, pairedEnds } from "./locking-regions.ts";

type LockInstr = Instr & { op: "lock" | "unlock" };

export interface UnbalancedSection {
  site: LockSite;
  problem: "open" | "form" | "scope";
  end: LockInstr | undefined;
}

/** Every section of `fn` with a wrong end, or none; in order of place. */
export function unbalancedSections(fn: FunctionContext): UnbalancedSection[] {
  if (!fn.project.locksOf(fn.id)) return [];
  const { locks } = fn.flow;
  const sites = locks.sites.filter((s) => isSection(s.kind) && lockCall(s.form) !== undefined);
  if (sites.length === 0) return [];
  const ends = pairedEnds(fn);
  const found: UnbalancedSection[] = [];
  for (const site of sites) {
    const end = ends.get(site);
    if (end === undefined) {
      if (!isSectionMacro(site) && locks.releasesOf(site).length === 0 && !endsElsewhere(fn)) {
        found.push({ site, problem: "open", end });
      }
      continue;
    }
    if (lockCall(site.form)?.pairs.includes(end.form) === false) found.push({ site, problem: "form", end });
    else if (isSectionMacro(site) && blockOf(fn, site.start) !== blockOf(fn, end.start)) {
      found.push({ site, problem: "scope", end });
    }
  }
  return found;
}

/** The section is kept in a record of the caller or of an object, and another function of the file ends it; a destructor ends what its constructor began. */
function endsElsewhere(fn: FunctionContext): boolean {
  if (fn.facts.params.some((p) => p.type.includes("PyCriticalSection"))) return true;
  const { project } = fn;
  return project.index.functions.some(({ id, file, name }) => {
    if (file !== fn.file || id === fn.id || !project.locksOf(id)) return false;
    const last = lastComponent(name);
    if (last.startsWith("~") && last.slice(1) !== lastComponent(fn.indexed.name)) return false;
    const { fn: ir, locks } = project.analysesOf(id);
    let ends = false;
    forEachInstr(ir, (instr, block, index) => {
      ends ||= instr.op === "unlock" && isSection(instr.lock) && locks.closedBy({ block, index }).length === 0;
    });
    return ends;
  });
}

/** Start of the innermost compound statement around an offset. */
function blockOf(fn: FunctionContext, offset: number): number {
  let start = -1;
  for (const s of fn.ir.statements) {
    if (s.kind === "compound_statement" && s.start <= offset && offset < s.end && s.start > start) start = s.start;
  }
  return start;
}
