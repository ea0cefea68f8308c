/** A selection of findings as Markdown, for an issue or a chat. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { visible } from "../../../src/report/visible.ts";
import type { Item } from "../model/types.ts";

/** Writes the selection to a new file in `folder` and gives its name; a file that is there already is somebody's. */
export function writeSelection(folder: string, items: readonly Item[]): string {
  const markdown = selectionMarkdown(items);
  for (let i = 1; ; i++) {
    const name = i === 1 ? "ungil-selection.md" : `ungil-selection-${i}.md`;
    const path = join(folder, name);
    if (existsSync(path)) {
      if (readFileSync(path, "utf8") === markdown) return name;
      continue;
    }
    writeFileSync(path, markdown, { flag: "wx" });
    return name;
  }
}

/** A list of findings, file by file, ticked if fixed. */
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
  return visible(code).replaceAll("`", "'");
}

/** Names in messages stand between backticks already, and stay code; all else that could be markup is escaped. */
function text(value: string): string {
  return visible(value.replace(/\s+/g, " ").trim())
    .split(/(`[^`]*`)/)
    .map((part) => (/^`[^`]*`$/.test(part) ? part : part.replace(/[\\`*_<>[\]#|~]/g, (c) => `\\${c}`)))
    .join("");
}
