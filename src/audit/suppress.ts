/**
 * Comments that suppress findings: an `ignore` with names of rules or families in brackets and a reason after them. At the end of a
 * line it is about that line; on a line of its own about the next line of code, or about the whole function that begins there.
 * `ignore-file` is about the file.
 */
import type { FileFacts, FunctionFacts, Problem } from "../ir/facts.ts";
import type { AnyRule } from "../rule-api/define-rule.ts";
import { LineMap } from "../text/lines.ts";
import type { Located } from "./types.ts";

export interface Suppressed {
  finding: Located;
  reason: string;
}

type Comment = FileFacts["ungilComments"][number];

interface Suppression {
  file: string;
  /** One-based line of the comment. */
  line: number;
  start: number;
  end: number;
  names: string[];
  reason: string;
  /** Offsets that it covers. */
  covers: { start: number; end: number };
  used: Set<string>;
}

const FORM = /ungil:\s*ignore(-file)?\b\s*(?:\[([^\]]*)\])?\s*([\s\S]*)/;

/**
 * Takes the findings out that a comment suppresses. A comment without names or reason, with an unknown name or one that suppresses
 * nothing is a problem; of rules that are not in `rules` nobody can tell.
 */
export function suppress(
  files: readonly FileFacts[],
  findings: readonly Located[],
  rules: readonly AnyRule[],
  registry: readonly Pick<AnyRule, "name" | "family">[],
): { findings: Located[]; suppressed: Suppressed[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const byFile = new Map<string, Suppression[]>();
  for (const facts of files) {
    const found = facts.ungilComments.flatMap((c) => read(facts, c, registry, problems) ?? []);
    if (found.length > 0) byFile.set(facts.file, found);
  }
  if (byFile.size === 0) return { findings: [...findings], suppressed: [], problems };
  const suppressed: Suppressed[] = [];
  const left = findings.filter((finding) => {
    const by = byFile.get(finding.file)?.filter((s) => covers(s, finding)) ?? [];
    for (const s of by) for (const n of s.names) if (names(n, finding)) s.used.add(n);
    if (by.length > 0) suppressed.push({ finding, reason: by[0].reason });
    return by.length === 0;
  });
  for (const s of [...byFile.values()].flat()) problems.push(...unused(s, rules));
  return { findings: left, suppressed, problems };
}

function covers({ covers: span, names: all }: Suppression, finding: Located): boolean {
  return span.start <= finding.start && finding.start < span.end && all.some((n) => names(n, finding));
}

function names(name: string, { rule, family }: Pick<Located, "rule" | "family">): boolean {
  return name === rule || name === family;
}

function read(
  facts: FileFacts,
  comment: Comment,
  registry: readonly Pick<AnyRule, "name" | "family">[],
  problems: Problem[],
): Suppression | undefined {
  const match = FORM.exec(comment.text);
  if (match === null) return undefined;
  const lines = new LineMap(facts.lineStarts);
  const { start, end } = comment;
  const line = lines.lineOf(start);
  const problem = (message: string) => {
    problems.push({ file: facts.file, kind: "suppression", message, start, end, line, skipped: false });
    return undefined;
  };
  const [, isFile, list, rest] = match;
  const given = (list ?? "").split(",").flatMap((n) => n.trim() || []);
  const reason = rest
    .replace(/\*\/\s*$/, "")
    .replace(/\s+/g, " ")
    .trim();
  if (given.length === 0) return problem("a comment that ignores findings must name rules: `ignore[rule-name] reason`");
  if (reason === "") return problem(`ignore[${given.join(", ")}] needs a reason after it: nothing is suppressed`);
  for (const name of given) {
    if (!registry.some((r) => r.name === name || r.family === name)) problem(`ignore[${name}]: there is no such rule`);
  }
  const covered = isFile ? { start: 0, end: Number.POSITIVE_INFINITY } : coveredBy(facts.functions, lines, comment);
  return { file: facts.file, line, start, end, names: given, reason, covers: covered, used: new Set() };
}

/** The comment's own line if code stands before it, else the line of the next code or the function that begins there. */
function coveredBy(functions: readonly FunctionFacts[], lines: LineMap, { start, end, alone, next }: Comment) {
  const from = lines.startOf(lines.lineOf(start));
  if (!alone) return { start: from, end: afterLine(lines, end) };
  const own = lines.startOf(lines.lineOf(next));
  const to = afterLine(lines, next);
  const fn = functions.find((f) => own <= f.start && f.start < to);
  return { start: from, end: fn === undefined ? to : fn.end };
}

function afterLine(lines: LineMap, offset: number): number {
  const line = lines.lineOf(offset);
  return line < lines.lineCount ? lines.startOf(line + 1) : Number.POSITIVE_INFINITY;
}

/** Names that suppressed nothing although their rules ran. */
function unused({ file, line, start, end, names: all, used }: Suppression, rules: readonly AnyRule[]): Problem[] {
  const idle = all.filter((n) => !used.has(n) && rules.some((r) => r.name === n || r.family === n));
  if (idle.length === 0) return [];
  const message = `ignore[${idle.join(", ")}] suppresses nothing: take it out`;
  return [{ file, kind: "suppression", message, start, end, line, skipped: false }];
}
