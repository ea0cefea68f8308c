/**
 * What is done with one file on its own: reading, collecting macros, lowering to facts. Runs inline and in workers alike; every
 * answer is plain data, and every failure is a Problem.
 */
import type { FileFacts, Language, Problem } from "../ir/facts.ts";
import { analyseFile, collectFileMacros, type FileMacros, type MacroTable } from "../syntax/analyse-file.ts";
import { initGrammar } from "../syntax/parse.ts";
import type { TargetVersion } from "../syntax/view/types.ts";
import { readSource } from "../text/source.ts";
import { type Cache, noCache } from "./cache.ts";
import { languageByName } from "./language.ts";
import type { MacroKeys } from "./macro-key.ts";

export interface Task {
  /** Absolute path. */
  path: string;
  /** Path relative to the root, as in findings. */
  file: string;
  /** A NumPy `.src` template. */
  template: boolean;
}

export interface ReadTask extends Task {
  /** Named by the user: generated code is then audited too. */
  explicit: boolean;
}

export interface FileTask extends Task {
  language: Language;
}

/** First pass over a file. `hash` is empty if it could not be read; `problem` then says why. */
export interface ReadAnswer {
  hash: string;
  encoding: string;
  bytes: number;
  language: Language;
  macros: FileMacros;
  problem?: Problem;
}

/** Second pass. `facts` is null if the file could not be analysed at all. */
export interface FactsAnswer {
  facts: FileFacts | null;
  problem?: Problem;
  cached: boolean;
}

export interface StageOptions {
  target: TargetVersion;
}

/** Reads a file, tells its language and collects the macros it defines. */
export function readFileTask(task: ReadTask, options: StageOptions, cache: Cache): ReadAnswer {
  const source = readSource(task.path, task.file);
  if ("problem" in source) return unread(source.problem);
  const answer = { hash: source.hash, encoding: source.encoding, bytes: source.bytes };
  try {
    const language = languageByName(task.file);
    const { template } = task;
    const key = [task.file, language, template, options.target, source.hash].join("\0");
    let macros = cache.get("macros", key) as FileMacros | undefined;
    if (!macros) {
      macros = collectFileMacros(source, { language, template, target: options.target });
      cache.put("macros", key, macros);
    }
    return { ...answer, language, macros };
  } catch (error) {
    return { ...answer, language: "c", macros: noMacros(task.file), problem: crash(task.file, error, false) };
  }
}

/** The answer for a file that does not go on to the second pass. */
export function unread(problem: Problem): ReadAnswer {
  return { hash: "", encoding: "", bytes: 0, language: "c", macros: noMacros(problem.file), problem };
}

function noMacros(file: string): FileMacros {
  return { file, macros: [], includes: [] };
}

/** What the second pass needs to know of the whole project. */
export interface ProjectMacros {
  table: MacroTable;
  keys: MacroKeys;
}

/** Lowers a file to facts. */
export async function analyseFileTask(
  task: FileTask,
  macros: ProjectMacros,
  options: StageOptions,
  cache: Cache,
): Promise<FactsAnswer> {
  const source = readSource(task.path, task.file);
  if ("problem" in source) return { facts: null, problem: source.problem, cached: false };
  const { language, template } = task;
  const key =
    cache === noCache
      ? ""
      : [task.file, language, template, options.target, source.hash, macros.keys.keyFor(source.text)].join("\0");
  const known = cache.get("facts", key) as FileFacts | undefined;
  if (known) return { facts: known, cached: true };
  try {
    await initGrammar(task.language);
    const facts = analyseFile(source, { language, template, target: options.target, macros: macros.table });
    cache.put("facts", key, facts);
    return { facts, cached: false };
  } catch (error) {
    return { facts: null, problem: crash(task.file, error, true), cached: false };
  }
}

/** A defect of ungil itself, met on `file`; the audit goes on without the file. */
export function crash(file: string, error: unknown, skipped: boolean): Problem {
  const message = error instanceof Error ? error.message : String(error);
  return { file, kind: "crash", message: `internal error: ${message}`, skipped };
}
