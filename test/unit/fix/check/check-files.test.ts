import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { type CheckedFile, type CheckWith, checkFiles } from "../../../../src/fix/check/check-files.ts";
import { makeShadow } from "../../../../src/fix/check/shadow.ts";
import { hasCompiler } from "../../../samples/toolchain.ts";
import { project, type TestProject } from "../write/project.ts";

const hasCc = hasCompiler("cc");

const check = async (
  p: TestProject,
  how: CheckWith,
  changes: Record<string, string>,
  cwd = p.folder,
  made: string[] = [],
) => {
  const files = Object.entries(changes).map(
    ([name, text]): CheckedFile => ({ path: p.path(name), after: Buffer.from(text), existed: !made.includes(name) }),
  );
  const verdicts = await checkFiles(files, { with: how, top: p.folder, cwd });
  return Object.fromEntries(Object.keys(changes).map((name) => [name, verdicts.get(p.path(name))]));
};

const shadows = () => readdirSync(tmpdir()).filter((name) => name.startsWith("ungil-check-"));

describe.skipIf(process.platform === "win32")("checking with a command", () => {
  it("runs it on the new text, in the folder of the user, and leaves nothing behind", async () => {
    const p = project({ "src/a.c": "old", "src/b.c": "old", "src/c.c": "bad" });
    const before = shadows();
    const verdicts = await check(
      p,
      { command: "! grep -H bad" },
      { "src/a.c": "good", "src/b.c": "bad", "src/c.c": "bad too" },
      p.path("src"),
    );
    expect(verdicts).toEqual({
      "src/a.c": { result: "passed" },
      "src/b.c": { result: "failed", reason: "b.c:bad" },
      "src/c.c": { result: "unchecked", reason: "it does not compile before the fix either: c.c:bad" },
    });
    expect(p.all()).toEqual({ "src/a.c": "old", "src/b.c": "old", "src/c.c": "bad" });
    expect(shadows()).toEqual(before);
  });

  it("puts the file where the command says, whatever it is called", async () => {
    const p = project({ "it's a.c": "old" });
    expect(await check(p, { command: "grep -q new {file} && test -f {file}" }, { "it's a.c": "new" })).toEqual({
      "it's a.c": { result: "passed" },
    });
  });

  it("fails for a new file without a before", async () => {
    const p = project({ "a.c": "" });
    const verdicts = await check(p, { command: "! grep -H bad" }, { "n.h": "bad" }, p.folder, ["n.h"]);
    expect(verdicts["n.h"]).toEqual({ result: "failed", reason: "n.h:bad" });
  });

  it("says what it knows if the command cannot run", async () => {
    const p = project({ "a.c": "old" });
    const verdicts = await check(p, { command: "no-such-compiler-here" }, { "a.c": "new" });
    expect(verdicts["a.c"]).toMatchObject({ result: "unchecked", reason: expect.stringContaining("before the fix") });
  });
});

describe.skipIf(!hasCc || process.platform === "win32")("checking with a compiler (needs cc)", () => {
  const files = {
    "src/a.c": '#include "a.h"\nint f(void) { return OLD; }\n',
    "include/a.h": '#include "../src/deep.h"\n#define OLD 1\n',
    "src/deep.h": "int g(void);\n",
    "src/b.c": '#include "a.h"\nint h(void) { return g() + OLD; }\n',
  };
  const cc = { command: "cc -fsyntax-only -Werror=implicit-function-declaration -Iinclude {file}" };

  it("sees changed headers, also through folders", async () => {
    const p = project(files);
    const ok = {
      "src/a.c": files["src/a.c"].replace("OLD", "NEW"),
      "include/a.h": files["include/a.h"].replace("OLD", "NEW"),
    };
    expect(await check(p, cc, ok)).toMatchObject({
      "src/a.c": { result: "passed" },
      "include/a.h": { result: "passed" },
    });
    const broken = { "src/b.c": files["src/b.c"], "src/deep.h": "int other(void);\n" };
    const { "src/b.c": verdict } = await check(p, cc, broken);
    expect(verdict).toMatchObject({ result: "failed", reason: expect.stringMatching(/^src\/b\.c:2:\d+: error: /) });
  });

  it("takes each file's own command from the database", async () => {
    const p = project(files);
    const database = [
      { directory: p.path("build"), file: "../src/a.c", command: `cc -I${p.path("include")} -o a.o -c ../src/a.c` },
      {
        directory: p.folder,
        file: p.path("src/b.c"),
        arguments: ["cc", "-Iinclude", "-DEXTRA", "-c", p.path("src/b.c")],
      },
    ];
    const q = project({});
    expect(await check(q, "compile-commands", { "a.c": "x" })).toEqual({
      "a.c": { result: "unchecked", reason: "there is no compile_commands.json" },
    });
    mkdirSync(p.path("build"));
    writeFileSync(p.path("build/compile_commands.json"), JSON.stringify(database));
    const changes = {
      "src/a.c": files["src/a.c"].replace("OLD", "NEW"),
      "include/a.h": `${files["include/a.h"]}#define NEW 2\n`,
      "src/b.c": `${files["src/b.c"]}#ifdef EXTRA\nint x = ;\n#endif\n`,
    };
    expect(await check(p, "compile-commands", changes)).toMatchObject({
      "src/a.c": { result: "passed" },
      "include/a.h": { result: "unchecked", reason: "compile_commands.json does not have it" },
      "src/b.c": { result: "failed", reason: expect.stringContaining(`${p.path("src/b.c")}:4`) },
    });
    expect(readdirSync(p.path("build"))).toEqual(["compile_commands.json"]);
  });
});

describe.skipIf(process.platform === "win32")("the shadow of a project", () => {
  it("is written to, never the project, where folders are links or not looked into", () => {
    const p = project({ "venv/x.c": "old", "real/y.c": "old" });
    symlinkSync("real", p.path("link"));
    const shadow = makeShadow(
      p.folder,
      new Map(["venv/x.c", "link/y.c", "link/new.h"].map((name) => [p.path(name), Buffer.from("new")])),
    );
    try {
      expect(["venv/x.c", "link/y.c"].map((n) => readFileSync(shadow.pathOf(p.path(n)), "utf8"))).toEqual([
        "new",
        "new",
      ]);
      expect(["venv/x.c", "real/y.c"].map(p.read)).toEqual(["old", "old"]);
      expect(readdirSync(p.path("real"))).toEqual(["y.c"]);
    } finally {
      shadow.remove();
    }
  });

  it("has everything, changed files anew, and large folders as links", () => {
    const p = project({ "a.c": "a", "sub/b.h": "b", ".git/HEAD": "h", "venv/x.c": "x" });
    symlinkSync("a.c", p.path("link.c"));
    symlinkSync("nowhere", p.path("dangling.c"));
    const shadow = makeShadow(
      p.folder,
      new Map([
        [p.path("sub/b.h"), Buffer.from("new b")],
        [p.path("n/c.h"), Buffer.from("c")],
      ]),
    );
    try {
      const read = (name: string) => readFileSync(shadow.pathOf(p.path(name)), "utf8");
      expect(["a.c", "link.c", "sub/b.h", "n/c.h", ".git/HEAD", "venv/x.c"].map(read)).toEqual([
        "a",
        "a",
        "new b",
        "c",
        "h",
        "x",
      ]);
      expect(shadow.pathOf("/usr/include/x.h")).toBe("/usr/include/x.h");
    } finally {
      shadow.remove();
    }
    expect(p.read("sub/b.h")).toBe("b");
    expect(p.read(".git/HEAD")).toBe("h");
  });
});
