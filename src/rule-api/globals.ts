/**
 * Static variables that code outside module initialisation changes without a lock: one problem a variable, which belongs
 * to exactly one rule of the family.
 */
import { lockTypeKind, ONCE_CALLS } from "../capi/locks.ts";
import { classNameOf, pointerDepth } from "../capi/type-names.ts";
import { isAtomicCall } from "../flow/shared/callee-effects.ts";
import { firstMember, rootOf } from "../flow/shared/location.ts";
import type { StaticAccess } from "../flow/shared/shared-state.ts";
import type { FunctionId, IndexedStatic, StaticId } from "../project/index-types.ts";
import type { ProjectContext } from "./context.ts";
import { containerRace } from "./globals-containers.ts";
import {
  type Candidate,
  changes,
  commonLock,
  type GlobalRule,
  isLocked,
  isObjectType,
  type StaticProblem,
  shapeOf,
} from "./globals-model.ts";
import { staticRisk } from "./globals-risk.ts";
import { type StaticUse, staticUses } from "./globals-uses.ts";
import { isSetOnceUnderLock } from "./set-once.ts";

const memo = new WeakMap<ProjectContext, readonly StaticProblem[]>();

/** The problems of one rule, in order of the statics. Computed once for a project. */
export function staticProblems(project: ProjectContext, rule: GlobalRule): StaticProblem[] {
  let problems = memo.get(project);
  if (!problems) {
    problems = new Judge(project).run();
    memo.set(project, problems);
  }
  return problems.filter((p) => p.rule === rule);
}

class Judge {
  private readonly project: ProjectContext;
  private readonly quiet = new Map<FunctionId, boolean>();
  private readonly once: ReadonlySet<FunctionId>;
  private readonly usesByStatic = new Map<StaticId, StaticUse[]>();

  constructor(project: ProjectContext) {
    this.project = project;
    this.once = onceFunctions(project);
  }

  run(): StaticProblem[] {
    const candidates = this.project.index.statics.filter(isState);
    this.findUses(candidates);
    const all = new Map<StaticId, Candidate>();
    for (const variable of candidates) {
      const candidate = this.candidate(variable);
      if (candidate) all.set(variable.id, candidate);
    }
    const coveredBy = this.covered(all);
    const covers = new Map<StaticId, StaticId[]>();
    for (const [id, by] of coveredBy) covers.set(by, [...(covers.get(by) ?? []), id]);
    const problems: StaticProblem[] = [];
    for (const candidate of all.values()) {
      if (coveredBy.has(candidate.variable.id)) continue;
      const problem = this.judge(candidate);
      if (!problem) continue;
      problem.covers = covers.get(candidate.variable.id) ?? [];
      problem.risk = staticRisk(this.project, problem);
      problems.push(problem);
    }
    return problems;
  }

  private findUses(candidates: readonly IndexedStatic[]): void {
    const wanted = new Set(candidates.map((c) => c.id));
    const functions = new Set(candidates.flatMap((c) => [...c.readers, ...c.writers]));
    for (const fn of [...functions].sort((a, b) => a - b)) {
      const ir = this.project.functionContext(fn).ir;
      for (const [id, use] of staticUses(fn, ir, this.project.index, (s) => wanted.has(s))) {
        const list = this.usesByStatic.get(id);
        if (list) list.push(use);
        else this.usesByStatic.set(id, [use]);
      }
    }
  }

  private candidate(variable: IndexedStatic): Candidate | undefined {
    const { shared } = this.project;
    const counted = (this.usesByStatic.get(variable.id) ?? []).some((u) => u.counted);
    const boundary = objectBoundary(this.project, variable, counted);
    const accesses = shared
      .static(variable.id)
      .filter((a) => !this.isQuiet(a.function) && isOwn(this.project, variable, boundary, a));
    const initWrites = shared.staticInInit(variable.id).filter(changes);
    const uses = (this.usesByStatic.get(variable.id) ?? []).filter((u) => !this.isQuiet(u.function));
    if (accesses.length === 0 && initWrites.length === 0) return undefined;
    const shape = shapeOf(this.project, variable, counted);
    const open = shape === "aggregate" ? unprotectedMembers(accesses) : accesses;
    return { variable, shape, accesses: open, writes: open.filter(changes), initWrites, uses };
  }

  /** Runs only while the module is made or torn down, or once under the protection of a once-flag. */
  private isQuiet(fn: FunctionId): boolean {
    let answer = this.quiet.get(fn);
    if (answer === undefined) {
      const { index } = this.project;
      answer = index.isInitOnly(fn) || this.once.has(fn);
      if (!answer) {
        const entries = index.entryFunctionsReaching(fn).flatMap((e) => index.entriesOf(e));
        answer = entries.length > 0 && entries.every((e) => LIFE_CYCLE.has(e.kind) || AT_END.has(e.name));
      }
      this.quiet.set(fn, answer);
    }
    return answer;
  }

  /** Statics that are written only where another one was found unset, with that other one. */
  private covered(all: ReadonlyMap<StaticId, Candidate>): Map<StaticId, StaticId> {
    const found = new Map<StaticId, StaticId>();
    const lazy = new Map<FunctionId, Map<StaticId, Candidate>>();
    for (const [id, candidate] of all) {
      if (candidate.writes.length === 0 || !this.isLazy(candidate)) continue;
      for (const { function: fn } of candidate.uses) {
        const tested = lazy.get(fn) ?? new Map<StaticId, Candidate>();
        lazy.set(fn, tested.set(id, candidate));
      }
    }
    for (const [id, candidate] of all) {
      if (candidate.writes.length === 0) continue;
      // The test stands in the function that writes or in a caller of it.
      const [{ function: fn }] = candidate.writes;
      const near = [fn, ...this.project.index.callers(fn).map((c) => c.function)];
      const flags = new Map(near.flatMap((f) => [...(lazy.get(f) ?? [])]));
      for (const [by, other] of [...flags].sort(([a], [b]) => a - b)) {
        if (by === id || found.has(by)) continue;
        if (!candidate.writes.every((w) => this.isGuarded(w, candidate, other))) continue;
        found.set(id, by);
        break;
      }
    }
    return found;
  }

  /** Whether `write` happens only where `flag` was found unset, and `flag` is set there too. */
  private isGuarded(write: StaticAccess, candidate: Candidate, flag: Candidate): boolean {
    const { index } = this.project;
    const setsFlag = flag.writes.some((w) => w.function === write.function);
    const guards = (fn: FunctionId) =>
      (flag.uses.find((u) => u.function === fn)?.firstUses ?? []).filter((g) => g.assignment || setsFlag);
    const at = write.access.chain[0] ?? write.access;
    const assigned = candidate.uses
      .find((u) => u.function === write.function)
      ?.assigned.find((a) => a.start === at.start && a.end === at.end);
    if (assigned && guards(write.function).some((g) => g.guarded.has(assigned.block))) return true;
    const callers = index.callers(write.function).filter((c) => !index.isInitOnly(c.function));
    const { name } = index.functions[write.function];
    return callers.length > 0 && callers.every((c) => guards(c.function).some((g) => g.calls.includes(name)));
  }

  private judge(candidate: Candidate): StaticProblem | undefined {
    const { variable, shape, accesses, writes, initWrites, uses } = candidate;
    const problem = (rule: GlobalRule): StaticProblem => ({
      rule,
      risk: "info",
      variable,
      shape,
      accesses: [...writes, ...accesses.filter((a) => !changes(a))],
      initWrites,
      uses,
      onlyReadsUnlocked: writes.length > 0 && writes.every(isLocked),
      covers: [],
    });
    const race = shape === "object" ? containerRace(this.project, candidate) : undefined;
    if (writes.length === 0) {
      if (race) return { ...problem("global-container"), race };
      return shape === "object" && initWrites.length > 0 ? problem("global-object") : undefined;
    }
    if (commonLock(accesses) || isPublishedAtomically(this.project, candidate) || isHandedOut(candidate))
      return undefined;
    if (isSetOnceUnderLock(this.project, candidate)) return undefined;
    if (this.isLazy(candidate)) return problem("lazy-static");
    if (race) return { ...problem("global-container"), race };
    const ofObjects =
      shape === "object" || writes.some((w) => isObjectType(this.project, w.access.type, variable.file));
    return problem(ofObjects ? "global-object" : "global-mutable");
  }

  /** Every value that is not a reset gets in where the variable was found unset, in this function or by its callers. */
  private isLazy(candidate: Candidate): boolean {
    const { writes, shape } = candidate;
    if (shape === "container") return false;
    if (shape === "aggregate" && new Set(writes.map((w) => w.access.at)).size > 1) return false;
    let first = 0;
    for (const write of writes) {
      if (this.isGuarded(write, candidate, candidate)) first++;
      else if (write.access.kind === "write" && write.access.stored === "null") continue;
      else if (!isBehindPointer(write, candidate)) return false;
    }
    return first > 0;
  }
}

/**
 * Whether an access is to the variable itself or to C data behind it. What lies inside a Python object that it refers to
 * is that object's state, and memory behind a constant cannot be written by those who get its address.
 */
function isOwn(
  project: ProjectContext,
  { facts, file }: IndexedStatic,
  boundary: number,
  { access }: StaticAccess,
): boolean {
  if (access.kind === "touch" && facts.isConst) return false;
  const path = access.at.slice(rootOf(access.at).length);
  if (boundary >= 0 && leadingStars(path) >= boundary) return path === "" && access.kind !== "touch";
  const member = firstMember(path.slice(1));
  const type = path[0] === "." ? memberType(project, facts.type, file, member) : "";
  return type === "" || !isObjectType(project, type, file) || path.length === member.length + 1;
}

/** Number of pointer steps from the variable to a Python object, -1 if it leads to none. */
function objectBoundary(project: ProjectContext, { facts, file }: IndexedStatic, counted: boolean): number {
  const depth = pointerDepth(facts.type);
  if (counted && depth > 0) return depth + (facts.array ? 1 : 0);
  const asPointer = depth === 1 ? facts.type : `${classNameOf(facts.type)} *`;
  return isObjectType(project, asPointer, file) ? depth + (facts.array ? 1 : 0) : -1;
}

function memberType(project: ProjectContext, type: string, file: string, member: string): string {
  const struct = project.index.structOfType(file, type);
  return struct === undefined ? "" : project.index.fieldType(struct, member);
}

function leadingStars(path: string): number {
  let n = 0;
  while (path[n] === "*") n++;
  return n;
}

/** A list whose head is always under one lock: a node that was taken off it belongs to the thread that has it. */
function isHandedOut({ shape, variable, accesses }: Candidate): boolean {
  const head = accesses.filter((a) => a.access.at === rootOf(a.access.at));
  return shape === "pointer" && !variable.facts.array && head.some(changes) && commonLock(head);
}

/** Written under a lock, and read only by functions that load an atomic first. */
function isPublishedAtomically(project: ProjectContext, { accesses, writes }: Candidate): boolean {
  const loadsAtomic = (fn: FunctionId) => project.index.functions[fn].facts.calls.some(isAtomicCall);
  return writes.every(isLocked) && accesses.every((a) => isLocked(a) || changes(a) || loadsAtomic(a.access.function));
}

/** Accesses to those members of a struct that are written and not always under one lock; the others are in order. */
function unprotectedMembers(accesses: readonly StaticAccess[]): StaticAccess[] {
  const whole = accesses.filter((a) => a.access.at === rootOf(a.access.at));
  const members = new Map<string, StaticAccess[]>();
  for (const access of accesses) {
    const member = firstMember(access.access.at.slice(rootOf(access.access.at).length + 1));
    if (whole.includes(access)) continue;
    members.set(member, [...(members.get(member) ?? []), access]);
  }
  const open = [...members.values()].filter((m) => {
    const all = [...m, ...whole];
    return all.some(changes) && !commonLock(all);
  });
  if (open.length > 0) return [...whole, ...open.flat()];
  return whole.some(changes) && !commonLock(whole) ? whole : [];
}

/** True for an access to what a pointer or handle refers to: the variable itself keeps its value. */
function isBehindPointer({ access }: StaticAccess, { shape, variable }: Candidate): boolean {
  return shape !== "object" && shape !== "aggregate" && !variable.facts.array && access.at.includes("*");
}

const LIFE_CYCLE = new Set(["module-init", "module-exec", "module-create", "module-gc"]);
/** Registrations whose callbacks run when no other thread does. */
const AT_END = new Set(["Py_AtExit", "atexit", "pthread_atfork", "PyInterpreterState_AtExit"]);

/** Functions that a once-flag runs, and those that only they call. */
function onceFunctions(project: ProjectContext): Set<FunctionId> {
  const { index } = project;
  const found = new Set<FunctionId>();
  for (const fn of index.functions) {
    if (!fn.facts.calls.some((c) => ONCE_CALLS.has(c))) continue;
    const { ir } = project.functionContext(fn.id);
    for (const block of ir.blocks) {
      for (const instr of block.instrs) {
        const position = instr.op === "call" ? ONCE_CALLS.get(instr.callee) : undefined;
        if (instr.op !== "call" || position === undefined) continue;
        const value = ir.values[instr.args[position] ?? -1];
        if (value?.kind !== "global") continue;
        for (const callee of index.resolveCall(fn.file, value.name)) found.add(callee);
      }
    }
  }
  for (const component of found.size > 0 ? [...index.bottomUp].reverse() : []) {
    for (const fn of component) {
      const callers = index.callers(fn);
      if (callers.length > 0 && index.entriesOf(fn).length === 0 && callers.every((c) => found.has(c.function))) {
        found.add(fn);
      }
    }
  }
  return found;
}

function isState(variable: IndexedStatic): boolean {
  const { facts, role } = variable;
  if (role !== "state" && role !== "function-pointer") return false;
  if (facts.threadLocal || facts.atomic || lockTypeKind(facts.type) !== undefined) return false;
  const type = classNameOf(facts.type);
  // Tcl's and others' keys of per-thread data are made to be shared.
  if (type.endsWith("ThreadDataKey")) return false;
  return type !== "PyThreadState" && type !== "PyGILState_STATE" && facts.name !== "PyDateTimeAPI";
}
