/** Rules for people at a terminal: the page of one, the list of several. */
import { createColors } from "picocolors";
import type { AnyRule } from "../rule-api/define-rule.ts";
import { ruleMarkdown } from "../rule-api/markdown.ts";
import { FAMILIES } from "../rule-api/types.ts";
import { markdownLines } from "./markdown-lines.ts";
import { wrap } from "./visible.ts";

/** Wider lines of prose are hard to read. */
const MAX_COLUMNS = 100;

/** The text of the docs page, wrapped. */
export function renderRulePage(rule: AnyRule, { color, columns }: { color: boolean; columns: number }): string {
  const c = createColors(color);
  const room = Math.min(columns, MAX_COLUMNS);
  const withCode = (text: string) => text.replace(/`[^`]+`/g, (code) => c.cyan(code));
  return markdownLines(ruleMarkdown(rule))
    .map((line) => {
      if (line.startsWith("#")) return c.bold(line.replace(/^#+ /, ""));
      if (line === "" || line.startsWith("    ")) return line;
      const [, point, text] = /^([-*] )?(.*)$/.exec(line) ?? ["", "", line];
      const indent = point ? "  " : "";
      return withCode(`${point ?? ""}${wrap(text, room - indent.length).join(`\n${indent}`)}`);
    })
    .join("\n");
}

/** Names, risks and summaries by family, in the order of families. */
export function renderRuleList(rules: readonly AnyRule[], color: boolean): string {
  const c = createColors(color);
  const lines: string[] = [];
  for (const family of FAMILIES) {
    const own = rules.filter((r) => r.family === family);
    if (own.length === 0) continue;
    lines.push(c.bold(family));
    for (const rule of own) {
      lines.push(`  ${c.cyan(rule.name.padEnd(26))} ${c.dim(rule.risks.join(", "))}`, `    ${rule.summary}`);
    }
    lines.push("");
  }
  lines.push(c.dim("`ungil explain RULE` tells the whole story of one."));
  return `${lines.join("\n")}\n`;
}
