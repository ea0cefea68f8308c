import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { DECLARED, MODULE, tree, ungil, ungilAsync } from "./ungil.ts";

const packageJson = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));

interface Report {
  findings: { rule: string; file: string; line: number; fingerprint: string }[];
  skipped: { file: string; kind: string; message: string }[];
  summary: { files: number; modules: { name: string; declared: string }[] };
}

describe("exit status", () => {
  it("is 0 where nothing is found, and the report says so", () => {
    const run = ungil(["--min-python", "3.13"], tree({ "lamp.c": DECLARED }));
    expect(run.stderr).toBe("");
    expect(run.stdout).toContain("No findings in 1 file, 2 functions.");
    expect(run.code).toBe(0);
  });

  it("is 1 for findings at or above --fail-on only", () => {
    const folder = tree({ "lamp.c": MODULE });
    expect(ungil([], folder).code).toBe(1);
    expect(ungil(["scan", "lamp.c"], folder).code).toBe(1);
    expect(ungil(["--fail-on", "none"], folder).code).toBe(0);
    expect(ungil(["--ignore", "module"], folder).code).toBe(0);
    expect(ungil(["--select", "gil-slot-missing"], folder).code).toBe(1);
  });

  it.each([
    [["no/such/path"], /^ungil: no such file or folder: no\/such\/path\n/],
    [
      ["--select", "gil-slot-mising"],
      /^ungil: unknown rule or family "gil-slot-mising"\nDid you mean "gil-slot-missing"\?/,
    ],
    [["--format", "xml"], /Allowed choices are text, concise, json, jsonl, sarif, github, gitlab, junit, markdown/],
    [["--report", "sarif"], /It must be FORMAT=FILE, as in sarif=ungil\.sarif/],
    [["--report", "xml=x"], /The format must be one of text, concise,/],
    [["--report", "json=x", "-o", "./x"], /^ungil: two reports would go to .*x\nGive each its own file\./],
    [["--target", "3.12"], /It must be one of 3\.13, 3\.14, 3\.15/],
    [["--min-python", "two"], /It must be a version from/],
    [["--jobs", "0"], /whole number from 1/],
    [["--fail-on", "bad"], /high, medium, low, info, none/],
    [["--formt", "json"], /Did you mean --format\?/],
    [["--output", "no/such/folder/x.json"], /^ungil: cannot write no\/such\/folder\/x\.json \(ENOENT\)\n/],
    [["explain", "borrowed-dict"], /unknown rule or family/],
  ])("is 2 for %j, with a message for people", (args, message) => {
    const run = ungil(args, tree({ "lamp.c": DECLARED }));
    expect(run.stderr).toMatch(message);
    expect(run.stderr).not.toMatch(/\n\s+at /);
    expect(run.stdout).toBe("");
    expect(run.code).toBe(2);
  });
});

describe("formats", () => {
  const folder = tree({ "src/lamp.c": MODULE, "src/other.c": "int twice(int x) { return 2 * x; }\n" });

  it("text shows the place, the code and the summary", () => {
    const { stdout } = ungil(["src"], folder);
    expect(stdout).toContain("gil-slot-missing");
    expect(stdout).toMatch(/> 14 \| static PyModuleDef_Slot lamp_slots\[\] = \{/);
    expect(stdout).toMatch(/lamp +multi-phase +not declared/);
    expect(stdout).not.toContain("\x1b[");
  });

  it("json follows the schema that the package exports", () => {
    const schemaPath = join(import.meta.dirname, "../..", packageJson.exports["./schema/ungil-report-1.schema.json"]);
    const validate = new Ajv({ strict: true }).compile(JSON.parse(readFileSync(schemaPath, "utf8")));
    const report = JSON.parse(ungil(["--format", "json"], folder).stdout);
    expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
    expect(report.tool).toEqual({ name: "ungil", version: packageJson.version });
    expect(report.summary.files).toBe(2);
    expect(report.findings[0]).toMatchObject({ rule: "gil-slot-missing", file: "src/lamp.c", line: 14 });
  });

  it("sarif has the finding and its rule", () => {
    const log = JSON.parse(ungil(["--format", "sarif"], folder).stdout);
    expect(log.version).toBe("2.1.0");
    const [run] = log.runs;
    expect(run.results[0].ruleId).toBe("gil-slot-missing");
    expect(run.tool.driver.rules[run.results[0].ruleIndex].id).toBe("gil-slot-missing");
  });

  it("come as many as wanted from one audit, as they would alone", () => {
    const run = ungil(["--format", "concise", "--report", "json=a.json", "--report", "sarif=b=c.sarif"], folder);
    expect(run.stdout).toBe(ungil(["--format", "concise"], folder).stdout);
    expect(readFileSync(join(folder, "a.json"), "utf8")).toBe(ungil(["--format", "json"], folder).stdout);
    expect(readFileSync(join(folder, "b=c.sarif"), "utf8")).toBe(ungil(["--format", "sarif"], folder).stdout);
    expect(run.code).toBe(1);
  });

  it("name files from where the user is, or from the top of the repository", () => {
    const top = tree({ ".git/HEAD": "", "ext/src/lamp.c": MODULE });
    const from = (cwd: string, args: string[]) => ungil([...args, "-q"], join(top, cwd)).stdout;
    expect(from("", ["ext/src", "--format", "concise"])).toMatch(/^ext\/src\/lamp\.c:14:/);
    expect(from("ext", ["--format", "concise"])).toMatch(/^src\/lamp\.c:14:/);
    expect(from("", ["ext/src"])).toMatch(/^ {4}ext\/src\/lamp\.c:14:/m);
    expect(from("ext", ["src", "--format", "github"])).toMatch(/^::error file=ext\/src\/lamp\.c,/);
    const { root, findings } = JSON.parse(from("ext", ["src", "--format", "json"]));
    expect([root, findings[0].file]).toEqual(["ext/src", "lamp.c"]);
    const log = JSON.parse(from("ext", ["src", "--format", "sarif"]));
    expect(log.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toBe("ext/src/lamp.c");
    expect(JSON.stringify(log)).not.toContain(top);
  });

  it("goes to a file with --output", () => {
    const run = ungil(["--format", "json", "--output", "report.json"], folder);
    expect(run.stdout).toBe("");
    expect(run.code).toBe(1);
    expect(JSON.parse(readFileSync(join(folder, "report.json"), "utf8")).schemaVersion).toBe(1);
  });

  it("has colours where they are wanted", () => {
    expect(ungil(["--color"], folder).stdout).toContain("\x1b[");
    expect(ungil([], folder, { FORCE_COLOR: "1" }).stdout).toContain("\x1b[");
    expect(ungil(["--no-color"], folder, { FORCE_COLOR: "1" }).stdout).not.toContain("\x1b[");
    expect(ungil([], folder, { FORCE_COLOR: "1", NO_COLOR: "1" }).stdout).not.toContain("\x1b[");
  });

  it("is short with --quiet and long with --verbose", () => {
    expect(ungil(["--quiet"], folder).stdout).not.toContain("Module ");
    expect(ungil(["--verbose"], folder).stdout).toMatch(/\d+ ms \(/);
  });
});

describe("generated code", () => {
  const cython = `/* Generated by Cython 3.0.10 */\n${MODULE}`;

  it("is counted, not audited, and no failure", () => {
    const folder = tree({ "lamp.c": cython, "x.c": "int f(void) { return 1; }\n" });
    const run = ungil(["--format", "json", "--strict"], folder);
    expect(run.code).toBe(0);
    const report: Report = JSON.parse(run.stdout);
    expect(report.skipped).toEqual([expect.objectContaining({ file: "lamp.c", kind: "generated" })]);
    expect(report.skipped[0].message).toContain("Cython 3.0.10");
  });

  it("is audited when it is named", () => {
    const report: Report = JSON.parse(ungil(["lamp.c", "--format", "json"], tree({ "lamp.c": cython })).stdout);
    expect(report.findings.length).toBeGreaterThan(0);
  });
});

describe("other commands", () => {
  it("tell version, rules and their documentation", () => {
    const folder = tree({});
    expect(ungil(["--version"], folder)).toMatchObject({ code: 0, stdout: `${packageJson.version}\n` });
    expect(ungil(["rules"], folder).stdout).toContain("gil-slot-missing");
    const rules = JSON.parse(ungil(["rules", "--format", "json"], folder).stdout);
    expect(rules[0]).toEqual({
      name: expect.any(String),
      family: expect.any(String),
      risks: expect.any(Array),
      summary: expect.any(String),
    });
    const page = readFileSync(join(import.meta.dirname, "../../docs/rules/gil-slot-missing.md"), "utf8");
    expect(ungil(["explain", "gil-slot-missing"], folder)).toEqual({ code: 0, stdout: page, stderr: "" });
    expect(ungil(["explain"], folder).stdout).toBe(ungil(["rules"], folder).stdout);
    expect(ungil(["explain", "memory"], folder).stdout.match(/^[a-z-]+$/gm)).toEqual(["memory"]);
  });

  it("help has every option and examples, in 80 columns", () => {
    const { stdout, code } = ungil(["--help"], tree({}));
    expect(code).toBe(0);
    for (const word of [
      "--format",
      "--fail-on",
      "--min-python",
      "--no-cache",
      "--strict",
      "Examples:",
      "Exit status",
    ]) {
      expect(stdout).toContain(word);
    }
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });
});

describe("the same bytes", () => {
  const files: Record<string, string> = {};
  for (let i = 0; i < 40; i++) files[`part${i % 7}/file${i}.c`] = MODULE.replaceAll("lamp", `lamp${i}`);
  const folder = tree(files);
  const args = ["--format", "json", "--fail-on", "none"];

  it("come out for any number of jobs", () => {
    const one = ungil([...args, "--no-cache", "--jobs", "1"], folder);
    expect(JSON.parse(one.stdout).findings).toHaveLength(40);
    expect(ungil([...args, "--no-cache", "--jobs", "2"], folder).stdout).toBe(one.stdout);
    expect(ungil([...args, "--no-cache", "--jobs", "5"], folder).stdout).toBe(one.stdout);
  });

  it("come out of the cache, cold, warm, after an edit, and with several runs at once", async () => {
    const cacheFolder = tree({});
    const env = { UNGIL_CACHE_DIR: cacheFolder };
    const wanted = ungil([...args, "--no-cache"], folder).stdout;
    const runs = await Promise.all([1, 2, 3].map((jobs) => ungilAsync([...args, "--jobs", `${jobs}`], folder, env)));
    for (const run of runs) expect(run).toEqual({ code: 0, stderr: "", stdout: wanted });
    expect(ungil(args, folder, env).stdout).toBe(wanted);
    const verbose = () => ungil(["--verbose", "--risk", "high"], folder, env).stdout.replace(/\s+/g, " ").slice(-300);
    expect(verbose()).toContain("cache warm, 40 hits");

    const path = join(folder, "part0/file0.c");
    const before = readFileSync(path, "utf8");
    writeFileSync(path, `int extra;\n${before}`);
    expect(verbose()).toContain("cache partial, 39 hits");
    expect(ungil(args, folder, env).stdout).toBe(ungil([...args, "--no-cache"], folder).stdout);
    writeFileSync(path, before);
    expect(ungil(args, folder, env).stdout).toBe(wanted);
  });

  it("keep fingerprints when lines move", () => {
    const moved = tree({ "lamp.c": `\n\n/* new */\n${MODULE.replace("lamp_slots[] = {", "lamp_slots[]  =\n{")}` });
    const prints = (at: string) => {
      const report: Report = JSON.parse(ungil(args, at).stdout);
      return report.findings.map((f) => f.fingerprint);
    };
    expect(prints(moved)).toEqual(prints(tree({ "lamp.c": MODULE })));
  });
});
