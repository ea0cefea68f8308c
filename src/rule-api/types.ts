/**
 * What a rule is and what it produces. A rule is one file in `rules/<family>/<rule-name>.ts` whose default export is
 * `defineRule({...})`; `explain`, the docs pages, SARIF help and the editor's hover are made from the same object.
 */
import type { Declared } from "../project/declared.ts";
import type { FunctionContext, ProjectContext } from "./context.ts";
import type { FixAnswers, FixingContext, FixRequest } from "./fixing.ts";
import { atLeast, FAMILIES, type Family, RISKS, type Risk } from "./risks.ts";

export { atLeast, FAMILIES, type Family, RISKS, type Risk };

/** A place in a scanned file; offsets are zero-based UTF-16 offsets into its text. */
export interface Place {
  file: string;
  start: number;
  end: number;
}

/** One step of the evidence, in the order a reader should follow. */
export interface EvidenceStep extends Place {
  text: string;
  /** The step is itself an unsafe place (an unlocked write of the variable, ...), not an explanation. */
  isAccess?: boolean;
  /** Qualified name of the function around the place; set by the session. */
  function?: string;
  /** Lines of the function or declaration around the place; set by the session. */
  within?: LineRange;
}

/** One-based lines, both included. */
export interface LineRange {
  from: number;
  to: number;
}

/**
 * What can be said of a fix before it is built and proven. `manual`: described, not written by the tool; `review`: written, a person must
 * look; `safe`: written unread.
 * `title` is imperative and short; `replacement` names the API or construct that replaces the old one.
 */
export interface FixSuggestion {
  level: "manual" | "review" | "safe";
  title: string;
  replacement?: string;
}

/** What a rule reports; the session adds line and column, the function's name and the fingerprint. */
export interface Draft<MessageId extends string = string> extends Place {
  messageId: MessageId;
  /** Values for the `{placeholders}` of the message. */
  data?: Record<string, string | number>;
  risk: Risk;
  /** Qualified name of the function, "" at file level. */
  function: string;
  /** The API, field or variable the finding is about. */
  symbol: string;
  evidence?: EvidenceStep[];
  fix?: FixSuggestion | null;
}

/** A finding as reporters see it. Lines and columns are 1-based, columns count UTF-16 units. */
export interface Finding extends Place {
  rule: string;
  family: Family;
  risk: Risk;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  function: string;
  symbol: string;
  message: string;
  /** Lines of the function or declaration that it is in. */
  within?: LineRange;
  evidence: (EvidenceStep & { line: number; column: number })[];
  fix: FixSuggestion | null;
  fingerprint: string;
  /** Name of the module the file belongs to, "" if it is not known. */
  module: string;
}

/** Documentation under the fixed headings; Markdown paragraphs. */
export interface RuleDocs {
  /** What it finds. */
  finds: string;
  /** Why it breaks without the GIL. */
  breaks: string;
  /** Not reported: what is safe, and what the rule cannot see. */
  notReported: string;
  /** How to fix. */
  fixing: string;
  /** References: names of documentation sections, PEPs. */
  references: string[];
}

/** Code that the rule is about, out of its samples. */
export interface RuleExample {
  /** With a comment where the finding is. */
  found: string;
  /** What `ungil fix` makes of it. */
  fixed?: { code: string; level: "safe" | "review" };
  /** Code beside it that is right; where nothing is fixed. */
  good?: string;
}

export type Analysis = "def-use" | "provenance" | "locks" | "thread-state" | "ownership" | "index" | "accesses";

export interface Rule<MessageId extends string = string> {
  name: string;
  family: Family;
  /** Risks it may report, worst first. */
  risks: readonly Risk[];
  /** One line, no full stop: what a reader of a list sees. */
  summary: string;
  docs: RuleDocs;
  /** Set by the registry, from the samples. */
  example?: RuleExample;
  /** Templates with `{name}` placeholders. */
  messages: Record<MessageId, string>;
  /** Analyses it asks. */
  needs: readonly Analysis[];
  /** Names of called functions without which `checkFunction` has nothing to do; undefined means every function. */
  callTriggers?: ReadonlySet<string>;
  /** Further names of that kind, which the project declares. */
  alsoTriggeredBy?(name: string, declared: Declared): boolean;
  checkFunction?(fn: FunctionContext, report: (draft: Draft<MessageId>) => void): void;
  checkProject?(project: ProjectContext, report: (draft: Draft<MessageId>) => void): void;
  /** Builds the fix of one finding; a rule without it has fixes that are only described. */
  fix?(request: FixRequest, context: FixingContext): FixAnswers;
}
