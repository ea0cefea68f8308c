/** A project under review: scanned, with fixes that can be looked at, applied to the files, undone and done again. */
import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import type { FixSettings, ProposalLevel } from "../../fix/types.ts";
import { Journal } from "../../fix/write/journal.ts";
import { type FileChange, writeChanges } from "../../fix/write/write-changes.ts";
import { workTreeOf } from "../../project/discover/gitignore.ts";
import type { AnyRule } from "../../rule-api/define-rule.ts";
import type { Finding } from "../../rule-api/types.ts";
import { encodeSource, readSource, type SourceText } from "../../text/source.ts";
import { type AppliedFix, fixWorkspace, type LeftFinding, previewFixes } from "../fixing/fix-project.ts";
import { Workspace } from "../fixing/workspace.ts";
import { type Located, withFingerprints } from "../run-rules.ts";
import { selectRules } from "../select-rules.ts";
import { toolInfo } from "../tool.ts";
import type { AuditContext, AuditOptions } from "../types.ts";

/** One answer of a rule, as it would change the files. */
export interface FixAnswer {
  level: ProposalLevel | "manual";
  title: string;
  /** Why it is not safe, or not written. */
  notes: string[];
  recipe: string[];
  files: { file: string; before: string; after: string }[];
}

/** Something that was done to files, and can be undone. */
interface Change {
  files: { file: string; before: SourceText | undefined; after: SourceText }[];
  /** Fingerprints of the findings that went with it. */
  fixed: Finding[];
}

export interface Applied {
  applied: AppliedFix[];
  left: LeftFinding[];
}

export class ReviewSession {
  readonly root: string;
  private workspace: Workspace;
  private readonly options: AuditOptions;
  private readonly context: AuditContext;
  private readonly settings: FixSettings;
  private readonly selected: ReadonlySet<string>;
  private readonly done: Change[] = [];
  private readonly undone: Change[] = [];
  private known: { workspace: Workspace; pairs: (readonly [Located, Finding])[] } | undefined;
  /** Size and time of files when they were last looked at. */
  private readonly seen = new Map<string, string>();

  private constructor(workspace: Workspace, options: AuditOptions, context: AuditContext, settings: FixSettings) {
    this.workspace = workspace;
    this.root = workspace.root;
    this.options = options;
    this.context = context;
    this.settings = settings;
    this.selected = new Set(selectRules(context.registry, options.select, options.ignore).map((r) => r.name));
    this.changedOutside();
  }

  /** Scans what `options.paths` names. @throws as `audit`. */
  static async open(options: AuditOptions, settings: FixSettings, context: AuditContext): Promise<ReviewSession> {
    const all = { ...options, select: [], ignore: [] };
    const workspace = await Workspace.open(all, context, context.registry);
    return new ReviewSession(workspace, options, context, settings);
  }

  /** Findings of the selected rules, as the files are now. */
  findings(): Finding[] {
    return this.pairs().map(([, finding]) => finding);
  }

  /** What was fixed here and not undone. */
  fixed(): Finding[] {
    return this.done.flatMap((c) => c.fixed);
  }

  get history(): { undo: number; redo: number } {
    return { undo: this.done.length, redo: this.undone.length };
  }

  /** Text of a file as it was scanned. */
  text(file: string): string | undefined {
    return this.workspace.text(file)?.text;
  }

  /** The rule's answers for a finding; empty if it has none or the finding is gone. */
  answers(fingerprint: string): FixAnswer[] {
    const pair = this.pairs().find(([, f]) => f.fingerprint === fingerprint);
    if (pair === undefined) return [];
    const [located, finding] = pair;
    const rule = this.context.registry.find((r: AnyRule) => r.name === finding.rule);
    return previewFixes(this.workspace, rule, located, this.settings).map(({ answer, texts }) => ({
      level: answer.level,
      title: answer.level === "manual" ? (finding.fix?.title ?? "no rewrite") : answer.title,
      notes: answer.level === "manual" ? [answer.reason] : answer.review,
      recipe: answer.level === "manual" ? (answer.recipe ?? []) : [],
      files: [...texts].map(([file, after]) => ({ file, before: this.text(file) ?? "", after })),
    }));
  }

  /**
   * Fixes findings, proves the result and writes the files. `answer` chooses among the answers of a single finding.
   * @throws WriteRefused if a file changed outside; LockHeld; WriteStopped.
   */
  async apply(fingerprints: readonly string[], level: ProposalLevel, answer?: number): Promise<Applied> {
    const wanted = new Set(fingerprints);
    const { registry, signal } = this.context;
    const { result, workspace } = await fixWorkspace(
      this.workspace,
      { ...this.settings, level, wanted: (f) => wanted.has(f.fingerprint), answer: () => answer },
      { rules: registry, selected: this.selected, signal },
    );
    const files = result.files.flatMap(({ file, after }) => {
      const before = this.workspace.text(file);
      return before?.text === after.text ? [] : [{ file, before, after }];
    });
    if (files.length > 0) {
      await this.write(files);
      this.done.push({ files, fixed: result.applied.map((a) => a.finding) });
      this.undone.length = 0;
      this.workspace = workspace;
    }
    return { applied: result.applied, left: result.left };
  }

  /** Writes other texts for some files and scans them again. @throws as `apply`. */
  async change(texts: ReadonlyMap<string, string>): Promise<void> {
    const workspace = await this.workspace.withTexts(texts);
    const files = [...texts.keys()].map((file) => ({
      file,
      before: this.workspace.text(file),
      after: workspace.text(file)!,
    }));
    await this.write(files);
    this.done.push({ files, fixed: [] });
    this.undone.length = 0;
    this.workspace = workspace;
  }

  /** Takes the last change back; false if there is none. @throws as `apply`. */
  async undo(): Promise<boolean> {
    const change = this.done.at(-1);
    if (change === undefined) return false;
    await this.write(change.files.map(({ file, before, after }) => ({ file, before: after, after: before })));
    await this.reload(change.files.map((f) => f.file));
    this.done.pop();
    this.undone.push(change);
    return true;
  }

  /** Does again what was undone last; false if there is nothing. @throws as `apply`. */
  async redo(): Promise<boolean> {
    const change = this.undone.at(-1);
    if (change === undefined) return false;
    await this.write(change.files);
    await this.reload(change.files.map((f) => f.file));
    this.undone.pop();
    this.done.push(change);
    return true;
  }

  /** Files of the scan whose size or time changed since they were last looked at. */
  changedOutside(): string[] {
    const changed: string[] = [];
    for (const { file } of this.workspace.project.files) {
      const stamp = this.stampOf(file);
      const before = this.seen.get(file);
      this.seen.set(file, stamp);
      if (before !== undefined && before !== stamp) changed.push(file);
    }
    return changed.filter((file) => {
      const source = readSource(join(this.root, file), file);
      return !("text" in source) || source.text !== this.text(file);
    });
  }

  /** Reads files anew and scans them. One that is gone counts as empty. */
  async reload(files: readonly string[]): Promise<void> {
    const texts = new Map<string, string>();
    for (const file of files) {
      const source = readSource(join(this.root, file), file);
      texts.set(file, "text" in source ? source.text : "");
    }
    this.workspace = await this.workspace.withTexts(texts);
  }

  /** Scans everything anew, also files that are new. */
  async rescan(onProgress?: AuditContext["onProgress"]): Promise<void> {
    const all = { ...this.options, select: [], ignore: [] };
    this.workspace = await Workspace.open(all, { ...this.context, onProgress }, this.context.registry);
    this.seen.clear();
    this.changedOutside();
  }

  private stampOf(file: string): string {
    const stat = statSync(join(this.root, file), { throwIfNoEntry: false });
    return stat === undefined ? "" : createHash("md5").update(`${stat.size} ${stat.mtimeMs} ${stat.ino}`).digest("hex");
  }

  private pairs(): (readonly [Located, Finding])[] {
    if (this.known?.workspace !== this.workspace) {
      const { workspace } = this;
      const located = workspace.findings.filter((f) => this.selected.has(f.rule));
      const findings = withFingerprints(located, (file) => workspace.text(file)?.text);
      this.known = { workspace, pairs: located.map((l, i) => [l, findings[i]] as const) };
    }
    return this.known.pairs;
  }

  private async write(
    files: readonly { file: string; before: SourceText | undefined; after: SourceText | undefined }[],
  ): Promise<void> {
    const bytes = (source: SourceText | undefined) => source && encodeSource(source.text, source.encoding);
    const changes = files.flatMap(({ file, before, after }): FileChange[] => {
      const path = join(this.root, file);
      // A file that a fix made stays, empty of what it was made for.
      const to = bytes(after) ?? new Uint8Array();
      return [{ file, path, before: bytes(before), after: to }];
    });
    const { name, version } = toolInfo();
    const journal = new Journal(workTreeOf(this.root) ?? this.root);
    await writeChanges(journal, changes, { tool: `${name} ${version}`, backup: false });
    for (const { file } of files) this.seen.set(file, this.stampOf(file));
  }
}
