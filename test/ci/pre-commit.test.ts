import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { MAIN, type Run, run, temporaryFolder, ungil } from "../cli/ungil.ts";
import { mistakeIn } from "../meta/command-lines.ts";
import { commitAll, demoRepository, edit, git } from "./repository.ts";
import { readYaml } from "./workflow.ts";

const root = join(import.meta.dirname, "../..");
const file = join(root, ".pre-commit-hooks.yaml");
const hooks: Record<string, unknown>[] = readYaml(file);

const missing =
  process.platform === "win32"
    ? "the command is put on the PATH by a shell script"
    : ["pre-commit", "git"].find((program) => spawnSync(program, ["--version"]).status !== 0);
if (missing) process.stderr.write(`skipped: the hooks in pre-commit: ${missing} is not there\n`);

/** A repository that has the hooks; `pre-commit` in it, with the built command instead of an installation from the network. */
function project(): { folder: string; preCommit: (...args: string[]) => Run } {
  const top = temporaryFolder();
  const bin = join(top, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "ungil"), `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`);
  chmodSync(join(bin, "ungil"), 0o755);
  const repository = join(top, "hooks");
  mkdirSync(repository);
  git(repository, "init", "--quiet", "--initial-branch=main");
  copyFileSync(file, join(repository, ".pre-commit-hooks.yaml"));
  commitAll(repository, "Hooks");

  const folder = demoRepository();
  const used = hooks.map(({ id }) => `      - { id: ${id}, language: system }\n`);
  const rev = git(repository, "rev-parse", "HEAD");
  const config = `repos:\n  - repo: ${repository}\n    rev: ${rev}\n    hooks:\n${used.join("")}`;
  writeFileSync(join(folder, ".pre-commit-config.yaml"), config);
  commitAll(folder, "Hooks");
  // Builds what is not built.
  ungil(["--version"], folder);
  const env = { PRE_COMMIT_HOME: join(top, "home"), PATH: `${bin}${delimiter}${process.env.PATH}` };
  return { folder, preCommit: (...args) => run("pre-commit", ["run", "--color=never", ...args], folder, env) };
}

describe("the pre-commit hooks", () => {
  it("run commands that there are, in what the package puts on the PATH", () => {
    const { bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    for (const { entry, language, pass_filenames, types_or } of hooks) {
      const [program, ...args] = String(entry).split(" ");
      expect(Object.keys(bin)).toContain(program);
      expect(mistakeIn(args.join(" "))).toBeUndefined();
      expect({ language, pass_filenames }).toEqual({ language: "node", pass_filenames: false });
      expect(types_or).toEqual(["c", "c++", "cython"]);
    }
  });

  it("are those of the page", () => {
    const page = readFileSync(join(root, "docs/ci.md"), "utf8");
    for (const { id } of hooks) expect(page).toContain(`\`${id}\``);
    const [{ hooks: shown }] = readYaml(join(root, "docs/ci/pre-commit.yaml")).repos;
    expect(hooks.map((hook) => hook.id)).toContain(shown[0].id);
  });

  it.skipIf(missing)("report what is staged, and nothing else", () => {
    const { folder, preCommit } = project();
    const store = join(folder, "src/store.c");
    edit(store, "    return PyUnicode_FromFormat(", "    PyErr_Clear();\n    return PyUnicode_FromFormat(");
    git(folder, "add", "src/store.c");
    edit(join(folder, "src/packet.c"), "unsigned long sum = 5381;", "unsigned long sum = 5382;");
    const { code, stdout } = preCommit("ungil", "--verbose");
    expect(stdout).toMatch(/in store_repr/);
    expect(stdout).not.toMatch(/packet_checksum|store_append/);
    expect(code).toBe(1);
  });

  it.skipIf(missing)("let pass what is right, and do nothing where there is no C", () => {
    const { folder, preCommit } = project();
    edit(join(folder, "README.md"), "eventdeck", "Eventdeck");
    git(folder, "add", "--all");
    expect(preCommit("ungil").stdout).toMatch(/Skipped/);
    edit(join(folder, "src/helpers.c"), "\n", "\n\nenum { A_SMALL_NUMBER = 1 };\n");
    git(folder, "add", "--all");
    expect(preCommit("ungil")).toMatchObject({ code: 0, stdout: expect.stringMatching(/Passed/) });
  });

  it.skipIf(missing)("report the whole project for all files, until a baseline knows it", () => {
    const { folder, preCommit } = project();
    const { code, stdout } = preCommit("ungil-all", "--all-files");
    expect(stdout).toContain("68 findings");
    expect(code).toBe(1);
    expect(ungil(["baseline", "create"], folder).code).toBe(0);
    git(folder, "add", "--all");
    expect(preCommit("ungil-all", "--all-files").stdout).toMatch(/Passed/);
  });
});
