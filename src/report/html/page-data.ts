/** What the page is given, as JSON: the contract between the reporter and the code that runs in the browser. */
import type { Family, Risk } from "../../rule-api/risks.ts";

/** Everything as the audited files have it, nothing escaped. Files and rules are named by their index. */
export interface PageData {
  tool: { name: string; version: string };
  /** Name of the audited folder. */
  project: string;
  target: string;
  minPython: string;
  minPythonKnown: boolean;
  files: PageFile[];
  rules: PageRule[];
  modules: PageModule[];
  findings: PageFinding[];
  /** Runs of lines that fixes change; many share the definitions that older Pythons need. */
  hunks: PageHunk[];
  fixes: {
    /** Whether the levels are proven, or only what rules say of their fixes. */
    proven: boolean;
    /** Why some or all are not. */
    problem?: string;
  };
  totals: {
    files: number;
    functions: number;
    lines: number;
    suppressed: number;
    /** Findings that a baseline knows, and how many of them are worse now; undefined if there is none. */
    known?: { file: string; findings: number; worse: number };
    /** Findings of all risks. */
    findings: number;
    /** Findings that are milder than what was asked for. */
    milder: number;
    /** The mildest risk that was asked for. */
    risk: Risk;
  };
  problems: PageProblem[];
  excluded: { reason: string; files: number; folders: number; examples: string[] }[];
}

export interface PageFile {
  name: string;
  /** In order, without overlap; empty for a file that is gone or no longer what was audited. */
  regions: PageRegion[];
}

export interface PageRegion {
  /** One-based number of the first line. */
  first: number;
  lines: PageLine[];
}

/**
 * A line: its text alone, or with spans of token classes (start, length, index into `TOKEN_CLASSES`, ...). Of a very long line only a part is
 * there, which begins at the third member.
 */
export type PageLine = string | [text: string, spans: number[], from?: number];

export const TOKEN_CLASSES = ["comment", "directive", "string", "number", "keyword", "type", "call"] as const;

export interface PageRule {
  name: string;
  family: Family;
  summary: string;
  /** Heading and Markdown text. */
  docs: [heading: string, text: string][];
}

export interface PageModule {
  name: string;
  file: number;
  line: number;
  phase: string;
  declared: string;
  framework: string;
}

/** One-based lines and columns, columns in UTF-16 units, the end exclusive. */
export interface PagePlace {
  file: number;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

export interface PageFinding extends PagePlace {
  id: string;
  rule: number;
  risk: Risk;
  function: string;
  symbol: string;
  module: string;
  message: string;
  evidence: (PagePlace & { function: string; text: string })[];
  fix: PageFix | null;
}

export type FixLevel = "safe" | "review" | "manual";

export interface PageFix {
  level: FixLevel;
  title: string;
  /** What a person should look at, or why there is no rewrite. */
  notes: string[];
  recipe: string[];
  /** Changes by file; hunks by index. */
  files: { file: number; isNew: boolean; hunks: number[] }[];
}

export interface PageHunk {
  oldStart: number;
  newStart: number;
  /** `+`, `-`, `\` or a blank for each line. */
  signs: string;
  lines: PageLine[];
  /** Definitions that older Pythons lack. */
  isCompat?: true;
}

export interface PageProblem {
  file: string;
  line?: number;
  kind: string;
  message: string;
  skipped: boolean;
}
