/** An audit as `scan` and `baseline` do it: options, what is known and decided already, and the exit code. */
import { resolve } from "node:path";
import type { Command } from "commander";
import type { Baseline } from "../src/audit/baseline/baseline-file.ts";
import type { Compared } from "../src/audit/baseline/compare.ts";
import type { Base } from "../src/audit/changed/since.ts";
import type { Configured } from "../src/audit/config/configure.ts";
import { readTriage, withoutDismissed } from "../src/audit/triage/apply.ts";
import type { TriageEntries } from "../src/audit/triage/triage.ts";
import type { AuditResult } from "../src/audit/types.ts";
import type { AnyRule } from "../src/rule-api/define-rule.ts";
import { atLeast, type Risk } from "../src/rule-api/types.ts";
import {
  type AuditFlags,
  addColorOptions,
  addProjectOptions,
  addSelectionOptions,
  addThresholdOptions,
  givenBy,
  type ThresholdFlags,
} from "./audit-options.ts";
import { interruptible } from "./interruptible.ts";
import { EXIT } from "./output.ts";
import { addReportsOptions, type ReportFlags } from "./reports.ts";

export interface ScanFlags extends AuditFlags, ThresholdFlags, ReportFlags {
  strict?: boolean;
  baseline?: string | false;
  diff?: string;
}

/** The options of commands that report findings; `strict` says what `--strict` does. */
export function addScanOptions(command: Command, strict: string): Command {
  addReportsOptions(command);
  addThresholdOptions(addSelectionOptions(command));
  addProjectOptions(command)
    .option("--diff <ref>", "only what changed since this commit, branch or tag, committed or not")
    .option("--strict", strict);
  return addColorOptions(command)
    .option("-q, --quiet", "findings only: no progress, no summary")
    .option("-v, --verbose", "show everything: mild findings in full, all problems, timing");
}

/** Where known findings stand. */
export function addBaselineOption(command: Command): Command {
  return command.option("--baseline <file>", "file of known findings (default: .ungil/baseline.json of the project)");
}

/** What is settled before an audit begins. */
export interface Prepared {
  settled: Configured;
  triage: TriageEntries;
  /** Where the baseline is or would be. */
  baselinePath: string;
  /** Undefined: there is none, or none is wanted. */
  baseline: Baseline | undefined;
  /** Undefined: the report is not limited to changes. */
  since: Base | undefined;
  registry: readonly AnyRule[];
}

/** @throws UsageError for what is wrong with options, configuration, triage file or baseline. */
export async function prepare(paths: readonly string[], flags: ScanFlags): Promise<Prepared> {
  const [{ registry }, { configure }, { projectOf }, { defaultBaselinePath, readBaseline }] = await Promise.all([
    import("../rules/index.generated.ts"),
    import("../src/audit/config/configure.ts"),
    import("../src/project/discover/discover.ts"),
    import("../src/audit/baseline/apply.ts"),
  ]);
  const { failOn, risk } = flags;
  const settled = await configure({ ...givenBy(paths, flags), failOn, risk }, registry);
  const { options } = settled;
  const project = projectOf(options.paths, options.cwd);
  const triage = readTriage(project);
  const baselinePath = baselinePathOf(flags, settled) ?? defaultBaselinePath(project);
  const baseline = flags.baseline === false ? undefined : readBaseline(baselinePath, options.cwd);
  const since =
    flags.diff === undefined ? undefined : (await import("../src/audit/changed/since.ts")).baseOf(project, flags.diff);
  return { settled, triage, baselinePath, baseline, since, registry };
}

/** An audit beside its baseline. */
export interface Scanned extends Prepared {
  /** Without what the triage file dismisses; with what the baseline knows. */
  found: AuditResult;
  known?: { baseline: Baseline; compared: Compared };
  /** Those that ran. */
  rules: readonly AnyRule[];
}

/** Audits; undefined if the user interrupted it. @throws UsageError for paths and rules that do not exist. */
export async function scanned(prepared: Prepared, flags: ScanFlags): Promise<Scanned | undefined> {
  const { settled, triage, baseline, registry } = prepared;
  const { options } = settled;
  const [{ audit }, { selectRules }, { compareWith }] = await Promise.all([
    import("../src/audit/session.ts"),
    import("../src/audit/select-rules.ts"),
    import("../src/audit/baseline/apply.ts"),
  ]);
  const audited = await interruptible(flags.quiet === true, ({ signal, onProgress }) =>
    audit(options, { registry, onProgress, signal }),
  );
  if (audited === undefined) return undefined;
  const found = withoutDismissed(audited, triage);
  const rules = selectRules(registry, options.select, options.ignore);
  const known = baseline && { baseline, compared: compareWith(found, baseline, options, registry) };
  return { ...prepared, found, rules, ...(known ? { known } : {}) };
}

/** What the user or the configuration says; undefined if neither does. */
function baselinePathOf({ baseline }: ScanFlags, { config, options }: Configured): string | undefined {
  if (typeof baseline === "string") return resolve(options.cwd, baseline);
  const named = config?.values.baseline;
  return named === undefined ? undefined : resolve(config!.folder, named);
}

/** What is to be reported: without what the baseline knows, and only what changed if that is asked for. */
export async function reported({ found, known, baselinePath, since }: Scanned): Promise<AuditResult> {
  let result = found;
  if (known !== undefined) {
    const { withoutKnown } = await import("../src/audit/baseline/apply.ts");
    result = withoutKnown(result, known.compared, known.baseline, baselinePath);
  }
  if (since === undefined) return result;
  const { onlyChanged } = await import("../src/audit/changed/only-changed.ts");
  return onlyChanged(result, since);
}

/** Skipping generated code is the intended thing to do, not a failure. */
export function scanExitCode(result: AuditResult, { strict }: ScanFlags, threshold: Risk | "none"): number {
  if (strict && result.problems.some((p) => p.kind !== "generated")) return EXIT.failure;
  if (threshold === "none") return EXIT.clean;
  return result.findings.some((f) => atLeast(f.risk, threshold)) ? EXIT.findings : EXIT.clean;
}
