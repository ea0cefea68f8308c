/** `ungil baseline`: what is known and not to be reported again. */
import { existsSync } from "node:fs";
import { dirname, relative } from "node:path";
import { Command } from "commander";
import type { Baseline } from "../../src/audit/baseline/baseline-file.ts";
import { UsageError } from "../../src/audit/types.ts";
import { addProjectOptions, addSelectionOptions } from "../audit-options.ts";
import { EXIT, emit } from "../output.ts";
import { checkReports, writeReports } from "../reports.ts";
import {
  addBaselineOption,
  addScanOptions,
  type Prepared,
  prepare,
  reported,
  type ScanFlags,
  type Scanned,
  scanExitCode,
  scanned,
} from "../scanning.ts";

interface WriteFlags extends ScanFlags {
  prune?: boolean;
}

const EXAMPLES = `
Examples:
  ungil baseline create           record what is found today
  ungil                           from now on shows what is new
  ungil baseline check            in CI: exits with 1 if something is new
  ungil baseline update --prune   take out what was fixed, add nothing
`;

export function baselineCommand(): Command {
  return new Command("baseline")
    .description("Record known findings, so that only new ones are reported")
    .addCommand(writing("create", "Record the findings of today; there must be no baseline yet").action(create))
    .addCommand(
      writing("update", "Add new findings to the baseline, take out those that are gone")
        .option("--prune", "only take out, add nothing")
        .action(update),
    )
    .addCommand(checkCommand())
    .addHelpText("after", EXAMPLES.trimEnd());
}

function writing(name: string, description: string): Command {
  const command = new Command(name)
    .description(description)
    .argument("[PATH...]", "files and folders to audit (default: the current folder)");
  addProjectOptions(addSelectionOptions(addBaselineOption(command)));
  return command.option("-q, --quiet", "say nothing if all goes well");
}

function checkCommand(): Command {
  const command = new Command("check")
    .description("Report what is new; for CI")
    .argument("[PATH...]", "files and folders to audit (default: the current folder)");
  addBaselineOption(command);
  const strict = "exit with 1 if known findings are gone, with 2 if something could not be audited";
  return addScanOptions(command, strict).action(check);
}

async function create(paths: string[], flags: WriteFlags): Promise<void> {
  const prepared = await prepare(paths, flags);
  const shown = relative(prepared.settled.options.cwd, prepared.baselinePath);
  if (existsSync(prepared.baselinePath)) {
    throw new UsageError(`there is a baseline already: ${shown}`, "`ungil baseline update` brings it up to date.");
  }
  const scan = await scanned(prepared, flags);
  if (scan === undefined) return;
  const { created } = await import("../../src/audit/baseline/update.ts");
  const baseline = created(scan.found);
  await write(scan, baseline, flags, ({ createdText }) => createdText(shown, baseline.entries.length));
}

async function update(paths: string[], flags: WriteFlags): Promise<void> {
  const scan = await scanned(await withBaseline(paths, flags), flags);
  if (scan?.known === undefined) return;
  const { found, known, baselinePath, settled } = scan;
  const { updated } = await import("../../src/audit/baseline/update.ts");
  const result = updated(found, known.compared, flags.prune === true);
  const shown = relative(settled.options.cwd, baselinePath);
  await write(scan, result.baseline, flags, ({ updatedText }) => updatedText(shown, result, known.baseline.target));
}

async function check(paths: string[], flags: ScanFlags, command: Command): Promise<void> {
  checkReports(flags);
  const scan = await scanned(await withBaseline(paths, flags), flags);
  if (scan === undefined) return;
  const { settled, rules } = scan;
  const result = await reported(scan);
  const isStale = flags.strict === true && (result.summary.baseline?.gone ?? 0) > 0;
  process.exitCode = scanExitCode(result, flags, settled.failOn) || (isStale ? EXIT.findings : EXIT.clean);
  await writeReports({ result, rules, settled }, flags, command);
}

/** @throws UsageError if there is no baseline. */
async function withBaseline(paths: readonly string[], flags: ScanFlags): Promise<Prepared> {
  const prepared = await prepare(paths, flags);
  const { baseline, baselinePath, settled } = prepared;
  if (baseline !== undefined) return prepared;
  const shown = relative(settled.options.cwd, baselinePath);
  throw new UsageError(`there is no baseline yet: ${shown}`, "`ungil baseline create` makes one.");
}

/** @throws UsageError if the file cannot be written. */
async function write(
  { baselinePath, settled }: Scanned,
  baseline: Baseline,
  { quiet }: WriteFlags,
  text: (texts: typeof import("../../src/report/baseline-text.ts")) => string,
): Promise<void> {
  const [{ renderBaseline }, { writeShared }, { GitIgnore }, texts] = await Promise.all([
    import("../../src/audit/baseline/baseline-file.ts"),
    import("../../src/audit/shared-file.ts"),
    import("../../src/project/discover/gitignore.ts"),
    import("../../src/report/baseline-text.ts"),
  ]);
  const shown = relative(settled.options.cwd, baselinePath);
  try {
    writeShared(baselinePath, renderBaseline(baseline));
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new UsageError(`cannot write the baseline ${shown} (${reason})`, "--baseline FILE names another place.");
  }
  if (!quiet) emit(text(texts));
  if (new GitIgnore(dirname(baselinePath)).ignores(baselinePath)) process.stderr.write(texts.ignoredText(shown));
}
