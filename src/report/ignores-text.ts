/** What is said of comments that were written to suppress findings. */
import type { Finding } from "../rule-api/types.ts";
import { reportPaths } from "./paths.ts";
import { plural } from "./totals.ts";
import { visible } from "./visible.ts";

export interface IgnoresReport {
  suppressed: readonly Finding[];
  left: readonly { finding: Finding; reason: string }[];
  /** Comments that were written or extended. */
  comments: number;
  /** Files that they are in, relative to `root`. */
  files: readonly string[];
  root: string;
  cwd: string;
  /** What was written, how it is taken back, and what an interrupt left out; undefined if nothing was. */
  written?: { open: readonly string[]; undo: string };
}

export function renderIgnores(report: IgnoresReport): string {
  const { suppressed, left, comments, files, written, root, cwd } = report;
  const { shown } = reportPaths({ root, cwd, top: root });
  const lines: string[] = [];
  if (suppressed.length + left.length === 0) lines.push("There is nothing to suppress.");
  if (suppressed.length > 0) {
    const what = `${plural(suppressed.length, "finding")} with ${plural(comments, "comment")} in ${plural(files.length, "file")}`;
    const undo = written === undefined ? "" : ` \`${visible(written.undo)}\` takes them back.`;
    lines.push(`${written === undefined ? "Would suppress" : "Suppressed"} ${what}.${undo}`);
  }
  for (const file of written?.open ?? []) lines.push(`Not written, because of the interrupt: ${visible(shown(file))}`);
  if (left.length > 0) {
    lines.push(`Not suppressed: ${left.length}`);
    for (const { finding, reason } of left) {
      lines.push(`  ${visible(shown(finding.file))}:${finding.line}: ${finding.rule}: ${reason}`);
    }
    lines.push("`ungil review` dismisses single findings without a comment, `ungil baseline` records all of them.");
  }
  return `${lines.join("\n")}\n`;
}
