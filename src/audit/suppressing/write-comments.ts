/** Writes comments that suppress findings, in memory, and proves that they do that and nothing else. */
import type { Finding } from "../../rule-api/types.ts";
import { compiledText } from "../../syntax/comment-places.ts";
import { applyEdits, type Edit, editedRanges } from "../../text/edits.ts";
import type { SourceText } from "../../text/source.ts";
import type { Workspace } from "../fixing/workspace.ts";
import type { Located } from "../types.ts";
import { FileComments, PLACEMENTS, type Placement } from "./comments.ts";

export interface Suppressing {
  /** The project with the comments. */
  workspace: Workspace;
  /** Findings that are suppressed now. */
  suppressed: Finding[];
  /** Findings that no comment can suppress, with the reason. */
  left: { finding: Finding; reason: string }[];
  /** Comments that were written or extended. */
  comments: number;
}

const WHY = {
  gone: "the file changed since it was scanned",
  language: "comments are read in C and C++ only",
  encoding: "the reason has characters that the encoding of the file lacks",
  place: "no comment can stand there",
  tokens: "the code would not stay the same",
};

/** Comments of one round. */
interface Round {
  texts: Map<string, string>;
  /** Where offsets of the old texts went. */
  moved: (file: string, offset: number) => number;
  /** The findings that a comment, given by file and an offset in it, serves. */
  servedAt: (file: string, offset: number) => Finding[];
  comments: number;
}

/**
 * Comments for `targets`, which are findings of `before`. Each is tried in every placement until one works: the finding is gone, all others
 * are still there, the comment is of use, and a compiler sees the same tokens.
 * @param reason as `cleanReason` gives it, not empty
 */
export async function writeComments(
  before: Workspace,
  targets: readonly Finding[],
  reason: string,
): Promise<Suppressing> {
  const left: Suppressing["left"] = [];
  const files = new Map<string, FileComments>();
  const open = new Map<Finding, Placement>();
  for (const finding of targets) {
    const why = speaksAgainst(before, finding.file, reason);
    if (why !== undefined) left.push({ finding, reason: why });
    else {
      if (!files.has(finding.file)) files.set(finding.file, commentsOf(before, finding.file));
      open.set(finding, PLACEMENTS[0]);
    }
  }
  const giveUp = (finding: Finding, why: string) => {
    open.delete(finding);
    left.push({ finding, reason: why });
  };
  const tryNext = (finding: Finding) => {
    const next = PLACEMENTS[PLACEMENTS.indexOf(open.get(finding)!) + 1];
    if (next === undefined) giveUp(finding, WHY.place);
    else open.set(finding, next);
  };
  for (;;) {
    for (const finding of [...open.keys()]) {
      while (open.has(finding) && !files.get(finding.file)!.has(finding, open.get(finding)!)) tryNext(finding);
    }
    if (open.size === 0) return { workspace: before, suppressed: [], left, comments: 0 };
    const round = edited(before, files, open, reason);
    const broken = [...round.texts].filter(([file, text]) => !isSameCode(before, file, text)).map(([file]) => file);
    for (const finding of [...open.keys()]) if (broken.includes(finding.file)) giveUp(finding, WHY.tokens);
    if (broken.length > 0) continue;
    const after = await before.withTexts(round.texts);
    const failed = failures(before, after, open, round);
    if (failed.size === 0) return { workspace: after, suppressed: [...open.keys()], left, comments: round.comments };
    for (const finding of failed) tryNext(finding);
  }
}

function speaksAgainst(workspace: Workspace, file: string, reason: string): string | undefined {
  const source = workspace.text(file);
  if (source === undefined) return WHY.gone;
  if (workspace.project.index.file(file) === undefined) return WHY.language;
  return canSay(source, reason) ? undefined : WHY.encoding;
}

function canSay({ encoding }: SourceText, text: string): boolean {
  return encoding !== "latin-1" || [...text].every((c) => c <= "\u00ff");
}

function commentsOf(workspace: Workspace, file: string): FileComments {
  const marked = workspace.project.index.file(file)?.ungilComments ?? [];
  return new FileComments(workspace.text(file)!, workspace.viewOptions(file), marked);
}

function edited(
  before: Workspace,
  files: ReadonlyMap<string, FileComments>,
  open: ReadonlyMap<Finding, Placement>,
  reason: string,
): Round {
  const texts = new Map<string, string>();
  const all = new Map<string, { edits: Edit[]; served: { start: number; end: number; serves: Finding[] }[] }>();
  for (const [file, comments] of files) {
    const own = [...open].filter(([f]) => f.file === file);
    const made = comments.edits(own, reason);
    if (made.length === 0) continue;
    const edits = made.map((m) => m.edit);
    const ranges = editedRanges(edits);
    texts.set(file, applyEdits(before.text(file)!.text, edits));
    all.set(file, { edits, served: made.map(({ serves }, i) => ({ ...ranges[i], serves })) });
  }
  return {
    texts,
    moved: (file, offset) => {
      const before = (all.get(file)?.edits ?? []).filter((e) => e.end <= offset);
      return before.reduce((sum, e) => sum + e.text.length - (e.end - e.start), offset);
    },
    servedAt: (file, offset) =>
      (all.get(file)?.served ?? []).filter((s) => s.start <= offset && offset < s.end).flatMap((s) => s.serves),
    comments: [...all.values()].reduce((n, { edits }) => n + edits.length, 0),
  };
}

function isSameCode(before: Workspace, file: string, text: string): boolean {
  const options = before.viewOptions(file);
  return compiledText(before.text(file)!.text, options) === compiledText(text, options);
}

/** Findings whose comment did not work, or did more than it should. */
function failures(
  before: Workspace,
  after: Workspace,
  open: ReadonlyMap<Finding, Placement>,
  { texts, moved, servedAt }: Round,
): Set<Finding> {
  const failed = new Set<Finding>();
  const key = (f: Located, start: number) => [f.file, start, f.rule, f.function, f.symbol, f.message].join("\0");
  const now = new Map<string, number>();
  for (const f of after.findings) now.set(key(f, f.start), (now.get(key(f, f.start)) ?? 0) + 1);
  const targets = new Map([...open.keys()].map((f) => [f.fingerprint, f]));
  for (const [, finding] of before.identified()) {
    const at = key(finding, moved(finding.file, finding.start));
    const isThere = (now.get(at) ?? 0) > 0;
    if (isThere) now.set(at, now.get(at)! - 1);
    const target = targets.get(finding.fingerprint);
    if (target !== undefined && isThere) failed.add(target);
    // Another finding went with one of the comments: those for the same rule in the same file may be to blame.
    if (target === undefined && !isThere) {
      const same = [...open.keys()].filter((f) => f.file === finding.file && f.rule === finding.rule);
      const near = same.filter((f) => f.function === finding.function);
      for (const f of near.length > 0 ? near : same) failed.add(f);
    }
  }
  const known = new Set(before.problems.map((p) => `${p.file}\0${moved(p.file, p.start ?? 0)}\0${p.message}`));
  for (const problem of after.problems) {
    const { file, kind, start = 0, message } = problem;
    if (kind !== "suppression" || !texts.has(file) || known.has(`${file}\0${start}\0${message}`)) continue;
    for (const f of servedAt(file, start)) failed.add(f);
  }
  return failed;
}
