/**
 * What the analyses of one function are told about the project around it: how parameters arrive, what globals are, what
 * called functions do. Answers are computed when first asked for and kept.
 */

import { mayRunPython, maySuspend } from "../capi/may-run-python.ts";
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
import type { Origin } from "../flow/origin.ts";
import { endOf } from "../flow/points.ts";
import type { FunctionIr } from "../ir/types.ts";
import type { Entry, FunctionId, ProjectIndex } from "../project/index-types.ts";
import type { ProjectContext } from "./context.ts";

/** Longest chain of callees that is looked into for what a call returns. */
const MAX_DEPTH = 24;

export class ProjectEnvironment implements FlowEnvironment {
  private readonly project: ProjectContext;
  private readonly index: ProjectIndex;
  private readonly parameters = new Map<string, ParameterFacts>();
  private readonly callees = new Map<FunctionId, CalleeFacts>();
  private readonly python = new Map<FunctionId, boolean>();
  private readonly suspends = new Map<FunctionId, boolean>();

  constructor(project: ProjectContext) {
    this.project = project;
    this.index = project.index;
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
    if (call.callee === "") return undefined;
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
    if (index < 0) return { role: "self", why: "the object of the method" };
    const facts = this.index.functions[id].facts.params[index];
    if (facts === undefined || entries.length > 0) return { role: "plain", why: "a parameter" };
    const why = `the parameter \`${facts.name}\` of \`${this.index.functions[id].name}\``;
    return { role: isObjectPointer(facts.type) || this.isInstance(id, facts.type) ? "object" : "plain", why };
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

/** The summary of one function; what it returns and where its parameters go is computed when it is asked for. */
class LazyCallee implements CalleeFacts {
  readonly name: string;
  readonly returnsOwned = undefined;
  readonly steals: readonly boolean[] = [];
  readonly outputs: CalleeFacts["outputs"] = [];
  readonly lockEffects: CalleeFacts["lockEffects"] = [];
  readonly threadState = "same";
  private readonly environment: ProjectEnvironment;
  private readonly project: ProjectContext;
  private readonly id: FunctionId;
  private returnsMemo: readonly ReturnFacts[] | undefined;
  private escapesMemo: CalleeFacts["escapes"] | undefined;
  private busy = false;

  constructor(environment: ProjectEnvironment, project: ProjectContext, id: FunctionId) {
    this.environment = environment;
    this.project = project;
    this.id = id;
    this.name = project.index.functions[id].name;
  }

  get returns(): readonly ReturnFacts[] {
    this.returnsMemo ??= this.once(() => returnsOf(this.project.analysesOf(this.id)));
    return this.returnsMemo ?? UNKNOWN_RETURNS;
  }

  get escapes(): CalleeFacts["escapes"] {
    this.escapesMemo ??= this.once(() => escapesOf(this.project.analysesOf(this.id)));
    return this.escapesMemo ?? [];
  }

  get mayRunPython(): boolean {
    return this.environment.mayRunPython(this.id);
  }

  get maySuspend(): boolean {
    return this.environment.maySuspend(this.id);
  }

  /** Undefined while it is being computed already (recursion), or too deep in a chain of calls. */
  private once<T>(compute: () => T): T | undefined {
    if (this.busy || depth >= MAX_DEPTH) return undefined;
    this.busy = true;
    depth++;
    try {
      return compute();
    } finally {
      depth--;
      this.busy = false;
    }
  }
}

let depth = 0;
const UNKNOWN_RETURNS: readonly ReturnFacts[] = [{ kind: "unknown" }];

function returnsOf({ fn, cfg, provenance }: FunctionAnalyses): readonly ReturnFacts[] {
  const returns = new Map<string, ReturnFacts>();
  fn.blocks.forEach(({ term }, block) => {
    if (term.op !== "return" || term.value < 0 || !cfg.reachable[block]) return;
    for (const origin of provenance.of(term.value, endOf(fn, block))) {
      const facts = returnFacts(origin);
      if (facts !== undefined) returns.set(JSON.stringify(facts), facts);
    }
  });
  return [...returns.values()];
}

function escapesOf({ fn, defUse, freshness }: FunctionAnalyses): CalleeFacts["escapes"] {
  return fn.params.map((value) => {
    const [definition] = defUse.definitionsOf(value);
    const found = definition === undefined ? [] : freshness.escapesOf(definition);
    return found.length === 0 ? "no" : found.some((e) => e.certain) ? "yes" : "maybe";
  });
}

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

/** The origin of a returned value as its caller sees it; undefined if it says nothing (NULL). */
function returnFacts(origin: Origin): ReturnFacts | undefined {
  switch (origin.kind) {
    case "null":
      return undefined;
    case "fresh":
      return origin.escaped === undefined ? { kind: "fresh" } : { kind: "unknown" };
    case "immutable":
    case "scalar":
      return { kind: "immutable" };
    case "parameter":
      return origin.index < 0 ? { kind: "unknown" } : { kind: "argument", index: origin.index };
    case "static":
      return { kind: "static", name: origin.name };
    case "field":
    case "item": {
      const [base, ...others] = origin.bases.filter((b) => b.kind !== "null");
      if (base === undefined || others.length > 0) return { kind: "unknown" };
      if (origin.kind === "field") {
        if (base.kind !== "parameter" || base.index < 0) return { kind: "unknown" };
        return { kind: "field-of-argument", index: base.index, path: origin.path };
      }
      if (origin.reference === "new") return { kind: "unknown" };
      if (base.kind === "parameter" && base.index >= 0)
        return { kind: "borrowed-from-argument", index: base.index, api: origin.api };
      if (base.kind === "static") return { kind: "borrowed-from-static", name: base.name, api: origin.api };
      return { kind: "unknown" };
    }
    default:
      return { kind: "unknown" };
  }
}

/** What a call does that may reach either function. */
function worseOf(a: CalleeFacts, b: CalleeFacts): CalleeFacts {
  return {
    name: a.name,
    returnsOwned: undefined,
    steals: [],
    outputs: [],
    lockEffects: [],
    threadState: "same",
    returns: [...a.returns, ...b.returns],
    escapes: a.escapes.map((e, i) =>
      e === "yes" || b.escapes[i] === "yes" ? "yes" : e === "no" ? (b.escapes[i] ?? "maybe") : e,
    ),
    mayRunPython: a.mayRunPython || b.mayRunPython,
    maySuspend: a.maySuspend || b.maySuspend,
  };
}
