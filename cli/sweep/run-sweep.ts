/** Runs the targets of a sweep, some at a time. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { ArchiveLimits } from "../../src/audit/sweep/archive/limits.ts";
import { inputHash } from "../../src/audit/sweep/input-hash.ts";
import type { SweepOptions, SweepRecord } from "../../src/audit/sweep/record.ts";
import { isAudited } from "../../src/audit/sweep/records.ts";
import { reportFileName } from "../../src/audit/sweep/report-file.ts";
import type { Target } from "../../src/audit/sweep/targets.ts";
import { toolInfo } from "../../src/audit/tool.ts";
import { UsageError } from "../../src/audit/types.ts";
import { visible } from "../../src/report/visible.ts";
import { type Patience, runTarget } from "./run-target.ts";

export interface SweepPlan {
  targets: readonly Target[];
  options: SweepOptions;
  limits: ArchiveLimits;
  patience: Patience;
  cache: boolean;
  /** Targets at a time. */
  jobs: number;
  /** Folder for whole reports; undefined: none are written. */
  reports: string | undefined;
  /** Records of an earlier run by the names of their targets. */
  earlier: ReadonlyMap<string, SweepRecord>;
}

export interface SweepEvents {
  onStart(target: Target): void;
  /** @param isNew false if the record is the one of the earlier run. @param ms how long the target took. */
  onRecord(target: Target, record: SweepRecord, isNew: boolean, ms: number): void;
}

/** Runs all targets in their order. If `signal` is aborted, the answer is false, and nothing of the run is left but the records. */
export async function runSweep(plan: SweepPlan, events: SweepEvents, signal: AbortSignal): Promise<boolean> {
  const folder = privateFolder();
  const removeFolder = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  // Also where the program ends in the middle, as it does when nobody reads its output any more.
  process.once("exit", removeFolder);
  const queue = plan.targets.entries();
  const failure = new AbortController();
  const stop = AbortSignal.any([signal, failure.signal]);
  const runner = async () => {
    for (const [i, target] of queue) {
      stop.throwIfAborted();
      events.onStart(target);
      const start = performance.now();
      const kept = await stillTrue(plan, target, stop);
      const record = kept ?? (await runTarget(orderFor(plan, target, join(folder, String(i))), plan.patience, stop));
      events.onRecord(target, record, kept === undefined, performance.now() - start);
    }
  };
  const runners = Array.from({ length: plan.jobs }, () => runner().catch((error) => failure.abort(error)));
  await Promise.all(runners);
  removeFolder();
  process.off("exit", removeFolder);
  if (signal.aborted) return false;
  failure.signal.throwIfAborted();
  return true;
}

function privateFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), "ungil-sweep-"));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`cannot make a folder in ${visible(tmpdir())} (${code})`, "Set TMPDIR to another place.");
  }
}

function orderFor({ options, limits, cache, reports }: SweepPlan, target: Target, folder: string) {
  const report = reports === undefined ? undefined : join(reports, reportFileName(target.name));
  return { target, options, limits, cache, folder, report };
}

/** The earlier record, if the audit would give the same one. */
async function stillTrue(
  { earlier, options, reports }: SweepPlan,
  { name, location }: Target,
  signal: AbortSignal,
): Promise<SweepRecord | undefined> {
  const record = earlier.get(name);
  if (record === undefined || !isAudited(record)) return undefined;
  if (record.tool.version !== toolInfo().version || !isDeepStrictEqual(record.options, options)) return undefined;
  if (reports !== undefined && !existsSync(join(reports, reportFileName(name)))) return undefined;
  try {
    return (await inputHash(location, options, signal)) === record.input ? record : undefined;
  } catch {
    // Whatever is wrong with the target, its audit will say so.
    return undefined;
  }
}
