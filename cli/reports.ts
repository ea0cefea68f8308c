/** The reports of one audit: the one that is shown, and those that are kept in files. */
import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import type { Configured } from "../src/audit/config/configure.ts";
import type { FixPreviews } from "../src/audit/fixing/previews.ts";
import type { AuditResult } from "../src/audit/types.ts";
import { UsageError } from "../src/audit/types.ts";
import type { Reporter } from "../src/report/reporter.ts";
import { FORMATS, type Format, loadReporter } from "../src/report/reporters.ts";
import type { AnyRule } from "../src/rule-api/define-rule.ts";
import { atLeast, type Finding } from "../src/rule-api/types.ts";
import { addReportOptions, colorFor } from "./audit-options.ts";
import { interruptible } from "./interruptible.ts";
import { checkFolderOf, emit } from "./output.ts";

export interface ReportFlags {
  format: Format;
  output?: string;
  report?: FileReport[];
  color?: boolean;
  quiet?: boolean;
  verbose?: boolean;
  /** Whether reports show what fixes would do. */
  fixes: boolean;
}

const FILE_COLUMNS = 80;

interface FileReport {
  format: Format;
  file: string;
}

/** `--format`, `--output`, `--report` and `--no-fixes`. */
export function addReportsOptions(command: Command): Command {
  return addReportOptions(command, FORMATS)
    .option(
      "--report <format=file>",
      "write a further report to a file, as in sarif=ungil.sarif; repeatable",
      parseReport,
    )
    .option("--no-fixes", "html without what fixes would do: faster, nothing has to be proven");
}

function parseReport(text: string, earlier: FileReport[] = []): FileReport[] {
  const [, name, file] = /^([^=]*)=(.+)$/s.exec(text) ?? [];
  const format = FORMATS.find((f) => f === name);
  if (file === undefined) throw new InvalidArgumentError("It must be FORMAT=FILE, as in sarif=ungil.sarif.");
  if (format === undefined) throw new InvalidArgumentError(`The format must be one of ${FORMATS.join(", ")}.`);
  return [...earlier, { format, file }];
}

/** Asked before the audit, which takes long. @throws UsageError if two reports would go to one file, or one to a folder that there is not. */
export function checkReports({ output, report = [] }: ReportFlags): void {
  const seen = new Set<string>();
  for (const file of [output ?? [], report.map((r) => r.file)].flat()) {
    if (seen.has(resolve(file))) throw new UsageError(`two reports would go to ${file}`, "Give each its own file.");
    seen.add(resolve(file));
    checkFolderOf(file);
  }
}

export interface Reported {
  result: AuditResult;
  /** The rules that ran. */
  rules: readonly AnyRule[];
  settled: Configured;
}

/** Renders and writes every report that `flags` ask for, the one for standard output last. @throws UsageError if one cannot be written. */
export async function writeReports(reported: Reported, flags: ReportFlags, command: Command): Promise<void> {
  const { result, rules, settled } = reported;
  const [{ sourceReader }, { reportPaths }] = await Promise.all([
    import("../src/audit/source-reader.ts"),
    import("../src/report/paths.ts"),
  ]);
  const { format, output, report = [], quiet = false, verbose = false } = flags;
  const shared = {
    result,
    rules,
    read: sourceReader(result),
    paths: reportPaths({
      root: result.root,
      realRoot: realpathSync(result.root),
      cwd: settled.options.cwd,
      top: result.project,
    }),
  };
  // What is kept beside the shown report is whole.
  const kept = report.map((r) => ({ ...r, quiet: false }));
  const targets: { reporter: Reporter; file?: string; quiet: boolean }[] = [];
  for (const { format: name, ...target } of [...kept, { format, file: output, quiet }]) {
    targets.push({ reporter: await loadReporter(name), ...target });
  }
  const riskOf = (reporter: Reporter) => settled.risk ?? reporter.defaultRisk;
  const showing = flags.fixes ? targets.filter((t) => t.reporter.showsFixes) : [];
  const shown = result.findings.filter((f) => showing.some((t) => atLeast(f.risk, riskOf(t.reporter))));
  const fixes = showing.length > 0 ? await previews(settled, shown, quiet) : undefined;
  if (showing.length > 0 && fixes === undefined) return;
  for (const { reporter, file, quiet: isQuiet } of targets) {
    const terminal = {
      color: colorFor(command, { color: flags.color, output: file }),
      // A file looks the same whatever window it was written from.
      columns: file === undefined ? (process.stdout.columns ?? FILE_COLUMNS) : FILE_COLUMNS,
      quiet: isQuiet,
      verbose,
    };
    emit(reporter.render({ ...shared, fixes, risk: riskOf(reporter), terminal }), file);
  }
}

/** What `ungil fix` would do for each of `findings`; undefined if the user stopped it. */
async function previews(
  configured: Configured,
  findings: readonly Finding[],
  quiet: boolean,
): Promise<FixPreviews | undefined> {
  const [{ registry }, { settleFix }, { fixPreviews }] = await Promise.all([
    import("../rules/index.generated.ts"),
    import("../src/audit/fixing/fix-settings.ts"),
    import("../src/audit/fixing/previews.ts"),
  ]);
  const settings = settleFix({}, configured);
  return interruptible(quiet, ({ signal, onProgress }) =>
    fixPreviews(configured.options, settings, findings, { registry, signal, onProgress }),
  );
}
