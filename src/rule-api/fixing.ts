/** What a rule is asked for a fix of one of its findings, and what it may use for the answer. */
import type { FixContext, Proposal, Withheld } from "../fix/types.ts";
import type { ProjectContext } from "./context.ts";
import type { EvidenceStep, Place, Risk } from "./types.ts";

/** The finding to be fixed, as the rule reported it against the same project. */
export interface FixRequest extends Place {
  rule: string;
  risk: Risk;
  function: string;
  symbol: string;
  message: string;
  evidence: readonly EvidenceStep[];
}

export interface FixingContext extends FixContext {
  project: ProjectContext;
}

/** Best first: the first one is what `fix` applies if its level is asked for. At least one. */
export type FixAnswers = readonly (Proposal | Withheld)[];

export type { FixContext, Proposal, Withheld };
