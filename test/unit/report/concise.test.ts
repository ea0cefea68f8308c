import { describe, expect, it } from "vitest";
import { reporter } from "../../../src/report/concise.ts";
import { reportPaths } from "../../../src/report/paths.ts";
import type { Terminal } from "../../../src/report/reporter.ts";
import { finding, sampleInput, sampleResult } from "./sample-result.ts";

const render = (result = sampleResult(), terminal: Partial<Terminal> = {}) => {
  const input = sampleInput(result, { risk: "low" });
  return reporter.render({ ...input, terminal: { ...input.terminal, ...terminal } });
};

const LINE =
  "src/shelf.c:6:18: high borrowed-dict-item `PyDict_GetItem` borrows from the field `books`, which other threads change\n";

describe("concise report", () => {
  it("is a line a finding, and nothing else with --quiet", () => {
    expect(render(undefined, { quiet: true })).toBe(LINE);
    expect(render(sampleResult([]), { quiet: true })).toBe("");
  });

  it("ends with one line of totals that has everything that is not shown", () => {
    const result = sampleResult([finding(), finding({ risk: "info" })], {
      problems: [{ file: "a.c", kind: "binary", message: "binary data", line: 3, skipped: true }],
    });
    result.summary.suppressed = 2;
    expect(render(result)).toBe(
      `${LINE}2 findings in 2 files, 7 functions: 1 high, 1 info. 2 suppressed by comments or in .ungil/triage.json. ` +
        "1 milder than --risk low is not shown. 1 place not audited or in doubt (1 skipped) (--verbose lists them).\n",
    );
    expect(render(result, { verbose: true })).toContain("a.c:3: skipped binary binary data\n");
  });

  it("names files as the user would", () => {
    const paths = reportPaths({ root: "/p/ext", cwd: "/p/build", top: "/p" });
    const text = reporter.render(sampleInput(undefined, { paths }));
    expect(text).toMatch(/^\.\.\/ext\/src\/shelf\.c:6:18: high /);
  });

  it("keeps a finding on its line, and control characters away from terminals", () => {
    const evil = "a\n\x1b[31m\u202e:1:1: high";
    const text = render(sampleResult([finding({ file: evil, message: evil })]), { quiet: true });
    expect(text.split("\n")).toHaveLength(2);
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\u202e]/);
  });

  it("paints the parts and nothing but the parts", () => {
    const painted = render(undefined, { quiet: true, color: true });
    expect(painted).not.toBe(LINE);
    expect(painted.replace(/\x1b\[\d+m/g, "")).toBe(LINE);
  });
});
