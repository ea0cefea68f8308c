/** A project under review: scanned, with fixes that can be looked at, applied to the files, undone and done again. */
import { createHash } from "node:crypto";
import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { FixSettings, ProposalLevel } from "../../fix/types.ts";
import { Journal } from "../../fix/write/journal.ts";
import { WriteRefused } from "../../fix/write/refused.ts";
import { undoLast } from "../../fix/write/undo.ts";
import { type FileChange, writeChanges } from "../../fix/write/write-changes.ts";
import { projectFolder } from "../../project/discover/gitignore.ts";
import type { AnyRule } from "../../rule-api/define-rule.ts";
import type { Finding } from "../../rule-api/types.ts";
import { encodeSource, readSource, type SourceText } from "../../text/source.ts";
import { type AppliedFix, fixWorkspace, type LeftFinding, previewFixes } from "../fixing/fix-project.ts";
import { Workspace } from "../fixing/workspace.ts";
import { selectRules } from "../select-rules.ts";
import { cleanReason } from "../suppressing/comments.ts";
import { writeComments } from "../suppressing/write-comments.ts";
import { toolInfo } from "../tool.ts";
import type { AuditContext, AuditOptions, Located } from "../types.ts";

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
  /** Findings that went with it. */
  fixed: Finding[];
  suppressed: SuppressedHere[];
  /** Its run in the journal, while it is on disk. */
  run?: number;
}

export interface SuppressedHere {
  finding: Finding;
  reason: string;
}

export interface SuppressOutcome {
  suppressed: Finding[];
  /** Findings that no comment can suppress where they stand. */
  left: Finding[];
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
  /** Size and time of files when they were last looked at. */
  private readonly seen = new Map<string, string>();

  private constructor(
    workspace: Workspace,
    options: AuditOptions,
    context: AuditContext,
    settings: FixSettings,
    began: number,
  ) {
    this.workspace = workspace;
    this.root = workspace.root;
    this.options = options;
    this.context = context;
    this.settings = settings;
    this.selected = new Set(selectRules(context.registry, options.select, options.ignore).map((r) => r.name));
    this.look(began);
  }

  /** Scans what `options.paths` names. @throws as `audit`. */
  static async open(options: AuditOptions, settings: FixSettings, context: AuditContext): Promise<ReviewSession> {
    const all = { ...options, select: [], ignore: [] };
    const began = Date.now();
    const workspace = await Workspace.open(all, context, context.registry);
    return new ReviewSession(workspace, options, context, settings, began);
  }

  /** Findings of the selected rules, as the files are now. */
  findings(): Finding[] {
    return this.pairs().map(([, finding]) => finding);
  }

  /** What was fixed here and not undone. */
  fixed(): Finding[] {
    return this.done.flatMap((c) => c.fixed);
  }

  /** What was suppressed by a comment here and not undone. */
  suppressed(): SuppressedHere[] {
    return this.done.flatMap((c) => c.suppressed);
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
      const run = await this.write(files);
      this.done.push({ files, fixed: result.applied.map((a) => a.finding), suppressed: [], run });
      this.undone.length = 0;
      this.workspace = workspace;
    }
    return { applied: result.applied, left: result.left };
  }

  /**
   * Writes a comment for each of the findings that a comment can suppress. It is tried in memory first: a comment stays if its finding
   * is gone then and no other one.
   * @throws as `apply`.
   */
  async suppress(fingerprints: readonly string[], reason: string): Promise<SuppressOutcome> {
    const wanted = new Set(fingerprints);
    const targets = this.findings().filter((f) => wanted.has(f.fingerprint));
    const said = cleanReason(reason);
    if (said === "") return { suppressed: [], left: targets };
    const { suppressed, workspace, left } = await writeComments(this.workspace, targets, said);
    if (suppressed.length > 0) {
      const files = [...new Set(suppressed.map((f) => f.file))].map((file) => ({
        file,
        before: this.workspace.text(file),
        after: workspace.text(file)!,
      }));
      const run = await this.write(files);
      this.done.push({ files, fixed: [], suppressed: suppressed.map((finding) => ({ finding, reason })), run });
      this.undone.length = 0;
      this.workspace = workspace;
    }
    return { suppressed, left: left.map((l) => l.finding) };
  }

  /** Takes the last change back; false if there is none. @throws as `apply`. */
  async undo(): Promise<boolean> {
    const change = this.done.at(-1);
    if (change === undefined) return false;
    const journal = this.journal();
    if (change.run !== undefined && journal.runs().at(-1)?.number === change.run) {
      await undoLast(journal, { force: false });
    } else {
      // Others wrote since, or it is so long ago that the journal has forgotten.
      await this.write(change.files.map(({ file, before, after }) => ({ file, before: after, after: before })));
    }
    this.done.pop();
    this.undone.push(change);
    await this.reload(change.files.map((f) => f.file));
    return true;
  }

  /** Does again what was undone last; false if there is nothing. @throws as `apply`. */
  async redo(): Promise<boolean> {
    const change = this.undone.at(-1);
    if (change === undefined) return false;
    change.run = await this.write(change.files);
    this.undone.pop();
    this.done.push(change);
    await this.reload(change.files.map((f) => f.file));
    return true;
  }

  /** Files of the scan whose size or time changed since they were last looked at, and that hold something else now. */
  changedOutside(): string[] {
    const changed: string[] = [];
    for (const file of new Set([...this.workspace.project.files.map((f) => f.file), ...this.seen.keys()])) {
      const stamp = this.stampOf(file);
      const before = this.seen.get(file);
      this.seen.set(file, stamp);
      if (before !== stamp) changed.push(file);
    }
    return changed.filter((file) => this.onDisk(file)?.hash !== this.workspace.hash(file));
  }

  /** Reads files anew and scans them. One that is gone, or cannot be read, is out of the scan until it is back. */
  async reload(files: readonly string[]): Promise<void> {
    this.workspace = await this.workspace.withTexts(new Map(files.map((file) => [file, this.onDisk(file)])));
    for (const file of files) this.seen.set(file, this.stampOf(file));
  }

  /** Scans everything anew, also files that are new. */
  async rescan(onProgress?: AuditContext["onProgress"]): Promise<void> {
    const began = Date.now();
    const all = { ...this.options, select: [], ignore: [] };
    this.workspace = await Workspace.open(all, { ...this.context, onProgress }, this.context.registry);
    this.seen.clear();
    this.look(began);
  }

  private onDisk(file: string): SourceText | undefined {
    const source = readSource(join(this.root, file), file);
    return "text" in source ? source : undefined;
  }

  /** Takes the files as seen; those that changed since the scan `began` stay to be looked at. */
  private look(began: number): void {
    for (const { file } of this.workspace.project.files) {
      const time = statSync(join(this.root, file), { throwIfNoEntry: false })?.mtimeMs;
      this.seen.set(file, time !== undefined && time < began ? this.stampOf(file) : "");
    }
  }

  private stampOf(file: string): string {
    const stat = statSync(join(this.root, file), { throwIfNoEntry: false });
    return stat === undefined ? "" : createHash("md5").update(`${stat.size} ${stat.mtimeMs} ${stat.ino}`).digest("hex");
  }

  private pairs(workspace = this.workspace): (readonly [Located, Finding])[] {
    return workspace.identified().filter(([, f]) => this.selected.has(f.rule));
  }

  private journal(): Journal {
    return new Journal(projectFolder(this.root));
  }

  /** Gives the number of the run in the journal, if there is one. */
  private async write(
    files: readonly { file: string; before: SourceText | undefined; after: SourceText | undefined }[],
  ): Promise<number | undefined> {
    const bytes = (source: SourceText | undefined) => source && encodeSource(source.text, source.encoding);
    const changes = files.flatMap(({ file, before, after }): FileChange[] => {
      const to = bytes(after);
      return to === undefined ? [] : [{ file, path: join(this.root, file), before: bytes(before), after: to }];
    });
    const made = files.filter((f) => f.after === undefined);
    for (const { file, before } of made) {
      const isOurs = this.onDisk(file)?.hash === before?.hash;
      if (!isOurs) throw new WriteRefused("nothing was written", [{ file, reason: "it changed since it was scanned" }]);
    }
    const { name, version } = toolInfo();
    let run: number | undefined;
    if (changes.length > 0) {
      run = (await writeChanges(this.journal(), changes, { tool: `${name} ${version}`, backup: false })).run;
    }
    for (const { file } of made) rmSync(join(this.root, file), { force: true });
    for (const { file } of files) this.seen.set(file, this.stampOf(file));
    return run;
  }
}
