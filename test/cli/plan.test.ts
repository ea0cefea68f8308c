import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { DECLARED, MODULE, tree, ungil } from "./ungil.ts";

const root = join(import.meta.dirname, "../..");
const demo = join(root, "samples/demo");
const packageJson = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

function validator(name: string) {
  const schema = JSON.parse(readFileSync(join(root, packageJson.exports[`./schema/${name}`]), "utf8"));
  return new Ajv({ strict: true, allErrors: true }).compile(schema);
}

/** A copy of the demo, outside of any work tree. */
function demoCopy(): string {
  const files = ["pyproject.toml", "setup.py", "README.md", "tests/smoke.py"].concat(
    ["cursor.c", "eventdeck.h", "helpers.c", "journal.c", "module.c", "packet.c", "parse.c", "store.c"].map(
      (f) => `src/${f}`,
    ),
  );
  return tree(Object.fromEntries(files.map((f) => [f, readFileSync(join(demo, f))])));
}

interface Task {
  files: string[];
  rules: { rule: string; count: number }[];
  findings: { fingerprint: string; file: string; line: number; rule: string }[];
  fix: { safe: number; review: number };
  assignees: string[];
}
interface Plan {
  summary: { fix: { safe: number; review: number }; risks: Record<string, number>; dismissed: number };
  phases: { id: string; tasks: Task[] }[];
  problems: { file: string; kind: string }[];
}

describe("ungil plan", () => {
  it("writes the plan of the demo as it was reviewed (UNGIL_ACCEPT=1 writes it anew)", () => {
    const golden = join(root, "test/goldens/plan/demo.md");
    const run = ungil(["plan", "--link-base", "https://example.org/eventdeck/blob/main"], demoCopy());
    expect(run).toMatchObject({ code: 0, stderr: "" });
    const text = run.stdout.replace(`ungil ${packageJson.version}`, "ungil 0.0.0");
    if (process.env.UNGIL_ACCEPT === "1") writeFileSync(golden, text);
    expect(existsSync(golden), "no golden yet: run with UNGIL_ACCEPT=1").toBe(true);
    expect(text).toBe(readFileSync(golden, "utf8"));
  });

  it("has json that follows the schema, whose figures are those of a fix", () => {
    const folder = demoCopy();
    const validate = validator("ungil-plan-1.schema.json");
    const plan: Plan = JSON.parse(ungil(["plan", "--format", "json"], folder).stdout);
    expect(validate(plan), JSON.stringify(validate.errors)).toBe(true);
    const without = JSON.parse(ungil(["plan", "--format", "json", "--no-fixes"], folder).stdout);
    expect(validate(without), JSON.stringify(validate.errors)).toBe(true);
    expect(without.summary.fix).toBeNull();
    const tasks = plan.phases.flatMap((p) => p.tasks);
    const scanned = JSON.parse(ungil(["--format", "json"], folder).stdout);
    const wanted = scanned.findings.filter((f: { risk: string }) => f.risk !== "info");
    const planned = tasks.flatMap((t) => t.findings.map((f) => f.fingerprint));
    expect(planned.sort()).toEqual(wanted.map((f: { fingerprint: string }) => f.fingerprint).sort());

    const proven = JSON.parse(ungil(["fix", "--dry-run", "--format", "json"], folder).stdout);
    const noted = proven.applied.filter((a: { risk: string }) => a.risk !== "info");
    expect(plan.summary.fix.safe).toBe(noted.length);
    // A task is fixed by the command that the plan names for it.
    const task = tasks.find((t) => t.files[0] === "src/store.c" && t.rules[0].rule === "unlocked-instance-state")!;
    const select = task.rules.map((r) => r.rule).join(",");
    const args = ["fix", "--dry-run", "--format", "json", "--select", select, "--only", "src/store.c"];
    const one = JSON.parse(ungil(args, folder).stdout);
    expect(one.applied).toHaveLength(task.fix.safe);
    expect(one.summary.findings).toBe(task.findings.length);
  });

  it("links to the commit on the host that the checkout comes from", () => {
    const commit = "0123456789abcdef0123456789abcdef01234567";
    const files = {
      "ext/lamp.c": MODULE,
      ".git/HEAD": "ref: refs/heads/main\n",
      ".git/packed-refs": `# pack-refs with: peeled\n${commit} refs/heads/main\n`,
      ".git/config":
        '[remote "upstream"]\n\turl = https://github.com/b/b\n[remote "origin"]\n\turl = git@github.com:ada/lamp.git\n',
    };
    const folder = tree(files);
    const { stdout } = ungil(["plan", "--no-fixes"], join(folder, "ext"));
    expect(stdout).toContain(`(https://github.com/ada/lamp/blob/${commit}/ext/lamp.c#L14)`);
    // A linked work tree has its own HEAD.
    const linked = tree({
      "lamp.c": MODULE,
      ".git": `gitdir: ${folder}/.git/worktrees/w\n`,
    });
    mkdirSync(join(folder, ".git/worktrees/w"), { recursive: true });
    writeFileSync(join(folder, ".git/worktrees/w/HEAD"), `${commit.replaceAll("0", "f")}\n`);
    writeFileSync(join(folder, ".git/worktrees/w/commondir"), "../..\n");
    expect(ungil(["plan", "--no-fixes"], linked).stdout).toContain(`/blob/${commit.replaceAll("0", "f")}/lamp.c#L14`);
    writeFileSync(join(linked, ".git"), "gitdir: nowhere\n");
    expect(ungil(["plan", "--no-fixes"], linked).stdout).toContain("`_mod_gil:14`".replace("_mod", "Py_mod"));
  });

  it("leaves out what triage dismissed, and names who took a task", () => {
    const folder = tree({ "lamp.c": MODULE });
    const scanned = JSON.parse(ungil(["--format", "json"], folder).stdout);
    const { fingerprint } = scanned.findings[0];
    const triage = (entry: object) => `[\n${JSON.stringify({ fingerprint, ...entry })},\n{}\n]\n`;
    mkdirSync(join(folder, ".ungil"));
    writeFileSync(join(folder, ".ungil/triage.json"), triage({ assignee: "ada" }));
    expect(ungil(["plan"], folder).stdout).toMatch(/`lamp\.c`\*\*: 1 finding .* @ada\n/);
    writeFileSync(join(folder, ".ungil/triage.json"), triage({ state: "suppressed", reason: "known" }));
    const { stdout } = ungil(["plan"], folder);
    expect(stdout).toContain("Nothing to fix");
    expect(stdout).toContain("1 further finding is dismissed");
  });

  it("is cut to a length, written to a file, and tells mistakes", () => {
    const folder = demoCopy();
    const run = ungil(["plan", "--no-fixes", "--max-length", "6000", "-o", "plan.md"], folder);
    expect(run).toMatchObject({ code: 0, stdout: "", stderr: "" });
    expect(readFileSync(join(folder, "plan.md"), "utf8").length).toBeLessThanOrEqual(6000);
    expect(ungil(["plan", "--max-length", "many"], folder)).toMatchObject({ code: 2 });
    expect(ungil(["plan", "--link-base", "javascript:alert(1)"], folder).stderr).toMatch(/begins with http/);
    expect(ungil(["plan", "nowhere"], folder).stderr).toMatch(/^ungil: no such file or folder: nowhere\n/);
  });

  it("tells what of packaging it could not read", () => {
    const folder = tree({ "lamp.c": MODULE, "pyproject.toml": "[project\n", ".github/workflows/ci.yml": "a: [\n" });
    const plan: Plan = JSON.parse(ungil(["plan", "--format", "json", "--no-fixes", "--no-config"], folder).stdout);
    expect(plan.problems.map((p) => p.file)).toEqual([".github/workflows/ci.yml", "pyproject.toml"]);
    expect(ungil(["plan", "--no-fixes", "--no-config"], folder).stdout).toContain("`pyproject.toml`");
  });
});

describe("ungil status", () => {
  it("shows each module in one line, and the whole in one", () => {
    const folder = tree({ "lamp.c": MODULE, "bulb.c": DECLARED.replaceAll("lamp", "bulb") });
    const run = ungil(["status"], folder);
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).toMatch(/^lamp +C API, multi-phase +no +1 +\. +1 {2}nearly$/m);
    expect(run.stdout).toMatch(/^bulb +C API, multi-phase +yes +\. +\. +\. {2}ready$/m);
    expect(run.stdout).toMatch(/^Overall: nearly \(1 ready, 1 nearly\)/m);
    const validate = validator("ungil-status-1.schema.json");
    const status = JSON.parse(ungil(["status", "--format", "json"], folder).stdout);
    expect(validate(status), JSON.stringify(validate.errors)).toBe(true);
    expect(status.modules.map((m: { verdict: string }) => m.verdict).sort()).toEqual(["nearly", "ready"]);
  });

  it("fails with --check alone, and only if a module is not ready", () => {
    const folder = tree({ "lamp.c": MODULE });
    expect(ungil(["status"], folder).code).toBe(0);
    expect(ungil(["status", "--check"], folder).code).toBe(1);
    writeFileSync(join(folder, "lamp.c"), DECLARED);
    expect(ungil(["status", "--check"], folder).code).toBe(0);
  });

  it("says it where there is no extension module, or none that is audited", () => {
    const pure = ungil(["status"], tree({ "setup.py": "setup(name='lamp')\n", "lamp/__init__.py": "" }));
    expect(pure).toMatchObject({ code: 0 });
    expect(pure.stdout).toContain("No extension module was found");
    expect(pure.stdout).toMatch(/^Overall: no extension module; no findings/m);
    expect(pure.stdout).not.toContain("GIL off");
    const cython = ungil(["status", "--check"], tree({ "lamp.pyx": "def on(): pass\n", "setup.py": "" }));
    expect(cython).toMatchObject({ code: 0 });
    expect(cython.stdout).toMatch(/^lamp +Cython +no .* not audited$/m);
  });
});
