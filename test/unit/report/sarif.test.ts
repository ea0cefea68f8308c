import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import Ajv04 from "ajv-draft-04";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { reportPaths } from "../../../src/report/paths.ts";
import { reporter, sarifLog } from "../../../src/report/sarif.ts";
import { finding, sampleInput, sampleResult } from "./sample-result.ts";

const packageFolder = dirname(createRequire(import.meta.url).resolve("@microsoft/jest-sarif/package.json"));
const schema = JSON.parse(readFileSync(join(packageFolder, "lib/schemas/sarif-2.1.0-rtm.5.json"), "utf8"));
const ajv = new Ajv04.default({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats.default(ajv as unknown as import("ajv").Ajv);
const validate = ajv.compile(schema);

const result = sampleResult([finding(), finding({ risk: "medium", function: "", evidence: [], fix: null })], {
  problems: [
    { file: "odd name #1.c", kind: "binary", message: "binary data", skipped: true },
    { file: "", kind: "crash", message: "rule failed", skipped: false },
  ],
});

describe("SARIF report", () => {
  it("validates against the schema of SARIF 2.1.0", () => {
    const log = JSON.parse(reporter.render(sampleInput(result)));
    expect(validate(log), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...log, version: "2.0.0" })).toBe(false);
  });

  it("ties results to rules, places and fingerprints", () => {
    const run = sarifLog(sampleInput(result)).runs[0];
    const [first] = run.results!;
    expect(run.tool.driver.rules![first.ruleIndex!].id).toBe(first.ruleId);
    expect(run.tool.driver.rules![0].help!.markdown).toContain("## How to fix");
    expect(first.locations![0].physicalLocation!.region).toEqual({
      startLine: 6,
      startColumn: 18,
      endLine: 6,
      endColumn: 32,
    });
    expect(first.level).toBe("error");
    expect(first.partialFingerprints).toEqual({ "ungil/v1": "0123456789abcdef0123456789abcdef" });
    const artifact = first.locations![0].physicalLocation!.artifactLocation!;
    expect(run.artifacts![artifact.index!].location!.uri).toBe("src/shelf.c");
  });

  it("walks through the evidence and ends at the finding", () => {
    const [flow] = sarifLog(sampleInput(result)).runs[0].results![0].codeFlows!;
    const steps = flow.threadFlows[0].locations.map((l) => l.location!.message!.text);
    expect(steps).toEqual(["the dict is a field of `self`", result.findings[0].message]);
  });

  it("has no links in messages, whatever they quote", () => {
    const text = "calls `table[i](x)` \u202e";
    const step = { file: "src/shelf.c", start: 0, end: 1, line: 1, column: 1, text };
    const odd = finding({ message: text, evidence: [step], fix: { level: "manual", title: text } });
    const log = reporter.render(sampleInput(sampleResult([odd])));
    expect(log).toContain("table[i] (x)` \\\\u202e");
    expect(log).not.toContain("](");
  });

  it("names files from the top of the repository, and nothing of this machine", () => {
    const paths = reportPaths({ root: "/home/me/p/ext", cwd: "/home/me", top: "/home/me/p" });
    const text = reporter.render(sampleInput(result, { paths }));
    const { artifactLocation } = JSON.parse(text).runs[0].results[0].locations[0].physicalLocation;
    expect(artifactLocation).toEqual({ uri: "ext/src/shelf.c", uriBaseId: "SRCROOT", index: 1 });
    expect(text).not.toContain("home");
  });

  it("encodes paths as URIs", () => {
    const run = sarifLog(sampleInput(result)).runs[0];
    expect(run.artifacts!.map((a) => a.location!.uri)).toContain("odd%20name%20%231.c");
  });
});
