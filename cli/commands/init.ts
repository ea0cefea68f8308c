/** `ungil init`: look at the project and write a first configuration. */
import { existsSync, statSync } from "node:fs";
import { relative, resolve } from "node:path";
import { Command } from "commander";
import type { InitPlace } from "../../src/audit/init/place.ts";
import type { Survey } from "../../src/audit/init/survey.ts";
import { UsageError } from "../../src/audit/types.ts";
import { quoted } from "../../src/fix/check/shell-words.ts";
import { visible } from "../../src/report/visible.ts";
import { interruptible } from "../interruptible.ts";
import { emit } from "../output.ts";
import { parseJobs } from "../values.ts";

interface InitFlags {
  standalone?: boolean;
  dryRun?: boolean;
  quiet?: boolean;
  jobs?: number;
  cache: boolean;
}

export function initCommand(): Command {
  return new Command("init")
    .description("Audit the project and write a commented configuration for it")
    .argument("[PATH]", "folder of the project (default: the current one)")
    .option("--standalone", "write ungil.toml, even if there is a pyproject.toml")
    .option("--dry-run", "print what would be written, write nothing")
    .option("--jobs <n>", "worker threads (default: chosen by size)", parseJobs)
    .option("--no-cache", "neither read nor write the cache")
    .option("-q, --quiet", "no progress, and nothing of what to do next")
    .action(init);
}

async function init(path: string | undefined, flags: InitFlags): Promise<void> {
  const cwd = process.cwd();
  const folder = resolve(path ?? ".");
  if (!existsSync(folder)) throw new UsageError(`no such folder: ${path}`, `Paths are relative to ${cwd}.`);
  if (!statSync(folder).isDirectory()) throw new UsageError(`not a folder: ${path}`, "Give the folder of the project.");
  const [{ initPlace, withBlock, writeInit }, { configure }, { registry }] = await Promise.all([
    import("../../src/audit/init/place.ts"),
    import("../../src/audit/config/configure.ts"),
    import("../../rules/index.generated.ts"),
  ]);
  const place = await initPlace(folder, cwd, flags.standalone === true);
  const configured = await configure(
    { cwd, paths: [folder], config: false, cache: flags.cache, jobs: flags.jobs },
    registry,
  );
  const survey = await interruptible(flags.quiet === true, async ({ signal, onProgress }) => {
    const { surveyProject } = await import("../../src/audit/init/survey.ts");
    return surveyProject(configured, { registry, signal, onProgress });
  });
  if (survey === undefined) return;
  const { draftConfig } = await import("../../src/report/init-config.ts");
  const block = draftConfig(survey, place.table);
  const content = withBlock(place, block);
  if (flags.dryRun) {
    if (!flags.quiet) process.stderr.write(`ungil: this would be added to ${visible(place.shown)}\n`);
    return emit(block);
  }
  writeInit(place, content);
  if (!flags.quiet) emit(nextSteps(place, survey, relative(cwd, folder)));
}

function nextSteps({ shown, table }: InitPlace, { result }: Survey, folder: string): string {
  const { risks, files } = result.summary;
  const at = folder === "" ? "" : ` ${quoted(folder)}`;
  const total = risks.high + risks.medium + risks.low;
  const wrote = table === "" ? `Wrote ${shown}.` : `Added [${table}] to ${shown}.`;
  if (files === 0) return `${wrote}\nNo C or C++ files were found: \`ungil${at} --verbose\` says what was left out.\n`;
  if (total === 0) return `${wrote}\nNothing was found at risk low or above in ${files} files.\n`;
  const steps = [
    [`ungil${at}`, "the findings"],
    [`ungil review${at}`, "go through them"],
    [`ungil fix${at} --diff`, "what can be fixed without you, as a patch"],
    [`ungil baseline create${at}`, "take them as they are: from then on only new ones fail"],
  ];
  const column = Math.max(...steps.map(([command]) => command.length));
  return [
    wrote,
    `Found: ${risks.high} high, ${risks.medium} medium, ${risks.low} low.`,
    "",
    "Next:",
    ...steps.map(([command, what]) => `  ${command.padEnd(column)}  ${what}`),
    "",
  ].join("\n");
}
