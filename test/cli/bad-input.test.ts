import { chmodSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MODULE, tree, ungil } from "./ungil.ts";

const PAREN = 100_000;
const deep = `int deep(void) { return ${"(".repeat(PAREN)}1${")".repeat(PAREN)}; }\nint after(void) { return 1; }\n`;
const longLine = `static const int table[] = {${"1234567, ".repeat(1_160_000)}};\nint f(void) { return table[0]; }\n`;

/** Name, content, and the kind of problem that it must be counted as; null for what is fine as it is. */
const cases: [string, string | Uint8Array, RegExp | null][] = [
  ["binary.c", Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 7]), /binary/],
  ["latin1.c", Buffer.from('/* caf\xe9 */ int f(void) { return "\xe9"[0]; }\n', "latin1"), null],
  ["crlf.c", "int f(void)\r\n{\r\n    return 1;\r\n}\r\n", null],
  ["bom.c", "\ufeffint f(void) { return 1; }\n", null],
  ["nul.c", "int f(void) { return 1; }\0\nint g(void) { return 2; }\n", /encoding/],
  ["empty.c", "", null],
  ["comment.c", "int f(void) { return 1; }\n/* never closed\nint g(void) { return 2; }\n", /unterminated/],
  ["if.c", "int f(void) { return 1; }\n#if 1\nint g(void) { return 2; }\n", /unterminated/],
  ["deep.c", deep, /too-deep/],
  ["rubbish.c", "}}}} )) int @@@ $$ {{{ \"unclosed\n'", /parse-error|unterminated/],
];

describe("bad input", () => {
  it.each(cases)("%s is handled and does not stop the audit", (name, content, kind) => {
    const folder = tree({ [name]: content, "lamp.c": MODULE });
    const run = ungil(["--format", "json", "--no-cache"], folder);
    expect(run.stderr).toBe("");
    expect(run.code).toBe(1);
    const report = JSON.parse(run.stdout);
    expect(report.findings.map((f: { rule: string }) => f.rule)).toContain("gil-slot-missing");
    const kinds = report.skipped.map((p: { kind: string }) => p.kind).join(" ");
    if (kind) expect(kinds).toMatch(kind);
    else expect(kinds).toBe("");
    expect(ungil(["--strict", "--fail-on", "none"], folder).code).toBe(kind ? 2 : 0);
    expect(ungil([], folder).stdout).toContain(kind ? "Not audited or in doubt" : "gil-slot-missing");
  });

  it("what has a line break in its name is audited or counted", () => {
    const folder = tree({ "lamp.c": MODULE, "a\nb/lamp.c": MODULE, "sub/la\nmp.c": MODULE });
    const { summary, skipped } = JSON.parse(ungil(["--format", "json", "--no-cache"], folder).stdout);
    expect(summary.files + skipped.length).toBe(3);
  });

  it("a line of ten megabytes is audited or counted", () => {
    expect(longLine.length).toBeGreaterThan(10_000_000);
    const run = ungil(["--format", "json", "--no-cache"], tree({ "long.c": longLine, "lamp.c": MODULE }));
    expect(run.stderr).toBe("");
    const report = JSON.parse(run.stdout);
    expect(report.findings).not.toEqual([]);
    expect(
      report.summary.files + report.skipped.filter((p: { skipped: boolean }) => p.skipped).length,
    ).toBeGreaterThanOrEqual(2);
  });

  it("links in a circle end", () => {
    const folder = tree({ "a/lamp.c": MODULE, "a/b/x.h": "" });
    symlinkSync("..", join(folder, "a/b/up"));
    symlinkSync("self", join(folder, "a/self"));
    symlinkSync("nowhere.c", join(folder, "a/dangling.c"));
    const run = ungil(["--format", "json", "--no-cache"], folder);
    const report = JSON.parse(run.stdout);
    expect(report.summary.files).toBe(2);
    expect(report.skipped.map((p: { file: string }) => p.file)).toEqual(["a/dangling.c"]);
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === "win32")(
    "an unreadable file is counted, with the reason (root reads everything: skipped)",
    () => {
      const folder = tree({ "secret.c": "int f(void) { return 1; }\n", "lamp.c": MODULE });
      chmodSync(join(folder, "secret.c"), 0);
      const report = JSON.parse(ungil(["--format", "json"], folder).stdout);
      expect(report.skipped).toEqual([
        { file: "secret.c", kind: "unreadable", message: expect.stringContaining("EACCES"), skipped: true },
      ]);
    },
  );

  it("a folder given as a file name, and files that vanish, are told apart", () => {
    const folder = tree({ "dir.c/lamp.c": MODULE });
    const report = JSON.parse(ungil(["--format", "json"], folder).stdout);
    expect(report.summary.files).toBe(1);
    expect(readFileSync(join(folder, "dir.c/lamp.c"), "utf8")).toBe(MODULE);
  });

  it("no control character of a file reaches the terminal", () => {
    const evil = MODULE.replace("lamp_slots[] = {", "lamp_slots[] = { /* \x1b]0;title\x07\x9b31m */");
    const run = ungil([], tree({ "lamp.c": evil }));
    expect(run.stdout).toContain("\\x1b]0;title\\x07");
    expect(run.stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  });
});
