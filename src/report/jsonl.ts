/**
 * JSON lines, described by schema/ungil-lines-1.schema.json: what the JSON report has, one object a line, so that nobody needs to hold
 * all of it. The first line is about the run, then come the findings, then what could not be audited.
 */
import { findingJson, problemJson, runJson } from "./json.ts";
import { type Reporter, type ReportInput, shownFindings } from "./reporter.ts";

export const reporter: Reporter = {
  defaultRisk: "info",
  render: (input) =>
    reportLines(input)
      .map((line) => `${JSON.stringify(line)}\n`)
      .join(""),
};

/** `quiet` leaves the findings alone. */
export function reportLines(input: ReportInput): object[] {
  const findings = shownFindings(input).map((f) => ({ type: "finding", ...findingJson(f) }));
  if (input.terminal.quiet) return findings;
  const run = { type: "run", ...runJson(input), excluded: input.result.excluded };
  return [run, ...findings, ...input.result.problems.map((p) => ({ type: "skipped", ...problemJson(p) }))];
}
