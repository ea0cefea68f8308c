import { describe, expect, it } from "vitest";
import { reportPaths } from "../../../src/report/paths.ts";
import type { ReportInput } from "../../../src/report/reporter.ts";
import { reporter } from "../../../src/report/text.ts";
import { finding, sampleInput, sampleResult } from "./sample-result.ts";

type Options = Partial<ReportInput["terminal"] & Pick<ReportInput, "read" | "paths">>;

const render = (result = sampleResult(), { read, paths, ...terminal }: Options = {}) => {
  const input = sampleInput(result, { risk: "low" });
  const given = { ...input, read: read ?? input.read, paths: paths ?? input.paths };
  return reporter.render({ ...given, terminal: { ...input.terminal, ...terminal } });
};

describe("text report", () => {
  it("shows a finding with its frame, evidence and fix", () => {
    expect(render()).toMatchInlineSnapshot(`
      "src/shelf.c                                                               1 high

        high  borrowed-dict-item

          src/shelf.c:6:18 in shelf_find
          \`PyDict_GetItem\` borrows from the field \`books\`, which other threads change
            5 | {
          > 6 |     PyObject *hit = PyDict_GetItem(self->books, key);
              |                     ^^^^^^^^^^^^^^
            7 |     return Py_XNewRef(hit);
          - line 6: the dict is a field of \`self\`

          Fix (review): use a strong reference (PyDict_GetItemRef)

        Module                             Init          Without GIL   high  med  low
        shelf                              multi-phase   not declared     1    .    .

        Family                                                         high  med  low
        borrowed                                                          1    .    .

      1 finding in 2 files, 7 functions: 1 high.
      \`ungil explain RULE\` says why a rule matters and how to fix what it finds.
      "
    `);
  });

  it("puts the worst file and the worst rule first", () => {
    const findings = [
      finding({ file: "a.c", risk: "medium" }),
      finding({ file: "b.c", rule: "z-rule", risk: "high" }),
      finding({ file: "b.c", rule: "a-rule", risk: "medium" }),
      finding({ file: "c.c", risk: "high" }),
      finding({ file: "c.c", risk: "high", line: 7 }),
    ];
    const text = render(sampleResult(findings));
    const order = ["c.c ", "b.c ", "z-rule", "a-rule", "a.c "].map((word) => text.indexOf(word));
    expect(order).toEqual([...order].sort((x, y) => x - y));
    expect(order).not.toContain(-1);
  });

  it("says a fix that all findings of a rule share once", () => {
    const text = render(sampleResult([finding(), finding({ line: 7, message: "another" })]));
    expect(text.split("Fix (review)")).toHaveLength(2);
  });

  it("keeps to the width of the terminal", () => {
    const long = "word ".repeat(60);
    const result = sampleResult(
      [finding({ message: long, evidence: [{ file: "a/b.c", start: 0, end: 1, line: 1, column: 1, text: long }] })],
      { problems: [{ file: "x.c", kind: "crash", message: long, skipped: true }] },
    );
    for (const columns of [54, 80]) {
      for (const line of render(result, { columns }).split("\n")) expect(line.length).toBeLessThanOrEqual(columns);
    }
  });

  it("lets no control character of an audited file through", () => {
    const evil = "\x1b]0;owned\x07 \u202e \x9b31m \u2028";
    const result = sampleResult([finding({ file: `dir/${evil}.c`, function: evil, message: evil, symbol: evil })], {
      problems: [{ file: evil, kind: "binary", message: evil, skipped: true }],
      excluded: [{ reason: "tests", files: 1, folders: 0, examples: [evil] }],
    });
    const source = `int ${evil};\n`.repeat(10);
    const text = render(result, { read: () => source, verbose: true });
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2028]/);
    expect(text).toContain("\\x1b]0;owned\\x07");
  });

  it("shows mild findings in one line unless asked for more", () => {
    const result = sampleResult([finding({ risk: "low" })]);
    expect(render(result)).toContain("6:18 in shelf_find: `PyDict_GetItem` borrows");
    expect(render(result)).not.toContain("^^^");
    expect(render(result, { verbose: true })).toContain("^^^");
  });

  it("does not name a function twice in a line", () => {
    const text = render(sampleResult([finding({ risk: "low", message: "`shelf_find` does it" })]));
    expect(text).toContain("    src/shelf.c:6:18: `shelf_find` does it\n");
  });

  it("counts mild findings beyond a handful", () => {
    const many = Array.from({ length: 9 }, (_, i) => finding({ risk: "low", line: 100 + i }));
    expect(render(sampleResult(many))).toContain("and 4 more (--verbose lists them)");
    expect(render(sampleResult(many), { verbose: true })).toContain("108:18");
  });

  it("shows the evidence of the first few findings of a rule, and the place of all", () => {
    const many = Array.from({ length: 300 }, (_, i) => finding({ line: 1 + (i % 7), symbol: `s${i}` }));
    const text = render(sampleResult(many));
    expect(text.match(/^ {4}- line/gm)).toHaveLength(3);
    expect(text.match(/^ {4}src\/shelf\.c:\d+:18 in shelf_find/gm)).toHaveLength(300);
    expect(text).toContain("(--verbose shows the evidence of the last 297, too)");
    expect(text.match(/Fix \(review\)/g)).toHaveLength(1);
    expect(render(sampleResult(many), { verbose: true }).match(/^ {4}- line/gm)).toHaveLength(300);
  });

  it("cuts long evidence, but not for the sake of one line", () => {
    const steps = (n: number) => Array.from({ length: n }, () => finding().evidence[0]);
    expect(render(sampleResult([finding({ evidence: steps(9) })])).match(/^ {4}- line/gm)).toHaveLength(9);
    const long = sampleResult([finding({ evidence: steps(10) })]);
    expect(render(long)).toContain("    - and 2 more steps (--verbose lists them)\n");
    expect(render(long, { verbose: true }).match(/^ {4}- line/gm)).toHaveLength(10);
  });

  it("says once what many files have in common, and generated code last", () => {
    const message = "by Cython: not audited";
    const generated = ["a.c", "b.c", "c.c"].map((file) => ({
      file,
      kind: "generated" as const,
      message,
      skipped: true,
    }));
    const problems = [...generated, { file: "z.c", kind: "binary" as const, message: "binary data", skipped: true }];
    const text = render(sampleResult([], { problems }));
    expect(text).toContain("(4 skipped)\n  z.c: binary data\n  a.c and 2 more: by Cython: not audited\n");
    expect(render(sampleResult([], { problems }), { verbose: true })).toContain("  b.c: by Cython: not audited\n");
  });

  it("names files as the user would", () => {
    const step = { ...finding().evidence[0], file: "src/b.c" };
    const result = sampleResult([finding({ evidence: [step] }), finding({ risk: "low" })], {
      problems: [{ file: "a.c", kind: "binary", message: "binary data", line: 2, skipped: true }],
    });
    const paths = reportPaths({ root: "/p/ext", cwd: "/p", top: "/p" });
    const names = render(result, { paths }).match(/[\w./]+\.c\b/g);
    expect(new Set(names)).toEqual(new Set(["ext/src/shelf.c", "ext/src/b.c", "ext/a.c"]));
  });

  it("says what it does not show", () => {
    const result = sampleResult([finding(), finding({ risk: "info" })]);
    expect(render(result)).toContain("1 milder than --risk low");
  });

  it("says nothing in quiet mode if there is nothing", () => {
    expect(render(sampleResult([]), { quiet: true })).toBe("");
    expect(render(sampleResult([]))).toContain("No findings in 2 files");
  });

  it("does without the source", () => {
    expect(render(sampleResult(), { read: () => undefined })).toContain("6:18 in shelf_find");
  });
});
