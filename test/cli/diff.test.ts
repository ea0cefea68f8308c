import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { MODULE, temporaryFolder, tree, ungil } from "./ungil.ts";

const HEAD = `#include <Python.h>
static PyObject *names;
PyObject *set_names(PyObject *self, PyObject *value) { Py_XSETREF(names, Py_NewRef(value)); return names; }
`;
const use = (name: string) => `PyObject *
${name}(void)
{
    int a = 1;
    /* a list */
    return PyObject_Str(PyList_GetItem(names, a));
}
`;
const ONLY = ["--select", "borrowed-list-item", "--no-cache"];

let folder: string;
const runGit = (args: string[], cwd: string) =>
  spawnSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "protocol.file.allow=always", ...args], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" },
  });
function git(...args: string[]): string {
  const run = runGit(args, folder);
  expect(run.status, run.stderr).toBe(0);
  return run.stdout.trim();
}
function commit(): void {
  git("add", "-A");
  git("commit", "-q", "-m", "c");
}
const read = (name: string) => readFileSync(join(folder, name), "utf8");
function write(name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}
function since(ref: string, args: string[] = [], cwd = folder, env: NodeJS.ProcessEnv = {}) {
  const run = ungil(["scan", "--format", "json", "--diff", ref, ...ONLY, ...args], cwd, env);
  expect(run.stderr).toBe("");
  const { findings, summary } = JSON.parse(run.stdout);
  return { found: findings.map((f: { function: string }) => f.function), hidden: summary.diff.hidden, code: run.code };
}

describe.skipIf(runGit(["--version"], ".").status !== 0)("--diff (skipped without git)", () => {
  beforeEach(() => {
    folder = tree({ "src/a.c": HEAD + use("one") + use("two"), "src/b.c": HEAD + use("three") });
    git("init", "-q", "-b", "main");
    commit();
    git("checkout", "-q", "-b", "topic");
  });

  it("limits the report, not the audit, and says so", () => {
    expect(since("main")).toEqual({ found: [], hidden: 3, code: 0 });
    write("src/a.c", read("src/a.c").replace("int a = 1", "int a = 2"));
    expect(since("main")).toEqual({ found: ["one"], hidden: 2, code: 1 });
    const { stdout } = ungil(["scan", "--diff", "main", ...ONLY], folder);
    const base = git("rev-parse", "main").slice(0, 12);
    expect(stdout).toContain(
      `1 finding in 2 files, 5 functions: 1 high.\nOnly what changed since main (merge base ${base}): 2 are elsewhere.\n`,
    );
    const sarif = ungil(["scan", "--diff", "main", "--format", "sarif", ...ONLY], folder);
    expect(JSON.parse(sarif.stdout).runs[0].results).toHaveLength(1);
  });

  it("counts from the merge base, and what is not committed", () => {
    git("checkout", "-q", "main");
    write("src/b.c", read("src/b.c").replace("int a = 1", "int a = 7"));
    commit();
    git("checkout", "-q", "topic");
    write("src/a.c", read("src/a.c").replace("int a = 1", "int a = 2"));
    commit();
    expect(since("main").found).toEqual(["one"]);
    write("src/c.c", HEAD + use("four"));
    write("src/a.c", read("src/a.c").replace(/int a = 1/, "int a = 3"));
    git("add", "src/a.c");
    expect(since("main").found).toEqual(["one", "two", "four"]);
    expect(since("HEAD").found).toEqual(["two", "four"]);
    expect(since("main", ["src/b.c"]).found).toEqual([]);
    expect(since("main", [], join(folder, "src")).found).toEqual(["one", "two", "four"]);
  });

  it("takes a deleted line for a change of its function", () => {
    write("src/a.c", read("src/a.c").replace("    /* a list */\n", ""));
    expect(since("main").found).toEqual(["one"]);
    write("src/a.c", HEAD + use("two"));
    expect(since("main").found).toEqual([]);
  });

  it("does not take line ends for a change", () => {
    write("src/a.c", read("src/a.c").replaceAll("\n", "\r\n"));
    expect(since("main").found).toEqual([]);
  });

  it("follows renames", () => {
    git("mv", "src", "lib");
    expect(since("main").found).toEqual([]);
    commit();
    write("lib/a.c", read("lib/a.c").replace("int a = 1", "int a = 2"));
    expect(since("main").found).toEqual(["one"]);
    renameSync(join(folder, "lib/a.c"), join(folder, "lib/z.c"));
    expect(since("main").found).toEqual(["one"]);
  });

  it("takes any file name", () => {
    const names = ["sp ace/q\"uo'te.c", "größe/名前.c", "new\nline.c", "-dash.c", ":(glob)*.c"];
    for (const [i, name] of names.entries()) write(name, HEAD + use(`f${i}`));
    expect(since("main").found.sort()).toEqual(["f0", "f1", "f2", "f3", "f4"]);
    commit();
    for (const name of names) write(name, read(name).replace("int a = 1", "int a = 2"));
    expect(since("HEAD").found.sort()).toEqual(["f0", "f1", "f2", "f3", "f4"]);
    commit();
    expect(since("HEAD").found).toEqual([]);
  });

  it("looks at the declarations of what is at file level", () => {
    const all = ["--select", "gil-slot-missing,global-object", "--no-cache"];
    const report = () => JSON.parse(ungil(["scan", "--format", "json", "--diff", "HEAD", ...all], folder).stdout);
    const found = () => report().findings.map((f: { rule: string }) => f.rule);
    write("src/m.c", MODULE);
    commit();
    expect(found()).toEqual([]);
    write("src/m.c", MODULE.replace("Py_RETURN_TRUE", "Py_RETURN_FALSE"));
    expect(found()).toEqual([]);
    write(
      "src/m.c",
      MODULE.replace("    {0, NULL}\n};\n\nstatic struct", "    {3, 0},\n    {0, NULL}\n};\n\nstatic struct"),
    );
    expect(found()).toEqual(["gil-slot-missing"]);
    write("src/m.c", MODULE);
    write("src/b.c", read("src/b.c").replace("*names;", "*names, *more;"));
    expect(found()).toEqual(["global-object"]);
    write("src/b.c", HEAD.replace("{ Py_X", "{\n    Py_X") + use("three"));
    expect(found()).toEqual(["global-object"]);
  });

  it("works in linked work trees and submodules", () => {
    const other = join(temporaryFolder(), "linked");
    git("worktree", "add", "-q", other, "-b", "linked");
    writeFileSync(join(other, "src/b.c"), HEAD + use("three").replace("= 1", "= 2"));
    expect(since("main", [], other).found).toEqual(["three"]);
    const library = temporaryFolder();
    writeFileSync(join(library, "s.c"), HEAD + use("five"));
    for (const args of [
      ["init", "-q"],
      ["add", "."],
      ["commit", "-qm", "s"],
    ])
      runGit(args, library);
    git("submodule", "add", "-q", library, "lib");
    expect(since("main").found).toEqual(["five"]);
    commit();
    expect(since("HEAD").found).toEqual([]);
    write("lib/s.c", HEAD + use("five").replace("= 1", "= 2"));
    runGit(["commit", "-qam", "t"], join(folder, "lib"));
    expect(since("HEAD").found).toEqual(["five"]);
    expect(since("HEAD", ["lib"]).found).toEqual([]);
    expect(since("HEAD~1", ["lib"]).found).toEqual(["five"]);
  });

  it("goes with a baseline", () => {
    ungil(["baseline", "create", ...ONLY], folder);
    write("src/a.c", HEAD + use("one") + use("two").replace("= 1", "= 2") + use("six"));
    expect(since("main").found).toEqual(["six"]);
    const check = ungil(["baseline", "check", "--diff", "main", "--format", "json", ...ONLY], folder);
    expect(check.code).toBe(1);
    expect(JSON.parse(check.stdout).summary).toMatchObject({ diff: { hidden: 0 }, baseline: { known: 3, gone: 0 } });
    expect(since("main", ["--no-baseline"]).found).toEqual(["two", "six"]);
  });

  it("says what is wrong", () => {
    const error = (ref: string, cwd = folder, env = {}) => {
      const { code, stderr } = ungil(["scan", `--diff=${ref}`, ...ONLY], cwd, env);
      expect(code).toBe(2);
      return stderr;
    };
    expect(error("nope")).toBe(
      "ungil: --diff nope: there is no such commit\nIt must be a commit, branch or tag; `git fetch` gets those of others.\n",
    );
    for (const ref of ["-x", "--output=pwned", "HEAD:src/a.c", "a b", "main..HEAD", ""]) {
      expect(error(ref)).toContain("there is no such commit");
    }
    expect(existsSync(join(folder, "pwned"))).toBe(false);
    expect(error("main", tree({ "a.c": HEAD }))).toContain("is not in a git repository");
    const node = dirname(process.execPath);
    if (!existsSync(join(node, "git"))) expect(error("main", folder, { PATH: node })).toContain("needs git");
    git("checkout", "-q", "--orphan", "island");
    git("commit", "-q", "-m", "i");
    expect(error("main")).toContain("it has no merge base with HEAD\nTheir histories have no commit in common.\n");
    const clone = join(temporaryFolder(), "clone");
    git("checkout", "-q", "topic");
    write("src/c.c", HEAD);
    commit();
    expect(runGit(["clone", "-q", "--depth=1", `file://${folder}`, clone], folder).status).toBe(0);
    expect(error("main", clone)).toContain("fetch-depth: 0");
    runGit(["fetch", "-q", "--depth=1", "origin", "main"], clone);
    expect(error("FETCH_HEAD", clone)).toContain("no merge base with HEAD\nThe clone is shallow. In CI, fetch");
    rmSync(join(folder, ".git/HEAD"));
    expect(error("main")).toContain("git cannot read the repository: fatal: not a git repository");
  });

  it("runs nothing that the repository names", () => {
    const trap = join(folder, "trap");
    const marker = join(folder, "sprung");
    writeFileSync(trap, `#!/bin/sh\ntouch "${marker}"\ncat\n`);
    chmodSync(trap, 0o755);
    write(".gitattributes", "*.c diff=evil filter=evil\n");
    write("src/a.c", read("src/a.c").replace("= 1", "= 2"));
    for (const [name, value] of [
      ["core.fsmonitor", trap],
      ["core.pager", trap],
      ["core.hooksPath", folder],
      ["core.sshCommand", trap],
      ["diff.external", trap],
      ["diff.evil.command", trap],
      ["diff.evil.textconv", trap],
      ["filter.evil.clean", trap],
      ["filter.evil.smudge", trap],
      ["filter.evil.process", trap],
      ["extensions.partialClone", "origin"],
      ["remote.origin.promisor", "true"],
      ["remote.origin.url", `ext::${trap}`],
      ["protocol.ext.allow", "always"],
    ]) {
      git("config", name, value);
    }
    expect(since("main").found).toEqual(["one"]);
    const env = { GIT_EXTERNAL_DIFF: trap, GIT_DIR: "/nowhere", GIT_WORK_TREE: "/nowhere", GIT_INDEX_FILE: trap };
    expect(since("main", [], folder, env).found).toEqual(["one"]);
    const blob = git("rev-parse", "main:src/a.c");
    rmSync(join(folder, ".git/objects", blob.slice(0, 2), blob.slice(2)));
    const { code, stderr } = ungil(["scan", "--diff", "main", ...ONLY], folder);
    expect(code).toBe(2);
    expect(stderr).toContain("git cannot read older versions of files");
    expect(existsSync(marker)).toBe(false);
  });
});
