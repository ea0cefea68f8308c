/** What a reporter is: a pure function from the result of an audit to text. */
import type { FixPreviews } from "../audit/fixing/previews.ts";
import type { AuditResult } from "../audit/types.ts";
import type { AnyRule } from "../rule-api/define-rule.ts";
import { atLeast, type Finding, type Risk } from "../rule-api/types.ts";
import type { ReportPaths } from "./paths.ts";
import type { SourceReader } from "./source.ts";

/** Everything a reporter may show. */
export interface ReportInput {
  result: AuditResult;
  /** The rules that ran, in the order of the registry. */
  rules: readonly AnyRule[];
  /** Mildest risk to show. Milder findings stay in the summary's counts. */
  risk: Risk;
  read: SourceReader;
  paths: ReportPaths;
  /** What fixes would do, for reporters that show it; undefined if nobody asked or the user left it out. */
  fixes?: FixPreviews;
  /** How it looks on a terminal, for reporters that people read there. */
  terminal: Terminal;
}

export interface Terminal {
  color: boolean;
  /** Width; prose uses at most 100 columns. */
  columns: number;
  /** Findings only. */
  quiet: boolean;
  /** Also frames and evidence of low findings, every problem, and timing. */
  verbose: boolean;
}

export interface Reporter {
  /** Mildest risk that is shown if the user does not say. */
  defaultRisk: Risk;
  /** It shows what fixes would do: working that out takes long. */
  showsFixes?: true;
  /** The report, with a newline at the end unless it is empty. */
  render(input: ReportInput): string;
}

/** The findings that are asked for, in the order of the result. */
export function shownFindings({ result, risk }: Pick<ReportInput, "result" | "risk">): Finding[] {
  return result.findings.filter((f) => atLeast(f.risk, risk));
}

/** Whether the message begins with the function, as many do: reports in one line need not name it twice. */
export function beginsWithFunction({ message, function: fn }: Finding): boolean {
  return fn !== "" && message.startsWith(`\`${fn}\``);
}
