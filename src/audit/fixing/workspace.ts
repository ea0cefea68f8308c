/** A project at one state of its texts, scanned and ready to be asked for fixes. */
import { join } from "node:path";
import { FixSource } from "../../fix/source.ts";
import type { FileFacts, Language, Problem } from "../../ir/facts.ts";
import { declaredCalls, NOTHING_DECLARED } from "../../project/declared.ts";
import { namesIn, projectOf } from "../../project/discover/discover.ts";
import { buildIndex } from "../../project/index.ts";
import type { AnyRule } from "../../rule-api/define-rule.ts";
import { Project } from "../../rule-api/project-context.ts";
import type { Finding } from "../../rule-api/types.ts";
import { analyseFile } from "../../syntax/analyse-file.ts";
import { initGrammar } from "../../syntax/parse.ts";
import type { ViewOptions } from "../../syntax/view/types.ts";
import { decodeSource, encodeSource, readSource, type SourceText } from "../../text/source.ts";
import { withoutDataTables } from "../data-tables.ts";
import { withFingerprints } from "../fingerprint.ts";
import { runRules } from "../run-rules.ts";
import { type FilesRead, readProject } from "../session.ts";
import { suppress } from "../suppress.ts";
import { type AuditContext, type AuditOptions, type Located, UsageError } from "../types.ts";

type Read = FilesRead & Awaited<ReturnType<typeof readProject>>;

export class Workspace {
  /** Absolute path that names of files are relative to. */
  readonly root: string;
  readonly project: Project;
  readonly findings: readonly Located[];
  readonly problems: readonly Problem[];
  private readonly read: Read;
  private readonly setup: { options: AuditOptions; context: AuditContext; rules: readonly AnyRule[] };
  /** Texts that differ from what is on disk. */
  private readonly changed: ReadonlyMap<string, SourceText>;
  private readonly sources = new Map<string, FixSource | undefined>();
  private pairs: readonly (readonly [Located, Finding])[] | undefined;

  private constructor(
    read: Read,
    setup: Workspace["setup"],
    changed: Workspace["changed"],
    project: Project,
    outcome: { findings: Located[]; problems: Problem[] },
  ) {
    this.root = read.found.root;
    this.read = read;
    this.setup = setup;
    this.changed = changed;
    this.project = project;
    this.findings = outcome.findings;
    this.problems = [...read.problems, ...project.index.problems, ...outcome.problems];
  }

  /** Scans what `options.paths` names with `rules`. @throws as `audit`. */
  static async open(options: AuditOptions, context: AuditContext, rules: readonly AnyRule[]): Promise<Workspace> {
    const read = await readProject(options, context);
    for (const language of new Set(read.tasks.map((t) => t.language))) await initGrammar(language);
    await initGrammar("c");
    return Workspace.judge(read, { options, context, rules }, new Map());
  }

  private static async judge(read: Read, setup: Workspace["setup"], changed: Workspace["changed"]): Promise<Workspace> {
    const { options, context, rules } = setup;
    const { target, minPython, minPythonKnown, declared = NOTHING_DECLARED } = options;
    const metadata = read.found.metadata.map((m) => {
      const own = changed.get(m.file);
      return own ? { file: m.file, text: own.text } : m;
    });
    const index = buildIndex(read.facts, { metadata, entryPoints: declared.entryPoints });
    const project = new Project(index, { target, minPython, minPythonKnown }, declared);
    const functions = index.functions.length;
    const outcome = await runRules(
      project,
      rules,
      (done, findings, file) =>
        context.onProgress?.({ phase: "rules", done, total: functions, functions, findings, file }),
      context.signal,
    );
    const kept = suppress(read.facts, outcome.findings, rules, context.registry);
    return new Workspace(read, setup, changed, project, {
      findings: kept.findings,
      problems: [...outcome.problems, ...kept.problems],
    });
  }

  /** Hash of a file as it was scanned; undefined if it is not in the scan. */
  hash(file: string): string | undefined {
    const { index } = this.project;
    return (this.changed.get(file) ?? index.file(file) ?? index.metadataFile(file))?.hash;
  }

  /** The text of a file in this state; undefined if it is not there, cannot be read, or is no longer what was scanned. */
  text(file: string): SourceText | undefined {
    const own = this.changed.get(file);
    if (own) return own;
    const hash = this.hash(file);
    if (hash === undefined) return undefined;
    const source = readSource(join(this.root, file), file);
    return "text" in source && source.hash === hash ? source : undefined;
  }

  /**
   * The text of a file that is to be edited; undefined for one that is to be made.
   * @throws UsageError if it was scanned and is not what it was then.
   */
  editable(file: string): SourceText | undefined {
    const { index } = this.project;
    const text = this.text(file);
    if (text !== undefined || (!index.file(file) && !index.metadataFile(file))) return text;
    throw new UsageError(`${file}: it changed since it was scanned`, "Nothing was written; run ungil again.");
  }

  /** Its findings with their fingerprints, in their order. Each file is read once, however many findings it has. */
  identified(): readonly (readonly [Located, Finding])[] {
    if (this.pairs === undefined) {
      const { paths, cwd } = this.setup.options;
      const findings = withFingerprints(this.findings, {
        nameOf: namesIn(projectOf(paths, cwd), this.root),
        target: this.target,
        textOf: (file) => this.text(file)?.text,
        languageOf: (file) => this.project.index.file(file)?.language,
      });
      this.pairs = this.findings.map((located, i) => [located, findings[i]]);
    }
    return this.pairs;
  }

  /** The text of a file that is on disk below the root and not in the scan. */
  unscanned(file: string): string | undefined {
    if (file.startsWith("../") || this.project.index.file(file)) return undefined;
    const source = readSource(join(this.root, file), file);
    return "text" in source ? source.text : undefined;
  }

  /** How the text of a file is read. */
  viewOptions(file: string): Required<ViewOptions> {
    const task = this.read.tasks.find((t) => t.file === file);
    return { language: task?.language ?? "c", template: task?.template ?? false, target: this.target };
  }

  /** The same with its syntax tree. */
  source(file: string): FixSource | undefined {
    if (this.sources.has(file)) return this.sources.get(file);
    const text = this.text(file);
    const source = text && new FixSource(text, this.viewOptions(file));
    this.sources.set(file, source);
    return source;
  }

  /** Files whose text differs from what is on disk, in order. */
  changedFiles(): string[] {
    return [...this.changed.keys()].sort();
  }

  /** The project with other texts for some files (new files included; undefined: the file is gone), scanned again. */
  async withTexts(texts: ReadonlyMap<string, string | SourceText | undefined>): Promise<Workspace> {
    const changed = new Map(this.changed);
    const facts = new Map(this.read.facts.map((f) => [f.file, f]));
    const tasks = [...this.read.tasks];
    const problems = this.read.problems.filter((p) => !texts.has(p.file));
    for (const [file, text] of texts) {
      if (text === undefined) {
        changed.delete(file);
        facts.delete(file);
        continue;
      }
      const source = typeof text === "string" ? this.encoded(file, text) : text;
      changed.set(file, source);
      if (this.project.index.metadataFile(file)) continue;
      let task = tasks.find((t) => t.file === file);
      if (task === undefined) {
        task = { file, path: join(this.root, file), template: false, language: "c" };
        tasks.push(task);
      }
      const own = this.analyse(source, task);
      facts.set(file, own);
      problems.push(...own.problems);
    }
    const read: Read = { ...this.read, facts: [...facts.values()], tasks, problems };
    return Workspace.judge(read, this.setup, changed);
  }

  private encoded(file: string, text: string): SourceText {
    const source = decodeSource(encodeSource(text, this.text(file)?.encoding ?? "utf-8"), file);
    if ("problem" in source) throw new Error(`${file}: ${source.problem.message}`);
    return source;
  }

  private analyse(source: SourceText, task: { language: Language; template: boolean }): FileFacts {
    const { language, template } = task;
    const { declared = NOTHING_DECLARED } = this.setup.options;
    const text = withoutDataTables(source.text, template);
    return analyseFile(
      { ...source, text },
      { language, template, target: this.target, macros: this.read.table, asCalls: declaredCalls(declared) },
    );
  }

  private get target() {
    return `3.${this.setup.options.target}` as "3.13";
  }
}
