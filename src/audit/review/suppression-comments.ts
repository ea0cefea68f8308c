/** Comments that suppress findings: where they may stand, and what they say. */
import type { Finding } from "../../rule-api/types.ts";
import { applyEdits, type Edit } from "../../text/edits.ts";
import { LineMap } from "../../text/lines.ts";

/** On a line of its own above the statement, or behind the code of the finding's line. */
export type Placement = "above" | "behind";

type Placed = Pick<Finding, "line" | "rule">;

/**
 * `text` with a comment for each of `findings`. Those that have no place of this kind are left out: a comment never goes between the
 * continued lines of a macro, nor between the lines of a statement.
 */
export function withComments(
  text: string,
  findings: readonly Placed[],
  reason: string,
  placement: Placement,
): { text: string; placed: Placed[] } {
  const lines = LineMap.of(text);
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const lineAt = (line: number) => {
    const end = line < lines.lineCount ? lines.startOf(line + 1) : text.length;
    return text.slice(lines.startOf(line), end).replace(/\r?\n$/, "");
  };
  const placed: Placed[] = [];
  const rules = new Map<number, Set<string>>();
  for (const finding of findings) {
    const line = placement === "above" ? lineAbove(finding.line, lineAt) : lineBehind(finding.line, lineAt);
    if (line === undefined) continue;
    placed.push(finding);
    rules.set(line, (rules.get(line) ?? new Set()).add(finding.rule));
  }
  const edits = [...rules].map(([line, names]): Edit => {
    const comment = `/* ungil: ignore[${[...names].sort().join(", ")}] ${cleanReason(reason)} */`;
    const start = lines.startOf(line);
    if (placement === "above") {
      const indent = /^[ \t]*/.exec(lineAt(line))![0];
      return { start, end: start, text: `${indent}${comment}${eol}` };
    }
    const end = start + lineAt(line).trimEnd().length;
    return { start: end, end, text: `  ${comment}` };
  });
  return { text: applyEdits(text, edits), placed };
}

/** One line that neither ends the comment nor looks like the begin of another one, nor like the end of a statement. */
function cleanReason(reason: string): string {
  return reason
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[;{}]/g, (c) => ({ ";": ",", "{": "(" })[c] ?? ")")
    .replaceAll("*/", "* /")
    .replaceAll("/*", "/ *")
    .replace(/[*\\\s]+$/, "");
}

/** The line that the comment goes above: the first one of the statement. */
function lineAbove(line: number, lineAt: (line: number) => string): number | undefined {
  let first = line;
  while (first > 1 && !endsStatement(lineAt(first - 1))) first--;
  return first > 1 && lineAt(first - 1).endsWith("\\") ? undefined : first;
}

function lineBehind(line: number, lineAt: (line: number) => string): number | undefined {
  const text = lineAt(line);
  // A line comment would swallow it; what is after an open comment or in a string, the next scan finds out.
  return text.trimEnd().endsWith("\\") || text.includes("//") ? undefined : line;
}

const LABEL = /^(case\b.*|default\s*|[A-Za-z_]\w*\s*):$/;

/** Whether a new statement may begin after this line. */
function endsStatement(line: string): boolean {
  const code = line
    .replace(/\/\/.*$/, "")
    .replace(/\/\*.*?\*\//g, "")
    .trim();
  if (line.endsWith("\\")) return false;
  if (code === "" || code.startsWith("#") || /[;{}]$/.test(code) || LABEL.test(code) || code.endsWith("*/"))
    return true;
  return /^(\}\s*)?(else\b|do$|((else\s+)?if|for|while|switch)\b.*\)$)/.test(code);
}
