/** `ungil scan`: audit files and report. */
import { Command, Option } from "commander";
import { UsageError } from "../../src/audit/types.ts";
import { addIgnores, checkReason, type IgnoreFlags } from "../add-ignores.ts";
import { checkReports, writeReports } from "../reports.ts";
import { addBaselineOption, addScanOptions, prepare, reported, scanExitCode, scanned } from "../scanning.ts";

export function scanCommand(): Command {
  const command = new Command("scan")
    .description("Audit C and C++ sources of Python extensions (the default command)")
    .argument("[PATH...]", "files and folders to audit (default: the current folder)");
  addScanOptions(command, "exit with 2 if something could not be audited");
  return addBaselineOption(command)
    .option("--no-baseline", "show known findings too")
    .addOption(
      new Option(
        "--add-ignores <reason>",
        "write comments that suppress what is found (--risk: low if not given); `ungil undo` takes them back",
      ).conflicts(["format", "report"]),
    )
    .option("--dry-run", "with --add-ignores: print the comments as a patch, write nothing")
    .action(scan);
}

async function scan(paths: string[], flags: IgnoreFlags, command: Command): Promise<void> {
  const { addIgnores: given, dryRun } = flags;
  if (dryRun && given === undefined) throw new UsageError("--dry-run is for --add-ignores: a scan writes nothing");
  const reason = given === undefined ? undefined : await checkReason(given);
  checkReports(flags);
  const prepared = await prepare(paths, flags);
  if (typeof flags.baseline === "string" && prepared.baseline === undefined) {
    throw new UsageError(
      `there is no baseline ${flags.baseline}`,
      "`ungil baseline create --baseline FILE` makes one.",
    );
  }
  const scan = await scanned(prepared, flags);
  if (scan === undefined) return;
  const { settled, rules } = scan;
  const result = await reported(scan);
  if (reason !== undefined) return addIgnores(scan, result, reason, flags, command);
  // Set first: a reader that closes the pipe early ends the program with it.
  process.exitCode = scanExitCode(result, flags, settled.failOn);
  await writeReports({ result, rules, settled }, flags, command);
}
