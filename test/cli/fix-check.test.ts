import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findInterpreters, hasCompiler } from "../samples/toolchain.ts";
import { bytesIn, LENDING, NEWEST } from "./fixable.ts";
import { tree, ungil } from "./ungil.ts";

const [interpreter] = findInterpreters();
const hasCc = hasCompiler("cc") && interpreter !== undefined;
const other = LENDING.replaceAll("lamp", "other");

describe.skipIf(process.platform === "win32")("ungil fix --check", () => {
  /** Fails for files that are about lamps and have been fixed. */
  const NO_LAMPS = "! grep -q 'lamp_first' {file} || ! grep -n GetItemRef {file}";

  it("gives up the fixes of a file that no longer compiles, with the compiler's words, and makes the others", () => {
    const folder = tree({ "lamp.c": LENDING, "other.c": other });
    const run = ungil(["fix", ...NEWEST, "--check", NO_LAMPS], folder);
    expect(run).toMatchObject({ code: 0, stderr: "" });
    const said = run.stdout.replace(/\s+/g, " ");
    expect(said).toContain(
      "lamp.c is left as it was, it would no longer compile: 7: PyObject *item = PyList_GetItemRef",
    );
    expect(said).toContain("1 file still compiles.");
    expect(said).toContain("Left to a person 1 borrowed-list-item lamp.c would no longer compile: 7:");
    expect(said).toContain("Fixed 1 finding in 1 file.");
    expect(readFileSync(join(folder, "lamp.c"), "utf8")).toBe(LENDING);
    expect(readFileSync(join(folder, "other.c"), "utf8")).not.toBe(other);
  });

  it("also takes back what other files got for them", () => {
    const folder = tree({ "lamp.c": LENDING });
    const run = ungil(["fix", "--select", "borrowed", "--compat-header", "newer.h", "--check", NO_LAMPS], folder);
    expect(run.code).toBe(0);
    expect(bytesIn(folder)).toEqual(new Map([["lamp.c", Buffer.from(LENDING)]]));
    expect(existsSync(join(folder, ".ungil"))).toBe(false);
  });

  it("leaves rejected files out of a patch and writes nothing for it", () => {
    const folder = tree({ "lamp.c": LENDING, "other.c": other });
    const run = ungil(["fix", "--diff", ...NEWEST, "--check", NO_LAMPS], folder);
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/^diff --git a\/other\.c /);
    expect(run.stdout).not.toContain("lamp");
    expect(run.stderr).toContain("lamp.c: 7:");
    expect([...bytesIn(folder).keys()]).toEqual(["lamp.c", "other.c"]);
  });

  it("cannot check what did not compile before, changes it, and says so", () => {
    const folder = tree({ "lamp.c": LENDING });
    const run = ungil(["fix", ...NEWEST, "--check", "echo 'error: no Python.h' && false"], folder);
    expect(run.code).toBe(0);
    expect(run.stdout.replace(/\s+/g, " ")).toContain(
      "lamp.c could not be checked: it does not compile before the fix either: error: no Python.h",
    );
    expect(readFileSync(join(folder, "lamp.c"), "utf8")).toContain("GetItemRef");
  });

  it("runs the command of a configuration only when asked to", () => {
    const folder = tree({ "lamp.c": LENDING, "ungil.toml": '[fix]\ncheck = "touch $OLDPWD/ran; false"\n' });
    const env = { OLDPWD: folder };
    expect(ungil(["fix", "--dry-run", "--select", "borrowed"], folder, env).code).toBe(1);
    expect(existsSync(join(folder, "ran"))).toBe(false);
    ungil(["fix", "--dry-run", "--select", "borrowed", "--check", "configured"], folder, env);
    expect(existsSync(join(folder, "ran"))).toBe(true);
  });
});

describe.skipIf(!hasCc)("ungil fix --check with a compiler (needs cc and Python.h)", () => {
  it("passes what compiles, with a command and with the database, and writes no object", () => {
    const folder = tree({ "src/lamp.c": LENDING });
    const include = `-I${interpreter.include}`;
    const command = `cc -fsyntax-only -Wall -Werror ${include} {file}`;
    const run = ungil(["fix", "--select", "borrowed", "--dry-run", "--check", command], folder);
    expect(run.stdout).toContain("1 file still compiles.");
    const entry = {
      directory: folder,
      file: "src/lamp.c",
      command: `cc -Wall -Werror ${include} -o lamp.o -c src/lamp.c`,
    };
    writeFileSync(join(folder, "compile_commands.json"), JSON.stringify([entry]));
    const own = ungil(["fix", "--select", "borrowed", "--check", "compile-commands"], folder);
    expect(own.stdout).toContain("1 file still compiles.");
    expect([...bytesIn(folder).keys()]).toEqual(["compile_commands.json", "src/lamp.c"]);
  });

  it("finds an error that only a compiler finds", () => {
    const folder = tree({ "lamp.c": `#define PyList_GetItemRef missing_function\n${LENDING}` });
    const command = `cc -fsyntax-only -Werror=implicit-function-declaration -I${interpreter.include}`;
    const run = ungil(["fix", ...NEWEST, "--check", command], folder);
    expect(run.stdout.replace(/\s+/g, " ")).toMatch(/lamp\.c would no longer compile: lamp\.c:\d+:\d+: error: /);
    expect(readFileSync(join(folder, "lamp.c"), "utf8")).toContain("PyList_GetItem(");
  });
});
