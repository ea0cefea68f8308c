import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { MAIN, type Run, run, temporaryFolder, ungil } from "../cli/ungil.ts";
import { commandLinesIn, mistakeIn } from "../meta/command-lines.ts";
import { readYaml } from "./workflow.ts";

const root = join(import.meta.dirname, "../..");
const folder = join(root, "docs/ci");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const text = (name: string) => readFileSync(join(folder, name), "utf8");

const works = (program: string, ...args: string[]) => spawnSync(program, args).status === 0;
const noShell = process.platform !== "win32" && works("bash", "-c", "exit 0") ? undefined : "there is no POSIX shell";
const noMake = noShell ?? (works("make", "--version") ? undefined : "there is no make");
for (const reason of new Set([noShell, noMake])) {
  if (reason) process.stderr.write(`skipped: examples for continuous integration: ${reason}\n`);
}

/** Runs what the built command is asked for, whatever the version, as `npx` would. */
const NPX = `#!/bin/sh
while [ "$1" = --yes ]; do shift; done
case "$1" in ungil@*) shift ;; *) echo "npx: $1?" >&2; exit 99 ;; esac
exec "${process.execPath}" "${MAIN}" "$@"
`;

/** A copy of the demo, and what finds our `npx` in it. */
function checkout(): { cwd: string; env: Record<string, string> } {
  const top = temporaryFolder();
  const bin = join(top, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "npx"), NPX);
  chmodSync(join(bin, "npx"), 0o755);
  const cwd = join(top, "demo");
  cpSync(join(root, "samples/demo"), cwd, { recursive: true });
  // Builds what is not built.
  ungil(["--version"], cwd);
  return { cwd, env: { PATH: `${bin}${delimiter}${process.env.PATH}`, CI_PROJECT_DIR: cwd } };
}

const shell = (script: string, { cwd, env }: ReturnType<typeof checkout>): Run =>
  run("bash", ["-eo", "pipefail", "-c", script], cwd, env);

describe("examples for continuous integration", () => {
  it("are all shown in the page", () => {
    const page = readFileSync(join(root, "docs/ci.md"), "utf8");
    for (const name of readdirSync(folder)) expect(page).toContain(`<!-- file ci/${name} -->`);
  });

  it.each(readdirSync(folder))("%s asks for what there is, in this version", (name) => {
    const commands = text(name).replaceAll("$(UNGIL)", "ungil").split("\n").flatMap(commandLinesIn);
    for (const command of commands) expect(mistakeIn(command), `ungil ${command}`).toBeUndefined();
    for (const [, named] of text(name).matchAll(/ungil@(\d\S*)/g)) expect(named).toBe(version);
  });

  it.skipIf(noShell)("GitLab gets the reports that it is told of, and keeps the cache", () => {
    const { ungil: job } = readYaml(join(folder, "gitlab.yml"));
    const place = checkout();
    const variables = Object.entries<string>(job.variables).map(([name, value]) => `export ${name}="${value}"`);
    const { code } = shell([...variables, ...job.script].join("\n"), place);
    expect(code).toBe(1);
    const quality = JSON.parse(readFileSync(join(place.cwd, job.artifacts.reports.codequality), "utf8"));
    expect(quality).toHaveLength(68);
    for (const issue of quality) {
      expect(issue).toMatchObject({ description: expect.any(String), fingerprint: expect.any(String) });
      expect(existsSync(join(place.cwd, issue.location.path))).toBe(true);
    }
    expect(readFileSync(join(place.cwd, job.artifacts.reports.junit), "utf8")).toMatch(/<testsuites/);
    expect(job.artifacts.when).toBe("always");
    for (const path of job.cache.paths) expect(readdirSync(join(place.cwd, path))).not.toEqual([]);
  });

  it.skipIf(noShell)("Azure Pipelines publishes what was written", () => {
    const { steps } = readYaml(join(folder, "azure.yml"));
    const place = checkout();
    const script = steps.find((step: { script?: string }) => step.script).script;
    expect(shell(script, place).code).toBe(1);
    const [tests, artifact] = steps.slice(-2);
    for (const step of [tests, artifact]) expect(step.condition).toBe("succeededOrFailed()");
    expect(existsSync(join(place.cwd, tests.inputs.testResultsFiles))).toBe(true);
    expect(existsSync(join(place.cwd, artifact.inputs.pathToPublish))).toBe(true);
  });

  it.skipIf(noShell)("Jenkins publishes what was written", () => {
    const [, script] = /\bsh '(.*)'/.exec(text("Jenkinsfile"))!;
    const place = checkout();
    expect(shell(script, place).code).toBe(1);
    const published = [...text("Jenkinsfile").matchAll(/(?:junit|pattern:) '(.*?)'/g)].map((m) => m[1]);
    expect(published).toHaveLength(2);
    for (const file of published) expect(existsSync(join(place.cwd, file))).toBe(true);
  });

  it.skipIf(noMake)("make fails for findings, until a baseline knows them", () => {
    const place = checkout();
    const make = (target: string) => run("make", ["-s", "-f", join(folder, "Makefile"), target], place.cwd, place.env);
    const first = make("audit");
    expect(first.code).toBe(2);
    expect(first.stdout).toContain("68 findings");
    expect(make("audit-baseline").code).toBe(0);
    expect(make("audit").code).toBe(0);
  });
});
