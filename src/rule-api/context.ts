/** What a rule may ask: the function at hand with its analyses, and the project around it. */
import type { FileFacts, FunctionFacts } from "../ir/facts.ts";
import type { FunctionIr } from "../ir/types.ts";

/** Versions the audit works for, as the user set them. */
export interface TargetOptions {
  /** The free-threaded Python that is audited for. */
  target: "3.13" | "3.14" | "3.15";
  /** The oldest Python the project supports, `[3, minor]`. */
  minPython: [number, number];
}

export interface ProjectContext {
  options: TargetOptions;
  files: readonly FileFacts[];
}

export interface FunctionContext {
  project: ProjectContext;
  facts: FunctionFacts;
  /** Decoded on first use. */
  readonly ir: FunctionIr;
}
