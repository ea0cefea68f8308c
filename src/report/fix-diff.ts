/** What a run of `fix` changes, as a patch that `git apply` and `patch -p1` take. */
import { structuredPatch } from "diff";
import { visible } from "./visible.ts";

export interface DiffedFile {
  /** Path with forward slashes, from where the patch is to be applied. */
  name: string;
  /** Undefined for a new file. */
  before: Uint8Array | undefined;
  after: Uint8Array;
}

/** Unchanged lines around a change, as git shows them. */
const CONTEXT = 3;

/** The patch in bytes: lines of the files are in it as they are, whatever their encoding and line breaks. */
export function patchOf(files: readonly DiffedFile[]): Buffer {
  return Buffer.concat(files.map((file) => Buffer.from(linesOf(file).join(""), "latin1")));
}

/** The same for a terminal, `paint`ed by the kind of the line, without anything that a terminal might obey. */
export function shownPatch(
  files: readonly DiffedFile[],
  paint: {
    head(line: string): string;
    hunk(line: string): string;
    added(line: string): string;
    removed(line: string): string;
  },
): string {
  const shown = files.flatMap((file) =>
    patchOf([file])
      .toString("utf8")
      .split("\n")
      .slice(0, -1)
      .map((line) => visible(line.replaceAll("\t", "    ").replace(/\r$/, "")))
      .map((line, i) => {
        if (i < (file.before === undefined ? 4 : 3)) return paint.head(line);
        if (line.startsWith("@@")) return paint.hunk(line);
        return line.startsWith("+") ? paint.added(line) : line.startsWith("-") ? paint.removed(line) : line;
      }),
  );
  return shown.map((line) => `${line}\n`).join("");
}

/** Bytes are characters of Latin-1 here, so that nothing is lost on the way; names are UTF-8. */
function linesOf({ name, before, after }: DiffedFile): string[] {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");
  const { hunks } = structuredPatch("", "", before ? text(before) : "", text(after), "", "", { context: CONTEXT });
  const [old, now] = [quotedName(`a/${name}`), quotedName(`b/${name}`)];
  const lines = [`diff --git ${old} ${now}\n`];
  if (before === undefined) lines.push("new file mode 100644\n");
  if (hunks.length === 0) return before === undefined ? lines : [];
  // A tab ends a name with blanks in it.
  const end = name.includes(" ") ? "\t\n" : "\n";
  lines.push(`--- ${before === undefined ? "/dev/null\n" : old + end}`, `+++ ${now}${end}`);
  for (const hunk of hunks) {
    lines.push(`@@ -${range(hunk.oldStart, hunk.oldLines)} +${range(hunk.newStart, hunk.newLines)} @@\n`);
    for (const line of hunk.lines) lines.push(`${line}\n`);
  }
  return lines;
}

function range(start: number, lines: number): string {
  if (lines === 0) return `${start - 1},0`;
  return lines === 1 ? String(start) : `${start},${lines}`;
}

/** As git quotes names with unusual characters, in the bytes of UTF-8. */
function quotedName(name: string): string {
  const bytes = Buffer.from(name, "utf8");
  if (/^[\x20\x21\x23-\x5b\x5d-\x7e]*$/.test(name)) return name;
  const escapes: Record<number, string> = { 9: "\\t", 10: "\\n", 13: "\\r", 34: '\\"', 92: "\\\\" };
  const quoted = [...bytes].map((b) => {
    if (escapes[b] !== undefined) return escapes[b];
    return b < 32 || b > 126 ? `\\${b.toString(8).padStart(3, "0")}` : String.fromCharCode(b);
  });
  return `"${quoted.join("")}"`;
}
