/** Comments that suppress findings, written where the findings are. */
import type { Finding } from "../../../src/rule-api/types.ts";
import { applyEdits, type Edit } from "../../../src/text/edits.ts";
import { LineMap } from "../../../src/text/lines.ts";

/** New texts of the files, by name: a comment of its own line above each finding, in its indentation. */
export function withSuppressions(
  findings: readonly Finding[],
  reason: string,
  read: (file: string) => string | undefined,
): Map<string, string> {
  const byFile = new Map<string, Finding[]>();
  for (const f of findings) byFile.set(f.file, [...(byFile.get(f.file) ?? []), f]);
  const texts = new Map<string, string>();
  for (const [file, own] of byFile) {
    const text = read(file);
    if (text === undefined) continue;
    const lines = LineMap.of(text);
    const eol = text.includes("\r\n") ? "\r\n" : "\n";
    const rules = new Map<number, Set<string>>();
    for (const { line, rule } of own) rules.set(line, (rules.get(line) ?? new Set()).add(rule));
    const edits = [...rules].map(([line, names]): Edit => {
      const start = lines.startOf(line);
      const indent = /^[ \t]*/.exec(text.slice(start))![0];
      const clean = reason.replaceAll("*/", "* /");
      return {
        start,
        end: start,
        text: `${indent}/* ungil: ignore[${[...names].sort().join(", ")}] ${clean} */${eol}`,
      };
    });
    texts.set(file, applyEdits(text, edits));
  }
  return texts;
}
