/** The schema of JSON lines, made from that of the report: its parts, each with the word that says which it is. */

interface Schema {
  type?: string;
  description?: string;
  required?: string[];
  additionalProperties?: boolean;
  properties?: Record<string, object>;
}

interface ReportSchema extends Required<Omit<Schema, "additionalProperties">> {
  definitions: Record<string, Schema>;
}

/** Parts of the report that are lines of their own. */
const LISTS = ["findings", "skipped"];

/** @param report the parsed schema of the report. */
export function linesSchema(report: ReportSchema): object {
  const { finding, problem, ...definitions } = report.definitions;
  const { findings: _findings, skipped: _skipped, ...properties } = report.properties;
  const run = { ...report, properties, required: report.required.filter((name) => !LISTS.includes(name)) };
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: "ungil-lines-1.schema.json",
    title: "A line of ungil's JSON lines, version 1",
    description:
      "What each line of `ungil --format jsonl` is: first the run, then the findings, then what could not be audited; with --quiet findings only. Fields may be added within version 1; none is removed or changes its meaning.",
    anyOf: [line("run"), line("finding"), line("skipped")],
    definitions: {
      ...definitions,
      run: typed("run", "The run as a whole.", run),
      finding: typed("finding", finding.description, finding),
      skipped: typed("skipped", problem.description, problem),
    },
  };
}

function line(name: string): object {
  return { $ref: `#/definitions/${name}` };
}

function typed(type: string, description: string | undefined, { required = [], properties = {} }: Schema): object {
  return {
    type: "object",
    description,
    required: ["type", ...required],
    additionalProperties: false,
    properties: { type: { const: type, description: "Which kind of line this is." }, ...properties },
  };
}
