/** The objects that a function has to lock, as expressions of its parameters. */
import { branchTests } from "../../flow/branch-test.ts";
import { type Location, parameterOf, rootOf } from "../../flow/shared/location.ts";
import { NO_VALUE } from "../../ir/types.ts";
import { forEachInstr } from "../../ir/visit.ts";
import type { Entry, FunctionId } from "../../project/index-types.ts";
import type { FixProject } from "../types.ts";

export interface LockedObject {
  /** C expression in terms of the parameters: `self`, `self->list`. */
  expression: string;
  at: Location;
  /** Parameter that it is, or hangs on; -1 for `this`. */
  parameter: number;
}

/** Slots whose last parameter is NULL when something is deleted, or not given. */
const NULLABLE: ReadonlyMap<string, number> = new Map([
  ["tp_descr_set", 2],
  ["tp_setattro", 2],
  ["tp_setattr", 2],
  ["mp_ass_subscript", 2],
  ["sq_ass_item", 2],
  ["sq_ass_slice", 3],
  ["tp_descr_get", 1],
  ["tp_init", 2],
  ["tp_call", 2],
]);

export interface LockedObjects {
  objects: LockedObject[];
  /** What a person should look at. */
  doubts: string[];
}

export interface Part {
  /** Python code can have the object too, so it has methods of its own that work on it. */
  isVisible: boolean;
  /** No other thread puts another object there. */
  isConstant: boolean;
  /** The function asks whether it is there. */
  mayBeNull: boolean;
}

/**
 * What to lock so that all of `objects` (locations in terms of `fn`) are locked; the reason if that cannot be written. An object that
 * hangs on another is locked itself where Python code can have it and it always hangs there, else through the other.
 */
export function lockedObjects(
  project: FixProject,
  fn: FunctionId,
  objects: readonly Location[],
  partOf: (at: Location) => Part,
): LockedObjects | string {
  const found: LockedObject[] = [];
  const doubts: string[] = [];
  const roots = new Set<Location>();
  for (const at of new Set(objects)) {
    const root = rootOf(at);
    const part = at === root ? undefined : partOf(at);
    const own = part?.isVisible && part.isConstant && !part.mayBeNull ? lockedObject(project, fn, at) : undefined;
    if (typeof own === "object") {
      found.push(own);
      doubts.push(`\`${own.expression}\` must not be NULL there`);
      continue;
    }
    const words = wordsFor(project, fn, at);
    // A lock of what it hangs on keeps only those out who come the same way.
    if (part?.isVisible && !objects.includes(root))
      return `\`${words}\` has to be locked, where it is known to be there`;
    roots.add(root);
    if (part !== undefined)
      doubts.push(
        `\`${words}\` is kept from others only as far as they come through \`${wordsFor(project, fn, root)}\``,
      );
  }
  for (const at of roots) {
    const object = lockedObject(project, fn, at);
    if (typeof object === "string") return object;
    found.push(object);
  }
  const unique = found.filter((f, i) => found.findIndex((o) => o.expression === f.expression) === i);
  if (unique.length === 0) return "the object to be locked is not known";
  if (unique.length > 2) return "more than two objects would have to be locked at once";
  // Both forms lock in an order of their own; `self` is written first all the same.
  const sorted = unique.sort((a, b) => a.parameter - b.parameter || a.expression.length - b.expression.length);
  return { objects: sorted, doubts };
}

/** `self->head->next` for a location: words for a reader, not code. */
function wordsFor(project: FixProject, fn: FunctionId, at: Location): string {
  const parameter = parameterOf(at) ?? -1;
  const name = parameter < 0 ? "this" : project.index.functions[fn].facts.params[parameter]?.name;
  const steps = at.slice(rootOf(at).length).replaceAll("*.", "->").replaceAll("*", "");
  return steps === "" ? `${name}` : `${name}->${steps.slice(1)}`;
}

function lockedObject(project: FixProject, fn: FunctionId, at: Location): LockedObject | string {
  const parameter = parameterOf(at);
  const { facts } = project.index.functions[fn];
  if (parameter === undefined) return "the object to be locked is not known";
  const name = parameter < 0 ? "this" : facts.params[parameter]?.name;
  if (name === undefined || name === "") return "the object to be locked has no name in the function";
  const rest = at.slice(rootOf(at).length);
  if (project.index.entriesOf(fn).some((e) => e.argsParam === parameter || e.kwargsParam === parameter)) {
    return `the object comes out of \`${name}\`, and has to be locked where it is taken out`;
  }
  if (parameter >= 0 && mayBeNull(project, fn, parameter)) return `\`${name}\` may be NULL, which cannot be locked`;
  if (rest === "") return { expression: name, at, parameter };
  const members = membersOf(rest);
  if (members === undefined) return "the object to be locked is an element of an array";
  const base = baseOf(project, fn, parameter, name, members[0]);
  if (members.length > 1 || base === undefined)
    return `the object behind \`${name}\` that would have to be locked has no simple name`;
  return { expression: `${base}->${members.join("->")}`, at, parameter };
}

/** `.a*.b*` as `a`, `b`; undefined if there is an element of an array on the way. */
function membersOf(path: string): string[] | undefined {
  const members: string[] = [];
  for (const step of path.slice(1).split("*.")) {
    const name = step.endsWith("*") ? step.slice(0, -1) : step;
    if (name === "" || name.includes("*")) return undefined;
    members.push(name);
  }
  return path.startsWith(".") && path.endsWith("*") ? members : undefined;
}

/** The parameter as a pointer to the struct that has the member, with a cast if it is declared as something else. */
function baseOf(
  project: FixProject,
  fn: FunctionId,
  parameter: number,
  name: string,
  member: string,
): string | undefined {
  const { index } = project;
  const { facts } = index.functions[fn];
  if (parameter < 0) return name;
  // Either operand of a binary operation may be of any type.
  if (index.entriesOf(fn).some((e) => e.slot?.startsWith("nb_") && e.objectParams.length > 0)) return undefined;
  const declared = index.structOfType(facts.file, facts.params[parameter].type);
  if (declared !== undefined && index.field(declared, member) !== undefined) return name;
  for (const entry of index.entriesOf(fn)) {
    if (entry.selfParam !== parameter || entry.type === undefined) continue;
    const { struct } = index.types[entry.type];
    if (struct !== undefined && index.field(struct, member)) return `((${index.structs[struct].name} *)${name})`;
  }
  return undefined;
}

/** True if the parameter may be NULL as far as the code shows: its slot says so, or the function asks. */
function mayBeNull(project: FixProject, fn: FunctionId, parameter: number): boolean {
  const entries = project.index.entriesOf(fn);
  if (entries.some((e) => isNullable(e, parameter))) return true;
  if (entries.some((e) => e.selfParam === parameter)) return false;
  return isTestedForNull(project, fn, parameter) || isPassedNull(project, fn, parameter);
}

function isNullable(entry: Entry, parameter: number): boolean {
  if (entry.kwargsParam === parameter) return true;
  if (entry.kind === "setter") return entry.selfParam !== parameter && parameter === 1;
  return entry.slot !== undefined && NULLABLE.get(entry.slot) === parameter;
}

function isTestedForNull(project: FixProject, fn: FunctionId, parameter: number): boolean {
  const { defUse, fn: ir } = project.analysesOf(fn);
  const value = ir.params[parameter];
  if (value === undefined) return true;
  const [entry] = defUse.definitionsOf(value);
  const copies = new Set([value, ...(entry === undefined ? [] : defUse.flowOf(entry).definitions.map((d) => d.value))]);
  return ir.blocks.some(({ term }) => {
    if (term.op !== "branch") return false;
    return branchTests(defUse, term.cond).some((t) => copies.has(t.value));
  });
}

/** A caller that hands NULL over in so many words. */
function isPassedNull(project: FixProject, fn: FunctionId, parameter: number): boolean {
  const { index } = project;
  const { name } = index.functions[fn];
  return index.callers(fn).some(({ function: caller, via }) => {
    if (via !== "direct") return false;
    let found = false;
    const { fn: ir } = project.analysesOf(caller);
    forEachInstr(ir, (instr) => {
      if (instr.op !== "call" || instr.callee !== name) return;
      const value = ir.values[instr.args[parameter] ?? NO_VALUE];
      found ||= value?.kind === "const" && (value.type === "null" || value.text === "0");
    });
    return found;
  });
}
