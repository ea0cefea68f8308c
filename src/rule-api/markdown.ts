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
    ...ruleSections(rule).flatMap(([heading, text]) => [`## ${heading}`, "", text, ""]),
  ].join("\n");
}

/** The same in parts: heading and Markdown under it. */
export function ruleSections({ docs }: AnyRule): [heading: string, text: string][] {
  return [
    ["What it finds", paragraphs(docs.finds)],
    ["Why it breaks without the GIL", paragraphs(docs.breaks)],
    ["Not reported", paragraphs(docs.notReported)],
    ["How to fix", paragraphs(docs.fixing)],
    ["References", docs.references.map((r: string) => `- ${r}`).join("\n")],
  ];
}

/** Without the line breaks around it; an indented first line is code and stays so. */
function paragraphs(text: string): string {
  return text.replace(/^\n+/, "").trimEnd();
}
