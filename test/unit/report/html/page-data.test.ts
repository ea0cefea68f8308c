import { describe, expect, it } from "vitest";
import type { FixPreviews } from "../../../../src/audit/fixing/previews.ts";
import { pageData } from "../../../../src/report/html/build-data.ts";
import { codeLines, codeRegions } from "../../../../src/report/html/code-regions.ts";
import { escapeHtml, scriptJson } from "../../../../src/report/html/escape.ts";
import type { PageLine } from "../../../../src/report/html/page-data.ts";
import { plainPage } from "../../../../src/report/html/plain-page.ts";
import { finding, SOURCE, sampleInput, sampleResult } from "../sample-result.ts";

const numbered = (n: number) => Array.from({ length: n }, (_, i) => `line${i + 1};`).join("\n");
const textOf = (line: PageLine) => (typeof line === "string" ? line : line[0]);
const at = (line: number, around: number) => ({ from: line - around, to: line + around, line, column: 1 });

describe("regions of code", () => {
  it("hold each line once, joined where they touch or nearly do", () => {
    const regions = codeRegions("a.c", numbered(100), [
      at(50, 2),
      at(2, 3),
      at(54, 1),
      at(59, 1),
      at(66, 1),
      at(99, 5),
    ]);
    expect(regions.map((r) => [r.first, r.first + r.lines.length - 1])).toEqual([
      [1, 5],
      [48, 60],
      [65, 67],
      [94, 100],
    ]);
    for (const { first, lines } of regions) {
      expect(lines.map(textOf)).toEqual(lines.map((_, i) => `line${first + i};`));
    }
  });

  it("class tokens by what is before the region, too", () => {
    const text = "/* one\ntwo\nthree */ int x = 7;\nreturn f(x);";
    const [{ lines }] = codeRegions("a.c", text, [{ from: 2, to: 4, line: 3, column: 1 }]);
    expect(lines).toEqual([
      ["two", [0, 3, 0]],
      ["three */ int x = 7;", [0, 8, 0, 9, 3, 5, 17, 1, 3]],
      ["return f(x);", [0, 6, 4, 7, 1, 6]],
    ]);
  });

  it("keep the part of an endless line that matters", () => {
    const text = `${"x".repeat(5000)} PyList_GetItem(a, b) ${"y".repeat(5000)}\r\nbrief`;
    const [{ lines }] = codeRegions("a.c", text, [{ from: 1, to: 2, line: 1, column: 5002 }]);
    const [part, spans, from] = lines[0] as [string, number[], number];
    expect(part).toHaveLength(600);
    expect(part.slice(5001 - from)).toMatch(/^PyList_GetItem\(a, b\)/);
    expect(spans).toEqual([5001 - from, 14, 6]);
    expect(lines[1]).toBe("brief");
  });

  it("are parts of files as well", () => {
    expect(codeLines("a.c", ["", "  return 1;", ""])).toEqual(["", ["  return 1;", [2, 6, 4, 9, 1, 3]], ""]);
    expect(codeLines("a.c", [])).toEqual([]);
  });
});

describe("data of the page", () => {
  it("are what the audit found, with ends of evidence and without what is milder", () => {
    const result = sampleResult([finding(), finding({ risk: "info", fingerprint: "f".repeat(32) })]);
    const data = pageData(sampleInput(result, { risk: "low" }));
    expect(data.findings).toHaveLength(1);
    expect(data.totals).toMatchObject({ findings: 2, milder: 1, risk: "low" });
    // Offsets 105 to 116 of the source.
    const [step] = data.findings[0].evidence;
    const lines = SOURCE.slice(0, 116).split("\n");
    expect([step.endLine, step.endColumn]).toEqual([lines.length, lines.at(-1)!.length + 1]);
    expect(data.rules.map((r) => [r.name, r.docs.length])).toEqual([["borrowed-dict-item", 5]]);
    expect(data.fixes).toEqual({ proven: false });
    expect(data.findings[0].fix).toMatchObject({ level: "review", files: [] });
  });

  it("do without the code of a file that is gone", () => {
    const data = pageData(sampleInput(sampleResult(), { read: () => undefined }));
    expect(data.files).toEqual([{ name: "src/shelf.c", regions: [] }]);
    expect(data.findings[0].evidence[0]).toMatchObject({ line: 6, column: 33, endLine: 6, endColumn: 34 });
  });

  it("count what a baseline knows", () => {
    const result = sampleResult();
    const baseline = { file: ".ungil/baseline.json", target: "3.13", known: 4, worse: 1, gone: 0 };
    const data = pageData(sampleInput({ ...result, summary: { ...result.summary, baseline, suppressed: 1 } }));
    expect(data.totals.known).toEqual({ file: ".ungil/baseline.json", findings: 4, worse: 1 });
    const plain = plainPage(data);
    expect(plain).toContain("4 findings known to the baseline .ungil/baseline.json, 1 of them worse by now.");
    expect(plain).toContain("1 finding suppressed by comments or in .ungil/triage.json.");
  });

  it("have equal changes once, with the tokens of both sides", () => {
    const findings = ["a", "b"].map((c) => finding({ fingerprint: c.repeat(32) }));
    const hunk = {
      oldStart: 5,
      newStart: 5,
      lines: [" {", "-  int a;", "+  long a;", "\\ No newline"],
      isCompat: false,
    };
    const preview = { level: "safe" as const, title: "t", notes: [], recipe: [] };
    const fixes: FixPreviews = {
      byFingerprint: new Map(
        findings.map((f) => [
          f.fingerprint,
          { ...preview, files: [{ file: f.file, isNew: false, hunks: [{ ...hunk }] }] },
        ]),
      ),
    };
    const data = pageData(sampleInput(sampleResult(findings), { fixes }));
    expect(data.hunks).toEqual([
      {
        oldStart: 5,
        newStart: 5,
        signs: " -+\\",
        lines: ["{", ["  int a;", [2, 3, 5]], ["  long a;", [2, 4, 5]], " No newline"],
      },
    ]);
    expect(data.findings.map((f) => f.fix!.files[0].hunks)).toEqual([[0], [0]]);
    expect(data.fixes).toEqual({ proven: true });
  });
});

describe("escaping", () => {
  it("leaves nothing that HTML or JSON would take for its own", () => {
    const text = "</script><!--&\"'\u2028\u202e\u0000\ud800";
    expect(JSON.parse(scriptJson({ text }))).toEqual({ text });
    expect(scriptJson({ text })).not.toMatch(/[<>\u2028\u202e]/);
    expect(escapeHtml(text)).toBe("&lt;/script&gt;&lt;!--&amp;&quot;&#39;\\u2028\\u202e\\x00\\ud800");
  });
});
