/** Where a reference that has become the function's own is released: once on every path. */
import type { Definition } from "../../flow/def-use.ts";
import type { FunctionAnalyses } from "../../flow/function-analyses.ts";
import type { FunctionFacts } from "../../ir/facts.ts";
import type { FixSource, SyntaxNode } from "../source.ts";
import type { StatementEdits } from "./statement-edits.ts";

/** A reference that is borrowed in the present code and owned in the edited one. */
export interface OwnedReference {
  source: FixSource;
  facts: FunctionFacts;
  flow: FunctionAnalyses;
  /** What the lending call's result is in the present code: the variable that it is assigned to, or a temporary. */
  definition: Definition;
  /** Variable that holds the reference in the edited text (a new one, or the one that is there). */
  name: string;
  /**
   * The statement with the call. With a new variable, acquired in front of it. Its block is where the reference lives: uses must not
   * be outside.
   */
  statement: SyntaxNode;
  /** True if the edited text leaves the life of the variable where the call gives nothing, so that it is never NULL. */
  nonNull?: boolean;
  /** The variable is new and holds nothing else, so it must not be relied upon outside of `statement`. */
  isNew?: boolean;
}

export type Released =
  | {
      /** Releases were put into the given edits (none may be needed: the reference is handed on). */
      ok: true;
      /** The variable must be NULL where it is declared. */
      needsNullInit: boolean;
    }
  | { ok: false; reason: string };

/** Adds the releases of `reference` to `edits`, or says why it cannot be done; nothing is added then. */
export function planRelease(reference: OwnedReference, edits: StatementEdits): Released {
  void edits;
  void reference;
  return { ok: false, reason: "where it has to be released is not known" };
}
