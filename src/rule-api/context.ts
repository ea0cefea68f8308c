/** What a rule may ask: the function at hand with its analyses, and the project around it. */

import type { FunctionAnalyses } from "../flow/function-analyses.ts";
import type { SharedState } from "../flow/shared/shared-state.ts";
import type { FileFacts, FunctionFacts } from "../ir/facts.ts";
import type { FunctionIr, Span } from "../ir/types.ts";
import type { Declared } from "../project/declared.ts";
import type { Entry, FunctionId, IndexedFunction, ProjectIndex } from "../project/index-types.ts";

/** A minor version of Python 3: `13` is 3.13. */
export type PythonMinor = number;

/** Versions the audit works for, as the user set them. */
export interface TargetOptions {
  /** The free-threaded Python that is audited for: 13, 14 or 15. */
  target: PythonMinor;
  /** The oldest Python the project supports. */
  minPython: PythonMinor;
  /** True if somebody said so; else `minPython` is only assumed. */
  minPythonKnown?: boolean;
}

export interface ProjectContext {
  options: TargetOptions;
  index: ProjectIndex;
  files: readonly FileFacts[];
  /** What the project says of itself beyond its code. */
  declared: Declared;
  /** State that threads share, with every access to it. */
  readonly shared: SharedState;
  /** Analyses of one function, kept for a while; ask for them again rather than keep them. */
  analysesOf(id: FunctionId): FunctionAnalyses;
  /** The function whose code `ir` is; undefined for code that did not come from `analysesOf`. */
  idOf(ir: FunctionIr): FunctionId | undefined;
  /** True if the function, or what it calls by name, may run Python code. */
  mayRunPython(id: FunctionId): boolean;
  /** True if the function, or what it calls by name, may detach the thread state. */
  maySuspend(id: FunctionId): boolean;
  /** True if the function itself takes or releases a lock. */
  locksOf(id: FunctionId): boolean;
  /** Contexts are made once and decoded code is dropped again, so hold ids, not contexts, across functions. */
  functionContext(id: FunctionId): FunctionContext;
}

export interface FunctionContext {
  project: ProjectContext;
  id: FunctionId;
  indexed: IndexedFunction;
  facts: FunctionFacts;
  /** Path of the file that spans of this function point into. */
  file: string;
  /** How the interpreter calls it; empty for a helper. */
  entries: readonly Entry[];
  /** Runs only while a module is initialised. */
  initOnly: boolean;
  /** Decoded on first use. */
  readonly ir: FunctionIr;
  /** Analyses of `ir`, each computed on first use. */
  readonly flow: FunctionAnalyses;
}

/** The place of a span in the function's file. */
export function placeIn(fn: { file: string }, span: Span): { file: string; start: number; end: number } {
  return { file: fn.file, start: span.start, end: span.end };
}
