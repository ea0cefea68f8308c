import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { tree, ungil } from "./ungil.ts";

const TOK = "#include <string.h>\nchar *next(char *s) { return strtok(s, 0); }\n";

describe("configuration on the command line", () => {
  it("is found, named in the report, and left out on demand", () => {
    const cwd = tree({ "src/a.c": TOK, "ungil.toml": 'fail-on = "high"\ntarget = "3.14"\n', ".git/HEAD": "" });
    const run = ungil(["src", "--format", "json"], cwd);
    const report = JSON.parse(run.stdout);
    expect(report.summary).toMatchObject({ config: "../ungil.toml", target: "3.14", minPythonKnown: false });
    expect(report.findings).toHaveLength(1);
    expect(run.code).toBe(0);
    const schema = readFileSync(
      join(import.meta.dirname, "../../src/report/schema/ungil-report-1.schema.json"),
      "utf8",
    );
    const validate = new Ajv({ strict: true, allErrors: true }).compile(JSON.parse(schema));
    expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
    const without = ungil(["src", "--format", "json", "--no-config"], cwd);
    expect(JSON.parse(without.stdout).summary).toMatchObject({ config: null, target: "3.13" });
    expect(without.code).toBe(1);
  });

  it("yields to flags", () => {
    const cwd = tree({ "a.c": TOK, "ungil.toml": 'fail-on = "none"\nrisk = "high"\nselect = ["borrowed"]\n' });
    expect(ungil([], cwd)).toMatchObject({ code: 0 });
    const run = ungil(["--fail-on", "medium", "--risk", "low", "--select", "globals", "-q"], cwd);
    expect(run.stdout).toContain("non-reentrant-call");
    expect(run.code).toBe(1);
  });

  it("can be another file", () => {
    const cwd = tree({
      "a.c": TOK,
      "ungil.toml": "wrong = 1",
      "ci/strict.toml": 'ignore = ["globals"]\n',
      "pyproject.toml": '[tool.ungil]\nignore = ["globals"]\n',
    });
    expect(ungil(["--config", "ci/strict.toml"], cwd)).toMatchObject({ code: 0, stderr: "" });
    expect(ungil(["--config", "pyproject.toml"], cwd)).toMatchObject({ code: 0, stderr: "" });
    expect(ungil(["--config", "none.toml"], cwd)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^ungil: cannot read the configuration none\.toml \(ENOENT\)\n--config names/),
    });
  });

  it("with mistakes ends the run with 2 and says where they are", () => {
    const cwd = tree({
      "a.c": TOK,
      "pyproject.toml": '[project]\nname = "x"\n[tool.ungil]\ntargets = "3.14"\nrisk = 3\n',
    });
    const run = ungil([], cwd);
    expect(run.code).toBe(2);
    expect(run.stdout).toBe("");
    expect(run.stderr.split("\n").slice(0, 2)).toEqual([
      "ungil: pyproject.toml:4:1: unknown key `targets`; did you mean `target`?",
      'pyproject.toml:5:1: `risk` must be one of "high", "medium", "low", "info", not 3',
    ]);
  });

  it("never writes control characters of a file to the terminal", () => {
    const run = ungil([], tree({ "a.c": TOK, "ungil.toml": 'risk = "\x1b[31m\n' }));
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('1 | risk = "\\x1b[31m');
    expect(run.stderr).not.toContain("\x1b");
  });
});

describe("ungil config", () => {
  const cwd = tree({
    "a.c": TOK,
    "ungil.toml": '# x\ntarget = "3.14"\nlock-functions = [\n{ lock = "a", unlock = "b" }]\n',
    ".git/HEAD": "",
  });

  it("shows values and origins, as text and for programs", () => {
    const text = ungil(["config", "--select", "borrowed"], cwd);
    expect(text).toMatchObject({ code: 0, stderr: "" });
    expect(text.stdout).toMatch(/^Configuration: ungil\.toml\n\n {2}target +"3\.14" +ungil\.toml:2:1\n/);
    expect(text.stdout).toMatch(/^ {2}select +\["borrowed"\] +--select$/m);
    expect(text.stdout).toMatch(/^ {2}lock-functions +\{ lock = "a", unlock = "b" \} +ungil\.toml:3:1$/m);
    const json = JSON.parse(ungil(["config", "--format", "json", "a.c"], cwd).stdout);
    expect(json.file).toBe("ungil.toml");
    expect(json.values.target).toEqual({ value: "3.14", from: "file", place: "ungil.toml:2:1" });
    expect(json.values["fix.check"]).toEqual({ value: null, from: "default" });
  });

  it("prints the schema that the package exports", () => {
    const schema = readFileSync(
      join(import.meta.dirname, "../../src/audit/config/schema/ungil-config-1.schema.json"),
      "utf8",
    );
    expect(JSON.parse(ungil(["config", "--schema"], cwd).stdout)).toEqual(JSON.parse(schema));
  });

  it.each([
    [["--ignore", "nonsense"], /unknown rule or family "nonsense"/],
    [["no/such"], /no such file or folder: no\/such/],
    [["--config", "other.toml"], /cannot read the configuration other\.toml/],
  ])("fails as an audit would: %j", (args, message) => {
    const run = ungil(["config", ...args], cwd);
    expect(run).toMatchObject({ code: 2, stdout: "" });
    expect(run.stderr).toMatch(message);
  });
});
