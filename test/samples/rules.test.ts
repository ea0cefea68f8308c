import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import fg from "fast-glob";
import { describe, expect, it } from "vitest";
import { registry } from "../../rules/index.generated.ts";
import { defaultOptions } from "../../src/audit/options.ts";
import { audit } from "../../src/audit/session.ts";
import { atLeast, type Risk } from "../../src/rule-api/types.ts";
import { readExpectations, readOptions, type SampleOptions } from "./annotations.ts";

const samples = join(import.meta.dirname, "../../samples/rules");

interface Case {
  name: string;
  /** File or folder. */
  path: string;
  files: string[];
}

function casesOf(rule: string): Case[] {
  const folder = join(samples, rule);
  return readdirSync(folder)
    .sort()
    .map((entry) => {
      const path = join(folder, entry);
      const files = statSync(path).isDirectory()
        ? fg.sync("**/*", { cwd: path, absolute: true, dot: true }).sort()
        : [path];
      return { name: `${rule}/${entry}`, path, files };
    });
}

/** What the annotations of a case promise, as `file:line rule`, sorted. */
function expected(testCase: Case): { wanted: string[]; options: SampleOptions } {
  let options = readOptions("");
  const wanted: string[] = [];
  for (const file of testCase.files) {
    const text = readFileSync(file, "utf8");
    if (/^(?:\/\*|\/\/|#)\s*ungil-sample:/.test(text)) options = readOptions(text);
    for (const { rule, line } of readExpectations(text)) wanted.push(`${relative(samples, file)}:${line} ${rule}`);
  }
  return { wanted: wanted.sort(), options };
}

async function reported(testCase: Case, options: SampleOptions): Promise<string[]> {
  const result = await audit(
    {
      ...defaultOptions(),
      cwd: samples,
      paths: [relative(samples, testCase.path)],
      target: Number(options.target.split(".")[1]),
      ...(options.minPython === "unknown"
        ? {}
        : { minPython: Number(options.minPython.split(".")[1]), minPythonKnown: true }),
      cache: false,
      jobs: 1,
    },
    { registry },
  );
  expect(result.problems.filter((p) => p.skipped || p.kind === "crash")).toEqual([]);
  const own = (file: string) => relative(samples, join(result.root, file));
  return result.findings
    .filter((f) => atLeast(f.risk, options.risk as Risk))
    .map((f) => `${own(f.file)}:${f.line} ${f.rule}`)
    .sort();
}

const rules = readdirSync(samples).sort();

describe("samples", () => {
  it("exist for every rule, and for nothing else", () => {
    expect(rules).toEqual(registry.map((r) => r.name).sort());
  });

  describe.each(rules)("%s", (rule) => {
    const cases = casesOf(rule);

    it.each(cases)("$name has exactly the annotated findings", async (testCase) => {
      const { wanted, options } = expected(testCase);
      expect(await reported(testCase, options)).toEqual(wanted);
    });

    it("shows the rule at work and leaves as much alone", () => {
      const all = cases.flatMap((c) => expected(c).wanted);
      expect(all.filter((w) => w.endsWith(` ${rule}`)).length).toBeGreaterThan(0);
    });
  });
});
