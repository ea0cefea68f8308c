/** The state of the review screen and everything that can happen to it: plain data, no terminal, no files. */

import type { Triage, TriageState } from "../../../src/audit/triage/triage.ts";
import type { ProgressEvent } from "../../../src/audit/types.ts";
import type { Finding } from "../../../src/rule-api/types.ts";

/** Where a finding stands. */
export type ItemState = "open" | "fixed" | TriageState;

export interface Item {
  finding: Finding;
  state: ItemState;
  /** What somebody said of it, if anything. */
  triage?: Triage;
}

export const GROUPINGS = ["file", "module", "family", "rule"] as const;
export type Grouping = (typeof GROUPINGS)[number];
export const SORTS = ["risk", "place", "rule", "state"] as const;
export type Sort = (typeof SORTS)[number];
export const TABS = ["code", "evidence", "fix", "rule"] as const;
export type Tab = (typeof TABS)[number];

/** One answer of a rule, ready to be shown. */
export interface FixPreview {
  level: "safe" | "review" | "manual";
  title: string;
  /** Why it is not safe, or not written. */
  notes: string[];
  /** What a person would do, for `manual`. */
  recipe: string[];
  files: { file: string; before: string; after: string }[];
}

/** What is asked for by a line of text. */
export type Prompt =
  | { kind: "filter" }
  | { kind: "suppress"; how: "comment" | "triage" }
  | { kind: "false-positive" }
  | { kind: "assign" }
  | { kind: "note" };

export type Screen =
  | { kind: "list" }
  | { kind: "help"; scroll: number }
  | { kind: "dashboard"; scroll: number }
  | { kind: "prompt"; prompt: Prompt; text: string; targets: string[] }
  /** Review fixes are shown as a diff before they are applied. */
  | { kind: "confirm-fix"; targets: string[]; answer: number; scroll: number; fixed?: number }
  | { kind: "choose-fix"; target: string; cursor: number }
  | { kind: "choose-suppression"; targets: string[]; cursor: number }
  | { kind: "confirm-quit"; reason: string };

export interface Message {
  text: string;
  tone: "info" | "good" | "bad";
}

export interface ReviewState {
  phase: "scanning" | "ready" | "failed";
  progress?: ProgressEvent;
  /** Why the scan failed. */
  failure?: string;
  /** What is being done that the user waits for. */
  busy?: string;
  root: string;
  items: readonly Item[];
  grouping: Grouping;
  sort: Sort;
  /** The filter as typed. */
  filter: string;
  /** Keys of groups that show no findings. */
  folded: ReadonlySet<string>;
  /** Key of the row under the cursor. */
  cursor: string;
  marked: ReadonlySet<string>;
  tab: Tab;
  /** Lines that the right side is scrolled by. */
  scroll: number;
  /** Step of the evidence that is shown; -1: the finding itself. */
  step: number;
  /** Answer of the rule that is shown, by number. */
  answer: number;
  diff: "unified" | "split";
  focus: "list" | "detail";
  screens: readonly Screen[];
  message?: Message;
  size: { columns: number; rows: number };
  /** Answers by fingerprint, as far as they were asked for. */
  previews: ReadonlyMap<string, readonly FixPreview[]>;
  /** Findings whose answers were asked for since the last scan. */
  asked: ReadonlySet<string>;
  undo: number;
  redo: number;
  /** What was done since the start. */
  done: { fixed: number; triaged: number };
  /** Open findings at the start and after each change of their number. */
  burndown: readonly number[];
  /** Triage that could not be saved. */
  unsaved: boolean;
  /** False: nothing but characters can be seen, neither colours nor inverse text. */
  color: boolean;
}

export type Action =
  | { type: "key"; command: string }
  | { type: "text"; text: string }
  | { type: "resize"; columns: number; rows: number }
  | { type: "progress"; event: ProgressEvent }
  | { type: "scanned"; items: Item[]; root: string }
  | { type: "failed"; text: string }
  | { type: "previews"; fingerprint: string; previews: FixPreview[] }
  | { type: "busy"; text?: string }
  | { type: "told"; message: Message }
  | { type: "history"; undo: number; redo: number }
  | { type: "counted"; fixed: number; triaged: number }
  | { type: "saved"; ok: boolean }
  /** Scrolled further than there are lines: back to where it ends. */
  | { type: "scroll-end"; scroll: number }
  | { type: "select"; key: string }
  /** Fixes that a person has to look at before they are written; `fixed` were safe, and are. */
  | { type: "needs-review"; targets: string[]; answer: number; fixed: number };

/** What the outside has to do: read, write, ask the session. The reducer only asks for it. */
export type Effect =
  | { type: "preview"; fingerprint: string }
  | { type: "apply"; targets: string[]; answer: number; level: "safe" | "review" }
  | { type: "undo" }
  | { type: "redo" }
  | { type: "triage"; targets: string[]; change: Partial<Triage> | null }
  | { type: "suppress-comment"; targets: string[]; reason: string }
  | { type: "edit"; fingerprint: string; step: number }
  | { type: "copy"; text: string }
  | { type: "export"; targets: string[] }
  | { type: "rescan" }
  | { type: "suspend" }
  | { type: "quit" };

export interface Step {
  state: ReviewState;
  effects: readonly Effect[];
}
