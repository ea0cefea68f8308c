/** An audit from paths to findings. */
import { relative, sep } from "node:path";
import type { FileFacts, Problem } from "../ir/facts.ts";
import { declaredCalls, NOTHING_DECLARED } from "../project/declared.ts";
import { type Discovered, discover, namesIn, projectOf } from "../project/discover/discover.ts";
import { buildIndex } from "../project/index.ts";
import type { AnyRule } from "../rule-api/define-rule.ts";
import { Project } from "../rule-api/project-context.ts";
import type { MacroTable } from "../syntax/analyse-file.ts";
import { type Cache, evict, noCache, openCache } from "./cache.ts";
import { cacheFolder } from "./cache-folder.ts";
import { nestedConfigs } from "./config/nested.ts";
import { type Content, contentHashes, sha } from "./content-hash.ts";
import type { FactsAnswer, FileTask } from "./file-stage.ts";
import { withFingerprints } from "./fingerprint.ts";
import { type MacroStage, macroTableOf, type Remembered } from "./macro-stage.ts";
import { chooseJobs, openStage, type Stage } from "./pool.ts";
import { runRules, sortedProblems } from "./run-rules.ts";
import { selectRules } from "./select-rules.ts";
import { sourceReader } from "./source-reader.ts";
import { moduleDetails, summarise } from "./summary.ts";
import { suppress } from "./suppress.ts";
import { buildKey, toolInfo } from "./tool.ts";
import {
  type AuditContext,
  type AuditOptions,
  type AuditResult,
  noSuchPath,
  type Phase,
  type Timing,
} from "./types.ts";

/** What is kept of a whole audit; the rest belongs to the run. */
type StoredResult = Omit<AuditResult, "timing" | "excluded" | "scanned">;

/**
 * Audits the files below `options.paths`.
 * The result is the same for any number of jobs and with or without cache, save `timing`.
 * @throws UsageError for a path that does not exist and a rule that is unknown; the reason of `context.signal` if it is aborted.
 */
export async function audit(options: AuditOptions, context: AuditContext): Promise<AuditResult> {
  const rules = selectRules(context.registry, options.select, options.ignore);
  const run = new Run(options, context);
  const found = await run.discover();
  const hashes = await run.phase("read", () => contentHashes(found, context.signal));
  const key = resultKey(found, hashes.all, rules, options);
  const stored = run.cache.get("result", key) as StoredResult | undefined;
  if (stored) {
    run.timing.cache = "warm";
    run.timing.cacheHits = found.files.length;
    return { ...stored, ...whatWasSeen(found), timing: run.finish() };
  }
  const result = await run.cold(found, hashes.contents, rules);
  // A crash may have been the machine's (memory, time): it is tried again next time.
  if (!result.problems.some((p) => p.kind === "crash")) run.cache.put("result", key, result);
  if (run.cacheSetup) evict(run.cacheSetup.folder);
  return { ...result, ...whatWasSeen(found), timing: run.finish() };
}

function whatWasSeen({ files, metadata, excluded }: Discovered): Pick<AuditResult, "excluded" | "scanned"> {
  return { excluded, scanned: [...files, ...metadata].map((f) => f.file).sort() };
}

/** The files of a project after the per-file stage. */
export interface FilesRead {
  /** In the order of `tasks`, without the files that could not be analysed. */
  facts: FileFacts[];
  problems: Problem[];
  tasks: FileTask[];
  encodings: Map<string, string>;
  table: MacroTable;
}

/**
 * Reads and lowers the files below `options.paths` and goes no further; what comes after is up to the caller.
 * @throws as `audit`.
 */
export async function readProject(
  options: AuditOptions,
  context: AuditContext,
): Promise<FilesRead & { found: Discovered }> {
  const run = new Run(options, context);
  const found = await run.discover();
  const hashes = await run.phase("read", () => contentHashes(found, context.signal));
  return { found, ...(await run.read(found, hashes.contents)) };
}

/** One call of `audit`: its clock, cache and progress. */
class Run {
  readonly cacheSetup: { folder: string; build: string } | null;
  readonly cache: Cache;
  readonly timing: Timing;
  readonly #options: AuditOptions;
  readonly #context: AuditContext;
  readonly #started = performance.now();

  constructor(options: AuditOptions, context: AuditContext) {
    this.#options = options;
    this.#context = context;
    this.cacheSetup = options.cache ? { folder: options.cacheDir ?? cacheFolder(), build: buildKey() } : null;
    this.cache = this.cacheSetup ? openCache(this.cacheSetup.folder, this.cacheSetup.build) : noCache;
    this.timing = { total: 0, phases: {}, jobs: 1, cache: options.cache ? "cold" : "off", cacheHits: 0 };
  }

  async discover(): Promise<Discovered> {
    const { paths, cwd, include, exclude, configFrom } = this.#options;
    const found = await this.phase("discover", () => discover(paths, { cwd, include, exclude }));
    if (configFrom !== undefined) found.problems.push(...nestedConfigs(found, configFrom));
    if (found.missing.length > 0) throw noSuchPath(found.missing, cwd);
    return found;
  }

  async phase<T>(name: Phase, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    this.#context.signal?.throwIfAborted();
    this.progress(name, 0, 0, 0, 0, "");
    const value = await work();
    this.timing.phases[name] = (this.timing.phases[name] ?? 0) + performance.now() - start;
    return value;
  }

  progress(phase: Phase, done: number, total: number, functions: number, findings: number, file: string): void {
    this.#context.onProgress?.({ phase, done, total, functions, findings, file });
  }

  /** The first pass, with what the cache remembers of the last one over the same root. */
  async #firstPass(
    stage: Stage,
    found: Discovered,
    contents: readonly Content[],
    onProgress: (done: number, total: number, file: string) => void,
  ): Promise<MacroStage> {
    const key = `${found.root}\0${this.#options.target}`;
    const remembered = (this.cache.get("macros", key) as Remembered | undefined) ?? new Map();
    const answer = await macroTableOf(stage, found.files, contents, remembered, onProgress);
    this.cache.put("macros", key, remembered);
    return answer;
  }

  #configPath(root: string): string | null {
    const { configFile } = this.#options;
    return configFile === undefined ? null : relative(root, configFile).split(sep).join("/");
  }

  finish(): Timing {
    this.timing.total = performance.now() - this.#started;
    return this.timing;
  }

  /** Reads and lowers every file. */
  async read(found: Discovered, contents: readonly Content[]): Promise<FilesRead> {
    const { target, declared = NOTHING_DECLARED } = this.#options;
    const problems: Problem[] = [...found.problems];
    const stage = await openStage({
      jobs: chooseJobs(
        this.#options.jobs,
        contents.map((c) => c.size),
      ),
      options: { target: `3.${target}` as "3.13", asCalls: declaredCalls(declared) },
      cache: this.cacheSetup,
      signal: this.#context.signal,
    });
    this.timing.jobs = stage.jobs;
    let answers: FactsAnswer[];
    let first: MacroStage;
    try {
      first = await this.phase("read", () =>
        this.#firstPass(stage, found, contents, (done, total, file) => this.progress("read", done, total, 0, 0, file)),
      );
      problems.push(...first.problems);
      answers = await this.phase("analyse", () => {
        let done = 0;
        let functions = 0;
        return stage.analyse(first.tasks, first.sizes, first.table, (answer, task) => {
          functions += answer.facts?.functions.length ?? 0;
          this.progress("analyse", ++done, first.tasks.length, functions, 0, task.file);
        });
      });
    } finally {
      await stage.close();
    }
    const facts: FileFacts[] = [];
    for (const { facts: f, problem } of answers) {
      if (problem) problems.push(problem);
      if (f) {
        facts.push(f);
        problems.push(...f.problems);
      }
    }
    this.timing.cacheHits = answers.filter((a) => a.cached).length;
    if (this.timing.cacheHits > 0) this.timing.cache = "partial";
    return { facts, problems, tasks: first.tasks, encodings: first.encodings, table: first.table };
  }

  async cold(found: Discovered, contents: readonly Content[], rules: readonly AnyRule[]): Promise<StoredResult> {
    const { target, minPython, minPythonKnown, declared = NOTHING_DECLARED } = this.#options;
    const versions = { target, minPython, minPythonKnown };
    const { signal } = this.#context;
    const folder = projectOf(this.#options.paths, this.#options.cwd);
    const { facts, tasks, encodings, problems } = await this.read(found, contents);

    const functions = facts.reduce((n, f) => n + f.functions.length, 0);
    this.progress("index", tasks.length, tasks.length, functions, 0, "");
    const project = await this.phase("index", async () => {
      const metadata = found.metadata;
      const { entryPoints } = declared;
      return new Project(buildIndex(facts, { metadata, entryPoints }), versions, declared);
    });
    this.#context.onProject?.(project);
    const outcome = await this.phase("rules", () =>
      runRules(project, rules, (done, n, file) => this.progress("rules", done, functions, functions, n, file), signal),
    );
    const kept = suppress(facts, outcome.findings, rules, this.#context.registry);
    const byFile = new Map(facts.map((f) => [f.file, f]));
    const sources: AuditResult["sources"] = {};
    for (const file of new Set(kept.findings.flatMap((f) => [f.file, ...f.evidence.map((e) => e.file)])).values()) {
      const other = project.index.metadataFile(file);
      sources[file] = {
        hash: byFile.get(file)?.hash ?? other?.hash ?? "",
        encoding: encodings.get(file) ?? other?.encoding ?? "utf-8",
      };
    }
    const findings = withFingerprints(kept.findings, {
      nameOf: namesIn(folder, found.root),
      target: `3.${target}` as "3.13",
      textOf: sourceReader({ root: found.root, sources }),
      languageOf: (file) => byFile.get(file)?.language,
    });
    return {
      root: found.root,
      project: folder,
      tool: toolInfo(),
      options: versions,
      summary: summarise(versions, this.#configPath(found.root), project.index, findings, kept.suppressed.length),
      modules: moduleDetails(project.index),
      findings,
      problems: sortedProblems([...problems, ...project.index.problems, ...outcome.problems, ...kept.problems], byFile),
      sources,
    };
  }
}

/** Everything that the findings depend on, save the build, which every entry of the cache depends on. */
function resultKey(found: Discovered, hash: string, rules: readonly AnyRule[], options: AuditOptions): string {
  const { target, minPython, minPythonKnown, declared = NOTHING_DECLARED, configFile } = options;
  const folder = projectOf(options.paths, options.cwd);
  const settings = [folder, target, minPython, minPythonKnown, declared, configFile];
  return sha(JSON.stringify([found.root, hash, settings, rules.map((r) => r.name), found.problems]));
}
