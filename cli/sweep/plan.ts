/** From the command line to the plan of a sweep. */
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { selectRules } from "../../src/audit/select-rules.ts";
import { MB } from "../../src/audit/sweep/archive/limits.ts";
import { isInShard, parseShard, type Shard } from "../../src/audit/sweep/shard.ts";
import { archiveKind, distinct, parseList, type Target, targetAt } from "../../src/audit/sweep/targets.ts";
import { UsageError } from "../../src/audit/types.ts";
import { visible } from "../../src/report/visible.ts";
import type { SweepFlags } from "../commands/sweep.ts";
import type { SweepPlan } from "./run-sweep.ts";

/** @throws UsageError for anything that cannot be meant, before a target is audited. */
export async function planOf(
  given: readonly string[],
  flags: SweepFlags,
): Promise<Omit<SweepPlan, "earlier"> & { shard: Shard | undefined }> {
  const { registry } = await import("../../rules/index.generated.ts");
  const { select = [], ignore = [], include = [], exclude = [] } = flags;
  selectRules(registry, select, ignore);
  const shard = flags.shard === undefined ? undefined : parseShard(flags.shard, process.env);
  const targets = targetsOf(given).filter((t) => shard === undefined || isInShard(t.name, shard));
  if (flags.reports !== undefined) makeFolder(flags.reports);
  return {
    targets,
    shard,
    options: {
      target: version(flags.target),
      minPython: version(flags.minPython),
      select,
      ignore,
      include,
      exclude,
      config: flags.withConfig === true,
      fixes: flags.fixes === true,
      findings: flags.findings === true,
    },
    limits: {
      unpacked: flags.maxUnpacked * MB,
      file: flags.maxFile * MB,
      entries: flags.maxEntries,
      ratio: flags.maxRatio,
    },
    patience: { timeout: flags.timeout, memory: flags.memory },
    cache: flags.cache,
    jobs: flags.jobs ?? availableParallelism(),
    reports: flags.reports,
  };
}

function version(minor: number | undefined): string | null {
  return minor === undefined ? null : `3.${minor}`;
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new UsageError(`cannot make the folder ${visible(path)} (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** The targets that `given` names, in its order. @throws UsageError for what does not exist, and for text that is no list. */
export function targetsOf(given: readonly string[]): Target[] {
  const targets = given.flatMap((path) => {
    if (path === "-") return listIn(readFileSync(0), "standard input", ".");
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) throw new UsageError(`no such file or folder: ${visible(path)}`);
    if (stat.isDirectory() || archiveKind(path) !== undefined) return [targetAt(path, ".")];
    return listIn(readFileSync(path), path, dirname(path));
  });
  if (targets.length === 0) throw new UsageError("the list names no target", "One folder or archive a line.");
  return distinct(targets);
}

function listIn(bytes: Buffer, source: string, base: string): Target[] {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(
      `${visible(source)} is neither an archive nor a list`,
      "Archives end in .tar.gz, .tgz, .tar, .zip or .whl; a list is text with one target a line.",
    );
  }
  return parseList(text, visible(source), base);
}
