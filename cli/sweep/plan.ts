/** From the command line to the plan of a sweep. */
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { selectRules } from "../../src/audit/select-rules.ts";
import { DEFAULT_LIMITS } from "../../src/audit/sweep/archive/limits.ts";
import type { SweepRecord } from "../../src/audit/sweep/record.ts";
import { recordLine } from "../../src/audit/sweep/records.ts";
import { isInShard, parseShard, type Shard, shardLabel } from "../../src/audit/sweep/shard.ts";
import { archiveKind, distinct, parseList, type Target, targetAt } from "../../src/audit/sweep/targets.ts";
import { UsageError } from "../../src/audit/types.ts";
import { visible } from "../../src/report/visible.ts";
import type { SweepFlags } from "../commands/sweep.ts";
import { RecordFile } from "./record-file.ts";
import type { SweepPlan } from "./run-sweep.ts";

const MB = 1024 * 1024;
const PLACEHOLDER = "{shard}";

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
  const { maxUnpacked, maxFile, maxEntries, maxRatio } = flags;
  const megabytes = (value: number | undefined) => (value === undefined ? undefined : value * MB);
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
      unpacked: megabytes(maxUnpacked) ?? DEFAULT_LIMITS.unpacked,
      file: megabytes(maxFile) ?? DEFAULT_LIMITS.file,
      entries: maxEntries ?? DEFAULT_LIMITS.entries,
      ratio: maxRatio ?? DEFAULT_LIMITS.ratio,
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

/** Where records go, in a file or to standard output. */
export interface SweepOutput {
  earlier: ReadonlyMap<string, SweepRecord>;
  canResume: boolean;
  /** Records in the file for targets that were not asked for. */
  others: number;
  put(target: Target, record: SweepRecord, isNew: boolean): void;
  finish(): void;
  close(): void;
}

/** @throws UsageError as `RecordFile.open`, and for --resume without a file. */
export async function openOutput(
  { output, resume = false }: Pick<SweepFlags, "output" | "resume">,
  shard: Shard | undefined,
  targets: readonly Target[],
): Promise<SweepOutput> {
  if (output === undefined) {
    if (resume) throw new UsageError("--resume needs a file to go on with", "Give it with --output.");
    return toStandardOutput(targets);
  }
  if (output.includes(PLACEHOLDER) && shard === undefined) {
    throw new UsageError(`--output has ${PLACEHOLDER}, but there are no shards`, "Give --shard I/N.");
  }
  const file = await RecordFile.open(
    shard === undefined ? output : output.replaceAll(PLACEHOLDER, shardLabel(shard)),
    resume,
  );
  const names = new Set(targets.map((t) => t.name));
  return {
    earlier: file.records,
    canResume: true,
    others: [...file.records.keys()].filter((name) => !names.has(name)).length,
    put: (_, record, isNew) => {
      if (isNew) file.append(record);
    },
    finish: () => file.finish(),
    close: () => file.close(),
  };
}

/** In the order of the targets: a record waits for those before it. */
function toStandardOutput(targets: readonly Target[]): SweepOutput {
  const waiting = new Map<string, SweepRecord>();
  let next = 0;
  return {
    earlier: new Map(),
    canResume: false,
    others: 0,
    put: ({ name }, record) => {
      waiting.set(name, record);
      for (;;) {
        const ready = waiting.get(targets[next]?.name ?? "");
        if (ready === undefined) return;
        waiting.delete(ready.name);
        process.stdout.write(recordLine(ready));
        next++;
      }
    },
    finish: () => {},
    close: () => {},
  };
}
