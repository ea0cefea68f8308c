/** A porting plan and the readiness of modules, as plain data for renderers. */
import type { Problem } from "../../ir/facts.ts";
import type { Excluded } from "../../project/discover/discover.ts";
import type { Quote } from "../../project/packaging/types.ts";
import type { Finding, Risk } from "../../rule-api/types.ts";
import type { ModuleSummary } from "../types.ts";

/**
 * `ready`: declared, nothing high or medium. `nearly`: nothing high but the declaration, few medium. `not started`: not declared,
 * much to do, and nothing made for free threading in its code. `work`: everything between. `not audited`: made from sources
 * that ungil does not read.
 */
export const VERDICTS = ["ready", "nearly", "work", "not started", "not audited"] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface ModuleReadiness {
  module: ModuleSummary;
  /** Places that declare whether the GIL is needed. */
  declaredAt: { file: string; line: number }[];
  verdict: Verdict;
  /** Findings in the files that it reaches; those of shared files count for each module. */
  risks: Record<Risk, number>;
  /** Findings of risk high and medium that have a fix which can be written. */
  fixable: number;
  /** Files that it shares with other modules. */
  shared: number;
}

/** Findings in files that no module reaches. */
export interface Unclaimed {
  files: string[];
  risks: Record<Risk, number>;
}

export type CheckState = "done" | "partly" | "missing" | "unknown" | "not needed";

/** One question about packaging or tests, with its answer. */
export interface Check {
  /** Stable word for machines. */
  id: string;
  title: string;
  state: CheckState;
  /** One sentence; text of the project stands in `evidence` alone. */
  summary: string;
  evidence: Quote[];
  /** What to do next; empty if nothing. */
  advice: string;
  /** What to write, if that can be shown. */
  snippet?: { language: string; text: string };
}

/** Everything about a project that can be said at once, without fixing anything. */
export interface Readiness {
  /** Name of the package; undefined if it is not stated. */
  name?: string;
  modules: ModuleReadiness[];
  unclaimed: Unclaimed;
  checks: Check[];
  /** The worst of the modules that are audited; `not audited` if none is. */
  overall: Verdict;
}

/** What `ungil fix` can do about some findings. */
export interface Fixable {
  /** Proven: they go away without a look. */
  safe: number;
  /** Written, for a person to look at. */
  review: number;
  /** Why the others stay, most frequent first. */
  left: { reason: string; count: number; rule: string; recipe: string[] }[];
}

/** What one person does in one pull request. */
export interface PlanTask {
  /** Stable within the project: phase and files. */
  id: string;
  title: string;
  files: string[];
  /** Worst first. */
  findings: Finding[];
  risks: Record<Risk, number>;
  /** Findings by rule, most frequent first. */
  rules: [rule: string, count: number][];
  /** Undefined if the fixes were not computed. */
  fix?: Fixable;
  /** Logins of people that the triage names for its findings. */
  assignees: string[];
}

export interface PlanPhase {
  id: PhaseId;
  title: string;
  /** Why it comes where it does, in a sentence or two. */
  why: string;
  tasks: PlanTask[];
  checks: Check[];
}

export type PhaseId =
  | "globals"
  | "instance-state"
  | "borrowed"
  | "containers"
  | "memory"
  | "tests"
  | "packaging"
  | "declare";

export interface Plan {
  tool: { name: string; version: string };
  /** Name of the package, else of the project's folder. */
  project: string;
  target: string;
  minPython: string;
  readiness: Readiness;
  phases: PlanPhase[];
  /** Findings of risk high, medium and low that are tasks. */
  risks: Record<Risk, number>;
  /** Findings that only inform; they are no tasks. */
  informing: { rule: string; count: number }[];
  /** Over all tasks; undefined if the fixes were not computed. */
  fix?: Fixable;
  /** Findings that comments or the triage dismiss; they are in no task. */
  dismissed: number;
  files: number;
  functions: number;
  problems: Problem[];
  excluded: Excluded[];
}
