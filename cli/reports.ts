/** The reports of one audit: the one that is shown, and those that are kept in files. */
import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import type { AuditResult } from "../src/audit/types.ts";
import { UsageError } from "../src/audit/types.ts";
import { FORMATS, type Format, loadReporter } from "../src/report/reporters.ts";
import type { AnyRule } from "../src/rule-api/define-rule.ts";
import type { Risk } from "../src/rule-api/types.ts";
import { addReportOptions, colorFor } from "./audit-options.ts";
import { emit } from "./output.ts";

export interface ReportFlags {
  format: Format;
  output?: string;
  report?: FileReport[];
  color?: boolean;
  quiet?: boolean;
  verbose?: boolean;
}

const FILE_COLUMNS = 80;

interface FileReport {
  format: Format;
  file: string;
}

/** `--format`, `--output` and `--report`. */
export function addReportsOptions(command: Command): Command {
  return addReportOptions(command, FORMATS).option(
    "--report <format=file>",
    "write a further report to a file, as in sarif=ungil.sarif; repeatable",
    parseReport,
  );
}

function parseReport(text: string, earlier: FileReport[] = []): FileReport[] {
  const [, name, file] = /^([^=]*)=(.+)$/s.exec(text) ?? [];
  const format = FORMATS.find((f) => f === name);
  if (file === undefined) throw new InvalidArgumentError("It must be FORMAT=FILE, as in sarif=ungil.sarif.");
  if (format === undefined) throw new InvalidArgumentError(`The format must be one of ${FORMATS.join(", ")}.`);
  return [...earlier, { format, file }];
}

/** @throws UsageError if two reports would go to one file. Asked before the audit, which takes long. */
export function checkReports({ output, report = [] }: ReportFlags): void {
  const seen = new Set<string>();
  for (const file of [output ?? [], report.map((r) => r.file)].flat()) {
    if (seen.has(resolve(file))) throw new UsageError(`two reports would go to ${file}`, "Give each its own file.");
    seen.add(resolve(file));
  }
}

export interface Reported {
  result: AuditResult;
  /** The rules that ran. */
  rules: readonly AnyRule[];
  /** Mildest risk that the user wants to see; each report has its own default. */
  risk: Risk | undefined;
  cwd: string;
}

/** Renders and writes every report that `flags` ask for, the one for standard output last. @throws UsageError if one cannot be written. */
export async function writeReports({ result, rules, risk, cwd }: Reported, flags: ReportFlags, command: Command) {
  const [{ sourceReader }, { reportPaths }] = await Promise.all([
    import("../src/audit/source-reader.ts"),
    import("../src/report/paths.ts"),
  ]);
  const { format, output, report = [], quiet = false, verbose = false } = flags;
  const shared = {
    result,
    rules,
    read: sourceReader(result),
    paths: reportPaths({ root: result.root, realRoot: realpathSync(result.root), cwd, top: result.project }),
  };
  // What is kept beside the shown report is whole.
  const kept = report.map((r) => ({ ...r, quiet: false }));
  for (const { format: name, file, quiet: isQuiet } of [...kept, { format, file: output, quiet }]) {
    const reporter = await loadReporter(name);
    const terminal = {
      color: colorFor(command, { color: flags.color, output: file }),
      // A file looks the same whatever window it was written from.
      columns: file === undefined ? (process.stdout.columns ?? FILE_COLUMNS) : FILE_COLUMNS,
      quiet: isQuiet,
      verbose,
    };
    emit(reporter.render({ ...shared, risk: risk ?? reporter.defaultRisk, terminal }), file);
  }
}
