import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { jsonReport, reporter } from "../../../src/report/json.ts";
import { finding, sampleInput, sampleResult } from "./sample-result.ts";

const schema = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../src/report/schema/ungil-report-1.schema.json"), "utf8"),
);
const validate = new Ajv({ strict: true, allErrors: true }).compile(schema);

describe("JSON report", () => {
  it("follows its schema, with and without optional parts", () => {
    const result = sampleResult(
      [
        finding(),
        finding({ fix: null, evidence: [], function: "", module: "" }),
        finding({ fix: { level: "safe", title: "x" } }),
      ],
      {
        problems: [
          { file: "a.c", kind: "binary", message: "binary data", skipped: true },
          { file: "b.c", kind: "parse-error", message: "odd", line: 3, skipped: false },
        ],
        excluded: [{ reason: "tests", files: 3, folders: 1, examples: ["tests/x.c"] }],
      },
    );
    expect(validate(jsonReport(sampleInput(result))), JSON.stringify(validate.errors)).toBe(true);
  });

  it("has a schema that rejects what is not a report", () => {
    const report = jsonReport(sampleInput(sampleResult([finding({ line: 0 })])));
    expect(validate(report)).toBe(false);
    expect(validate({ ...jsonReport(sampleInput()), schemaVersion: 2 })).toBe(false);
  });

  it("leaves out what is milder than asked, but counts it", () => {
    const result = sampleResult([finding(), finding({ risk: "low" })]);
    const report = JSON.parse(reporter.render(sampleInput(result, { risk: "medium" })));
    expect(report.findings.map((f: { risk: string }) => f.risk)).toEqual(["high"]);
    expect(report.summary.risks.low).toBe(1);
  });

  it("has nothing in it that differs between runs", () => {
    const other = sampleResult(undefined, { timing: { total: 99, phases: {}, jobs: 8, cache: "warm", cacheHits: 3 } });
    expect(reporter.render(sampleInput(other))).toBe(reporter.render(sampleInput()));
  });
});
