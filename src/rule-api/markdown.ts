import type { AnyRule } from "./define-rule.ts";

/** The documentation of a rule as Markdown, the same text for `explain`, the docs page and SARIF help. */
export function ruleMarkdown(rule: AnyRule): string {
  return [
    `# ${rule.name}`,
    "",
    `Family: ${rule.family}. Risk: ${rule.risks.join(", ")}.`,
    "",
    `${rule.summary}.`,
    "",
    "## What it finds",
    "",
    rule.docs.finds.trim(),
    "",
    "## Why it breaks without the GIL",
    "",
    rule.docs.breaks.trim(),
    "",
    "## Not reported",
    "",
    rule.docs.notReported.trim(),
    "",
    "## How to fix",
    "",
    rule.docs.fixing.trim(),
    "",
    "## References",
    "",
    ...rule.docs.references.map((r: string) => `- ${r}`),
    "",
  ].join("\n");
}
