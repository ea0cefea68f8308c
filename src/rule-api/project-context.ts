/** The contexts that rules get: made once an audit, analyses computed when first asked for. */

import { DeclaredLocks } from "../flow/declared-locks.ts";
import { FunctionAnalyses } from "../flow/function-analyses.ts";
import { GuardObjects } from "../flow/guard-objects.ts";
import { SharedState } from "../flow/shared/shared-state.ts";
import { decodeFunction } from "../ir/codec.ts";
import type { FileFacts } from "../ir/facts.ts";
import type { FunctionIr } from "../ir/types.ts";
import { type Declared, NOTHING_DECLARED } from "../project/declared.ts";
import type { Entry, FunctionId, IndexedFunction, ProjectIndex } from "../project/index-types.ts";
import { withProjectTypes } from "../syntax/lower/with-project-types.ts";
import type { FunctionContext, ProjectContext, TargetOptions } from "./context.ts";
import { ProjectEnvironment } from "./flow-environment.ts";

/** Functions whose analyses are kept: a rule asks for callers and callees of the function at hand. */
const KEPT_ANALYSES = 400;

export class Project implements ProjectContext {
  readonly options: TargetOptions;
  readonly index: ProjectIndex;
  readonly files: readonly FileFacts[];
  readonly declared: Declared;
  private sharedState: SharedState | undefined;
  private current: FunctionInProject | undefined;
  private readonly declaredLocks: DeclaredLocks;
  private guardObjects: GuardObjects | undefined;
  private readonly environment: ProjectEnvironment;
  private readonly analyses = new Map<FunctionId, FunctionAnalyses>();
  private readonly locking = new Map<FunctionId, boolean>();
  private readonly ids = new WeakMap<FunctionIr, FunctionId>();

  constructor(index: ProjectIndex, options: TargetOptions, declared: Declared = NOTHING_DECLARED) {
    this.index = index;
    this.files = index.files;
    this.options = options;
    this.declared = declared;
    this.declaredLocks = new DeclaredLocks(declared.locks);
    this.environment = new ProjectEnvironment(this);
  }

  get shared(): SharedState {
    this.sharedState ??= new SharedState(this.index, (fn) => this.decode(fn));
    return this.sharedState;
  }

  /** The code of a function, decoded anew at each call: nothing keeps the code of a whole project in memory. */
  decode(fn: FunctionId): FunctionIr {
    this.guardObjects ??= new GuardObjects(this.index.functions, (id) => this.decodeLocks(id));
    return this.guardObjects.applyTo(this.decodeLocks(fn));
  }

  private decodeLocks(fn: FunctionId): FunctionIr {
    const { facts } = this.index.functions[fn];
    const code = withProjectTypes(decodeFunction(facts.code), {
      member: (type, name) => {
        const struct = this.index.structOfType(facts.file, type);
        const field = struct === undefined ? undefined : this.index.field(struct, name)?.facts;
        return field && !field.isStatic ? { type: field.type, array: field.array } : undefined;
      },
    });
    return this.declaredLocks.applyTo(code, facts.calls);
  }

  analysesOf(id: FunctionId): FunctionAnalyses {
    let found = this.analyses.get(id);
    if (found === undefined) {
      const ir = this.decode(id);
      this.ids.set(ir, id);
      found = new FunctionAnalyses(ir, this.environment);
    } else this.analyses.delete(id);
    this.analyses.set(id, found);
    if (this.analyses.size > KEPT_ANALYSES) {
      const [oldest] = this.analyses.keys();
      this.analyses.delete(oldest);
    }
    return found;
  }

  idOf(ir: FunctionIr): FunctionId | undefined {
    return this.ids.get(ir);
  }

  mayRunPython(id: FunctionId): boolean {
    return this.environment.mayRunPython(id);
  }

  locksOf(id: FunctionId): boolean {
    let known = this.locking.get(id);
    if (known === undefined) {
      const ir = this.analyses.get(id)?.fn ?? this.decode(id);
      known = ir.blocks.some((b) => b.instrs.some((i) => i.op === "lock" || i.op === "unlock"));
      this.locking.set(id, known);
    }
    return known;
  }

  maySuspend(id: FunctionId): boolean {
    return this.environment.maySuspend(id);
  }

  functionContext(id: FunctionId): FunctionContext {
    if (this.current?.id !== id) this.current = new FunctionInProject(this, id);
    return this.current;
  }
}

class FunctionInProject implements FunctionContext {
  readonly project: Project;
  readonly id: FunctionId;
  readonly indexed: IndexedFunction;
  readonly entries: readonly Entry[];
  readonly flow: FunctionAnalyses;

  constructor(project: Project, id: FunctionId) {
    this.project = project;
    this.id = id;
    this.indexed = project.index.functions[id];
    this.entries = project.index.entriesOf(id);
    this.flow = project.analysesOf(id);
  }

  get facts() {
    return this.indexed.facts;
  }

  get file(): string {
    return this.facts.file;
  }

  get initOnly(): boolean {
    return this.indexed.concurrency === "init-only";
  }

  get ir(): FunctionIr {
    return this.flow.fn;
  }
}
