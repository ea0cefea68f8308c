/** Entry of a worker thread: answers batches of file tasks. */
import { deserialize, serialize } from "node:v8";
import Tinypool from "tinypool";
import type { MacroTable } from "../syntax/analyse-file.ts";
import { noCache, openCache } from "./cache.ts";
import {
  analyseFileTask,
  type FileTask,
  type ProjectMacros,
  type ReadTask,
  readFileTask,
  type StageOptions,
} from "./file-stage.ts";
import { MacroKeys } from "./macro-key.ts";

interface Common {
  options: StageOptions;
  cache: { folder: string; build: string } | null;
}

/** `table` is the serialised macro table, one copy for all workers, with the hash of its content. */
export type Batch =
  | (Common & { kind: "read"; tasks: ReadTask[] })
  | (Common & { kind: "analyse"; tasks: FileTask[]; table: { hash: string; bytes: Uint8Array } });

let project: (ProjectMacros & { hash: string }) | undefined;
let opened: ReturnType<typeof openCache> | undefined;

/** Answers in the order of the tasks, serialised into one transferable buffer. */
export default async function runBatch(batch: Batch): Promise<unknown> {
  if (batch.cache) opened ??= openCache(batch.cache.folder, batch.cache.build);
  const cache = opened ?? noCache;
  const answers: unknown[] = [];
  if (batch.kind === "read") {
    for (const task of batch.tasks) answers.push(readFileTask(task, batch.options));
  } else {
    const { hash, bytes } = batch.table;
    if (project?.hash !== hash) {
      const table: MacroTable = deserialize(bytes);
      project = { hash, table, keys: new MacroKeys(table) };
    }
    for (const task of batch.tasks) answers.push(await analyseFileTask(task, project, batch.options, cache));
  }
  return Tinypool.move(new Uint8Array(serialize(answers)));
}
