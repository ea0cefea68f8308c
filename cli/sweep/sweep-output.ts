/** Where the records of a sweep go. */
import type { SweepRecord } from "../../src/audit/sweep/record.ts";
import { recordLine } from "../../src/audit/sweep/records.ts";
import { type Shard, shardLabel } from "../../src/audit/sweep/shard.ts";
import type { Target } from "../../src/audit/sweep/targets.ts";
import { UsageError } from "../../src/audit/types.ts";
import type { SweepFlags } from "../commands/sweep.ts";
import { RecordFile } from "./record-file.ts";

/** Stands for the shard in the name of the file. */
const PLACEHOLDER = "{shard}";

/** A file, or standard output. */
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
