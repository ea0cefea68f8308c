/**
 * What `fix` makes of the samples, byte for byte, as the `.fixed.` files beside them have it. Only the sample's own rule is fixed, at
 * the level of its options. `UNGIL_ACCEPT=1` writes them.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { registry } from "../../rules/index.generated.ts";
import { type FixResult, fixProject } from "../../src/audit/fixing/fix-project.ts";
import { atLeast, type Risk } from "../../src/rule-api/types.ts";
import { readExpectations } from "./annotations.ts";
import { auditOptions, type Case, casesOf, fixedFilesOf, fixedPath, SAMPLES } from "./cases.ts";

async function fixCase(rule: string, testCase: Case): Promise<FixResult> {
  const { fix: level } = testCase.options;
  return fixProject({ ...auditOptions(testCase), select: [rule] }, { level }, { registry });
}

/** Text by absolute path of the golden; only of files that change. */
function texts(testCase: Case, result: FixResult): Record<string, string> {
  const pairs = result.files.map(({ file, after }) => [fixedPath(testCase, join(result.root, file)), after.text]);
  return Object.fromEntries(pairs);
}

function accept(testCase: Case, fixed: Record<string, string>): void {
  for (const old of fixedFilesOf(testCase)) if (!(old in fixed)) rmSync(old);
  for (const [path, text] of Object.entries(fixed)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** Findings that are left, at the risk that is annotated, where the fixed text has no annotation. */
function unexpected({ options }: Case, result: FixResult): string[] {
  const after = new Map(result.files.map((f) => [f.file, f.after.text]));
  return result.left.flatMap(({ finding: { file, line, rule, risk } }) => {
    const text = after.get(file) ?? readFileSync(join(result.root, file), "utf8");
    const isAnnotated = readExpectations(text).some((e) => e.rule === rule && e.line === line);
    return isAnnotated || !atLeast(risk, options.risk as Risk) ? [] : [`${file}:${line} ${rule}`];
  });
}

describe("fixed samples", () => {
  for (const { name: rule } of registry.filter((r) => r.fix !== undefined)) {
    describe(rule, () => {
      it.each(casesOf(rule))("$name", async (testCase) => {
        const result = await fixCase(rule, testCase);
        const fixed = texts(testCase, result);
        if (process.env.UNGIL_ACCEPT === "1") accept(testCase, fixed);
        const goldens = fixedFilesOf(testCase);
        for (const path of Object.keys(fixed)) {
          expect(existsSync(path), `${relative(SAMPLES, path)} is not there: run with UNGIL_ACCEPT=1`).toBe(true);
        }
        for (const path of goldens) expect(fixed[path], relative(SAMPLES, path)).toBe(readFileSync(path, "utf8"));
        expect(unexpected(testCase, result)).toEqual([]);
      });
    });
  }

  it("belong to a sample each", () => {
    const known = new Set(readdirSync(SAMPLES).flatMap((rule) => casesOf(rule).flatMap(fixedFilesOf)));
    const there = readdirSync(SAMPLES, { recursive: true, encoding: "utf8" })
      .filter((path) => /\.fixed[./\\]/.test(path) && /\.\w+$/.test(path) && !path.endsWith(".fixed"))
      .map((path) => join(SAMPLES, path));
    expect(there.filter((path) => !known.has(path))).toEqual([]);
  });
});
