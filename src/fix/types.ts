/**
 * What a fix is, from the builder that proposes it to the plan that is written. All offsets are zero-based UTF-16 offsets
 * into the text that the scan saw.
 */
import type { FunctionAnalyses } from "../flow/function-analyses.ts";
import type { SharedState } from "../flow/shared/shared-state.ts";
import type { FunctionIr, Span } from "../ir/types.ts";
import type { Declared } from "../project/declared.ts";
import type { FunctionId, ProjectIndex } from "../project/index-types.ts";
import type { Edit } from "../text/edits.ts";
import type { FixSource } from "./source.ts";

/** An edit of one file; `text` has `\n` line breaks, the plan gives it those of the file. */
export interface FileEdit extends Edit {
  file: string;
}

/** `safe`: applied unread; `review`: written when asked for, a person looks at it. */
export type ProposalLevel = "safe" | "review";

/** A change that removes the finding. Levels are claims: verification lowers what it cannot confirm. */
export interface Proposal {
  level: ProposalLevel;
  /** Imperative and short, no full stop: "use `PyList_GetItemRef` and release the reference". */
  title: string;
  edits: FileEdit[];
  /** APIs and macros in the edits that the oldest supported Python may lack; the plan adds what defines them, by file. */
  needs: string[];
  /** What a person should look at; empty at level safe. */
  review: string[];
  /** Functions whose body moves under another name: old name to new. */
  renames?: Record<string, string>;
  /** Further findings that the edits remove, by rule and function; the plan does not ask for their own fix in this round. */
  alsoFixes?: { rule: string; function: string }[];
  /** Functions that return a new reference from now on, on every path that returns an object; it is proven of the edited text. */
  returnsNew?: { file: string; function: string }[];
  /**
   * The lending call, if on every path on which it gives an object the present code takes a reference of its own before anything else can
   * happen to it, and that increment goes away: from there on the new reference is what the old one was.
   */
  takesOver?: Span;
}

/** No change is offered, and why; `recipe` says what a person would do, step by step. */
export interface Withheld {
  level: "manual";
  reason: string;
  recipe?: string[];
}

/** How Pythons that lack an API get it: a block in the file, pythoncapi_compat.h, or not at all. */
export type Compat = "inline" | "pythoncapi-compat" | "none";

export interface FixSettings {
  /** Undefined: pythoncapi-compat if the project has the header, else inline. */
  compat?: Compat;
  /** Header, relative to the scanned root, that takes the compatibility block instead of each file. */
  compatHeader?: string;
}

/** What builders may know of the project; the rules' project context is one. */
export interface FixProject {
  options: { target: number; minPython: number; minPythonKnown?: boolean };
  index: ProjectIndex;
  declared: Declared;
  readonly shared: SharedState;
  analysesOf(id: FunctionId): FunctionAnalyses;
  idOf(ir: FunctionIr): FunctionId | undefined;
}

export interface FixContext {
  project: FixProject;
  settings: FixSettings;
  /** The text of a file with its syntax tree; undefined if it is not there (any more) or cannot be read. */
  source(file: string): FixSource | undefined;
  /** The text of a file below the scanned root that the scan left out, such as a copy of another project's header. */
  unscanned?(file: string): string | undefined;
}
