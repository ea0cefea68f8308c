import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FORMATS, loadReporter } from "../../../src/report/reporters.ts";
import { finding, sampleInput, sampleResult } from "./sample-result.ts";

const page = readFileSync(join(import.meta.dirname, "../../../docs/report-format.md"), "utf8");

describe("reporters", () => {
  it("are all in the documentation, with the mildest risk that they show", async () => {
    const rows = [...page.matchAll(/^\| \[?`(\w+)`[^|]*\|[^|]+\| (\w+) \|$/gm)].map(
      ([, name, risk]) => `${name} ${risk}`,
    );
    const formats = await Promise.all(FORMATS.map(async (f) => `${f} ${(await loadReporter(f)).defaultRisk}`));
    expect(rows.sort()).toEqual(formats.sort());
  });

  // The HTML page is put together by the build, and tested there.
  it.each(FORMATS.filter((f) => f !== "html"))(
    "%s: ends with a newline, and is the same for the same result",
    async (format) => {
      const reporter = await loadReporter(format);
      for (const findings of [[finding(), finding({ line: 7, risk: "low" })], []]) {
        const text = reporter.render(sampleInput(sampleResult(findings)));
        expect(text).toMatch(/[^\n]\n$/);
        expect(reporter.render(sampleInput(sampleResult(findings)))).toBe(text);
      }
    },
  );
});
