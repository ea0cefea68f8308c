/** `ungil sweep`: audit many packages, one record each. */
import { Command } from "commander";
import { DEFAULT_LIMITS, MB } from "../../src/audit/sweep/archive/limits.ts";
import { addScopeOptions, addSelectionOptions } from "../audit-options.ts";
import { interruptible } from "../interruptible.ts";
import { EXIT } from "../output.ts";
import { parseJobs, wholeNumber } from "../values.ts";
import { sweepMergeCommand } from "./sweep-merge.ts";

export interface SweepFlags {
  output?: string;
  resume?: boolean;
  shard?: string;
  select?: string[];
  ignore?: string[];
  target?: number;
  minPython?: number;
  include?: string[];
  exclude?: string[];
  withConfig?: boolean;
  fixes?: boolean;
  findings?: boolean;
  reports?: string;
  jobs?: number;
  timeout: number;
  memory: number;
  maxUnpacked: number;
  maxFile: number;
  maxEntries: number;
  maxRatio: number;
  cache: boolean;
  strict?: boolean;
  quiet?: boolean;
}

const EXAMPLES = `
A TARGET is a folder or an archive (.tar.gz, .tgz, .tar, .zip, .whl); any other file is a list of them, one a
line as PATH or NAME = PATH, # for comments; - reads a list from standard input.

Examples:
  ungil sweep sdists/*.tar.gz -o sweep.jsonl
  ungil sweep packages.txt -o sweep.jsonl --resume       go on where a run ended
  ungil sweep packages.txt --shard 3/8 -o sweep-{shard}.jsonl
  ungil sweep merge sweep-*.jsonl --format html -o ranking.html

Exit status: 0 done, also if targets could not be audited (with --strict 2 then); 2 usage or failure; 130
interrupted.
`;

const DEFAULT_TIMEOUT = 600;
const DEFAULT_MEMORY = 4096;
const positive = wholeNumber(1, 1_000_000_000);

export function sweepCommand(): Command {
  const command = new Command("sweep")
    .description("Audit many packages, folders and archives alike, and write one record each as JSON lines")
    .argument("<TARGET...>", "folders, archives and lists of them")
    .option("-o, --output <file>", "write the records to a file, as they come; {shard} stands for the shard")
    .option("--resume", "go on with the file: what is in it and has not changed is not audited again")
    .option("--shard <i/n>", "only one part of n; auto or auto/n: as the job system says")
    .option("--jobs <n>", "targets at a time (default: one for each processor)", parseJobs)
    .option("--timeout <seconds>", "for one target", positive, DEFAULT_TIMEOUT)
    .option("--memory <MB>", "for one target", wholeNumber(64, 1_000_000), DEFAULT_MEMORY)
    .option("--fixes", "also build and prove fixes, in memory, and count them")
    .option("--findings", "put the findings into the records")
    .option("--reports <folder>", "also write the whole JSON report of each target into a folder");
  addScopeOptions(addSelectionOptions(command))
    .option("--with-config", "let the configurations and triage files of the targets count")
    .option("--max-unpacked <MB>", "an archive may unpack to", positive, DEFAULT_LIMITS.unpacked / MB)
    .option("--max-file <MB>", "a file in an archive may unpack to", positive, DEFAULT_LIMITS.file / MB)
    .option("--max-entries <n>", "an archive may have", positive, DEFAULT_LIMITS.entries)
    .option("--max-ratio <n>", "an archive may unpack to n times its size", positive, DEFAULT_LIMITS.ratio)
    .option("--no-cache", "neither read nor write the cache")
    .option("--strict", "exit with 2 if a target could not be audited")
    .option("-q, --quiet", "no progress, no totals")
    .addHelpText("after", EXAMPLES.trimEnd())
    .action(sweep);
  return command.addCommand(sweepMergeCommand());
}

async function sweep(given: string[], flags: SweepFlags): Promise<void> {
  const [{ planOf }, { openOutput }, { runSweep }, { SweepProgress, totals }] = await Promise.all([
    import("../sweep/plan.ts"),
    import("../sweep/sweep-output.ts"),
    import("../sweep/run-sweep.ts"),
    import("../sweep/progress.ts"),
  ]);
  const { shard, ...plan } = await planOf(given, flags);
  const output = await openOutput(flags, shard, plan.targets);
  try {
    const progress = flags.quiet ? undefined : new SweepProgress(process.stderr, plan.targets.length, plan.jobs);
    const states = new Map<string, number>();
    const isDone = await interruptible(
      true,
      ({ signal }) =>
        runSweep(
          { ...plan, earlier: output.earlier },
          {
            onStart: (target) => progress?.started(target),
            onRecord: (target, record, isNew, ms) => {
              output.put(target, record, isNew);
              states.set(record.state, (states.get(record.state) ?? 0) + 1);
              progress?.finished(target, record, isNew, ms);
            },
          },
          signal,
        ),
      ["SIGINT", "SIGTERM", "SIGHUP"],
    );
    progress?.clear();
    if (!isDone) {
      const goOn = output.canResume ? "; the same command with --resume goes on" : "";
      process.stderr.write(`ungil: interrupted${goOn}\n`);
      process.exitCode = EXIT.interrupted;
      return;
    }
    output.finish();
    const failed = (states.get("failed") ?? 0) + (states.get("timed-out") ?? 0);
    process.exitCode = flags.strict && failed > 0 ? EXIT.failure : EXIT.clean;
    if (!flags.quiet) process.stderr.write(totals(states, output.others));
  } finally {
    output.close();
  }
}
