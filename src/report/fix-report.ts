/** What a run of `fix` has to tell, for every reporter. */
import type { FixResult } from "../audit/fixing/fix-project.ts";
import type { ProposalLevel } from "../fix/types.ts";

/** `write`: files were written; `dry-run`: they would be. */
export type FixMode = "write" | "dry-run";

export interface FixReport {
  result: FixResult;
  tool: { name: string; version: string };
  mode: FixMode;
  level: ProposalLevel;
  /** How the edited files were compiled; undefined if they were not. */
  check?: {
    /** The command, or `compile-commands`. */
    command: string;
    passed: string[];
    rejected: { file: string; reason: string }[];
    unchecked: { file: string; reason: string }[];
  };
  /** What is on disk now; undefined if nothing was written. */
  written?: {
    /** Files that have their new text. */
    files: string[];
    /** Files that still have their old one, because the run was stopped. */
    open: string[];
    /** Backups that were made, absolute or relative to the working folder. */
    backups: string[];
    /** The command that takes everything back. */
    undo: string;
  };
}
