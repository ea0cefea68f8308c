/** Fixes of the rules about instance state: which section has to be taken where, for what a group of accesses shows. */

import { sectionDoubts } from "../fix/sections/atomicity.ts";
import { type LockedObjects, lockedObjects } from "../fix/sections/locked-object.ts";
import { splitFunction } from "../fix/sections/split.ts";
import { firstMember, type Location, rootOf } from "../flow/shared/location.ts";
import { type FieldAccess, isConcurrentEntry } from "../flow/shared/shared-state.ts";
import type { Span } from "../ir/types.ts";
import type { FunctionId } from "../project/index-types.ts";
import type { ProjectContext } from "./context.ts";
import type { FixAnswers, FixingContext, FixRequest, Proposal, Withheld } from "./fixing.ts";
import { type StateGroup, stateGroups } from "./instance-state.ts";

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
  const locked = lockedObjects(project, group.function, places, (at) => isConstantPart(project, group, at));
  if (typeof locked === "string") return [withheld(locked)];
  return [splitAnswer(context, group, locked)];
}

function withheld(reason: string): Withheld {
  return { level: "manual", reason, recipe: RECIPE };
}

/** The function's body under another name, and a function that takes the lock and calls it. */
function splitAnswer(
  { project, source }: FixingContext,
  group: StateGroup,
  { objects, through }: LockedObjects,
): Proposal | Withheld {
  const fn = group.function;
  const { index } = project;
  const { facts, file } = index.functions[fn];
  const text = source(file);
  if (text === undefined) return withheld("the file cannot be read");
  const expressions = objects.map((o) => o.expression);
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
  const review = [
    ...through.map((t) => `\`${t}\` is kept from others only as far as they come through what is locked`),
    ...sectionDoubts(project, fn, accessSpans(group)),
  ];
  return {
    level: review.length === 0 ? "safe" : "review",
    title: `hold a critical section on ${expressions.map((e) => `\`${e}\``).join(" and ")} over \`${facts.name}\``,
    edits: split.edits,
    needs: split.needs,
    review,
    renames: { [facts.name]: split.newName },
  };
}

/**
 * True if the object at `at`, one step behind a parameter, is one that Python code can have as well, and the field that leads there is
 * none of those that other threads replace.
 */
function isConstantPart(project: ProjectContext, group: StateGroup, at: Location): boolean {
  const steps = at.split("*");
  if (steps.length !== 2 || steps[1] !== "") return false;
  const field = firstMember(at.slice(rootOf(at).length + 1));
  const owner = group.collisions.find(({ access }) => objectsIn(project, group.function, access).includes(at));
  if (owner === undefined) return false;
  const { struct } = owner.access;
  const isVisible = project.index.entries.some(
    (e) => isConcurrentEntry(e) && e.type !== undefined && project.index.types[e.type].struct === struct,
  );
  return isVisible && !group.collisions.some((c) => c.access.field === field && c.access.struct !== struct);
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
