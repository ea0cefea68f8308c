/** Names for findings that stay the same while the code around them moves and is laid out anew. */
import { createHash } from "node:crypto";
import type { Language } from "../ir/facts.ts";
import { isTemplate } from "../project/discover/kinds.ts";
import type { Finding } from "../rule-api/types.ts";
import { Statements } from "../syntax/statements.ts";
import type { TargetVersion } from "../syntax/view/types.ts";
import { LineMap } from "../text/lines.ts";
import { withoutDataTables } from "./data-tables.ts";
import type { Located } from "./types.ts";

/** What fingerprints are made from, besides the findings. */
export interface FingerprintSources {
  /** Name of a file in the project: its path relative to the project's folder. */
  nameOf(file: string): string;
  target: TargetVersion;
  /** Source of a file as audited; undefined if it is gone. */
  textOf(file: string): string | undefined;
  /** Undefined for files that are neither C nor C++. */
  languageOf(file: string): Language | undefined;
}

/** Hexadecimal digits that stand for all but the file, and for the file. */
const CONTENT_DIGITS = 20;
const FILE_DIGITS = 12;

/**
 * Adds fingerprints to findings in their final order: 32 hexadecimal digits, 20 for rule, function, symbol and the tokens of the
 * statement and 12 for the file. Findings that are equal in all of these are numbered, so that no two share a fingerprint; taking
 * one out changes only the later equal ones.
 */
export function withFingerprints(findings: readonly Located[], sources: FingerprintSources): Finding[] {
  const statements = new StatementTexts(sources);
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const { rule, symbol, function: fn } = finding;
    // Names that macros or operators make are as the source spells them, with its blanks.
    const content = [rule, ...[fn, symbol].map((name) => name.replaceAll(/\s/g, "")), statements.of(finding)].join(
      "\0",
    );
    const key = `${finding.file}\0${content}`;
    const ordinal = seen.get(key) ?? 0;
    seen.set(key, ordinal + 1);
    const file = sources.nameOf(finding.file);
    return { ...finding, fingerprint: digits(`${content}\0${ordinal}`, CONTENT_DIGITS) + digits(file, FILE_DIGITS) };
  });
}

/** The part of a fingerprint that stays when the file is renamed or moved. */
export function withoutFile(fingerprint: string): string {
  return fingerprint.slice(0, CONTENT_DIGITS);
}

/** True if two fingerprints are of findings in the same file. */
export function inSameFile(a: string, b: string): boolean {
  return a.slice(CONTENT_DIGITS) === b.slice(CONTENT_DIGITS);
}

function digits(text: string, count: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, count);
}

/** Statements that findings stand on, in a form that no layout changes. Each file is read and lexed once. */
class StatementTexts {
  private readonly sources: FingerprintSources;
  private readonly files = new Map<string, (finding: Located) => string>();

  constructor(sources: FingerprintSources) {
    this.sources = sources;
  }

  of(finding: Located): string {
    const { file } = finding;
    let known = this.files.get(file);
    if (known === undefined) {
      // Findings come file by file: what is behind is not asked for again.
      this.files.clear();
      known = this.read(file);
      this.files.set(file, known);
    }
    return known(finding);
  }

  private read(file: string): (finding: Located) => string {
    const { target, textOf, languageOf } = this.sources;
    const text = textOf(file);
    if (text === undefined) return () => "";
    const language = languageOf(file);
    if (language === undefined) {
      const lines = LineMap.of(text);
      return ({ start, end }) => foldedLines(text, lines, start, end);
    }
    const template = isTemplate(file);
    const statements = new Statements(withoutDataTables(text, template), { language, template, target });
    return ({ start }) => statements.around(start)?.words.join(" ") ?? "";
  }
}

/** For other languages: the lines of the finding, white space folded. */
function foldedLines(text: string, lines: LineMap, start: number, end: number): string {
  const last = lines.lineOf(Math.max(start, end));
  const to = last < lines.lineCount ? lines.startOf(last + 1) : text.length;
  return text
    .slice(lines.startOf(lines.lineOf(start)), to)
    .split(/\s+/)
    .join(" ")
    .trim();
}
