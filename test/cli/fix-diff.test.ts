import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bytesIn, LENDING, NEWEST } from "./fixable.ts";
import { temporaryFolder, tree, ungil } from "./ungil.ts";

const hasGit = spawnSync("git", ["--version"]).status === 0;
const git = (cwd: string, ...args: string[]) => {
  const run = spawnSync("git", ["-c", "core.autocrlf=false", ...args], { cwd, encoding: "utf8" });
  expect(run.stderr + run.stdout).toBe("");
};

/** Names and contents that patches stumble over. */
const files: Record<string, Buffer> = {
  "lf.c": Buffer.from(LENDING),
  "crlf.c": Buffer.from(LENDING.replaceAll("\n", "\r\n")),
  "mixed.c": Buffer.from(LENDING.replace("{\n", "{\r\n")),
  "latin1.c": Buffer.from(LENDING, "latin1"),
  "bom.c": Buffer.from(`\ufeff${LENDING}`),
  "open end.c": Buffer.from(LENDING.slice(0, LENDING.indexOf("static PyMethodDef")).trimEnd()),
  'sub/n\u00e4me "q".c': Buffer.from(LENDING),
};

describe.skipIf(!hasGit)("ungil fix --diff (needs git)", () => {
  it.each([
    ["without definitions", NEWEST],
    ["with a new header", ["--select", "borrowed", "--compat-header", "sub/newer.h"]],
    ["with a block in each file", ["--select", "borrowed"]],
  ])("is a patch for git that does what fix does, %s", (_, options) => {
    const [patched, fixed] = [tree(files), tree(files)];
    for (const folder of [patched, fixed]) git(folder, "init", "-q");
    // From a folder below, as git's own patches are from the top.
    mkdirSync(join(patched, "below"));
    const run = ungil(
      ["fix", "--diff", "..", ...options.map((o) => o.replace("sub/", "../sub/")), "-o", "x.patch"],
      join(patched, "below"),
    );
    expect(run).toMatchObject({ code: 1, stdout: "" });
    expect(run.stderr).toContain(`Would fix ${Object.keys(files).length} findings`);
    expect(new Set(bytesIn(patched).keys())).toEqual(new Set([...Object.keys(files), "below/x.patch"]));
    git(patched, "apply", "--whitespace=nowarn", "below/x.patch");
    expect(ungil(["fix", ...options], fixed).code).toBe(0);
    const after = bytesIn(patched);
    after.delete("below/x.patch");
    expect(after).toEqual(bytesIn(fixed));
    expect(after.get("lf.c")).not.toEqual(files["lf.c"]);
    git(patched, "apply", "-R", "--whitespace=nowarn", "below/x.patch");
    expect(bytesIn(patched).get("crlf.c")).toEqual(files["crlf.c"]);
  });

  it("prints the bytes of the patch to a pipe, nothing else", () => {
    const folder = tree({ "lamp.c": LENDING });
    const run = ungil(["fix", "--diff", ...NEWEST], folder);
    expect(run.stdout).toMatch(
      /^diff --git a\/lamp\.c b\/lamp\.c\n--- a\/lamp\.c\n\+\+\+ b\/lamp\.c\n@@ -\d+,\d+ \+\d+,\d+ @@\n/,
    );
    expect(ungil(["fix", "--diff", "-q", ...NEWEST], folder).stderr).toBe("");
  });

  it("is empty, with 0, if there is nothing to change", () => {
    const run = ungil(["fix", "--diff", ...NEWEST], tree({ "a.c": "int a;\n" }));
    expect(run).toEqual({ code: 0, stdout: "", stderr: "Nothing to fix.\n" });
  });

  it("outside of a work tree is relative to where the user is", () => {
    const folder = tree({ "src/lamp.c": LENDING });
    const run = ungil(["fix", "--diff", "src", ...NEWEST], folder);
    expect(run.stdout).toContain("+++ b/src/lamp.c\n");
    const elsewhere = temporaryFolder();
    writeFileSync(
      join(elsewhere, "x.patch"),
      ungil(["fix", "--diff", join(folder, "src"), ...NEWEST], elsewhere).stdout,
    );
    git(join(folder, "src"), "apply", join(elsewhere, "x.patch"));
    expect(readFileSync(join(folder, "src/lamp.c"), "utf8")).toContain("PyList_GetItemRef");
  });
});
