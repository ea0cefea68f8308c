/** What an audit is asked, and what it answers: plain data, ready for any reporter. */
import type { Problem } from "../ir/facts.ts";
import type { Declared } from "../project/declared.ts";
import type { Excluded, Pattern } from "../project/discover/discover.ts";
import type { ProjectContext, TargetOptions } from "../rule-api/context.ts";
import type { AnyRule } from "../rule-api/define-rule.ts";
import type { Family, Finding, Risk } from "../rule-api/types.ts";

export interface AuditOptions extends TargetOptions {
  /** Files and folders to audit, absolute or relative to `cwd`. */
  paths: string[];
  cwd: string;
  /** Globs added to and removed from what discovery takes. */
  include: Pattern[];
  exclude: Pattern[];
  /** Names of rules or families; an empty `select` means all. */
  select: string[];
  ignore: string[];
  /** Worker threads for the per-file stage; 0 lets the session choose. The result never depends on it. */
  jobs: number;
  cache: boolean;
  /** Overrides the user's cache folder. */
  cacheDir?: string;
  /** What the project's configuration says of the code. */
  declared?: Declared;
  /** Absolute path of the configuration file that these options come from; only named in the result. */
  configFile?: string;
  /** Absolute path of the folder from which it was searched upwards; undefined if it was named, or none was wanted. */
  configFrom?: string;
}

export interface AuditContext {
  registry: readonly AnyRule[];
  onProgress?: (event: ProgressEvent) => void;
  /** Gets the project that the rules looked at; not called if the result came out of the cache as a whole. */
  onProject?: (project: ProjectContext) => void;
  signal?: AbortSignal;
}

export type Phase = "discover" | "read" | "analyse" | "index" | "rules" | "fixes";

/** `done`/`total` count files, in the phase `rules` functions, in `fixes` findings. `file` is the one that was finished last. */
export interface ProgressEvent {
  phase: Phase;
  done: number;
  total: number;
  functions: number;
  findings: number;
  file: string;
}

export interface ModuleSummary {
  name: string;
  file: string;
  line: number;
  /** How it is initialised: `single`, `multi`, `export` or `framework`. */
  phase: string;
  /** What it says about the GIL: `yes` (not used), `no` (silent), `used`, `unknown`. */
  declared: string;
  framework: string;
  risks: Record<Risk, number>;
}

/** What belongs to a module, beyond its counts. */
export interface ModuleDetail {
  /** Files whose code the module reaches, sorted; several modules may share one. */
  files: string[];
  /** Places that declare whether the GIL is needed. */
  declaredAt: { file: string; line: number }[];
}

export interface AuditSummary {
  target: string;
  minPython: string;
  /** False if nothing says which Pythons are supported. */
  minPythonKnown: boolean;
  /** The configuration file, relative to the root, with forward slashes; null if there is none. */
  config: string | null;
  files: number;
  functions: number;
  bytes: number;
  lines: number;
  modules: ModuleSummary[];
  /** Findings by risk over everything that the selected rules found. */
  risks: Record<Risk, number>;
  families: Record<Family, Record<Risk, number>>;
  rules: Record<string, number>;
  /** Findings that comments in the code suppress; they count nowhere else. */
  suppressed: number;
  /** The baseline whose findings are left out; null if there is none. */
  baseline: BaselineSummary | null;
  /** Set if only what changed is reported, else null. */
  diff: DiffSummary | null;
}

/** What the report is limited to. */
export interface DiffSummary {
  /** As the user wrote it. */
  ref: string;
  /** The merge base of it and HEAD. */
  base: string;
  /** Findings elsewhere; they count nowhere else. */
  hidden: number;
}

export interface BaselineSummary {
  /** Relative to the root, with forward slashes. */
  file: string;
  /** The free-threaded Python that it was made for, as in 3.13. */
  target: string;
  /** Findings that it knows; they count nowhere else. */
  known: number;
  /** Those of them that are worse than when they were recorded. */
  worse: number;
  /** Entries whose finding is gone; null if nobody can tell, because it was made for another Python. */
  gone: number | null;
}

export interface Timing {
  /** Milliseconds of wall time. */
  total: number;
  phases: Partial<Record<Phase, number>>;
  jobs: number;
  cache: "off" | "cold" | "partial" | "warm";
  /** Files whose facts came out of the cache. */
  cacheHits: number;
}

/** A finding before its fingerprint, which needs the source. */
export type Located = Omit<Finding, "fingerprint">;

export interface AuditResult {
  /** Absolute path that `Finding.file` is relative to. */
  root: string;
  /** Absolute path of the folder that keeps what belongs to the project: triage, baseline, journal. */
  project: string;
  tool: { name: string; version: string };
  options: TargetOptions;
  summary: AuditSummary;
  /** Every file that was looked at, sorted. */
  scanned: string[];
  /** In the order of `summary.modules`. */
  modules: ModuleDetail[];
  /** Sorted by file, place and rule. */
  findings: Finding[];
  /** Sorted by file and place. */
  problems: Problem[];
  excluded: Excluded[];
  /** Hash of the bytes and encoding of every file that a finding or its evidence points into. */
  sources: Record<string, { hash: string; encoding: string }>;
  timing: Timing;
}

/** A mistake of the user (unknown rule, missing path): `message` says what, `hint` what to do next. */
export class UsageError extends Error {
  readonly hint: string;
  constructor(message: string, hint = "") {
    super(message);
    this.name = "UsageError";
    this.hint = hint;
  }
}

export function noSuchPath(missing: readonly string[], cwd: string): UsageError {
  return new UsageError(`no such file or folder: ${missing.join(", ")}`, `Paths are relative to ${cwd}.`);
}
