/** `ungil scan`: audit files and report. */
import { Command } from "commander";
import { readTriage, withoutDismissed } from "../../src/audit/triage/apply.ts";
import type { AuditResult } from "../../src/audit/types.ts";
import { atLeast, type Risk } from "../../src/rule-api/types.ts";
import {
  type AuditFlags,
  addColorOptions,
  addProjectOptions,
  addSelectionOptions,
  addThresholdOptions,
  givenBy,
  type ThresholdFlags,
} from "../audit-options.ts";
import { interruptible } from "../interruptible.ts";
import { EXIT } from "../output.ts";
import { addReportsOptions, checkReports, type ReportFlags, writeReports } from "../reports.ts";

interface ScanFlags extends AuditFlags, ThresholdFlags, ReportFlags {
  strict?: boolean;
}

export function scanCommand(): Command {
  const command = new Command("scan")
    .description("Audit C and C++ sources of Python extensions (the default command)")
    .argument("[PATH...]", "files and folders to audit (default: the current folder)");
  addReportsOptions(command);
  addThresholdOptions(addSelectionOptions(command));
  addProjectOptions(command).option("--strict", "exit with 2 if something could not be audited");
  return addColorOptions(command)
    .option("-q, --quiet", "findings only: no progress, no summary")
    .option("-v, --verbose", "show everything: mild findings in full, all problems, timing")
    .action(scan);
}

async function scan(paths: string[], flags: ScanFlags, command: Command): Promise<void> {
  const [{ registry }, { audit }, { configure }, { selectRules }, { projectOf }] = await Promise.all([
    import("../../rules/index.generated.ts"),
    import("../../src/audit/session.ts"),
    import("../../src/audit/config/configure.ts"),
    import("../../src/audit/select-rules.ts"),
    import("../../src/project/discover/discover.ts"),
  ]);
  checkReports(flags);
  const { failOn, risk } = flags;
  const settled = await configure({ ...givenBy(paths, flags), failOn, risk }, registry);
  const { options } = settled;
  const triage = readTriage(projectOf(options.paths, options.cwd));
  const audited = await interruptible(flags.quiet === true, ({ signal, onProgress }) =>
    audit(options, { registry, onProgress, signal }),
  );
  if (audited === undefined) return;
  const result = withoutDismissed(audited, triage);
  const rules = selectRules(registry, options.select, options.ignore);
  // Set first: a reader that closes the pipe early ends the program with it.
  process.exitCode = exitCode(result, flags, settled.failOn);
  await writeReports({ result, rules, risk: settled.risk, cwd: options.cwd }, flags, command);
}

/** Skipping generated code is the intended thing to do, not a failure. */
function exitCode(result: AuditResult, flags: ScanFlags, threshold: Risk | "none"): number {
  if (flags.strict && result.problems.some((p) => p.kind !== "generated")) return EXIT.failure;
  if (threshold === "none") return EXIT.clean;
  return result.findings.some((f) => atLeast(f.risk, threshold)) ? EXIT.findings : EXIT.clean;
}
