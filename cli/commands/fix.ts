/** `ungil fix`: rewrite what can be proven, tell what is left. */
import { realpathSync } from "node:fs";
import { Command, Option } from "commander";
import type { Configured } from "../../src/audit/config/configure.ts";
import type { CheckedResult } from "../../src/audit/fixing/checked.ts";
import type { FixOptions, FixResult } from "../../src/audit/fixing/fix-project.ts";
import type { SettledFix } from "../../src/audit/fixing/fix-settings.ts";
import { isDismissed, readTriage } from "../../src/audit/triage/apply.ts";
import type { AuditOptions } from "../../src/audit/types.ts";
import type { Compat, ProposalLevel } from "../../src/fix/types.ts";
import type { FixReport } from "../../src/report/fix-report.ts";
import type { Risk } from "../../src/rule-api/types.ts";
import {
  type AuditFlags,
  addColorOptions,
  addProjectOptions,
  addReportOptions,
  addSelectionOptions,
  colorFor,
  givenBy,
} from "../audit-options.ts";
import { type Interruptible, interruptible } from "../interruptible.ts";
import { EXIT, emit } from "../output.ts";
import { addOne, parseRisk } from "../values.ts";
import { writeFixes } from "../write-fixes.ts";

export interface FixFlags extends AuditFlags {
  format: "text" | "json";
  output?: string;
  diff?: boolean;
  dryRun?: boolean;
  level?: ProposalLevel;
  risk?: Risk;
  only?: string[];
  backup?: boolean;
  compat?: Compat;
  compatHeader?: string;
  check?: string;
}

const EXAMPLES = `
Examples:
  ungil fix --diff src/ > fixes.patch   what would change, for \`git apply\`
  ungil fix --select borrowed           one family of rules
  ungil fix --level review              also what a person should look at
  ungil fix --check 'cc -fsyntax-only $(python3-config --includes) {file}'
  ungil undo                            take the last run back

Exit status: 0 done, also if findings are left; with --diff and --dry-run 0 if nothing would change and
1 if something would; 2 usage or failure, 130 interrupted.
`;

export function fixCommand(): Command {
  const command = new Command("fix")
    .description("Rewrite what can be proven to be right; `ungil undo` takes it back")
    .argument("[PATH...]", "files and folders to fix (default: the current folder)")
    .addOption(
      new Option("--diff", "print the changes as a patch for `git apply`, write nothing").conflicts([
        "dryRun",
        "format",
      ]),
    )
    .option("--dry-run", "say what would be done, write nothing")
    .addOption(
      new Option(
        "--level <level>",
        "safe: what is proven; review: also what a person should look at (default: safe)",
      ).choices(["safe", "review"]),
    );
  addSelectionOptions(command)
    .option("--risk <level>", "only findings at least this bad: high, medium, low, info", parseRisk)
    .option(
      "--only <finding>",
      "only this finding: its fingerprint, or FILE:LINE; FILE: all of a file; repeatable",
      addOne,
    )
    .option("--backup", "keep each changed file as name.orig")
    .addOption(
      new Option(
        "--compat <how>",
        "how older Pythons get an API (default: pythoncapi-compat if the project has it, else inline)",
      ).choices(["inline", "pythoncapi-compat", "none"]),
    )
    .option("--compat-header <file>", "one header for what older Pythons lack, instead of a block in each file")
    .option(
      "--check <command>",
      "give up fixes of files that no longer compile: a command with {file}, `compile-commands`, or `configured`",
    );
  addReportOptions(command, ["text", "json"]);
  addProjectOptions(command);
  return addColorOptions(command)
    .option("-q, --quiet", "what was fixed only: no progress, nothing of what is left")
    .option("-v, --verbose", "each finding that is left, with what to do")
    .addHelpText("after", EXAMPLES.trimEnd())
    .action(fix);
}

/** A plan, with what a compiler said of it. */
type Plan = { result: FixResult } & Partial<Omit<CheckedResult, "result">>;

async function fix(paths: string[], flags: FixFlags, command: Command): Promise<void> {
  const [{ registry }, { configure }, { settleFix }] = await Promise.all([
    import("../../rules/index.generated.ts"),
    import("../../src/audit/config/configure.ts"),
    import("../../src/audit/fixing/fix-settings.ts"),
  ]);
  const configured = await configure(givenBy(paths, flags), registry);
  const settled = settleFix(flags, configured);
  await interruptible(flags.quiet === true, async (run) => {
    const plan = await planned(configured, settled, flags, run);
    run.clear();
    if (flags.diff) return printDiff(plan, configured, flags, command);
    const report = await reportOf(plan, settled, flags);
    if (!flags.dryRun && plan.result.files.length > 0) {
      report.written = await writeFixes(plan.result, configured.options.cwd, flags.backup === true, run.signal);
    }
    process.exitCode = exitCode(report, run.signal);
    emit(await render(report, configured.options, flags, command), flags.output);
  });
}

async function planned(
  { options }: Configured,
  { check, ...settings }: SettledFix,
  flags: FixFlags,
  run: Interruptible,
): Promise<Plan> {
  const [{ registry }, { fixProject }, { fixProjectChecked }, { onlyThese }] = await Promise.all([
    import("../../rules/index.generated.ts"),
    import("../../src/audit/fixing/fix-project.ts"),
    import("../../src/audit/fixing/checked.ts"),
    import("../../src/audit/fixing/only-these.ts"),
  ]);
  const context = { registry, onProgress: run.onProgress, signal: run.signal };
  const { projectOf } = await import("../../src/project/discover/discover.ts");
  const top = projectOf(options.paths, options.cwd);
  const triage = readTriage(top);
  const asked = await onlyThese(options, { risk: flags.risk, only: flags.only ?? [] }, context);
  const wanted: FixOptions["wanted"] = (finding, applied) =>
    !isDismissed(triage, finding) && (asked?.(finding, applied) ?? true);
  const fixing: FixOptions = { ...settings, wanted };
  if (check === undefined) return { result: await fixProject(options, fixing, context) };
  return fixProjectChecked(options, fixing, { with: check, top, cwd: options.cwd }, context);
}

async function reportOf(
  { result, passed, rejected, unchecked }: Plan,
  settled: SettledFix,
  flags: FixFlags,
): Promise<FixReport> {
  const { toolInfo } = await import("../../src/audit/tool.ts");
  const { check, level } = settled;
  return {
    result,
    tool: toolInfo(),
    mode: flags.dryRun ? "dry-run" : "write",
    level,
    ...(check === undefined
      ? {}
      : {
          check: {
            command: check === "compile-commands" ? check : check.command,
            passed: passed ?? [],
            rejected: rejected ?? [],
            unchecked: unchecked ?? [],
          },
        }),
  };
}

function exitCode({ mode, result, written }: FixReport, signal: AbortSignal): number {
  if (written !== undefined && written.open.length > 0 && signal.aborted) return EXIT.interrupted;
  return mode === "dry-run" && result.files.length > 0 ? EXIT.findings : EXIT.clean;
}

async function printDiff(
  { result, rejected, unchecked }: Plan,
  { options }: Configured,
  flags: FixFlags,
  command: Command,
) {
  process.exitCode = result.files.length > 0 ? EXIT.findings : EXIT.clean;
  if (!flags.quiet) {
    const { diffNote } = await import("../../src/report/fix-text.ts");
    process.stderr.write(diffNote(result, [...(rejected ?? []), ...(unchecked ?? [])]));
  }
  const { emitPatch } = await import("../patch.ts");
  await emitPatch(result, options.cwd, flags, command);
}

async function render(
  report: FixReport,
  { paths, cwd }: AuditOptions,
  flags: FixFlags,
  command: Command,
): Promise<string> {
  const [{ projectOf }, { reportPaths }] = await Promise.all([
    import("../../src/project/discover/discover.ts"),
    import("../../src/report/paths.ts"),
  ]);
  const { root } = report.result;
  const named = reportPaths({ root, realRoot: realpathSync(root), cwd, top: projectOf(paths, cwd) });
  if (flags.format === "json") {
    const { renderFixJson } = await import("../../src/report/fix-json.ts");
    return renderFixJson(report, named);
  }
  const { renderFixText } = await import("../../src/report/fix-text.ts");
  return renderFixText(report, {
    color: colorFor(command, flags),
    columns: process.stdout.columns ?? 80,
    quiet: flags.quiet === true,
    verbose: flags.verbose === true,
    shown: named.shown,
  });
}
