/** What a reporter is: a pure function from the result of an audit to text. */
import type { AuditResult } from "../audit/types.ts";
import type { AnyRule } from "../rule-api/define-rule.ts";
import type { Risk } from "../rule-api/types.ts";
import type { TextOptions } from "./page.ts";
import type { SourceReader } from "./source.ts";

/** Everything a reporter may show. */
export interface ReportInput {
  result: AuditResult;
  /** The rules that ran, in the order of the registry. */
  rules: readonly AnyRule[];
  /** Mildest risk to show. Milder findings stay in the summary's counts. */
  risk: Risk;
  read: SourceReader;
  /** How it looks on a terminal, for reporters that people read there. */
  terminal: Pick<TextOptions, "color" | "columns" | "quiet" | "verbose">;
}

export interface Reporter {
  /** Mildest risk that is shown if the user does not say. */
  defaultRisk: Risk;
  /** The report, with a newline at the end unless it is empty. */
  render(input: ReportInput): string;
}
