/** A selection of findings as Markdown, for an issue or a chat. */
import type { Item } from "../model/types.ts";

export function selectionMarkdown(items: readonly Item[]): string {
  const byFile = new Map<string, Item[]>();
  for (const item of items) byFile.set(item.finding.file, [...(byFile.get(item.finding.file) ?? []), item]);
  const lines: string[] = [];
  for (const [file, own] of byFile) {
    lines.push(`## \`${escaped(file)}\``, "");
    for (const { finding, state, triage } of own) {
      const done = state === "fixed" ? "x" : " ";
      const where = `${finding.file}:${finding.line}`;
      lines.push(`- [${done}] **${finding.risk}** \`${finding.rule}\` \`${escaped(where)}\`: ${text(finding.message)}`);
      if (state !== "open" && state !== "fixed") lines.push(`  - ${state}: ${text(triage?.reason ?? "")}`);
      if (triage?.assignee) lines.push(`  - for ${text(triage.assignee)}`);
      if (triage?.note) lines.push(`  - ${text(triage.note)}`);
    }
    lines.push("");
  }
  return `${lines.join("\n").trimEnd()}\n`;
}

function escaped(code: string): string {
  return code.replaceAll("`", "'");
}

/** Names in messages stand between backticks already; what else could be markup is escaped. */
function text(value: string): string {
  return value.replace(/[\r\n]+/g, " ").replace(/[<>]/g, (c) => (c === "<" ? "&lt;" : "&gt;"));
}
