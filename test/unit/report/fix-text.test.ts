import { describe, expect, it } from "vitest";
import type { FixTextOptions } from "../../../src/report/fix-page.ts";
import type { FixReport } from "../../../src/report/fix-report.ts";
import { diffNote, renderFixText } from "../../../src/report/fix-text.ts";
import { applied, left, sampleFixes, source } from "./sample-fixes.ts";
import { finding } from "./sample-result.ts";

const show = (report: FixReport, options: Partial<FixTextOptions> = {}) =>
  renderFixText(report, { color: false, columns: 80, quiet: false, verbose: false, shown: (file) => file, ...options });

describe("the report of fix", () => {
  it("shows what was fixed at the lines that the files have now", () => {
    expect(show(sampleFixes())).toBe(
      [
        "src/shelf.c:20  borrowed-dict-item",
        "  use `PyDict_GetItemRef` and release the reference",
        "",
        "Fixed 1 finding in 1 file.",
        "`ungil undo` takes it back.",
        "",
      ].join("\n"),
    );
  });

  it("names files as the user would", () => {
    const elsewhere = { verbose: true, shown: (file: string) => `../ext/${file}` };
    const report = sampleFixes(
      { left: [left()], conflicts: [{ finding: finding(), with: finding(), round: 1 }] },
      { written: { files: [], open: ["src/b.c"], backups: [], undo: "ungil undo" } },
    );
    const names = show(report, elsewhere).match(/\S+\.c\b/g)!;
    expect(names.length).toBeGreaterThan(3);
    for (const name of names) expect(name).toMatch(/^\.\.\/ext\/src\//);
  });

  it("shows what would be fixed at the lines that the files have", () => {
    const text = show(sampleFixes({}, { mode: "dry-run", written: undefined }));
    expect(text).toContain("src/shelf.c:6  borrowed-dict-item");
    expect(text).toContain("Would fix 1 finding in 1 file.");
    expect(text).not.toContain("undo");
  });

  it("says what to look at, names new files, backups and rounds", () => {
    const report = sampleFixes(
      {
        applied: [applied({ level: "review", review: ["errors are no longer swallowed"] })],
        files: [
          ...sampleFixes().result.files,
          { file: "src/newer.h", before: undefined, after: source("src/newer.h", "x\n") },
        ],
        rounds: 3,
      },
      {
        written: {
          files: ["src/shelf.c", "src/newer.h"],
          open: [],
          backups: ["src/shelf.c.orig"],
          undo: "ungil undo ex",
        },
      },
    );
    const text = show(report);
    expect(text).toContain("src/shelf.c:20  borrowed-dict-item review\n");
    expect(text).toContain("  - look at: errors are no longer swallowed\n");
    expect(text).toContain("src/newer.h  new file\n");
    expect(text).toContain(
      "Fixed 1 finding in 2 files, in 3 rounds.\nBackups: src/shelf.c.orig\n`ungil undo ex` takes",
    );
  });

  it("counts what is left by level, rule and reason, and leaves out what only informs", () => {
    const all = [
      left(),
      left({ reason: "another reason" }),
      left(),
      left({ level: "review", reason: "a look" }),
      left({}, { rule: "static-type", risk: "info" }),
    ];
    const text = show(sampleFixes({ left: all }));
    expect(text).toContain(
      [
        "Left for `--level review`: written when asked for, a person should look at it",
        "     1  borrowed-dict-item",
        "        a look",
        "",
        "Left to a person",
        "     3  borrowed-dict-item",
        "        2: the call comes out of a macro",
        "        1: another reason",
        "",
      ].join("\n"),
    );
    expect(text).toContain("4 findings are left: 1 for `--level review`, 3 for a person.");
    expect(text).not.toContain("static-type");
    expect(show(sampleFixes({ left: all }), { quiet: true })).not.toContain("macro");
  });

  it("does not hide a single reason behind a count, but several", () => {
    const reasons = (n: number) => Array.from({ length: n }, (_, i) => left({ reason: `reason ${i}` }));
    expect(show(sampleFixes({ left: reasons(3) }))).toContain("1: reason 2");
    expect(show(sampleFixes({ left: reasons(5) }))).toContain("3: 3 other reasons");
  });

  it("lists each one with its recipe on demand", () => {
    const other = left({ level: "review", reason: "errors are no longer swallowed" });
    const text = show(sampleFixes({ left: [left({ recipe: ["find it", "fix it"] }), other] }), { verbose: true });
    expect(text).toContain(
      [
        "  src/shelf.c:54  borrowed-dict-item in shelf_find",
        "    use a strong reference",
        "    why not: the call comes out of a macro",
        "    1. find it",
        "    2. fix it",
      ].join("\n"),
    );
    expect(text).toContain("    look at: errors are no longer swallowed\n");
  });

  it("tells who waited for whom on demand", () => {
    const conflicts = [{ finding: finding(), with: finding({ line: 5, rule: "borrowed-weakref" }), round: 1 }];
    const text = "  src/shelf.c:6 borrowed-dict-item for src/shelf.c:5 borrowed-weakref in round 1\n";
    expect(show(sampleFixes({ conflicts }), { verbose: true, columns: 100 })).toContain(text);
    expect(show(sampleFixes({ conflicts }))).not.toContain("weakref");
  });

  it("says what a compiler said", () => {
    const check = {
      command: "cc",
      passed: ["b.c"],
      rejected: [{ file: "a.c", reason: "a.c:3: error: x" }],
      unchecked: [{ file: "c.h", reason: "no command" }],
    };
    const text = show(sampleFixes({}, { check }));
    expect(text).toContain("a.c is left as it was, it would no longer compile: a.c:3: error: x\n");
    expect(text).toContain("c.h could not be checked: no command\n");
    expect(text).toContain("1 file still compiles.\n");
  });

  it("says of an interrupted run what is written and what is not", () => {
    const report = sampleFixes(
      { applied: [applied(), applied({ files: ["src/b.c"] }, { file: "src/b.c" })] },
      { written: { files: ["src/shelf.c"], open: ["src/b.c"], backups: [], undo: "ungil undo" } },
    );
    const text = show(report);
    expect(text).not.toContain("src/b.c:20");
    expect(text).toContain("Not written: src/b.c\n");
    expect(text).toContain("Interrupted: 1 of 2 files written; `ungil fix` goes on.\n");
  });

  it("has a word for nothing", () => {
    const nothing = { applied: [], files: [] };
    expect(show(sampleFixes(nothing, { written: undefined }))).toBe("Nothing to fix.\n");
    expect(show(sampleFixes({ ...nothing, left: [left()] }, { written: undefined }))).toMatch(
      /Nothing that ungil can fix\.\n/,
    );
    expect(diffNote(sampleFixes({ left: [left()] }).result, [{ file: "a.c", reason: "r" }])).toBe(
      "a.c: r\nWould fix 1 finding in 1 file.\n1 finding is left: 1 for a person.\n",
    );
  });

  it("lets no control character of a file through", () => {
    const evil = "\x1b[31m\u202e";
    const of = { file: `a${evil}.c`, function: evil, symbol: evil };
    const report = sampleFixes({
      applied: [applied({ title: evil, review: [evil], level: "review" }, of)],
      left: [left({ reason: evil, title: evil, recipe: [evil] }, of)],
      problems: [{ file: evil, kind: "binary", message: evil, skipped: true }],
      conflicts: [{ finding: finding(of), with: finding(of), round: 1 }],
    });
    for (const verbose of [true, false]) expect(show(report, { verbose })).not.toMatch(/[\x00-\x09\x0b-\x1f\u202e]/);
  });
});
