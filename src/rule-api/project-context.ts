/** The contexts that rules get: made once an audit, analyses computed when first asked for. */

import { SharedState } from "../flow/shared/shared-state.ts";
import { decodeFunction } from "../ir/codec.ts";
import type { FileFacts } from "../ir/facts.ts";
import type { FunctionIr } from "../ir/types.ts";
import type { Entry, FunctionId, IndexedFunction, ProjectIndex } from "../project/index-types.ts";
import type { FunctionContext, ProjectContext, TargetOptions } from "./context.ts";

export class Project implements ProjectContext {
  readonly options: TargetOptions;
  readonly index: ProjectIndex;
  readonly files: readonly FileFacts[];
  private sharedState: SharedState | undefined;
  private current: FunctionInProject | undefined;

  constructor(index: ProjectIndex, options: TargetOptions) {
    this.index = index;
    this.files = index.files;
    this.options = options;
  }

  get shared(): SharedState {
    this.sharedState ??= new SharedState(this.index, (fn) => this.decode(fn));
    return this.sharedState;
  }

  /** The code of a function, decoded anew at each call: nothing keeps the code of a whole project in memory. */
  decode(fn: FunctionId): FunctionIr {
    return decodeFunction(this.index.functions[fn].facts.code);
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
  private code: FunctionIr | undefined;

  constructor(project: Project, id: FunctionId) {
    this.project = project;
    this.id = id;
    this.indexed = project.index.functions[id];
    this.entries = project.index.entriesOf(id);
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
    this.code ??= this.project.decode(this.id);
    return this.code;
  }
}
