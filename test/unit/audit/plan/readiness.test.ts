import { describe, expect, it } from "vitest";
import { readinessOf } from "../../../../src/audit/plan/readiness.ts";
import type { Verdict } from "../../../../src/audit/plan/types.ts";
import type { AuditResult } from "../../../../src/audit/types.ts";
import type { Packaging } from "../../../../src/project/packaging/types.ts";
import type { Finding, Risk } from "../../../../src/rule-api/types.ts";
import { finding, sampleResult } from "../../report/sample-result.ts";

const PACKAGING = { manifests: [], systems: [] } as unknown as Packaging;

interface Sample {
  declared?: string;
  framework?: string;
  files?: string[];
}

function resultOf(modules: Sample[], findings: Partial<Finding>[]): AuditResult {
  const result = sampleResult(findings.map((f) => finding(f)));
  const [summary] = result.summary.modules;
  return {
    ...result,
    summary: {
      ...result.summary,
      modules: modules.map((m, i) => ({
        ...summary,
        name: `m${i}`,
        file: m.files?.[0] ?? `m${i}.c`,
        declared: m.declared ?? "no",
        framework: m.framework ?? "",
      })),
    },
    modules: modules.map((m, i) => ({ files: m.files ?? [`m${i}.c`], declaredAt: [] })),
  };
}

const many = (n: number, risk: Risk, file = "m0.c") => Array.from({ length: n }, () => ({ risk, file, module: "" }));
const DECLARATION: Partial<Finding> = {
  rule: "gil-slot-missing",
  family: "module",
  risk: "high",
  file: "m0.c",
  module: "m0",
};

describe("the verdict on a module", () => {
  it.each<[string, Sample, Partial<Finding>[], string, Verdict]>([
    ["declared and clean", { declared: "yes" }, many(3, "low"), "", "ready"],
    ["declared, with a medium finding", { declared: "yes" }, many(1, "medium"), "", "nearly"],
    ["only the declaration is missing", {}, [DECLARATION], "", "nearly"],
    ["unclear whether declared", { declared: "unknown" }, [], "", "nearly"],
    ["five of medium risk", {}, many(5, "medium"), "", "nearly"],
    ["six of medium risk", { declared: "yes" }, many(6, "medium"), "", "work"],
    ["one high", { declared: "yes" }, many(1, "high"), "", "work"],
    ["one high, not declared", {}, many(1, "high"), "int x;", "not started"],
    ["one high, not declared, locks are there", {}, many(1, "high"), "Py_BEGIN_CRITICAL_SECTION(x);", "work"],
    ["needs the GIL", { declared: "used" }, many(1, "high"), "", "not started"],
    ["made by Cython", { declared: "yes", framework: "cython" }, [], "", "not audited"],
    ["made by pybind11", { declared: "yes", framework: "pybind11" }, [], "", "ready"],
  ])("%s", (_, sample, findings, text, verdict) => {
    const { modules, overall } = readinessOf(resultOf([sample], findings), PACKAGING, () => text);
    expect(modules[0].verdict).toBe(verdict);
    expect(overall).toBe(verdict);
  });
});

describe("findings", () => {
  it("in shared files count for each module, declarations for their own alone", () => {
    const shared = { files: ["m0.c", "shared.c"] };
    const result = resultOf(
      [shared, { files: ["m1.c", "shared.c"] }],
      [DECLARATION, ...many(2, "medium", "shared.c"), ...many(1, "low", "m1.c")],
    );
    const { modules } = readinessOf(result, PACKAGING, () => "");
    expect(modules.map((m) => m.risks)).toEqual([
      { high: 1, medium: 2, low: 0, info: 0 },
      { high: 0, medium: 2, low: 1, info: 0 },
    ]);
    expect(modules.map((m) => m.shared)).toEqual([1, 1]);
  });

  it("in files of no module are told, and keep the whole from being ready", () => {
    const result = resultOf([{ declared: "yes" }], many(2, "high", "lost.c"));
    const { unclaimed, overall } = readinessOf(result, PACKAGING, () => "");
    expect(unclaimed).toEqual({ files: ["lost.c"], risks: { high: 2, medium: 0, low: 0, info: 0 } });
    expect(overall).toBe("work");
  });

  it("the worst module is the overall verdict", () => {
    const overall = (modules: Sample[], findings: Partial<Finding>[] = []) =>
      readinessOf(resultOf(modules, findings), PACKAGING, () => "").overall;
    expect(overall([{ declared: "yes" }, {}])).toBe("nearly");
    expect(overall([{ declared: "yes" }, { framework: "cython" }])).toBe("ready");
    expect(overall([])).toBe("not audited");
  });
});
