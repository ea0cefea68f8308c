/** `ungil sweep merge`: records of one or more sweeps into one ranking. */
import { readFileSync } from "node:fs";
import { Command, Option } from "commander";
import { SORTS, type Sort } from "../../src/audit/sweep/ranking/sorts.ts";
import type { SweepRecord } from "../../src/audit/sweep/record.ts";
import { UsageError } from "../../src/audit/types.ts";
import { visible } from "../../src/report/visible.ts";
import { EXIT, emit } from "../output.ts";

const FORMATS = ["markdown", "html", "csv", "json", "jsonl"] as const;

interface MergeFlags {
  format?: (typeof FORMATS)[number];
  output?: string;
  list?: string;
  popularity?: string;
  sort: Sort;
  strict?: boolean;
}

const HELP = `
Of several records of one target the last one counts, but no failure replaces an audit. jsonl writes the records
themselves, as one sweep over all targets would have.

Exit status: 0 done; with --strict 2 if targets are missing or could not be audited; 2 usage or failure.
`;

export function sweepMergeCommand(): Command {
  return new Command("merge")
    .description("Merge the records of sweeps, shards too, and rank the packages: what to take next")
    .argument("<FILE...>", "records that `ungil sweep` wrote")
    .addOption(new Option("--format <format>", "form of the ranking (default: markdown)").choices(FORMATS))
    .option("-o, --output <file>", "write it to a file")
    .option("--list <file>", "the list that was swept: targets without a record are named")
    .option("--popularity <file>", "CSV or JSON with a number for each package, such as its downloads")
    .addOption(new Option("--sort <by>", "order of the packages").choices(SORTS).default("score"))
    .option("--strict", "exit with 2 if targets are missing or could not be audited")
    .addHelpText("after", HELP.trimEnd())
    .action(merge);
}

async function merge(files: string[], _: MergeFlags, command: Command): Promise<void> {
  const flags = flagsOf(command);
  const { format = "markdown", list, popularity, sort } = flags;
  const { rank } = await import("../../src/audit/sweep/ranking/rank.ts");
  const { parsePopularity } = await import("../../src/audit/sweep/ranking/popularity.ts");
  const records = await mergedRecords(files);
  const ranking = rank({
    records,
    sort,
    ...(popularity === undefined ? {} : { popularity: parsePopularity(textOf(popularity), visible(popularity)) }),
    ...(list === undefined ? {} : { wanted: (await import("../sweep/plan.ts")).targetsOf([list]).map((t) => t.name) }),
  });
  emit(await rendered(), flags.output);
  const open = ranking.packages.filter((p) => p.group === "missing" || p.group === "not-audited");
  process.exitCode = flags.strict && open.length > 0 ? EXIT.failure : EXIT.clean;

  async function rendered(): Promise<string> {
    switch (format) {
      case "markdown":
        return (await import("../../src/report/sweep/markdown.ts")).renderMarkdown(ranking, sort);
      case "html": {
        const { toolInfo } = await import("../../src/audit/tool.ts");
        return (await import("../../src/report/sweep/html.ts")).renderHtml(ranking, toolInfo());
      }
      case "csv":
        return (await import("../../src/report/sweep/csv.ts")).renderCsv(ranking);
      case "json":
        return (await import("../../src/report/sweep/json.ts")).renderRankingJson(ranking, sort);
      case "jsonl": {
        const { recordLine } = await import("../../src/audit/sweep/records.ts");
        return records.map(recordLine).join("");
      }
    }
  }
}

/** Options that `sweep` has too are taken by it, wherever they stand; its others mean nothing here. */
function flagsOf(command: Command): MergeFlags {
  const { parent } = command;
  const foreign = parent?.options.find(
    (option) =>
      parent.getOptionValueSource(option.attributeName()) === "cli" &&
      !command.options.some((own) => own.long === option.long),
  );
  if (foreign !== undefined) throw new UsageError(`sweep merge has no option ${foreign.long}`);
  return command.optsWithGlobals<MergeFlags>();
}

async function mergedRecords(files: readonly string[]): Promise<SweepRecord[]> {
  const { lastOfEach, merged, readRecords } = await import("../../src/audit/sweep/records.ts");
  return merged(
    files.map((file) => {
      const { records, isTorn } = readRecords(bytesOf(file), visible(file));
      if (isTorn) process.stderr.write(`ungil: the last line of ${visible(file)} is not finished, and left out\n`);
      return lastOfEach(records);
    }),
  );
}

function textOf(file: string): string {
  return bytesOf(file).toString("utf8");
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UsageError(`cannot read ${visible(file)} (${(error as NodeJS.ErrnoException).code})`);
  }
}
