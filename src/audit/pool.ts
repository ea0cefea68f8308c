/** Runs file tasks on worker threads, or inline where threads do not pay. Answers come in the order of the tasks. */
import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import { deserialize, serialize } from "node:v8";
import type { MacroTable } from "../syntax/analyse-file.ts";
import { breathe } from "./breathe.ts";
import { noCache, openCache } from "./cache.ts";
import {
  analyseFileTask,
  crash,
  type FactsAnswer,
  type FileTask,
  type ReadAnswer,
  type ReadTask,
  readFileTask,
  type StageOptions,
  type Task,
  unread,
} from "./file-stage.ts";
import { MacroKeys } from "./macro-key.ts";
import { workerModule } from "./own-files.ts";
import type { Batch } from "./worker.ts";

/** More threads than this gain nothing: index and rules are serial. */
const MAX_JOBS = 8;
/**
 * Below this one thread is as fast: each further one costs 0.1 s to start and warms up its own compiled code. Processor time on two
 * cores: 1.4 MB takes 3.2 s inline and 4.2 s on two threads, 12 MB takes 16.9 s and 20.5 s.
 */
const WORTH_THREADS_BYTES = 2 * 1024 * 1024;
const BATCH_BYTES = 256 * 1024;
const BATCH_FILES = 24;
/** No batch takes this long; a thread that does is stuck, is ended, and its files are tried one by one. */
const BATCH_TIMEOUT_MS = 120_000;

/** Whole CPython on two threads peaks at 760 MB with this, at 970 MB with Node's own choice, and takes no longer. */
const YOUNG_GENERATION_MB = 8;

export interface StageSetup {
  /** 1 runs everything inline. */
  jobs: number;
  options: StageOptions;
  cache: { folder: string; build: string } | null;
  signal?: AbortSignal;
  /** Another module than worker.js to run in the threads, and another patience with it, in milliseconds. */
  worker?: URL;
  timeout?: number;
}

/** Sizes in bytes, beside the tasks: large files start first, so that no thread is left with one at the end. */
export interface Stage {
  jobs: number;
  read(tasks: readonly ReadTask[], sizes: readonly number[], onAnswer: OnAnswer<ReadAnswer>): Promise<ReadAnswer[]>;
  analyse(
    tasks: readonly FileTask[],
    sizes: readonly number[],
    table: MacroTable,
    onAnswer: OnAnswer<FactsAnswer>,
  ): Promise<FactsAnswer[]>;
  close(): Promise<void>;
}

export type OnAnswer<T> = (answer: T, task: { file: string }) => void;

/** Threads to use for files of these sizes if the user asks for `jobs`; 0 leaves the choice to us. */
export function chooseJobs(jobs: number, sizes: readonly number[]): number {
  if (jobs > 0) return Math.min(jobs, Math.max(sizes.length, 1));
  const total = sizes.reduce((a, b) => a + b, 0);
  return total < WORTH_THREADS_BYTES ? 1 : Math.min(availableParallelism(), MAX_JOBS);
}

export async function openStage(setup: StageSetup): Promise<Stage> {
  return setup.jobs > 1 ? threadedStage(setup) : inlineStage(setup);
}

function inlineStage(setup: StageSetup): Stage {
  const cache = setup.cache ? openCache(setup.cache.folder, setup.cache.build) : noCache;
  async function each<K extends Task, T>(tasks: readonly K[], run: (t: K) => T | Promise<T>, onAnswer: OnAnswer<T>) {
    const answers: T[] = [];
    for (const task of tasks) {
      const answer = await run(task);
      answers.push(answer);
      onAnswer(answer, task);
      await breathe();
      setup.signal?.throwIfAborted();
    }
    return answers;
  }
  return {
    jobs: 1,
    read: (tasks, _sizes, onAnswer) => each(tasks, (t) => readFileTask(t, setup.options), onAnswer),
    analyse: (tasks, _sizes, table, onAnswer) => {
      const macros = { table, keys: new MacroKeys(table) };
      return each(tasks, (t) => analyseFileTask(t, macros, setup.options, cache), onAnswer);
    },
    close: async () => {},
  };
}

async function threadedStage(setup: StageSetup): Promise<Stage> {
  const { default: Tinypool } = await import("tinypool");
  const pool = new Tinypool({
    filename: (setup.worker ?? workerModule()).href,
    minThreads: setup.jobs,
    maxThreads: setup.jobs,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });
  const timeout = setup.timeout ?? BATCH_TIMEOUT_MS;
  const common = { options: setup.options, cache: setup.cache };

  async function send<T>(batch: Batch): Promise<T[]> {
    const late = AbortSignal.timeout(timeout);
    const signal = setup.signal ? AbortSignal.any([setup.signal, late]) : late;
    return deserialize((await pool.run(batch, { signal })) as Uint8Array);
  }

  async function each<K extends Task, T>(
    tasks: readonly K[],
    sizes: readonly number[],
    batchOf: (tasks: K[]) => Batch,
    failed: (task: K, error: unknown) => T,
    onAnswer: OnAnswer<T>,
  ): Promise<T[]> {
    const answers = new Array<T>(tasks.length);
    const run = async (numbers: number[]): Promise<void> => {
      const chosen = numbers.map((i) => tasks[i]);
      let batch: T[];
      try {
        batch = await send<T>(batchOf(chosen));
      } catch (error) {
        setup.signal?.throwIfAborted();
        if (numbers.length > 1) {
          for (const i of numbers) await run([i]);
          return;
        }
        batch = [failed(chosen[0], timedOut(error) ? new Error(`not done within ${timeout / 1000} s`) : error)];
      }
      numbers.forEach((i, n) => {
        answers[i] = batch[n];
        onAnswer(batch[n], tasks[i]);
      });
    };
    // No more at a time than there are threads: the clock of a batch starts when it is handed over.
    const queue = batches(sizes).values();
    const runner = async () => {
      for (const batch of queue) await run(batch);
    };
    await Promise.all(Array.from({ length: setup.jobs }, runner));
    return answers;
  }

  return {
    jobs: setup.jobs,
    read: (tasks, sizes, onAnswer) =>
      each(
        tasks,
        sizes,
        (batch) => ({ kind: "read", tasks: batch, ...common }),
        (task, error) => unread(crash(task.file, error, true)),
        onAnswer,
      ),
    analyse: (tasks, sizes, macros, onAnswer) => {
      const bytes = shared(serialize(macros));
      const table = { hash: createHash("sha256").update(bytes).digest("hex"), bytes };
      return each(
        tasks,
        sizes,
        (batch) => ({ kind: "analyse", tasks: batch, table, ...common }),
        (task, error) => ({ facts: null, problem: crash(task.file, error, true), cached: false }),
        onAnswer,
      );
    },
    close: () => pool.destroy(),
  };
}

function timedOut(error: unknown): boolean {
  return error instanceof Error && (error.name === "TimeoutError" || error.name === "AbortError");
}

function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

/** Task numbers in batches, the largest files first and alone. */
export function batches(sizes: readonly number[]): number[][] {
  const order = sizes.map((_, i) => i).sort((a, b) => sizes[b] - sizes[a] || a - b);
  const result: number[][] = [];
  let batch: number[] = [];
  let bytes = 0;
  for (const i of order) {
    if (batch.length > 0 && (bytes + sizes[i] > BATCH_BYTES || batch.length >= BATCH_FILES)) {
      result.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(i);
    bytes += sizes[i];
  }
  if (batch.length > 0) result.push(batch);
  return result;
}
