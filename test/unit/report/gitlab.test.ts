import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { reporter } from "../../../src/report/gitlab.ts";
import { reportPaths } from "../../../src/report/paths.ts";
import { sampleInput, sampleResult } from "./sample-result.ts";

/** What GitLab's documentation says of the file. */
const validate = new Ajv({ strict: true, allErrors: true }).compile({
  type: "array",
  items: {
    type: "object",
    required: ["description", "check_name", "fingerprint", "severity", "location"],
    additionalProperties: false,
    properties: {
      description: { type: "string", minLength: 1 },
      check_name: { type: "string", minLength: 1 },
      fingerprint: { type: "string", minLength: 1 },
      severity: { enum: ["info", "minor", "major", "critical", "blocker"] },
      location: {
        type: "object",
        required: ["path", "lines"],
        properties: {
          path: { type: "string", pattern: "^(?!\\./|/).+" },
          lines: { type: "object", required: ["begin"], properties: { begin: { type: "integer", minimum: 1 } } },
        },
      },
    },
  },
});

const problem = { file: "a.c", kind: "unknown-code" as const, message: "not understood", skipped: false };
const issues = (result = sampleResult(), paths = reportPaths({ root: "/p/ext", cwd: "/p", top: "/p" })) =>
  JSON.parse(reporter.render(sampleInput(result, { paths })));

describe("GitLab Code Quality report", () => {
  it("has the documented fields", () => {
    const found = issues();
    expect(validate(found), JSON.stringify(validate.errors)).toBe(true);
    expect(found).toEqual([
      {
        description: "`PyDict_GetItem` borrows from the field `books`, which other threads change",
        check_name: "borrowed-dict-item",
        fingerprint: "0123456789abcdef0123456789abcdef",
        severity: "critical",
        location: { path: "ext/src/shelf.c", lines: { begin: 6 } },
      },
    ]);
    expect(issues(sampleResult([]))).toEqual([]);
  });

  it("has what could not be audited, each with its own fingerprint", () => {
    const crash = { file: "", kind: "crash" as const, message: "rule failed", skipped: true };
    const found = issues(sampleResult([], { problems: [problem, { ...problem, line: 7 }, crash] }));
    expect(validate(found), JSON.stringify(validate.errors)).toBe(true);
    expect(new Set(found.map((i: { fingerprint: string }) => i.fingerprint)).size).toBe(3);
    expect(found.map((i: { severity: string; check_name: string }) => `${i.severity} ${i.check_name}`)).toEqual([
      "info in-doubt",
      "info in-doubt",
      "info not-audited",
    ]);
  });
});
