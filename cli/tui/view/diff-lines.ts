/** A change of a file as a diff, unified or side by side. */
import { structuredPatch } from "diff";
import { showLine, visible } from "../../../src/report/visible.ts";
import { fitted, type Line, plain, type Tone } from "./lines.ts";

export interface FileChange {
  file: string;
  before: string;
  after: string;
}

const CONTEXT = 3;
/** Narrower than this, two columns cannot be read. */
export const MIN_SPLIT_COLUMNS = 76;

export function diffLines(change: FileChange, layout: "unified" | "split", columns: number): Line[] {
  const { hunks } = structuredPatch(change.file, change.file, change.before, change.after, "", "", {
    context: CONTEXT,
  });
  const lines: Line[] = [plain(visible(change.file), "title")];
  for (const hunk of hunks) {
    lines.push(plain(`@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`, "hunk"));
    const isSplit = layout === "split" && columns >= MIN_SPLIT_COLUMNS;
    lines.push(...(isSplit ? splitHunk(hunk.lines, columns) : hunk.lines.map((line) => unifiedLine(line, columns))));
  }
  return lines;
}

function toneOf(sign: string): Tone {
  return sign === "+" ? "added" : sign === "-" ? "removed" : sign === "\\" ? "dim" : "plain";
}

function unifiedLine(line: string, columns: number): Line {
  return fitted([{ text: line[0] + shown(line.slice(1)), tone: toneOf(line[0]) }], columns);
}

function shown(text: string): string {
  return showLine(text.replace(/\r$/, "")).text;
}

/** Removed lines on the left beside the added ones that take their place. */
function splitHunk(hunk: readonly string[], columns: number): Line[] {
  const half = Math.floor((columns - 3) / 2);
  const rows: Line[] = [];
  let removed: string[] = [];
  let added: string[] = [];
  const side = (line: string | undefined): Line =>
    fitted(line === undefined ? [] : [{ text: line[0] + shown(line.slice(1)), tone: toneOf(line[0]) }], half);
  const flush = () => {
    for (let i = 0; i < Math.max(removed.length, added.length); i++) {
      rows.push([...side(removed[i]), { text: " │ ", tone: "dim" }, ...side(added[i])]);
    }
    removed = [];
    added = [];
  };
  for (const line of hunk) {
    if (line.startsWith("-")) removed.push(line);
    else if (line.startsWith("+")) added.push(line);
    else {
      flush();
      if (!line.startsWith("\\")) rows.push([...side(line), { text: " │ ", tone: "dim" }, ...side(line)]);
    }
  }
  flush();
  return rows;
}
