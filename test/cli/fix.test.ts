import {
  chmodSync,
  existsSync,
  lstatSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { bytesIn, LENDING, NEWEST } from "./fixable.ts";
import { DECLARED, temporaryFolder, tree, ungil } from "./ungil.ts";

const packageJson = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));
const fix = (folder: string, ...args: string[]) => ungil(["fix", ...NEWEST, ...args], folder);

/** The fixed text of `LENDING`, as the tool writes it. */
function fixedText(): string {
  const folder = tree({ "lamp.c": LENDING });
  expect(fix(folder).code).toBe(0);
  const text = readFileSync(join(folder, "lamp.c"), "utf8");
  expect(text).toContain("PyList_GetItemRef");
  return text;
}

describe("ungil fix", () => {
  it("writes, says where and how to take it back, and finds nothing more to do", () => {
    const folder = tree({ "src/lamp.c": LENDING });
    const run = fix(folder);
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).toContain("src/lamp.c:7  borrowed-list-item");
    expect(run.stdout).toContain("Fixed 1 finding in 1 file.");
    expect(run.stdout).toContain("`ungil undo` takes it back.");
    const once = bytesIn(folder);
    const again = fix(folder);
    expect(again.stdout).toBe("Nothing to fix.\n");
    expect(bytesIn(folder)).toEqual(once);
    const undo = ungil(["undo"], join(folder, "src"));
    expect(undo).toMatchObject({ code: 0, stderr: "" });
    expect(undo.stdout).toMatch(/^restored src\/lamp\.c\nTook back the run of \d{4}-.* UTC\. No more runs\.\n$/);
    expect(bytesIn(folder)).toEqual(new Map([["src/lamp.c", Buffer.from(LENDING)]]));
    expect(existsSync(join(folder, ".ungil"))).toBe(false);
  });

  it("ends with 0 if findings are left, and says so", () => {
    const text = LENDING.replace("item = PyList", "item = (PyObject *)(self == NULL ? NULL : list); item = PyList");
    const folder = tree({
      "lamp.c": `${text}\nPyObject *kept;\nvoid keep(PyObject *l) { kept = PyList_GET_ITEM(l, 0); }\n`,
    });
    const run = fix(folder);
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/\d+ findings? (is|are) left: /);
  });

  it("does nothing but tell with --dry-run: 1 if there is something to do, else 0", () => {
    const folder = tree({ "lamp.c": LENDING });
    const run = fix(folder, "--dry-run");
    expect(run.code).toBe(1);
    expect(run.stdout).toContain("Would fix 1 finding in 1 file.");
    expect(run.stdout).not.toContain("undo");
    expect(bytesIn(folder)).toEqual(new Map([["lamp.c", Buffer.from(LENDING)]]));
    expect(existsSync(join(folder, ".ungil"))).toBe(false);
    const nothing = fix(tree({ "lamp.c": DECLARED }), "--dry-run");
    expect(nothing).toMatchObject({ code: 0, stdout: "Nothing to fix.\n" });
  });

  it("fixes only what is asked for: rules, risk, one finding", () => {
    const second = LENDING.slice(LENDING.indexOf("static PyObject")).replaceAll("lamp", "other");
    const folder = tree({ "src/lamp.c": LENDING, "src/other.c": `#include <Python.h>\n\n${second}` });
    const dry = (...args: string[]) => ungil(["fix", "--dry-run", "--min-python", "3.13", ...args], folder);
    expect(dry("--select", "memory").stdout).toBe("Nothing to fix.\n");
    expect(dry("--risk", "high").stdout).toBe("Nothing to fix.\n");
    expect(dry().stdout).toContain("2 findings in 2 files");
    expect(dry("--only", "src/lamp.c:7").stdout).toContain("Would fix 1 finding in 1 file.");
    const report = JSON.parse(ungil(["src", "--format", "json", "--min-python", "3.13"], folder).stdout);
    const print = report.findings.find((f: { file: string }) => f.file === "other.c").fingerprint;
    expect(ungil(["fix", "src", "--min-python", "3.13", "--only", print], folder).stdout).toContain("other.c:7");
    expect(readFileSync(join(folder, "src/lamp.c"), "utf8")).toBe(LENDING);
    expect(dry("--only", "src/lamp.c:1")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("no such finding"),
    });
    expect(dry("--only", "lamp")).toMatchObject({ code: 2, stderr: expect.stringContaining("neither a fingerprint") });
  });

  it("keeps encodings and line breaks", () => {
    const fixed = fixedText();
    const variants: Record<string, (text: string) => Buffer> = {
      "crlf.c": (text) => Buffer.from(text.replaceAll("\n", "\r\n")),
      "latin1.c": (text) => Buffer.from(text, "latin1"),
      "bom.c": (text) => Buffer.from(`\ufeff${text}`),
      "open.c": (text) => Buffer.from(text.trimEnd()),
      "tabs.c": (text) => Buffer.from(text.replaceAll("    ", "\t")),
    };
    const folder = tree(Object.fromEntries(Object.entries(variants).map(([name, as]) => [name, as(LENDING)])));
    expect(fix(folder).code).toBe(0);
    for (const [name, as] of Object.entries(variants)) {
      expect(readFileSync(join(folder, name)).toString("latin1"), name).toBe(as(fixed).toString("latin1"));
    }
  });

  it.skipIf(process.platform === "win32")("keeps modes and links", () => {
    const outside = temporaryFolder();
    writeFileSync(join(outside, "real.c"), LENDING);
    const folder = tree({ "lamp.c": LENDING });
    chmodSync(join(folder, "lamp.c"), 0o755);
    symlinkSync(join(outside, "real.c"), join(folder, "link.c"));
    expect(fix(folder).stdout).toContain("2 findings in 2 files");
    expect(statSync(join(folder, "lamp.c")).mode & 0o777).toBe(0o755);
    expect(lstatSync(join(folder, "link.c")).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(outside, "real.c"), "utf8")).toBe(fixedText());
    expect(ungil(["undo"], folder).stdout).toContain(`restored ${join(realpathSync(outside), "real.c")}`);
    expect(readFileSync(join(outside, "real.c"), "utf8")).toBe(LENDING);
  });

  it("refuses read-only files, and then writes none", () => {
    const folder = tree({ "a.c": LENDING, "b.c": LENDING });
    chmodSync(join(folder, "b.c"), 0o444);
    const run = fix(folder);
    expect(run).toMatchObject({ code: 2, stderr: "ungil: nothing was written\n  b.c: it is read-only\n" });
    expect(readFileSync(join(folder, "a.c"), "utf8")).toBe(LENDING);
    expect(existsSync(join(folder, ".ungil"))).toBe(false);
  });

  it("keeps backups on demand", () => {
    const folder = tree({ "lamp.c": LENDING });
    expect(fix(folder, "--backup").stdout).toContain("Backups: lamp.c.orig");
    expect(readFileSync(join(folder, "lamp.c.orig"), "utf8")).toBe(LENDING);
    ungil(["undo"], folder);
    expect([...bytesIn(folder).keys()]).toEqual(["lamp.c"]);
  });

  it("puts the journal at the top of the work tree, and names the folder if it is elsewhere", () => {
    const folder = tree({ "ext/src/lamp.c": LENDING, ".git/HEAD": "" });
    expect(fix(folder, "ext/src").stdout).toContain("`ungil undo` takes");
    expect(existsSync(join(folder, ".ungil/undo/000001/journal.json"))).toBe(true);
    const bare = tree({ "ext/src/lamp.c": LENDING });
    expect(fix(bare, "ext/src").stdout).toContain("`ungil undo ext/src` takes");
    expect(ungil(["undo", "ext/src"], bare).code).toBe(0);
  });

  it("is not scanned itself: the journal is left out", () => {
    const folder = tree({ "lamp.c": LENDING });
    fix(folder);
    const report = JSON.parse(ungil(["--format", "json"], folder).stdout);
    expect(report.summary.files).toBe(1);
  });

  it("writes json that follows the schema", () => {
    const path = join(import.meta.dirname, "../..", packageJson.exports["./schema/ungil-fix-1.schema.json"]);
    const validate = new Ajv({ strict: true, allErrors: true }).compile(JSON.parse(readFileSync(path, "utf8")));
    const folder = tree({ "lamp.c": LENDING });
    for (const args of [["--dry-run"], ["--check", "cc -v"], []]) {
      const report = JSON.parse(fix(folder, "--format", "json", ...args).stdout);
      expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
    }
  });

  it("takes level and compat from the configuration", () => {
    const toml = '[fix]\ncompat = "none"\n';
    const folder = tree({ "lamp.c": LENDING, "ungil.toml": toml });
    const none = ungil(["fix", "--dry-run", "--select", "borrowed"], folder);
    expect(none.stdout).toContain("Nothing that ungil can fix.");
    const inline = ungil(["fix", "--dry-run", "--select", "borrowed", "--compat", "inline"], folder);
    expect(inline.code).toBe(1);
    const wrong = tree({ "lamp.c": LENDING, "ungil.toml": '[fix]\nlevl = "safe"\n' });
    expect(ungil(["fix"], wrong)).toMatchObject({ code: 2, stderr: expect.stringContaining("did you mean `level`?") });
  });

  it("puts definitions for older Pythons into one header on demand, and takes it away again", () => {
    const folder = tree({ "src/lamp.c": LENDING, "src/other.c": LENDING.replaceAll("lamp", "other") });
    const run = ungil(["fix", "--select", "borrowed", "--compat-header", "src/newer.h"], folder);
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(readFileSync(join(folder, "src/newer.h"), "utf8")).toContain("PyList_GetItemRef");
    expect(readFileSync(join(folder, "src/other.c"), "utf8")).toContain('#include "newer.h"');
    expect(ungil(["undo"], folder).code).toBe(0);
    expect([...bytesIn(folder).keys()]).toEqual(["src/lamp.c", "src/other.c"]);
    const outside = ungil(["fix", "src", "--compat-header", "../x.h"], folder);
    expect(outside).toMatchObject({ code: 2, stderr: expect.stringContaining("is not below") });
  });

  it("no control character of a file reaches the terminal", () => {
    const evil = LENDING.replace("/* caf\u00e9 */", "/* \x1b]0;title\x07 */").replaceAll(
      "lamp_first",
      "lamp_f\u200birst",
    );
    const run = fix(tree({ "la\x1b[31mmp.c": evil }), "-v");
    expect(run.stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  });

  it.each([
    [["--diff", "--dry-run"], /cannot be used with option/],
    [["--level", "brave"], /Allowed choices are safe, review/],
    [["--check", "configured"], /the configuration has no command/],
    [["no/such/path"], /no such file or folder/],
  ])("is an error with %j", (args, message) => {
    const run = fix(tree({ "lamp.c": LENDING }), ...args);
    expect(run.stderr).toMatch(message);
    expect(run.code).toBe(2);
  });
});

describe("ungil undo", () => {
  it("lists runs, goes back one by one, and refuses what changed since", () => {
    const folder = tree({ "a.c": LENDING, "b.c": LENDING.replaceAll("lamp", "other") });
    fix(folder, "a.c");
    fix(folder, "b.c");
    const list = ungil(["undo", "--list"], folder).stdout.split("\n");
    expect(list[0]).toBe(realpathSync(folder));
    expect(
      list.slice(1, 3).every((line) => /^ {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC {2}1 file changed$/.test(line)),
    ).toBe(true);
    writeFileSync(join(folder, "b.c"), "mine\n");
    const refused = ungil(["undo"], folder);
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toBe(
      "ungil: nothing was undone\n  b.c: it changed since the run\n`ungil undo --force` overwrites them.\n",
    );
    expect(ungil(["undo", "--force"], folder).stdout).toContain("1 older run can be taken back");
    expect(ungil(["undo", "-q"], folder)).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(bytesIn(folder).get("a.c")?.toString()).toBe(LENDING);
    expect(ungil(["undo"], folder)).toMatchObject({ code: 2, stderr: expect.stringContaining("nothing to undo") });
    expect(ungil(["undo", "--list"], folder)).toMatchObject({ code: 0, stdout: "There is nothing to undo here.\n" });
  });
});
