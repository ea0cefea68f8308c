/**
 * Who changes the container in a field: calls that insert, remove or replace, code that puts another object into the field, and
 * getters that hand it to Python code. A container that nobody changes once it is filled is as good as constant.
 */
import { branchTests } from "../flow/branch-test.ts";
import type { Definition, DefUse } from "../flow/def-use.ts";
import type { CallInstr } from "../flow/environment.ts";
import { dominates } from "../ir/cfg.ts";
import type { Instr } from "../ir/types.ts";
import { forEachInstr, type Point } from "../ir/visit.ts";
import type { FunctionId } from "../project/index-types.ts";
import { callSites } from "./callers.ts";
import { containerFacts } from "./container.ts";
import type { ProjectContext } from "./context.ts";
import type { EvidenceStep } from "./types.ts";

/** Calls that change their first argument. */
const CHANGES: ReadonlySet<string> = new Set([
  "PyDict_SetItem",
  "PyDict_SetItemString",
  "PyDict_SetDefault",
  "PyDict_SetDefaultRef",
  "PyDict_DelItem",
  "PyDict_DelItemString",
  "PyDict_Pop",
  "PyDict_PopString",
  "PyDict_Clear",
  "PyDict_Update",
  "PyDict_Merge",
  "PyDict_MergeFromSeq2",
  "_PyDict_SetItem_KnownHash",
  "_PyDict_Pop",
  "PyList_Append",
  "PyList_Insert",
  "PyList_SetItem",
  "PyList_SET_ITEM",
  "PyList_SetSlice",
  "PyList_Sort",
  "PyList_Reverse",
  "PyList_Clear",
  "PyList_Extend",
  "PyTuple_SET_ITEM",
  "PyTuple_SetItem",
  "PyCell_Set",
  "PyCell_SET",
  "PySet_Add",
  "PySet_Discard",
  "PySet_Pop",
  "PySet_Clear",
  "PyObject_SetItem",
  "PyObject_DelItem",
  "PyObject_DelItemString",
  "PyMapping_SetItemString",
  "PySequence_SetItem",
  "PySequence_DelItem",
  "PySequence_SetSlice",
  "PySequence_DelSlice",
  "PySequence_InPlaceConcat",
  "PyNumber_InPlaceAdd",
  "PyNumber_InPlaceOr",
]);

/** Helpers and accessors followed from the place where the field is read. */
const MAX_DEPTH = 3;

interface State {
  /** Functions by the names of the fields that they touch. */
  users: Map<string, FunctionId[]>;
  changes: Map<string, EvidenceStep | null>;
  replacements: Map<string, EvidenceStep | null>;
}

const states = new WeakMap<ProjectContext, State>();

/** One place that changes what is in the field with this path (by its last name), outside construction; undefined if there is none. */
export function changeOfField(project: ProjectContext, path: string): EvidenceStep | undefined {
  const { users, changes } = stateOf(project);
  return remembered(changes, fieldOf(path), (name) => search(project, name, users.get(name) ?? []));
}

/** One place that puts another object into the field with this path, outside construction; undefined if there is none. */
export function replacementOfField(project: ProjectContext, path: string): EvidenceStep | undefined {
  const { users, replacements } = stateOf(project);
  return remembered(replacements, fieldOf(path), (name) => {
    for (const fn of users.get(name) ?? []) {
      const found = isConstructor(project, fn) ? undefined : storeInto(project, fn, name);
      if (found !== undefined) return found;
    }
    return undefined;
  });
}

function stateOf(project: ProjectContext): State {
  let state = states.get(project);
  if (state === undefined) {
    state = { users: fieldUsers(project), changes: new Map(), replacements: new Map() };
    states.set(project, state);
  }
  return state;
}

function remembered(
  memo: Map<string, EvidenceStep | null>,
  name: string,
  compute: (name: string) => EvidenceStep | undefined,
): EvidenceStep | undefined {
  let found = memo.get(name);
  if (found === undefined) {
    found = compute(name) ?? null;
    memo.set(name, found);
  }
  return found ?? undefined;
}

/** Last member named in a path: `a.items[]` gives `items`. */
function fieldOf(path: string): string {
  const last = path.slice(path.lastIndexOf(".") + 1);
  const bracket = last.indexOf("[");
  return bracket < 0 ? last : last.slice(0, bracket);
}

function fieldUsers(project: ProjectContext): Map<string, FunctionId[]> {
  const users = new Map<string, FunctionId[]>();
  for (const { id } of project.index.functions) {
    if (project.index.isInitOnly(id)) continue;
    const names = new Set<string>();
    forEachInstr(project.analysesOf(id).fn, (instr) => {
      if (instr.op === "load" || instr.op === "store") names.add(fieldOf(instr.path));
    });
    for (const name of names) {
      const list = users.get(name);
      if (list === undefined) users.set(name, [id]);
      else list.push(id);
    }
  }
  return users;
}

function search(project: ProjectContext, name: string, users: readonly FunctionId[]): EvidenceStep | undefined {
  for (const type of project.index.types) {
    const row = type.members.find((m) => m.field === name && m.memberType.includes("OBJECT"));
    if (row !== undefined)
      return { file: row.file, start: row.start, end: row.end, text: `Python code gets it as \`${row.name}\`` };
  }
  for (const fn of users) {
    const found = searchFunction(project, fn, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Runs while nobody else has the object, or normally only then. */
function isConstructor(project: ProjectContext, fn: FunctionId): boolean {
  const entries = project.index.entriesOf(fn);
  return entries.length > 0 && entries.every((e) => e.slot === "tp_init" || e.exclusivity !== "shared");
}

function searchFunction(project: ProjectContext, fn: FunctionId, name: string): EvidenceStep | undefined {
  const kept = keptForCaller(project, fn, name);
  if (kept !== undefined || isConstructor(project, fn)) return kept;
  return storeInto(project, fn, name) ?? changeOfRead(project, fn, name);
}

/** A store of an object into the field that the caller has too. */
function keptForCaller(project: ProjectContext, fn: FunctionId, name: string): EvidenceStep | undefined {
  return firstIn(project, fn, name, (instr, point) =>
    instr.op === "store" && isCallers(project, fn, instr.src, point)
      ? step(project, fn, instr, `keeps an object in \`${name}\` that its caller has too`)
      : undefined,
  );
}

function storeInto(project: ProjectContext, fn: FunctionId, name: string): EvidenceStep | undefined {
  return firstIn(project, fn, name, (instr, point) =>
    instr.op === "store" && isOthers(project, fn, instr.base, point) && !isFirstStore(project, fn, instr, point)
      ? step(project, fn, instr, `puts another object into \`${name}\``)
      : undefined,
  );
}

function changeOfRead(project: ProjectContext, fn: FunctionId, name: string): EvidenceStep | undefined {
  return firstIn(project, fn, name, (instr, point) => {
    if (instr.op !== "load") return undefined;
    const definition = project.analysesOf(fn).defUse.definitionAt(point);
    const change = definition === undefined ? undefined : changeThrough(project, fn, definition, 0);
    return change !== undefined && isOthers(project, fn, instr.base, point) ? change : undefined;
  });
}

function firstIn(
  project: ProjectContext,
  fn: FunctionId,
  name: string,
  look: (instr: Instr & { op: "load" | "store" }, point: Point) => EvidenceStep | undefined,
): EvidenceStep | undefined {
  let found: EvidenceStep | undefined;
  forEachInstr(project.analysesOf(fn).fn, (instr, block, index) => {
    if (found !== undefined || (instr.op !== "load" && instr.op !== "store") || fieldOf(instr.path) !== name) return;
    found = look(instr, { block, index });
  });
  return found;
}

/** An object that came with the arguments or out of something shared. */
function isCallers(project: ProjectContext, fn: FunctionId, value: number, point: Point): boolean {
  const { exposure, origin } = containerFacts(project, fn, value, point);
  if (exposure !== "caller" && exposure !== "shared") return false;
  return origin?.kind === "parameter" || origin?.kind === "attribute" || origin?.kind === "item";
}

/** The structure is an instance or something else that other threads have, and not one under construction here. */
function isOthers(project: ProjectContext, fn: FunctionId, base: number, point: Point): boolean {
  const { exposure, origin, fn: where } = containerFacts(project, fn, base, point);
  if (exposure === "shared") return true;
  // What another function has just returned is filled here; what came as a parameter was there before.
  if (exposure !== "caller" || (origin?.kind === "call-result" && where === fn)) return false;
  const struct = project.analysesOf(fn).provenance.structOf(base, point);
  const id = struct === "" ? undefined : project.index.structNamed(project.index.functions[fn].file, struct);
  return id === undefined || project.index.structs[id].isObject;
}

/** `if (self->cache == NULL) self->cache = ...`: nothing is replaced. */
function isFirstStore(
  project: ProjectContext,
  fn: FunctionId,
  store: Instr & { op: "load" | "store" },
  point: Point,
): boolean {
  const { accessPaths, defUse, cfg, fn: ir } = project.analysesOf(fn);
  const place = accessPaths.place(store, point);
  return ir.blocks.some(({ term }) => {
    if (term.op !== "branch" || term.then === term.else) return false;
    for (const { value, whenTrue } of branchTests(defUse, term.cond)) {
      const definition = defUse.soleDefinition(value) ?? sourceOf(defUse, value);
      if (definition?.instr?.op !== "load" || accessPaths.place(definition.instr, definition.point) !== place) continue;
      const side = whenTrue.includes("zero") ? term.then : term.else;
      if (cfg.predecessors[side].length === 1 && (side === point.block || dominates(cfg, side, point.block)))
        return true;
    }
    return false;
  });
}

/** The first definition of a variable that is assigned several times. */
function sourceOf(defUse: DefUse, value: number): Definition | undefined {
  const [first] = defUse.definitionsOf(value);
  return first;
}

/** A change of the object that `definition` gave, in this function or one that it is handed to. */
function changeThrough(
  project: ProjectContext,
  fn: FunctionId,
  definition: Definition,
  depth: number,
): EvidenceStep | undefined {
  for (const use of project.analysesOf(fn).defUse.flowOf(definition).uses) {
    if (use.role === "return" && use.term !== undefined) {
      const handed = handedOut(project, fn, depth);
      if (handed !== undefined) return handed;
    }
    if (use.role !== "argument" || use.instr?.op !== "call") continue;
    const found = changeByCall(project, fn, use.instr, use.argument, depth);
    if (found !== undefined) return found;
  }
  return undefined;
}

function changeByCall(
  project: ProjectContext,
  fn: FunctionId,
  call: CallInstr,
  argument: number,
  depth: number,
): EvidenceStep | undefined {
  const { callee } = call;
  if (argument === 0 && (CHANGES.has(callee) || callee.startsWith("PyObject_CallMethod"))) {
    return step(project, fn, call, `changes it with ${callee}`);
  }
  if (callee === "" || depth >= MAX_DEPTH) return undefined;
  for (const target of project.index.resolveCall(project.index.functions[fn].facts.file, callee)) {
    const { defUse, fn: ir } = project.analysesOf(target);
    const [parameter] = ir.params[argument] === undefined ? [] : defUse.definitionsOf(ir.params[argument]);
    const found = parameter === undefined ? undefined : changeThrough(project, target, parameter, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Returned to Python code by a method or getter, or by an accessor to code that changes it. */
function handedOut(project: ProjectContext, fn: FunctionId, depth: number): EvidenceStep | undefined {
  const [entry] = project.index.entriesOf(fn);
  if (entry !== undefined) {
    return { file: entry.file, start: entry.start, end: entry.end, text: `\`${entry.name}\` hands it to Python code` };
  }
  if (depth >= MAX_DEPTH) return undefined;
  for (const { caller, point } of callSites(project, fn) ?? []) {
    const result = project.analysesOf(caller).defUse.definitionAt(point);
    const found = result === undefined ? undefined : changeThrough(project, caller, result, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function step(
  project: ProjectContext,
  fn: FunctionId,
  { start, end }: { start: number; end: number },
  text: string,
): EvidenceStep {
  const { facts, name } = project.index.functions[fn];
  return { file: facts.file, start, end, text: `\`${name}\` ${text}` };
}
