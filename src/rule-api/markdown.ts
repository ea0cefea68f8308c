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
    paragraphs(rule.docs.finds),
    "",
    "## Why it breaks without the GIL",
    "",
    paragraphs(rule.docs.breaks),
    "",
    "## Not reported",
    "",
    paragraphs(rule.docs.notReported),
    "",
    "## How to fix",
    "",
    paragraphs(rule.docs.fixing),
    "",
    "## References",
    "",
    ...rule.docs.references.map((r: string) => `- ${r}`),
    "",
  ].join("\n");
}

/** Without the line breaks around it; an indented first line is code and stays so. */
function paragraphs(text: string): string {
  return text.replace(/^\n+/, "").trimEnd();
}
