import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { discover } from "../../../src/project/discover/discover.ts";
import { indexBytes } from "./git-index-bytes.ts";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "ungil-discover-"));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function write(...files: string[]): void {
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), "int x;\n");
  }
}

const names = (files: { file: string }[]) => files.map(({ file }) => file);

describe("discover", () => {
  it("takes sources of every extension, in the order of their paths, and sets build files aside", async () => {
    write("src/b.c", "src/a.cpp", "src/t.c.src", "inc/x.H", "notes.txt", "src/m.pyx", "setup.py", "CMakeLists.txt");
    const found = await discover([root]);
    expect(names(found.files)).toEqual(["inc/x.H", "src/a.cpp", "src/b.c", "src/t.c.src"]);
    expect(found.files.map((file) => file.template)).toEqual([false, false, false, true]);
    expect(names(found.metadata)).toEqual(["CMakeLists.txt", "setup.py", "src/m.pyx"]);
    expect(found.root).toBe(root);
  });

  it("takes the build files above the scanned folder, up to the top of the work tree", async () => {
    mkdirSync(join(root, "repo/.git"), { recursive: true });
    write(
      "setup.py",
      "repo/setup.py",
      "repo/other.pyx",
      "repo/pkg/setupinfo.py",
      "repo/pkg/src/a.c",
      "repo/pkg/src/m.rs",
    );
    const found = await discover([join(root, "repo/pkg/src")]);
    expect(names(found.files)).toEqual(["a.c"]);
    expect(names(found.metadata)).toEqual(["../../setup.py", "../setupinfo.py", "m.rs"]);
  });

  it("takes the build files beside and above a file that the user names", async () => {
    write("setup.py", "pkg/setup.cfg", "pkg/src/CMakeLists.txt", "pkg/src/a.c", "pkg/src/b.c", "other/setup.py");
    const found = await discover(["pkg/src/a.c"], { cwd: root });
    expect(names(found.files)).toEqual(["pkg/src/a.c"]);
    expect(names(found.metadata)).toEqual(["pkg/setup.cfg", "pkg/src/CMakeLists.txt", "setup.py"]);
    expect(names((await discover([join(root, "pkg/src")])).metadata)).toEqual(["CMakeLists.txt"]);
  });

  it("sources of frameworks and build files that the user names are not taken for C", async () => {
    write("m.pyx", "setup.py", "odd.txt");
    const found = await discover(["m.pyx", "setup.py", "odd.txt"], { cwd: root });
    expect(names(found.files)).toEqual(["odd.txt"]);
    expect(names(found.metadata)).toEqual(["m.pyx", "setup.py"]);
  });

  it("leaves out tests, vendored, built and installed code, and counts it by reason", async () => {
    write(
      "a.c",
      "tests/t.c",
      "src/test/u.c",
      "third_party/z/z.c",
      "inc/pythoncapi_compat.h",
      "build/gen.c",
      ".git/x.c",
      "node_modules/n/n.c",
    );
    const found = await discover([root]);
    expect(names(found.files)).toEqual(["a.c"]);
    const counts = Object.fromEntries(found.excluded.map(({ reason, files, folders }) => [reason, [files, folders]]));
    expect(counts).toEqual({
      "build output": [1, 1],
      "installed packages": [0, 1],
      tests: [2, 2],
      "vendored code": [2, 1],
      "version control": [0, 1],
    });
    expect(found.excluded.find(({ reason }) => reason === "tests")?.examples).toEqual(["src/test/u.c", "tests/t.c"]);
  });

  it("an excluded folder that is scanned itself, or a file that is named, is taken", async () => {
    write("tests/t.c", "build/gen.c", "a.txt");
    expect(names((await discover([join(root, "tests")])).files)).toEqual(["t.c"]);
    const named = await discover(["build/gen.c", "a.txt"], { cwd: root });
    expect(named.files).toMatchObject([
      { file: "a.txt", explicit: true },
      { file: "build/gen.c", explicit: true },
    ]);
  });

  it("patterns override the defaults both ways", async () => {
    write("a.c", "tests/t.c", "tests/u.c", "vendor/v.c", ".hidden/h.c");
    const found = await discover([root], { include: ["tests/**", ".hidden/**"], exclude: ["**/u.c", "a.c"] });
    expect(names(found.files)).toEqual([".hidden/h.c", "tests/t.c"]);
    expect(found.excluded.find(({ reason }) => reason === "--exclude")?.files).toBe(2);
  });

  it("respects .gitignore on every level, with negation", async () => {
    write("a.c", "gen/b.c", "gen/keep.c", "sub/c.c", "sub/d.c");
    mkdirSync(join(root, ".git"));
    writeFileSync(join(root, ".gitignore"), "gen/*.c\n!gen/keep.c\n");
    writeFileSync(join(root, "sub", ".gitignore"), "d.c\n");
    const found = await discover([root]);
    expect(names(found.files)).toEqual(["a.c", "gen/keep.c", "sub/c.c"]);
    expect(found.excluded.find(({ reason }) => reason === ".gitignore")).toMatchObject({ files: 2 });
    expect(names((await discover([root], { gitignore: false })).files)).toHaveLength(5);
    // A folder inside the work tree is judged by the files above it too.
    expect(names((await discover([join(root, "gen")])).files)).toEqual(["keep.c"]);
  });

  it("takes tracked files, which git never ignores", async () => {
    write("lib/tracked.c", "lib/made.c");
    mkdirSync(join(root, ".git"));
    writeFileSync(join(root, ".gitignore"), "lib/\n");
    writeFileSync(join(root, ".git", "index"), indexBytes(2, [".gitignore", "lib/tracked.c"]));
    expect(names((await discover([root])).files)).toEqual(["lib/tracked.c"]);
  });

  it("ends on loops of links, follows links that lead out, counts the others", async () => {
    write("a.c");
    const outside = mkdtempSync(join(tmpdir(), "ungil-outside-"));
    try {
      writeFileSync(join(outside, "o.c"), "int o;\n");
      symlinkSync(root, join(root, "loop"));
      symlinkSync(join(root, "a.c"), join(root, "same.c"));
      symlinkSync(join(outside, "o.c"), join(root, "other.c"));
      symlinkSync(join(root, "nowhere.c"), join(root, "broken.c"));
      const found = await discover([root]);
      expect(names(found.files)).toEqual(["a.c", "other.c"]);
      expect(found.excluded).toMatchObject([{ reason: "symbolic link", files: 1 }]);
      expect(found.problems).toMatchObject([{ file: "broken.c", kind: "unreadable", skipped: true }]);
    } finally {
      rmSync(outside, { recursive: true, force: true });
    }
  });

  it("says which paths do not exist, and finds the common root of several", async () => {
    write("one/a.c", "two/b.c");
    const found = await discover([join(root, "one"), join(root, "two"), join(root, "three")], {
      cwd: join(root, "one"),
    });
    expect(found.root).toBe(root);
    expect(names(found.files)).toEqual(["one/a.c", "two/b.c"]);
    expect(found.missing).toEqual([join(root, "three")]);
  });

  it("a file that is found twice is scanned once", async () => {
    write("src/a.c");
    const found = await discover([".", "src", "src/a.c"], { cwd: root });
    expect(names(found.files)).toEqual(["src/a.c"]);
  });
});
