import type { AnyRule } from "./define-rule.ts";
import type { RuleExample } from "./types.ts";

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
export function ruleSections({ docs, example }: AnyRule): [heading: string, text: string][] {
  return [
    ["What it finds", paragraphs(docs.finds)],
    ...(example ? [["Example", exampleText(example)] as [string, string]] : []),
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

/** Code is indented, as in the other parts: every reader of these texts knows that. */
function exampleText({ found, fixed, good }: RuleExample): string {
  const code = (text: string) => text.replace(/^(?=.)/gm, "    ");
  const command = fixed?.level === "review" ? "ungil fix --level review" : "ungil fix";
  return [
    code(found),
    ...(fixed ? [`What \`${command}\` makes of it:`, code(fixed.code)] : []),
    ...(good ? ["This is not reported:", code(good)] : []),
  ].join("\n\n");
}
