/** What became of the findings of a shape, against what its marks promise. */
import type { Finding } from "../../src/rule-api/types.ts";
import type { FixedTexts } from "./fix-text.ts";
import { marksOf, type Outcome, type Shape } from "./shape-files.ts";

function keyOf({ rule, file, function: name, symbol }: Finding, outcome: string): string {
  return `${file} ${name.replace(/_lock_held$/, "")} ${rule} ${symbol}: ${outcome}`;
}

/** One line for each finding, sorted: applied at its level, withheld, or gone with the fix of another one. */
export function outcomesOf({ applied, left, findings }: FixedTexts): string[] {
  const told = [...applied.map((a) => a.finding), ...left.map((l) => l.finding)].map((f) => keyOf(f, ""));
  const also = findings.filter((finding) => {
    const at = told.indexOf(keyOf(finding, ""));
    if (at >= 0) told.splice(at, 1);
    return at < 0;
  });
  const lines = [
    ...applied.map((a) => keyOf(a.finding, a.level)),
    ...left.map((l) => keyOf(l.finding, "withheld")),
    ...also.map((f) => keyOf(f, "also")),
  ];
  return lines.sort();
}

/** The same as the marks have it. A line with a finding and no mark, or a mark and no finding, shows as such. */
export function promisesOf(shape: Shape, { findings }: FixedTexts): string[] {
  const lines: string[] = [];
  for (const [file, text] of Object.entries(shape.files)) {
    const marks = marksOf(text);
    for (const finding of findings.filter((f) => f.file === file)) {
      const mark: Outcome | undefined = marks.get(finding.line)?.shift();
      lines.push(keyOf(finding, mark ?? `no mark on line ${finding.line}`));
    }
    for (const [line, rest] of marks) lines.push(...rest.map((mark) => `${file}:${line} no finding: ${mark}`));
  }
  return lines.sort();
}
