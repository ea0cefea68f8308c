/** The order in which functions of a project take locks. */

import type { FunctionAnalyses } from "../flow/function-analyses.ts";
import { isSection, type LockSite } from "../flow/locks.ts";
import type { Span } from "../ir/types.ts";
import { forEachInstr } from "../ir/visit.ts";
import type { FunctionId } from "../project/index-types.ts";
import type { ProjectContext } from "./context.ts";

/** One lock taken while another is held. */
export interface LockPair {
  function: FunctionId;
  file: string;
  outer: string;
  inner: string;
  outerSpan: Span;
  innerSpan: Span;
  /** Both are static variables: the same locks for every caller. */
  certain: boolean;
}

/** Names of locks that a function may take, itself or in what it calls, at most this many calls deep. */
const MAX_DEPTH = 4;

/** Pairs in opposite orders, each once: the pair that comes later in the project is `second`. */
export function opposedLocks(project: ProjectContext): { first: LockPair; second: LockPair }[] {
  const users = lockUsers(project);
  const takes = new Map<FunctionId, ReadonlySet<string>>();
  const pairs = new Map<string, LockPair>();
  for (const fn of users) {
    for (const pair of pairsOf(project, fn, users, takes)) {
      const key = `${pair.outer}\0${pair.inner}`;
      if (!pairs.has(key)) pairs.set(key, pair);
    }
  }
  const found: { first: LockPair; second: LockPair }[] = [];
  for (const pair of pairs.values()) {
    const opposite = pairs.get(`${pair.inner}\0${pair.outer}`);
    // Within one function the same locks again are events, or taken in turns.
    if (opposite === undefined || opposite.function === pair.function || isAfter(pair, opposite)) continue;
    found.push({ first: pair, second: opposite });
  }
  return found;
}

function isAfter(a: LockPair, b: LockPair): boolean {
  return a.function > b.function || (a.function === b.function && a.innerSpan.start >= b.innerSpan.start);
}

/** Functions that take a lock themselves, and those that call them. */
function lockUsers(project: ProjectContext): Set<FunctionId> {
  const users = new Set<FunctionId>();
  for (const { id } of project.index.functions) {
    if (project.index.isInitOnly(id)) continue;
    if (project.locksOf(id)) users.add(id);
  }
  return users;
}

function pairsOf(
  project: ProjectContext,
  fn: FunctionId,
  users: ReadonlySet<FunctionId>,
  takes: Map<FunctionId, ReadonlySet<string>>,
): LockPair[] {
  const analyses = project.analysesOf(fn);
  const { locks } = analyses;
  const { file } = project.index.functions[fn].facts;
  const found: LockPair[] = [];
  const add = (outer: LockSite, outerName: string, inner: string, innerSpan: Span) => {
    if (outerName === inner) return;
    const certain = outerName.startsWith("static ") && inner.startsWith("static ");
    const words = { outer: outerName.replace("static ", ""), inner: inner.replace("static ", "") };
    found.push({ function: fn, file, ...words, outerSpan: { start: outer.start, end: outer.end }, innerSpan, certain });
  };
  const heldNames = (sites: readonly LockSite[]) =>
    sites.filter(isBlocking).flatMap((site) => lockNames(project, analyses, site).map((name) => ({ site, name })));
  for (const site of locks.sites) {
    if (!isBlocking(site) || site.result !== undefined) continue;
    for (const inner of lockNames(project, analyses, site)) {
      for (const { site: outer, name } of heldNames(locks.heldAt(site.point))) add(outer, name, inner, spanOf(site));
    }
  }
  forEachInstr(analyses.fn, (instr, block, index) => {
    if (instr.op !== "call" || instr.callee === "") return;
    const held = heldNames(locks.heldAt({ block, index }));
    if (held.length === 0) return;
    for (const callee of project.index.resolveCall(file, instr.callee)) {
      for (const inner of takenBy(project, callee, users, takes, 0)) {
        for (const { site: outer, name } of held) add(outer, name, inner, { start: instr.start, end: instr.end });
      }
    }
  });
  return found;
}

function takenBy(
  project: ProjectContext,
  fn: FunctionId,
  users: ReadonlySet<FunctionId>,
  memo: Map<FunctionId, ReadonlySet<string>>,
  depth: number,
): ReadonlySet<string> {
  const known = memo.get(fn);
  if (known !== undefined) return known;
  const names = new Set<string>();
  if (depth >= MAX_DEPTH) return names;
  memo.set(fn, names);
  if (users.has(fn)) {
    const analyses = project.analysesOf(fn);
    for (const site of analyses.locks.sites) {
      if (!isBlocking(site) || site.result !== undefined) continue;
      // A lock in a field of the callee's argument may be any object's: only statics are the same seen from outside.
      for (const name of lockNames(project, analyses, site)) if (name.startsWith("static ")) names.add(name);
    }
  }
  for (const { function: callee, via } of project.index.callees(fn)) {
    if (via !== "direct") continue;
    for (const name of takenBy(project, callee, users, memo, depth + 1)) names.add(name);
  }
  return names;
}

function isBlocking(site: LockSite): boolean {
  return !isSection(site.kind) && !site.shared;
}

function spanOf({ start, end }: LockSite): Span {
  return { start, end };
}

/** `static name` for a static variable; `Struct.field` for a lock in a field; nothing for what cannot be named. */
function lockNames(project: ProjectContext, analyses: FunctionAnalyses, site: LockSite): string[] {
  return site.objects.flatMap((object) => {
    if (object.startsWith("global:")) {
      const name = object.slice("global:".length);
      const found = project.index.resolveGlobal(analyses.fn.file, name);
      return found.kind === "static" || found.kind === "external" ? [`static ${name}`] : [];
    }
    const arrow = object.lastIndexOf("->");
    if (arrow < 0) return [];
    const struct = structOf(project, analyses, object.slice(0, arrow));
    return struct === "" ? [] : [`${struct}.${object.slice(arrow + 2)}`];
  });
}

/** Struct of a parameter or variable named at the start of a path. */
function structOf(project: ProjectContext, { fn }: FunctionAnalyses, name: string): string {
  for (const v of fn.values) {
    if ((v.kind === "param" || v.kind === "local") && v.name === name) {
      const id = project.index.structOfType(fn.file, v.type);
      return id === undefined ? "" : project.index.structs[id].name;
    }
  }
  return "";
}
