import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Result } from "sarif";
import { describe, expect, it } from "vitest";
import { MAIN, type Run, temporaryFolder, ungil } from "../cli/ungil.ts";
import { commitAll, demoRepository, edit, git } from "./repository.ts";
import { type Action, type ActionRun, readYaml, runAction, type Step } from "./workflow.ts";

const root = join(import.meta.dirname, "../..");
const path = join(root, ".github/actions/ungil");
const action: Action = readYaml(join(path, "action.yml"));
const scripts = action.runs.steps.filter((step) => step.run !== undefined);

const works = (program: string, ...args: string[]) => spawnSync(program, args).status === 0;
const noBash = works("bash", "-c", "exit 0") ? undefined : "there is no bash";
const noGit = noBash ?? (works("git", "--version") ? undefined : "there is no git");
const noShellcheck = works("shellcheck", "--version") ? undefined : "shellcheck is not installed";
for (const reason of new Set([noBash, noGit, noShellcheck])) {
  if (reason) process.stderr.write(`skipped: tests of the GitHub action: ${reason}\n`);
}

/** A checkout of somebody's project, the demo in a folder of it. */
function workspace(): string {
  const folder = join(temporaryFolder(), "work space");
  mkdirSync(folder);
  cpSync(join(root, "samples/demo"), join(folder, "native code"), { recursive: true });
  return folder;
}

/** The action with what is built already; on what it is asked otherwise is up to `inputs`. */
function audit(inputs: Record<string, string>, folder = workspace(), env: Record<string, string> = {}): ActionRun {
  // Builds what is not built.
  ungil(["--version"], folder);
  const instead = { install: { command: MAIN } };
  return runAction(
    action,
    { "working-directory": "native code", ...inputs },
    { workspace: folder, path, env, instead },
  );
}

const scanOf = (result: ActionRun) => result.steps.scan as Run;

describe("the GitHub action", () => {
  it("has the shape of a composite action", () => {
    expect(action.runs.using).toBe("composite");
    for (const { description } of [...Object.values(action.inputs), ...Object.values(action.outputs)]) {
      expect(description).toMatch(/\.$/);
    }
    for (const step of scripts) expect(step.shell).toBe("bash");
    for (const { default: value } of Object.values(action.inputs)) expect(value).toBeTypeOf("string");
  });

  it("uses every input, none of them inside a script", () => {
    for (const step of scripts) expect(step.run).not.toContain("${{");
    const text = JSON.stringify(action.runs.steps);
    for (const name of Object.keys(action.inputs)) expect(text).toContain(`inputs.${name}`);
    const used = [...text.matchAll(/inputs\.([a-z-]+)/g)].map((m) => m[1]);
    expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(used));
  });

  it.skipIf(noShellcheck)("has scripts that shellcheck has nothing to say about", () => {
    for (const step of scripts) {
      const { stdout, status } = spawnSync("shellcheck", ["--shell=bash", "--severity=style", "-"], {
        input: step.run,
        encoding: "utf8",
      });
      expect(stdout).toBe("");
      expect(status).toBe(0);
    }
  });
});

describe.skipIf(noBash)("a run of the action", () => {
  it("annotates, sums up, uploads, and fails at last", () => {
    const result = audit({});
    expect(result.failed).toBe(true);
    expect(Object.keys(result.steps)).toEqual(["actions/setup-node", "scan", "Upload to code scanning", "Result"]);
    expect(scanOf(result).code).toBe(0);
    expect(scanOf(result).stdout).toMatch(/^::error file=/m);
    expect(result.steps["Upload to code scanning"]).toBe("used");
    expect((result.steps.Result as Run).code).toBe(1);
    expect(result.summary).toMatch(/\*\*68 findings in 8 files/);
    const sarif = JSON.parse(readFileSync(result.outputs.sarif, "utf8"));
    expect(sarif.version).toBe("2.1.0");
    expect(sarif.runs[0].results).toHaveLength(68);
    expect(result.given["Upload to code scanning"]).toEqual({ sarif_file: result.outputs.sarif, category: "ungil" });
    expect(result.outputs).toMatchObject({ findings: "62", "exit-status": "1" });
  });

  it("passes if nothing is bad enough, and does what it is not asked for not", () => {
    const off = { annotations: "false", summary: "false", "upload-sarif": "false", "node-version": "" };
    const result = audit({ "fail-on": "none", ...off });
    expect(result.failed).toBe(false);
    expect(result.steps["actions/setup-node"]).toBe("skipped");
    expect(result.steps["Upload to code scanning"]).toBe("skipped");
    expect(scanOf(result).stdout).not.toContain("::");
    expect(scanOf(result).stdout).toContain("68 findings");
    expect(result.summary).toBe("");
    expect(result.outputs["exit-status"]).toBe("0");
  });

  it("hands every input on", () => {
    const folder = workspace();
    writeFileSync(join(folder, "native code/strict.toml"), 'risk = "high"\n');
    const result = audit(
      {
        paths: "src/packet.c\r\nsrc/store.c\r\n",
        select: "borrowed,locking",
        ignore: "borrowed-list-item",
        config: "strict.toml",
        args: "--target=3.14\n--no-cache\n",
      },
      folder,
    );
    const results: Result[] = JSON.parse(readFileSync(result.outputs.sarif, "utf8")).runs[0].results;
    const places = new Set(results.map((r) => r.locations![0].physicalLocation!.artifactLocation!.uri));
    expect([...places].sort()).toEqual(["src/packet.c", "src/store.c"].map((file) => expect.stringContaining(file)));
    const rules = results.map((r) => r.ruleId);
    expect(rules).toContain("unlocked-instance-state");
    expect(rules).not.toContain("borrowed-list-item");
    expect(rules).not.toContain("gil-slot-missing");
    expect(results.every((r) => r.level === "error")).toBe(true);
  });

  it("takes no input for code", () => {
    const evil = "$(touch evil)`touch evil`; touch evil #' \" && touch evil";
    const folder = workspace();
    const scanned = scripts.find((step) => step.id === "scan")!;
    const keys = Object.values(scanned.env!).flatMap((value) => /inputs\.([a-z-]+)/.exec(value)?.[1] ?? []);
    expect(keys.length).toBeGreaterThan(8);
    const result = audit(Object.fromEntries(keys.map((key) => [key, evil])), folder);
    expect(scanOf(result).stderr).toContain("$(touch evil)");
    expect(readdirSync(folder)).toEqual(["native code"]);
    expect(existsSync(join(folder, "native code/evil"))).toBe(false);
  });

  it.skipIf(noGit)("compares a pull request with what it is merged into, in a checkout without history", () => {
    const origin = demoRepository();
    git(origin, "checkout", "--quiet", "-b", "topic");
    edit(
      join(origin, "src/store.c"),
      "    return PyUnicode_FromFormat(",
      "    PyErr_Clear();\n    return PyUnicode_FromFormat(",
    );
    commitAll(origin, "Topic");
    git(origin, "checkout", "--quiet", "main");
    edit(join(origin, "src/packet.c"), "unsigned long sum = 5381;", "unsigned long sum = 5382;");
    commitAll(origin, "Somebody else");
    git(origin, "merge", "--quiet", "--no-edit", "topic");
    git(origin, "config", "uploadpack.allowAnySHA1InWant", "true");
    const env = { GITHUB_SHA: git(origin, "rev-parse", "HEAD"), GITHUB_BASE_REF: "main" };
    for (const depth of ["1", "2"]) {
      const folder = join(temporaryFolder(), "shallow");
      git(origin, "clone", "--quiet", `--depth=${depth}`, pathToFileURL(origin).href, folder);
      const result = audit({ "working-directory": ".", "diff-base": "auto", "fail-on": "low" }, folder, env);
      const results: Result[] = JSON.parse(readFileSync(result.outputs.sarif, "utf8")).runs[0].results;
      expect(results.map((r) => r.message.text)).toEqual([expect.stringMatching(/^`store_repr` works on/)]);
      expect(result.outputs["exit-status"]).toBe("1");
    }
  });

  it.skipIf(noGit)("compares nothing with nothing on a push", () => {
    const result = audit({ "diff-base": "auto", "fail-on": "none" }, workspace(), {
      GITHUB_BASE_REF: "",
      GITHUB_SHA: "",
    });
    expect(result.outputs.findings).toBe("62");
  });

  it("says that the audit could not be done, and uploads nothing", () => {
    const result = audit({ paths: "no-such-folder" });
    expect(result.failed).toBe(true);
    expect(result.steps["Upload to code scanning"]).toBe("skipped");
    expect((result.steps.Result as Run).stdout).toContain("::error title=ungil::");
    expect(result.outputs).toEqual({ sarif: "", findings: "", "exit-status": "2" });
  });
});

const workflows = readdirSync(join(root, ".github/workflows")).map((name) => join(root, ".github/workflows", name));
const examples = existsSync(join(root, "docs/ci"))
  ? readdirSync(join(root, "docs/ci"))
      .filter((name) => name.startsWith("github"))
      .map((name) => join(root, "docs/ci", name))
  : [];

describe("workflows", () => {
  it.each([join(path, "action.yml"), ...workflows, ...examples])("%s pins what it uses", (file) => {
    const uses = [...readFileSync(file, "utf8").matchAll(/uses: (.*)/g)].map((m) => m[1]);
    expect(uses.length).toBeGreaterThan(0);
    for (const used of uses) {
      expect(used).toMatch(
        /^(\.\/\.github\/actions\/ungil|OWNER\/ungil\/\.github\/actions\/ungil@REF|[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/,
      );
    }
  });

  it.each([...workflows, ...examples])("%s gives the action what it takes, and asks for few rights", (file) => {
    const workflow = readYaml(file);
    expect(Object.keys(workflow)).toEqual(expect.arrayContaining(["name", "on", "permissions", "jobs"]));
    expect(workflow.permissions).toEqual({ contents: "read" });
    expect(Object.keys(workflow.on)).not.toContain("pull_request_target");
    for (const job of Object.values<{ permissions?: object; steps: Step[] }>(workflow.jobs)) {
      const rights = Object.entries(job.permissions ?? {}).filter(([, level]) => level !== "read");
      expect(rights.every(([right]) => right === "security-events")).toBe(true);
      for (const step of job.steps) {
        expect(step.run ?? "").not.toContain("${{");
        if (!step.uses?.includes("actions/ungil")) continue;
        expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(step.with ?? {})));
        const uploads = step.with?.["upload-sarif"] !== false && step.with?.["upload-sarif"] !== "false";
        expect(rights.length > 0).toBe(uploads);
      }
    }
  });
});
