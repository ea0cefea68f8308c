/**
 * What the analyses of one function are told about the project around it: how parameters arrive, what globals are, what
 * called functions do. Answers are computed when first asked for and kept.
 */

import { mayRunPython, maySuspend } from "../capi/may-run-python.ts";
import { resultOf } from "../capi/provenance.ts";
import { isObjectPointer } from "../capi/type-names.ts";
import type {
  CalleeFacts,
  CallInstr,
  FlowEnvironment,
  GlobalFacts,
  ParameterFacts,
  ReturnFacts,
} from "../flow/environment.ts";
import type { FunctionAnalyses } from "../flow/function-analyses.ts";
import {
  escapesOf,
  lockEffectsOf,
  outputsOf,
  returnsOf,
  returnsOwned,
  stealsOf,
  threadStateAfter,
} from "../flow/summary.ts";
import type { FunctionIr } from "../ir/types.ts";
import type { Entry, FunctionId, ProjectIndex } from "../project/index-types.ts";
import type { ProjectContext } from "./context.ts";
import { ReferenceWrappers } from "./reference-wrappers.ts";

/** Longest chain of callees that is looked into for what a call returns. */
const MAX_DEPTH = 24;

export class ProjectEnvironment implements FlowEnvironment {
  private readonly project: ProjectContext;
  private readonly index: ProjectIndex;
  private readonly wrappers: ReferenceWrappers;
  private readonly parameters = new Map<string, ParameterFacts>();
  private readonly callees = new Map<FunctionId, CalleeFacts>();
  private readonly python = new Map<FunctionId, boolean>();
  private readonly suspends = new Map<FunctionId, boolean>();

  constructor(project: ProjectContext) {
    this.project = project;
    this.index = project.index;
    this.wrappers = new ReferenceWrappers(project.index);
  }

  parameter(fn: FunctionIr, index: number): ParameterFacts {
    const id = this.project.idOf(fn);
    if (id === undefined) return { role: "plain", why: "a parameter" };
    const key = `${id} ${index}`;
    let facts = this.parameters.get(key);
    if (facts === undefined) {
      facts = this.parameterFacts(id, index);
      this.parameters.set(key, facts);
    }
    return facts;
  }

  global(fn: FunctionIr, name: string, owner: string | undefined): GlobalFacts {
    const found = this.index.resolveGlobal(fn.file, name, owner);
    switch (found.kind) {
      case "function":
        return { kind: "function", type: "" };
      case "enumerator":
      case "macro":
        return { kind: "constant", type: "" };
      case "external":
        return { kind: "external", type: "" };
      case "static": {
        const { facts, role, writers } = this.index.static(found.id);
        const { type } = facts;
        if (role === "type-object") return { kind: "type", type };
        if (facts.threadLocal) return { kind: "thread-local", type };
        if (role !== "state") return { kind: "constant", type };
        return { kind: "static", type, initOnly: writers.every((w) => this.index.isInitOnly(w)) };
      }
    }
  }

  callee(fn: FunctionIr, call: CallInstr): CalleeFacts | undefined {
    // A project that defines a function of the C API (a compatibility header, CPython) means the API.
    if (call.callee === "" || resultOf(call.callee) !== undefined) return undefined;
    const wrapper = this.wrappers.callee(fn.file, call);
    if (wrapper !== undefined) return wrapper;
    const targets = this.index.resolveCall(fn.file, call.callee);
    if (targets.length === 0) return undefined;
    const [first, ...others] = targets.map((t) => this.calleeFacts(t));
    return others.reduce(worseOf, first);
  }

  structOf(fn: FunctionIr, type: string): string {
    const struct = this.index.structOfType(fn.file, type);
    return struct === undefined ? "" : this.index.structs[struct].name;
  }

  fieldType(fn: FunctionIr, struct: string, path: string): string {
    const id = this.index.structNamed(fn.file, struct);
    return id === undefined ? "" : this.index.fieldType(id, path);
  }

  entryThreadState(): "attached" {
    return "attached";
  }

  /** Whether a function of the project may run Python code, itself or through what it calls by name. */
  mayRunPython(fn: FunctionId): boolean {
    return this.reaches(fn, this.python, mayRunPython);
  }

  /** Whether it may detach the thread state. */
  maySuspend(fn: FunctionId): boolean {
    return this.reaches(fn, this.suspends, maySuspend);
  }

  private reaches(start: FunctionId, memo: Map<FunctionId, boolean>, hit: (name: string) => boolean): boolean {
    const known = memo.get(start);
    if (known !== undefined) return known;
    const seen = new Set<FunctionId>([start]);
    const work = [start];
    let found = false;
    while (work.length > 0 && !found) {
      const { facts, file } = this.index.functions[work.pop()!];
      for (const name of facts.calls) {
        const targets = this.index.resolveCall(file, name);
        if (targets.length === 0) found ||= hit(name);
        for (const t of targets) {
          if (memo.get(t) === true) found = true;
          if (seen.has(t) || memo.get(t) === false) continue;
          seen.add(t);
          work.push(t);
        }
      }
    }
    memo.set(start, found);
    return found;
  }

  private parameterFacts(id: FunctionId, index: number): ParameterFacts {
    const entries = this.index.entriesOf(id);
    const roles = entries.map((e) => entryRole(e, index)).filter((r): r is ParameterFacts => r !== undefined);
    if (roles.length > 0) return roles.reduce((a, b) => (ROLE_ORDER[b.role] > ROLE_ORDER[a.role] ? b : a));
    if (index < 0) return { role: this.isPythonObject(id) ? "self" : "plain", why: "the object of the method" };
    const facts = this.index.functions[id].facts.params[index];
    if (facts === undefined || entries.length > 0) return { role: "plain", why: "a parameter" };
    const named = this.index.callers(id).every((c) => c.via !== "direct") ? namedRole(facts) : undefined;
    if (named !== undefined) return named;
    const why = `the parameter \`${facts.name}\` of \`${this.index.functions[id].name}\``;
    return { role: isObjectPointer(facts.type) || this.isInstance(id, facts.type) ? "object" : "plain", why };
  }

  /** True if the class that the C++ method belongs to is a Python object, or is not known. */
  private isPythonObject(id: FunctionId): boolean {
    const { name, file } = this.index.functions[id];
    const end = name.lastIndexOf("::");
    const struct = end < 0 ? undefined : this.index.structNamed(file, name.slice(0, end));
    return struct === undefined || this.index.structs[struct].isObject;
  }

  private isInstance(id: FunctionId, type: string): boolean {
    const struct = this.index.structOfType(this.index.functions[id].file, type);
    return struct !== undefined && this.index.structs[struct].isObject;
  }

  private calleeFacts(id: FunctionId): CalleeFacts {
    const known = this.callees.get(id);
    if (known !== undefined) return known;
    const facts = new LazyCallee(this, this.project, id);
    this.callees.set(id, facts);
    return facts;
  }
}

/** The summary of one function, each part computed when it is asked for. */
class LazyCallee implements CalleeFacts {
  readonly name: string;
  private readonly environment: ProjectEnvironment;
  private readonly project: ProjectContext;
  private readonly id: FunctionId;
  private readonly parts = new Map<keyof CalleeFacts, unknown>();
  private readonly busy = new Set<keyof CalleeFacts>();

  constructor(environment: ProjectEnvironment, project: ProjectContext, id: FunctionId) {
    this.environment = environment;
    this.project = project;
    this.id = id;
    this.name = project.index.functions[id].name;
  }

  get returns(): CalleeFacts["returns"] {
    return this.part("returns", returnsOf, UNKNOWN_RETURNS);
  }

  get returnsOwned(): CalleeFacts["returnsOwned"] {
    return this.part("returnsOwned", returnsOwned, undefined);
  }

  get escapes(): CalleeFacts["escapes"] {
    return this.part("escapes", escapesOf, []);
  }

  get steals(): CalleeFacts["steals"] {
    return this.part("steals", stealsOf, []);
  }

  get outputs(): CalleeFacts["outputs"] {
    return this.part("outputs", outputsOf, []);
  }

  get lockEffects(): CalleeFacts["lockEffects"] {
    if (!this.project.locksOf(this.id)) return NO_EFFECTS;
    return this.part("lockEffects", lockEffectsOf, NO_EFFECTS);
  }

  get threadState(): CalleeFacts["threadState"] {
    return this.part("threadState", threadStateAfter, "unknown");
  }

  get mayRunPython(): boolean {
    return this.environment.mayRunPython(this.id);
  }

  get maySuspend(): boolean {
    return this.environment.maySuspend(this.id);
  }

  /** `cut` while it is being computed already (recursion), or too deep in a chain of calls. */
  private part<T>(key: keyof CalleeFacts, compute: (analyses: FunctionAnalyses) => T, cut: T): T {
    if (this.parts.has(key)) return this.parts.get(key) as T;
    if (this.busy.has(key) || depth >= MAX_DEPTH) return cut;
    this.busy.add(key);
    depth++;
    try {
      const answer = compute(this.project.analysesOf(this.id));
      this.parts.set(key, answer);
      return answer;
    } finally {
      depth--;
      this.busy.delete(key);
    }
  }
}

let depth = 0;
const NO_EFFECTS: CalleeFacts["lockEffects"] = [];
const UNKNOWN_RETURNS: readonly ReturnFacts[] = [{ kind: "unknown" }];

const ROLE_ORDER: Readonly<Record<ParameterFacts["role"], number>> = {
  plain: 0,
  kwnames: 1,
  "args-array": 1,
  "args-tuple": 2,
  "kwargs-dict": 2,
  type: 3,
  module: 3,
  self: 4,
  object: 5,
};

const ROLE_NAMES: Readonly<Record<string, ParameterFacts["role"]>> = {
  kwargs: "kwargs-dict",
  kwds: "kwargs-dict",
  keywds: "kwargs-dict",
  kwnames: "kwnames",
};

/**
 * A function that is called through pointers, or that nothing is seen to call because a macro writes the table it is in: these
 * names say what they are.
 */
function namedRole({ name, type }: { name: string; type: string }): ParameterFacts | undefined {
  const role = isObjectPointer(type) ? ROLE_NAMES[name] : undefined;
  return role === undefined ? undefined : { role, why: `the keyword arguments, by the name \`${name}\`` };
}

/** How `entry` gives parameter `index`; undefined if it says nothing of it. */
function entryRole(entry: Entry, index: number): ParameterFacts | undefined {
  const of = `of \`${entry.name}\``;
  const fast = entry.convention.includes("fastcall");
  if (index === entry.argsParam) {
    return fast
      ? { role: "args-array", why: `the argument array ${of}` }
      : { role: "args-tuple", why: `the argument tuple ${of}` };
  }
  if (index === entry.kwargsParam) {
    return fast
      ? { role: "kwnames", why: `the keyword names ${of}` }
      : { role: "kwargs-dict", why: `the private keyword dict ${of}` };
  }
  if (index === entry.selfParam) {
    if (entry.slot === "tp_new" || entry.kind === "class-method") return { role: "type", why: `the class ${of}` };
    if (entry.kind.startsWith("module")) return { role: "module", why: `the module ${of}` };
    return { role: "self", exclusive: entry.exclusivity !== "shared", why: `the instance ${of}` };
  }
  if (entry.objectParams.includes(index)) return { role: "object", why: `an argument ${of}` };
  return undefined;
}

/** What a call does that may reach either function. */
function worseOf(a: CalleeFacts, b: CalleeFacts): CalleeFacts {
  return {
    name: a.name,
    returns: [...a.returns, ...b.returns],
    returnsOwned: a.returnsOwned === b.returnsOwned ? a.returnsOwned : undefined,
    escapes: a.escapes.map((e, i) =>
      e === "yes" || b.escapes[i] === "yes" ? "yes" : e === "no" ? (b.escapes[i] ?? "maybe") : e,
    ),
    steals: a.steals.map((s, i) => s || b.steals[i] === true),
    outputs: a.outputs,
    lockEffects: a.lockEffects,
    mayRunPython: a.mayRunPython || b.mayRunPython,
    maySuspend: a.maySuspend || b.maySuspend,
    threadState: a.threadState === b.threadState ? a.threadState : "unknown",
  };
}
