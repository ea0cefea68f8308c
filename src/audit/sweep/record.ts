/** What a sweep writes down for each target, described by schema/ungil-sweep-1.schema.json. */
import type { Family } from "../../rule-api/types.ts";
import type { AuditSummary } from "../types.ts";
import type { Unpacked } from "./archive/gather.ts";
import type { PackageInfo } from "./package-info.ts";

export const RECORD_VERSION = 1;

/** What decides the result of an audit, beside the input and the version of ungil. */
export interface SweepOptions {
  /** As in 3.13; null: the default. */
  target: string | null;
  /** The oldest Python to assume for every target; null: what each target says. */
  minPython: string | null;
  select: string[];
  ignore: string[];
  include: string[];
  exclude: string[];
  /** Whether configurations and triage files of the targets count. */
  config: boolean;
  /** Whether fixes were built and proven. */
  fixes: boolean;
  /** Whether the findings themselves are in the record. */
  findings: boolean;
}

/** `done`: audited; `no-extension`: there is no extension code in it; the others were not audited. */
export type SweepState = "done" | "no-extension" | "failed" | "timed-out";

/** Findings of one rule, info left out, by what ungil can do about them. */
export interface RuleWork {
  family: Family;
  safe: number;
  review: number;
  manual: number;
  /** Those of them at risk low. */
  low: number;
}

export interface Work {
  /** True if fixes were built and proven; else the numbers are what the rules expect. */
  proven: boolean;
  rules: Record<string, RuleWork>;
}

/** What could not be audited, or only in part, by kind. */
export interface ProblemCount {
  kind: string;
  count: number;
  /** Those of them that kept a file or function from being audited at all. */
  skipped: number;
  /** The first of them. */
  example: string;
}

export interface SweepRecord {
  schemaVersion: 1;
  name: string;
  /** As it was given. */
  path: string;
  state: SweepState;
  /** Why it was not audited; null if it was. */
  reason: string | null;
  tool: { name: string; version: string };
  options: SweepOptions;
  /** Hash of what was read; null if that was not reached. */
  input: string | null;
  package: PackageInfo | null;
  /** Null for folders. */
  archive: Unpacked | null;
  /** As in the JSON report; null if it was not audited. */
  summary: AuditSummary | null;
  work: Work | null;
  problems: ProblemCount[];
  /** As in the JSON report; only if they were asked for. */
  findings?: object[];
}

/** The record of a target that could not be audited. */
export function failedRecord(
  { name, path }: { name: string; path: string },
  state: "failed" | "timed-out",
  reason: string,
  { tool, options }: Pick<SweepRecord, "tool" | "options">,
): SweepRecord {
  return {
    schemaVersion: RECORD_VERSION,
    name,
    path,
    state,
    reason,
    tool,
    options,
    input: null,
    package: null,
    archive: null,
    summary: null,
    work: null,
    problems: [],
  };
}
