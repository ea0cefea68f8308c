/**
 * Comments that suppress findings: an `ignore` with names of rules or families in brackets and a reason after them. Behind code it is
 * about that line and the statement that it is at; on a line of its own about the next line of code and the statements there, about the
 * whole macro if that is a `#define`, or about the whole function that begins there. `ignore-file` is about the file.
 */
import type { FileFacts, FunctionFacts, MarkedComment, Problem } from "../ir/facts.ts";
import type { Span } from "../ir/types.ts";
import type { AnyRule } from "../rule-api/define-rule.ts";
import { LineMap } from "../text/lines.ts";
import { nearest } from "./select-rules.ts";
import type { Located } from "./types.ts";

export interface Suppressed {
  finding: Located;
  reason: string;
}

/** One `ignore` of a comment, as it is written. */
export interface Ignore {
  isFile: boolean;
  /** Rules and families. */
  names: string[];
  /** `""` if there is none. */
  reason: string;
}

interface Suppression {
  file: string;
  /** One-based line of the comment. */
  line: number;
  start: number;
  end: number;
  names: string[];
  reason: string;
  /** Offsets that it covers. */
  covers: Span;
  /** It is in code of other builds: of what is found there nobody can tell. */
  isDead: boolean;
  used: Set<string>;
}

const HEAD = /ungil:\s*ignore(-file)?\b\s*(?:\[([^\]]*)\])?/g;

/** What a comment, given with its delimiters, says to ungil. */
export function ignoresIn(comment: string): Ignore[] {
  const text = comment.endsWith("*/") ? comment.slice(0, -2) : comment;
  const heads = [...text.matchAll(HEAD)];
  return heads.map((match, i) => {
    const [whole, file, list = ""] = match;
    const names = list.split(",").flatMap((name) => unadorned(name) || []);
    const reason = unadorned(text.slice(match.index + whole.length, heads[i + 1]?.index));
    return { isFile: file !== undefined, names, reason };
  });
}

/** On one line, without the stars or slashes that lines of a comment begin with. */
function unadorned(text: string): string {
  const [first, ...others] = text.split(/\\?(?:\r\n|\r|\n)/);
  return [first, ...others.map((line) => line.replace(/^[\s*/]+/, ""))].join(" ").replace(/\s+/g, " ").trim();
}

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
    const found = facts.ungilComments.flatMap((c) => read(facts, c, registry, problems));
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
  for (const s of [...byFile.values()].flat()) problems.push(...unused(s, rules, registry));
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
  comment: MarkedComment,
  registry: readonly Pick<AnyRule, "name" | "family">[],
  problems: Problem[],
): Suppression[] {
  const { start, end, isDead } = comment;
  const line = new LineMap(facts.lineStarts).lineOf(start);
  const problem = (message: string) =>
    problems.push({ file: facts.file, kind: "suppression", message, start, end, line, skipped: false });
  return ignoresIn(comment.text).flatMap(({ isFile, names: given, reason }) => {
    if (given.length === 0) {
      problem("a comment that ignores findings must name rules: `ignore[rule-name] reason`");
      return [];
    }
    if (reason === "") {
      problem(`ignore[${given.join(", ")}] needs a reason after it: nothing is suppressed`);
      return [];
    }
    const all = registry.flatMap((r) => [r.name, r.family]);
    for (const name of given) {
      if (all.includes(name)) continue;
      const near = nearest(name, all);
      problem(`ignore[${name}]: there is no such rule${near === undefined ? "" : `; did you mean ${near}?`}`);
    }
    const covers = isFile ? { start: 0, end: Number.POSITIVE_INFINITY } : coveredBy(facts.functions, comment);
    return [{ file: facts.file, line, start, end, names: given, reason, covers, isDead, used: new Set<string>() }];
  });
}

/** What the comment is about, with the function that begins there; nothing for one in code of other builds. */
function coveredBy(functions: readonly FunctionFacts[], { alone, next, covers, isDead }: MarkedComment): Span {
  if (isDead) return { start: 0, end: 0 };
  const fn = alone ? functions.find((f) => next <= f.nameStart && f.nameStart < covers.end) : undefined;
  return fn === undefined ? covers : { start: covers.start, end: Math.max(fn.end, covers.end) };
}

/** Names that suppressed nothing although all of their rules ran. */
function unused(
  { file, line, start, end, names: all, used, isDead }: Suppression,
  rules: readonly AnyRule[],
  registry: readonly Pick<AnyRule, "name" | "family">[],
): Problem[] {
  const ran = new Set(rules.map((r) => r.name));
  const idle = all.filter((name) => {
    const meant = registry.filter((r) => r.name === name || r.family === name);
    return !used.has(name) && meant.length > 0 && meant.every((r) => ran.has(r.name));
  });
  if (idle.length === 0 || isDead) return [];
  const message = `ignore[${idle.join(", ")}] suppresses nothing: take it out`;
  return [{ file, kind: "suppression", message, start, end, line, skipped: false }];
}
