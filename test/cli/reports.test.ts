/** What every format says of samples/demo, read as its readers read it. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Ajv } from "ajv";
import Ajv04 from "ajv-draft-04";
import addFormats from "ajv-formats";
import type { Log } from "sarif";
import { describe, expect, it } from "vitest";
import { MAIN, temporaryFolder, ungil } from "./ungil.ts";

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/report-format.md"), "utf8");

/** A repository that has the demo in a folder, audited from there. */
const repository = temporaryFolder();
const project = join(repository, "extension");
cpSync(join(root, "samples/demo"), project, { recursive: true });
mkdirSync(join(repository, ".git"));
writeFileSync(join(project, "src/broken.c"), "int x;\0\0\0\0");
const FORMATS = ["concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "markdown"];
const reports = FORMATS.flatMap((format) => ["--report", `${format}=../report.${format}`]);
const run = ungil(["src", "--risk", "info", "--format", "concise", "-q", ...reports], project);
const text = (format: string) => readFileSync(join(repository, `report.${format}`), "utf8");
const report = JSON.parse(text("json"));
const count: number = report.findings.length;

function schemaOf(name: string) {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return new Ajv({ strict: true }).compile(JSON.parse(readFileSync(join(root, exports[`./schema/${name}`]), "utf8")));
}

describe("reports on the demo", () => {
  it("come all from one run", () => {
    expect(run.stderr).toBe("");
    expect(run.code).toBe(1);
    expect(count).toBeGreaterThan(60);
    expect(report.skipped.length).toBeGreaterThan(0);
  });

  it("concise: a line a finding, and files that open from the working folder", () => {
    const lines = run.stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(count);
    for (const line of lines) {
      const [, file] = /^([^:]+):\d+:\d+: (?:high|medium|low|info) [a-z-]+ \S/.exec(line) ?? [];
      expect(existsSync(join(project, file ?? line)), line).toBe(true);
    }
  });

  it("json and jsonl: as their schemas have it", () => {
    const isReport = schemaOf("ungil-report-1.schema.json");
    expect(isReport(report), JSON.stringify(isReport.errors)).toBe(true);
    expect(existsSync(join(repository, report.root, report.findings[0].file))).toBe(true);
    const isLine = schemaOf("ungil-lines-1.schema.json");
    const lines = text("jsonl")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    for (const line of lines) expect(isLine(line), JSON.stringify(isLine.errors)).toBe(true);
    expect(lines.map((l) => l.type).filter((t) => t === "finding")).toHaveLength(count);
  });

  it("sarif: valid, and what GitHub asks for", () => {
    const log: Log = JSON.parse(text("sarif"));
    const folder = dirname(createRequire(import.meta.url).resolve("@microsoft/jest-sarif/package.json"));
    const ajv = new Ajv04.default({ strict: false, unicodeRegExp: false });
    addFormats.default(ajv as unknown as Ajv);
    const isSarif = ajv.compile(JSON.parse(readFileSync(join(folder, "lib/schemas/sarif-2.1.0-rtm.5.json"), "utf8")));
    expect(isSarif(log), JSON.stringify(isSarif.errors)).toBe(true);

    const [{ tool, results = [] }] = log.runs;
    for (const rule of tool.driver.rules!) {
      expect(rule.name!.length).toBeLessThanOrEqual(255);
      expect(rule.shortDescription!.text.length).toBeLessThanOrEqual(1024);
      expect(rule.fullDescription!.text.length).toBeLessThanOrEqual(1024);
      expect(rule.help!.text).not.toBe("");
      expect(rule.help!.markdown).toContain("## ");
      expect(rule.properties!.tags!.length).toBeLessThanOrEqual(10);
    }
    expect(results).toHaveLength(count);
    for (const { message, locations, ruleId, ruleIndex, codeFlows = [] } of results) {
      expect(message.text).not.toBe("");
      expect(tool.driver.rules![ruleIndex!].id).toBe(ruleId);
      expect(locations).toHaveLength(1);
      const { region, artifactLocation } = locations![0].physicalLocation!;
      expect(Object.values(region!).every((n) => Number.isInteger(n) && n >= 1)).toBe(true);
      expect(Object.keys(region!).sort()).toEqual(["endColumn", "endLine", "startColumn", "startLine"]);
      expect(existsSync(join(repository, decodeURIComponent(artifactLocation!.uri!)))).toBe(true);
      for (const { threadFlows } of codeFlows) expect(threadFlows[0].locations.length).toBeLessThanOrEqual(1000);
    }
  });

  it("github: commands and one plain line", () => {
    const lines = text("github").trimEnd().split("\n");
    const commands = lines.filter((line) => line.startsWith("::"));
    expect(commands).toHaveLength(count + report.skipped.length);
    expect(lines.slice(commands.length)).toEqual([expect.stringContaining("GitHub shows the first 10")]);
    for (const line of commands) {
      const [, file] =
        /^::(?:error|warning|notice) file=([^,:]+),line=\d+,[^:]*title=ungil%3A [^:,]+::\S/.exec(line) ?? [];
      expect(existsSync(join(repository, file ?? line)), line).toBe(true);
    }
  });

  it("gitlab: no fingerprint twice, paths of the repository", () => {
    const issues: { fingerprint: string; location: { path: string } }[] = JSON.parse(text("gitlab"));
    expect(new Set(issues.map((i) => i.fingerprint)).size).toBe(count + report.skipped.length);
    for (const { location } of issues) expect(existsSync(join(repository, location.path))).toBe(true);
  });

  it("junit: counts are right and names are unique", () => {
    const xml = text("junit");
    const [, tests, failures] = /<testsuites name="ungil" tests="(\d+)" failures="(\d+)"/.exec(xml)!;
    expect([Number(tests), Number(failures)]).toEqual([count + report.skipped.length, count]);
    const names = [...xml.matchAll(/<testcase (classname="[^"]+" name="[^"]+")/g)].map(([, name]) => name);
    expect(new Set(names).size).toBe(count + report.skipped.length);
  });

  it("markdown: every finding, in the size of a comment", () => {
    expect(text("markdown").length).toBeLessThan(65_536);
    expect(text("markdown").match(/^- \*\*[a-z-]+\*\* line/gm)).toHaveLength(count);
  });
});

describe("docs/report-format.md", () => {
  it("has examples as the tool writes them", async () => {
    const { withReportExcerpts } = await import(join(root, "dist/cli/dev/report-excerpts.js"));
    const { registry } = await import(join(root, "dist/rules/index.generated.js"));
    expect(await withReportExcerpts(page, root, registry)).toBe(page);
  });

  const commands = [...page.matchAll(/^ungil .*\| jq .*$/gm)].map(([command]) => command);
  const hasJq = process.platform !== "win32" && spawnSync("jq", ["--version"]).status === 0;
  it.skipIf(!hasJq)(`has commands for jq that work${hasJq ? "" : " (jq is not installed)"}`, () => {
    expect(commands.length).toBeGreaterThan(2);
    for (const command of commands) {
      const script = `ungil() { "${process.execPath}" "${MAIN}" "$@"; }; ${command}`;
      const { status, stdout, stderr } = spawnSync("sh", ["-c", script], { cwd: project, encoding: "utf8" });
      expect([status, stderr]).toEqual([0, ""]);
      expect(stdout, command).not.toBe("");
    }
  });
});
