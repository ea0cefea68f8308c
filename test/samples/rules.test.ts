import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { registry } from "../../rules/index.generated.ts";
import { audit } from "../../src/audit/session.ts";
import { atLeast, type Risk } from "../../src/rule-api/types.ts";
import { readExpectations } from "./annotations.ts";
import { auditOptions, type Case, casesOf, SAMPLES } from "./cases.ts";

/** What the annotations of a case promise, as `file:line rule`, sorted. */
function expected({ files }: Case): string[] {
  return files
    .flatMap((file) =>
      readExpectations(readFileSync(file, "utf8")).map(
        ({ rule, line }) => `${relative(SAMPLES, file)}:${line} ${rule}`,
      ),
    )
    .sort();
}

async function reported(testCase: Case): Promise<string[]> {
  const result = await audit(auditOptions(testCase), { registry });
  expect(result.problems.filter((p) => p.skipped || p.kind === "crash")).toEqual([]);
  const own = (file: string) => relative(SAMPLES, join(result.root, file));
  return result.findings
    .filter((f) => atLeast(f.risk, testCase.options.risk as Risk))
    .map((f) => `${own(f.file)}:${f.line} ${f.rule}`)
    .sort();
}

const rules = readdirSync(SAMPLES).sort();

describe("samples", () => {
  it("exist for every rule, and for nothing else", () => {
    expect(rules).toEqual(registry.map((r) => r.name).sort());
  });

  describe.each(rules)("%s", (rule) => {
    const cases = casesOf(rule);

    it.each(cases)("$name has exactly the annotated findings", async (testCase) => {
      expect(await reported(testCase)).toEqual(expected(testCase));
    });

    it("shows the rule at work and leaves as much alone", () => {
      const all = cases.flatMap(expected);
      expect(all.filter((w) => w.endsWith(` ${rule}`)).length).toBeGreaterThan(0);
    });
  });
});
