import { describe, expect, it } from "vitest";
import { reporter } from "../../../src/report/json.ts";
import { finding, sampleInput, sampleResult } from "./sample-result.ts";

describe("JSON report", () => {
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
