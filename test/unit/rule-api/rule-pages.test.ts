import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { registry } from "../../../rules/index.generated.ts";
import { renderRulePage } from "../../../src/report/rule-page.ts";
import { ruleMarkdown } from "../../../src/rule-api/markdown.ts";

const docs = join(import.meta.dirname, "../../../docs/rules");

describe.each(registry.map((rule) => [rule.name, rule] as const))("the page of %s", (name, rule) => {
  const text = ruleMarkdown(rule);

  it("is the text of `explain`, under the fixed headings", () => {
    expect(readFileSync(join(docs, `${name}.md`), "utf8")).toBe(text);
    expect(text.match(/^## .*$/gm)).toEqual([
      "## What it finds",
      "## Example",
      "## Why it breaks without the GIL",
      "## Not reported",
      "## How to fix",
      "## References",
    ]);
  });

  it("has an example that shows where the finding is, and nothing of the tests", () => {
    expect(rule.example?.found).toContain("/* found here */");
    expect(text).not.toMatch(/expect:|ungil-sample/);
  });

  it("is wrapped for a terminal, code apart, and loses no word", () => {
    const shown = renderRulePage(rule, { color: false, columns: 60 });
    for (const line of shown.split("\n")) {
      if (!line.startsWith("    ")) expect(line.length <= 60 || !line.trim().includes(" "), line).toBe(true);
    }
    const words = (page: string) => page.replace(/^#+ /gm, "").split(/\s+/).join(" ");
    expect(words(shown)).toBe(words(text));
  });
});
