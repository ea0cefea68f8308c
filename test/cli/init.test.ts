import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MODULE, temporaryFolder, tree, ungil } from "./ungil.ts";

const PROJECT = '\ufeff[project]\r\nname = "lamp"\r\nrequires-python = ">=3.10"';
const DEMO = join(import.meta.dirname, "../../samples/demo");

describe("ungil init", () => {
  it("appends to pyproject.toml and says what to do next", () => {
    const cwd = tree({ "pyproject.toml": PROJECT, "lamp.c": MODULE, ".git/HEAD": "" });
    const run = ungil(["init"], cwd);
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).toMatch(
      /^Added \[tool\.ungil\] to pyproject\.toml\.\nFound: 1 high, 0 medium, 0 low\.\n\nNext:\n/,
    );
    const text = readFileSync(join(cwd, "pyproject.toml"), "utf8");
    expect(
      text.startsWith(`${PROJECT}\r\n\r\n[tool.ungil]\r\n# Audit for free-threaded Python of 1 module: lamp.`),
    ).toBe(true);
    expect(text.replaceAll("\r\n", "")).not.toContain("\n");
    expect(text).toContain("# Oldest supported Python: 3.10, from pyproject.toml (>=3.10);");
    expect(existsSync(join(cwd, "ungil.toml"))).toBe(false);
    expect(readdirSync(cwd).filter((name) => name.includes("tmp"))).toEqual([]);
    const again = ungil(["init"], cwd);
    expect(again).toMatchObject({ code: 2, stdout: "" });
    expect(again.stderr).toMatch(/^ungil: pyproject\.toml:5:1: there is a configuration already\n/);
  });

  it("prints with --dry-run what it would write, byte for byte", () => {
    const cwd = tree({ "lamp.c": MODULE, ".git/HEAD": "" });
    const dry = ungil(["init", "--dry-run"], cwd);
    expect(readdirSync(cwd).sort()).toEqual([".git", "lamp.c"]);
    expect(dry.stdout).toContain('min-python = "3.9"');
    ungil(["init", "-q"], cwd);
    expect(readFileSync(join(cwd, "ungil.toml"), "utf8")).toBe(dry.stdout);
  });

  it("changes nothing of what an audit finds, with pyproject.toml and without", () => {
    for (const flags of [[], ["--standalone"]]) {
      const cwd = temporaryFolder();
      cpSync(DEMO, cwd, { recursive: true });
      const findings = () => {
        const run = ungil(["--format", "json", "--fail-on", "none"], cwd);
        expect(run.stderr).toBe("");
        const { findings, summary } = JSON.parse(run.stdout);
        return { findings, config: summary.config };
      };
      const before = findings();
      expect(ungil(["init", ...flags], cwd)).toMatchObject({ code: 0, stderr: "" });
      const after = findings();
      expect(before.config).toBe(null);
      expect(after.config).toBe(flags.length === 0 ? "pyproject.toml" : "ungil.toml");
      expect(before.findings.length).toBeGreaterThan(50);
      expect(after.findings).toEqual(before.findings);
    }
  });

  it("goes to the folder that is named, which must be one", () => {
    const cwd = tree({ "pkg one/lamp.c": MODULE, ".git/HEAD": "" });
    const run = ungil(["init", "pkg one"], cwd);
    expect(run.stdout).toContain("Wrote pkg one/ungil.toml.");
    expect(run.stdout).toContain("ungil review 'pkg one'");
    expect(ungil(["init", "none"], cwd)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("no such folder: none"),
    });
    expect(ungil(["init", "pkg one/lamp.c"], cwd)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("not a folder"),
    });
  });
});
