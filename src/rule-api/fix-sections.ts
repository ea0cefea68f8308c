/** Fixes of the rules about instance state: which section has to be taken where, for what a group of accesses shows. */

import { sectionDoubts } from "../fix/sections/atomicity.ts";
import { exitsOf } from "../fix/sections/exits.ts";
import { leavingMacro, sectionHazard } from "../fix/sections/hazards.ts";
import { rangeOf } from "../fix/sections/inline-range.ts";
import { type LockedObjects, lockedObjects, type Part } from "../fix/sections/locked-object.ts";
import { sectionNeeds } from "../fix/sections/section-text.ts";
import { splitFunction } from "../fix/sections/split.ts";
import { widenSection } from "../fix/sections/widen.ts";
import { wrapStatements } from "../fix/sections/wrap.ts";
import type { FunctionAnalyses } from "../flow/function-analyses.ts";
import { isSection, type LockSite } from "../flow/locks.ts";
import { firstMember, type Location, rootOf } from "../flow/shared/location.ts";
import { type FieldAccess, isConcurrentEntry } from "../flow/shared/shared-state.ts";
import type { Span } from "../ir/types.ts";
import type { FunctionId } from "../project/index-types.ts";
import type { ProjectContext } from "./context.ts";
import type { FixAnswers, FixingContext, FixRequest, Proposal, Withheld } from "./fixing.ts";
import { type StateGroup, stateGroups } from "./instance-state.ts";
import { lockWords, pairedEnds } from "./locking-regions.ts";

/** More neighbouring statements than this read better in a function of their own. */
const MAX_INLINE = 3;

const RECIPE = [
  "hold `Py_BEGIN_CRITICAL_SECTION` on the object over all of the accesses that the finding lists",
  "leave the section by its end on every path",
];

/** Answers for a finding about the fields of instances that a function works on. */
export function fixInstanceState(request: FixRequest, context: FixingContext): FixAnswers {
  const { project } = context;
  const group = stateGroups(project).find((g) => {
    const { facts, name } = project.index.functions[g.function];
    return facts.file === request.file && name === request.function;
  });
  if (group === undefined) return [];
  const places = objectsOf(project, group);
  const locked = lockedObjects(project, group.function, places, (at) => partOf(project, group, at));
  if (typeof locked === "string") return [withheld(locked)];
  const hazard = sectionHazard(project, group.function, locked.objects);
  if (hazard !== undefined) return [withheld(hazard)];
  const section: Section = { context, group, locked };
  const widened = widenAnswer(section);
  if (widened !== undefined) return [widened];
  const inline = inlineAnswer(section);
  const split = otherSections(section).length === 0 ? splitAnswer(section) : withheld(NESTS);
  if (inline?.isSmall) return [inline.proposal, split];
  if (split.level !== "manual" || inline === undefined) return [split];
  return [inline.proposal];
}

/** What is to be locked, and for which accesses. */
interface Section {
  context: FixingContext;
  group: StateGroup;
  locked: LockedObjects;
}

function withheld(reason: string): Withheld {
  return { level: "manual", reason, recipe: RECIPE };
}

/** The function's body under another name, and a function that takes the lock and calls it. */
function splitAnswer({ context, group, locked }: Section): Proposal | Withheld {
  const { project, source } = context;
  const { index } = project;
  const { facts, file } = index.functions[group.function];
  const text = source(file);
  if (text === undefined) return withheld("the file cannot be read");
  const expressions = locked.objects.map((o) => o.expression);
  const split = splitFunction({
    source: text,
    facts,
    objects: expressions,
    isTaken: (name) => index.functionsNamed(name).length > 0,
    isDeclaredBefore:
      index.file(file)?.prototypes.some((p) => p.name === facts.name && p.start < facts.start) === true ||
      !facts.isStatic,
  });
  if (typeof split === "string") return withheld(split);
  const { sites } = project.analysesOf(group.function).locks;
  const inside = sites.find((s) => isSection(s.kind));
  return {
    ...claims(project, group, locked, undefined, inside && `it takes a section on ${lockWords(inside)} itself`),
    title: `hold a critical section on ${inWords(expressions)} over \`${facts.name}\``,
    edits: split.edits,
    needs: split.needs,
    renames: { [facts.name]: split.newName },
  };
}

const NESTS = "a section inside of the function would suspend the one around it";

/** Sections of the function on something else than what is to be locked. */
function otherSections({ context, group, locked }: Section): LockSite[] {
  const wanted = locked.objects.map((o) => o.expression);
  const { sites } = context.project.analysesOf(group.function).locks;
  return sites.filter((s) => isSection(s.kind) && !s.objects.every((o) => wanted.includes(o)));
}

/**
 * The function has a section on something else already: while that waits, a new one around it would be given up and stay so. One
 * section has to lock both. Undefined if there is none.
 */
function widenAnswer({ context, group, locked }: Section): Proposal | Withheld | undefined {
  const { project, source } = context;
  const fn = project.functionContext(group.function);
  const accesses = accessSpans(group);
  const last = Math.max(...accesses.map((a) => a.end));
  const ends = pairedEnds(fn);
  // A section that is over before the first access, or begins behind the last one, is in nobody's way.
  const isBetween = (s: LockSite) => s.start < last && accesses.some((a) => a.start < (ends.get(s)?.end ?? s.end));
  const [site, ...more] = otherSections({ context, group, locked }).filter(isBetween);
  if (site === undefined) return undefined;
  const end = ends.get(site);
  const text = source(fn.file);
  const inside = end && accesses.every((a) => site.end <= a.start && a.end <= end.start);
  const wanted = locked.objects.map((o) => o.expression);
  const missing = wanted.filter((w) => !site.objects.includes(w));
  const [object, ...others] = missing;
  if (
    more.length > 0 ||
    end === undefined ||
    !inside ||
    text === undefined ||
    object === undefined ||
    others.length > 0
  ) {
    return withheld(`a section on ${lockWords(site)} is inside of what has to be locked: both have to be one section`);
  }
  const edits = widenSection({ source: text, section: { begin: site, end }, object });
  if (typeof edits === "string") return withheld(edits);
  return {
    ...claims(project, group, locked, { start: site.end, end: end.start }),
    title: `lock ${inWords([object])} in the same section`,
    edits,
    needs: ["Py_BEGIN_CRITICAL_SECTION2"],
  };
}

/** A section around the statements that the accesses are in; small if nothing in them leaves but a `return` at the end. */
function inlineAnswer({ context, group, locked }: Section): { proposal: Proposal; isSmall: boolean } | undefined {
  const { project, source } = context;
  const { facts, file } = project.index.functions[group.function];
  const text = source(file);
  if (text === undefined || facts.instantiated !== undefined) return undefined;
  const flow = project.analysesOf(group.function);
  if (locked.objects.some((o) => isReassigned(flow, o.parameter))) return undefined;
  const accesses = accessSpans(group);
  const statements = rangeOf(text, flow, facts, accesses);
  if (statements === undefined) return undefined;
  const objects = locked.objects.map((o) => o.expression);
  const edits = wrapStatements({ source: text, facts, statements, objects });
  const exits = exitsOf(text, statements, facts);
  if (typeof edits === "string" || typeof exits === "string") return undefined;
  if (leavingMacro(project, group.function, edits) !== undefined) return undefined;
  const last = statements[statements.length - 1];
  const proposal: Proposal = {
    ...claims(project, group, locked, { start: statements[0].start, end: last.end }),
    title: `hold a critical section on ${inWords(objects)} around the accesses`,
    edits,
    needs: sectionNeeds(objects),
  };
  const isStraight = exits.length === 0 || (exits.length === 1 && exits[0].statement === last);
  return { proposal, isSmall: isStraight && statements.length <= MAX_INLINE };
}

/** The level that can be shown, with what speaks against `safe`. */
function claims(
  project: ProjectContext,
  group: StateGroup,
  { doubts }: LockedObjects,
  within?: Span,
  further?: string,
) {
  const review = [
    ...(further ? [further] : []),
    ...doubts,
    ...sectionDoubts(project, group.function, accessSpans(group), within),
  ];
  const level: Proposal["level"] = review.length === 0 ? "safe" : "review";
  return { level, review };
}

function inWords(expressions: readonly string[]): string {
  return expressions.map((e) => `\`${e}\``).join(" and ");
}

function isReassigned({ defUse, fn }: FunctionAnalyses, parameter: number): boolean {
  return parameter >= 0 && defUse.definitionsOf(fn.params[parameter]).length !== 1;
}

/** What is known of an object that hangs on a parameter. */
function partOf(project: ProjectContext, group: StateGroup, at: Location): Part {
  const { index } = project;
  const field = firstMember(at.slice(rootOf(at).length + 1));
  const owner = group.collisions.find(({ access }) => objectsIn(project, group.function, access).includes(at));
  if (owner === undefined) return { isVisible: false, isConstant: false, mayBeNull: true };
  const { struct } = owner.access;
  const isVisible = index.entries.some(
    (e) => isConcurrentEntry(e) && e.type !== undefined && index.types[e.type].struct === struct,
  );
  const isReplaced = group.collisions.some((c) => c.access.field === field && c.access.struct !== struct);
  const summary = project.shared.summaries.get(group.function);
  const mayBeNull = summary?.all.some((a) => `${a.at}*` === at && a.tested === true) !== false;
  return { isVisible, isConstant: !isReplaced, mayBeNull };
}

/** The objects whose fields the group's accesses are in, as locations of the group's function. */
export function objectsOf(project: ProjectContext, group: StateGroup): Location[] {
  return [...new Set(group.collisions.flatMap(({ access }) => objectsIn(project, group.function, access)))];
}

/** Where in the group's function its accesses are made: the access itself, or the call that leads to it. */
function accessSpans(group: StateGroup): Span[] {
  return group.collisions.map(({ access: { access } }) => {
    const step = access.chain.find((s) => s.function === group.function);
    const { start, end } = step ?? access;
    return { start, end };
  });
}

/** An access as the entry point sees it, in terms of a function on the way to it. */
function objectsIn(project: ProjectContext, fn: FunctionId, { access, object, path, entry }: FieldAccess): Location[] {
  if (entry.function === fn) return [object];
  const depth = access.chain.findIndex((step) => step.callee === fn) + 1;
  const own = project.shared.summaries.get(fn)?.all ?? [];
  const found: Location[] = [];
  for (const a of own) {
    if (a.function !== access.function || a.start !== access.start || a.kind !== access.kind) continue;
    if (a.chain.length !== access.chain.length - depth || !a.at.endsWith(`.${path}`)) continue;
    found.push(a.at.slice(0, a.at.length - path.length - 1));
  }
  return found;
}
