/** Where a sweep writes its records, so that it can be killed at any time and go on later. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  rmdirSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import type { SweepRecord } from "../../src/audit/sweep/record.ts";
import { byName, lastOfEach, readRecords, recordLine } from "../../src/audit/sweep/records.ts";
import { UsageError } from "../../src/audit/types.ts";
import { moveInto, syncFolder, temporaryPath, writeThrough } from "../../src/fix/write/atomic.ts";
import { type Lock, LockHeld, takeLock } from "../../src/fix/write/lock.ts";
import { visible } from "../../src/report/visible.ts";

export class RecordFile {
  readonly path: string;
  readonly #lock: Lock;
  readonly #handle: number;
  readonly #records: Map<string, SweepRecord>;

  private constructor(path: string, lock: Lock, handle: number, records: Map<string, SweepRecord>) {
    this.path = path;
    this.#lock = lock;
    this.#handle = handle;
    this.#records = records;
  }

  /**
   * Opens the file at `path`, empty or, with `resume`, with what an earlier run left; a line that was not finished is cut off.
   * @throws UsageError if another sweep writes it, if it exists and is not to be continued, and if it holds anything else.
   */
  static async open(path: string, resume: boolean): Promise<RecordFile> {
    if (!existsSync(dirname(path))) {
      throw new UsageError(`cannot write ${visible(path)}: no such folder`, "Make the folder first.");
    }
    const lock = await lockFor(path);
    try {
      if (!resume && existsSync(path) && statSync(path).size > 0) {
        throw new UsageError(
          `${visible(path)} exists`,
          "--resume goes on with it and audits what is missing; remove it to begin anew.",
        );
      }
      const handle = opened(path);
      const { records, wholeBytes, isTorn } = readRecords(readFileSync(path), visible(path));
      if (isTorn) ftruncateSync(handle, wholeBytes);
      return new RecordFile(path, lock, handle, lastOfEach(records));
    } catch (error) {
      release(path, lock);
      throw error;
    }
  }

  /** The last record of each target. */
  get records(): ReadonlyMap<string, SweepRecord> {
    return this.#records;
  }

  /** Adds a line; when this returns, the disk has it. */
  append(record: SweepRecord): void {
    this.#records.set(record.name, record);
    this.#written(() => {
      writeSync(this.#handle, recordLine(record));
      fsyncSync(this.#handle);
    });
  }

  /** Puts one record a target in order, so that the file is the same for the same targets however the run went. */
  finish(): void {
    const text = [...this.#records.values()].sort(byName).map(recordLine).join("");
    const temporary = temporaryPath(this.path, String(process.pid));
    this.#written(() => {
      writeThrough(temporary, Buffer.from(text));
      moveInto(temporary, this.path);
    });
    syncFolder(dirname(this.path));
  }

  #written(write: () => void): void {
    try {
      write();
    } catch (error) {
      throw new UsageError(cannotWrite(this.path, error), "Make room; --resume goes on with what is in the file.");
    }
  }

  close(): void {
    closeSync(this.#handle);
    release(this.path, this.#lock);
  }
}

function opened(path: string): number {
  try {
    return openSync(path, "a+");
  } catch (error) {
    throw new UsageError(cannotWrite(path, error));
  }
}

function cannotWrite(path: string, error: unknown): string {
  return `cannot write ${visible(path)} (${(error as NodeJS.ErrnoException).code ?? String(error)})`;
}

function lockFolder(path: string): string {
  return `${path}.lock`;
}

async function lockFor(path: string): Promise<Lock> {
  try {
    return await takeLock(lockFolder(path));
  } catch (error) {
    if (!(error instanceof LockHeld)) throw new UsageError(cannotWrite(lockFolder(path), error));
    throw new UsageError(
      `another sweep (process ${error.pid} on ${visible(error.host)}) writes ${visible(path)}`,
      `Give each shard its own file: -o sweep-{shard}.jsonl. If that sweep is gone for good, remove ${visible(error.path)}.`,
    );
  }
}

function release(path: string, lock: Lock): void {
  lock.release();
  try {
    rmdirSync(lockFolder(path));
  } catch {
    // Somebody else waits for it already.
  }
}
