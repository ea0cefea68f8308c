/** What the callers of a helper pass to it: the light way from a parameter to where its object comes from. */

import type { CallInstr } from "../flow/environment.ts";
import type { FunctionAnalyses } from "../flow/function-analyses.ts";
import type { Origin } from "../flow/origin.ts";
import { forEachInstr, type Point } from "../ir/visit.ts";
import type { FunctionId } from "../project/index-types.ts";
import type { ProjectContext } from "./context.ts";

/** One call of a helper. */
export interface CallerSite {
  caller: FunctionId;
  call: CallInstr;
  point: Point;
}

/** One call of a helper with the origins of one argument. */
export interface CallerArgument extends CallerSite {
  origins: readonly Origin[];
}

/** A helper with more calls than this is called with all sorts of things. */
const MAX_SITES = 40;
/** Longest chain of callers that is followed from a parameter. */
const MAX_DEPTH = 3;

const active = new WeakMap<ProjectContext, Set<string>>();

/**
 * Every call of `fn`, in order of caller and place; undefined if not all are known (an entry point, a function whose address is
 * taken, one that other projects may call) or there are too many.
 */
export function callSites(project: ProjectContext, fn: FunctionId): CallerSite[] | undefined {
  const { index } = project;
  const { addressTaken, facts } = index.functions[fn];
  // What Argument Clinic generated for a function calls it, nobody else does.
  if (addressTaken || index.entriesOf(fn).some((e) => e.wrapper === undefined)) return undefined;
  const callers = index.callers(fn);
  if (callers.length === 0 || callers.length > MAX_SITES || callers.some((c) => c.via !== "direct")) return undefined;
  const sites: CallerSite[] = [];
  for (const { function: caller } of callers) {
    const analyses = project.analysesOf(caller);
    forEachInstr(analyses.fn, (instr, block, index_) => {
      if (instr.op !== "call" || instr.callee === "" || !analyses.cfg.reachable[block]) return;
      if (instr.callee !== facts.name && !facts.name.endsWith(instr.callee)) return;
      if (!index.resolveCall(analyses.fn.file, instr.callee).includes(fn)) return;
      sites.push({ caller, call: instr, point: { block, index: index_ } });
    });
  }
  return sites.length > MAX_SITES ? undefined : sites;
}

/**
 * What the callers of `fn` pass as argument `index`, outside module initialisation. Undefined if it is not known, also in a
 * cycle of calls.
 */
export function argumentsAtCallers(
  project: ProjectContext,
  fn: FunctionId,
  index: number,
): CallerArgument[] | undefined {
  let asking = active.get(project);
  if (asking === undefined) {
    asking = new Set();
    active.set(project, asking);
  }
  const key = `${fn} ${index}`;
  if (asking.has(key) || asking.size >= MAX_DEPTH) return undefined;
  const sites = callSites(project, fn);
  if (sites === undefined) return undefined;
  asking.add(key);
  try {
    const found: CallerArgument[] = [];
    for (const site of sites) {
      if (project.index.isInitOnly(site.caller)) continue;
      const arg = site.call.args[index];
      if (arg === undefined) return undefined;
      found.push({ ...site, origins: originsAt(project.analysesOf(site.caller), arg, site.point) });
    }
    // Called while a module is initialised only, as far as the scan shows, and yet not for that: others call it.
    return found.length === 0 && !project.index.isInitOnly(fn) ? undefined : found;
  } finally {
    asking.delete(key);
  }
}

function originsAt(analyses: FunctionAnalyses, arg: number, point: Point): readonly Origin[] {
  return arg < 0 ? [] : analyses.provenance.of(arg, point);
}
