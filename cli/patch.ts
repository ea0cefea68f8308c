/** Changes as a patch on standard output or in a file. */
import { join, relative, sep } from "node:path";
import type { Command } from "commander";
import { createColors } from "picocolors";
import type { ChangedFiles } from "../src/audit/fixing/fix-project.ts";
import { workTreeOf } from "../src/project/discover/gitignore.ts";
import type { DiffedFile } from "../src/report/fix-diff.ts";
import { encodeSource } from "../src/text/source.ts";
import { colorFor } from "./audit-options.ts";
import { emit } from "./output.ts";

/** Prints what `changes` would do to files: bytes for a file or a pipe, coloured text for a terminal. */
export async function emitPatch(
  changes: ChangedFiles,
  cwd: string,
  flags: { color?: boolean; output?: string },
  command: Command,
): Promise<void> {
  const { patchOf, shownPatch } = await import("../src/report/fix-diff.ts");
  const base = diffBase(changes, cwd);
  const files = changes.files.map(
    ({ file, before, after }): DiffedFile => ({
      name: relative(base, join(changes.root, file)).split(sep).join("/"),
      before: before && encodeSource(before.text, before.encoding),
      after: encodeSource(after.text, after.encoding),
    }),
  );
  if (flags.output !== undefined || !process.stdout.isTTY) return emit(patchOf(files), flags.output);
  const c = createColors(colorFor(command, flags));
  emit(shownPatch(files, { head: c.bold, hunk: c.cyan, added: c.green, removed: c.red }));
}

/** Patches are applied at the top of the work tree, as git's own; outside of one, where the user is, if all files are below. */
function diffBase({ root, files }: ChangedFiles, cwd: string): string {
  const top = workTreeOf(root);
  if (top !== undefined) return top;
  const isBelow = files.every((f) => !relative(cwd, join(root, f.file)).startsWith(".."));
  return isBelow ? cwd : root;
}
