import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { jsonReport } from "../../../src/report/json.ts";
import { reportLines } from "../../../src/report/jsonl.ts";
import { reportPaths } from "../../../src/report/paths.ts";
import { finding, sampleInput, sampleResult } from "./sample-result.ts";

interface Schema {
  $ref?: string;
  type?: string;
  description?: string;
  additionalProperties?: unknown;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  definitions?: Record<string, Schema>;
}

const read = (name: string) =>
  JSON.parse(readFileSync(join(import.meta.dirname, "../../../src/report/schema", name), "utf8"));
const report = read("ungil-report-1.schema.json");
const lines = read("ungil-lines-1.schema.json");
const ajv = new Ajv({ strict: true, allErrors: true });
const isReport = ajv.compile(report);
const isLine = ajv.compile(lines);

/** Every object of the schema, and every property with its path. */
function walk(schema: Schema, path: string, see: (schema: Schema, path: string) => void): void {
  see(schema, path);
  for (const [name, child] of Object.entries({ ...schema.definitions, ...schema.properties }))
    walk(child, `${path}/${name}`, see);
  for (const choice of schema.anyOf ?? []) walk(choice, `${path}[]`, see);
  if (schema.items) walk(schema.items, `${path}[]`, see);
}

const baseline = { file: "ungil-baseline.json", target: "3.13", known: 3, worse: 1, gone: 2 };
const diff = { ref: "main", base: "0".repeat(40), hidden: 4 };

/** A result in which everything is there that may be. */
const everything = sampleInput(
  sampleResult(
    [
      finding(),
      finding({ fix: null, evidence: [], function: "", module: "" }),
      finding({ fix: { level: "safe", title: "x" }, risk: "info", family: "thread-state" }),
    ],
    {
      problems: [
        { file: "a.c", kind: "binary", message: "binary data", skipped: true },
        { file: "", kind: "crash", message: "odd", line: 3, skipped: false },
      ],
      excluded: [{ reason: "tests", files: 3, folders: 1, examples: ["tests/x.c"] }],
    },
  ),
  { paths: reportPaths({ root: "/p/ext", cwd: "/p", top: "/p" }) },
);

describe.each([
  ["report", report],
  ["lines", lines],
  ["report of fix", read("ungil-fix-1.schema.json")],
])("schema of the %s", (_, schema) => {
  it("describes every field", () => {
    walk(schema, "", ({ description, $ref, items }, path) => {
      const referred = $ref && schema.definitions[$ref.replace("#/definitions/", "")]?.description;
      if (path !== "" && !path.endsWith("]")) expect(description ?? referred ?? items?.$ref, path).toBeTruthy();
    });
  });

  it("allows no field that it does not know", () => {
    walk(schema, "", ({ type, additionalProperties, properties }, path) => {
      if (type === "object") expect(properties === undefined || additionalProperties === false, path).toBe(true);
    });
  });
});

describe("what is written", () => {
  it.each([baseline, { ...baseline, gone: null }])("follows the schema with a baseline and a diff", (used) => {
    const { result } = everything;
    const summary = { ...result.summary, baseline: used, diff };
    const input = { ...everything, result: { ...result, summary } };
    expect(isReport(jsonReport(input)), JSON.stringify(isReport.errors)).toBe(true);
    for (const line of reportLines(input)) expect(isLine(line), JSON.stringify(isLine.errors)).toBe(true);
  });

  it("follows the schema, with everything that may be there and with nothing", () => {
    for (const input of [everything, sampleInput(sampleResult([]))]) {
      expect(isReport(jsonReport(input)), JSON.stringify(isReport.errors)).toBe(true);
      for (const line of reportLines(input)) expect(isLine(line), JSON.stringify(isLine.errors)).toBe(true);
    }
  });

  it("is refused if it is anything else", () => {
    const good = jsonReport(everything) as Record<string, unknown>;
    expect(isReport({ ...good, schemaVersion: 2 })).toBe(false);
    expect(isReport({ ...good, extra: 1 })).toBe(false);
    expect(isReport(jsonReport(sampleInput(sampleResult([finding({ line: 0 })]))))).toBe(false);
    const [run, first] = reportLines(everything);
    expect(isLine({ ...first, type: "run" })).toBe(false);
    expect(isLine({ ...run, extra: 1 })).toBe(false);
  });
});

describe("JSON lines", () => {
  it("are the report in pieces", () => {
    const { findings, skipped, ...run } = jsonReport(everything) as Record<string, object[]>;
    expect(reportLines(everything)).toEqual([
      { type: "run", ...run },
      ...findings.map((f) => ({ type: "finding", ...f })),
      ...skipped.map((p) => ({ type: "skipped", ...p })),
    ]);
  });

  it("are findings alone with --quiet", () => {
    const quiet = { ...everything, terminal: { ...everything.terminal, quiet: true } };
    expect(reportLines(quiet)).toEqual(reportLines(everything).slice(1, 4));
  });
});
