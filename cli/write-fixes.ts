/** Puts the fixes of a plan on disk, and says how it went in the words of the command line. */
import { dirname, join, relative } from "node:path";
import type { ChangedFiles } from "../src/audit/fixing/fix-project.ts";
import { toolInfo } from "../src/audit/tool.ts";
import { UsageError } from "../src/audit/types.ts";
import { quoted } from "../src/fix/check/shell-words.ts";
import { Journal } from "../src/fix/write/journal.ts";
import { LockHeld } from "../src/fix/write/lock.ts";
import { WriteRefused, WriteStopped } from "../src/fix/write/refused.ts";
import { type FileChange, writeChanges } from "../src/fix/write/write-changes.ts";
import { projectFolder } from "../src/project/discover/gitignore.ts";
import { visible } from "../src/report/visible.ts";
import { encodeSource } from "../src/text/source.ts";

type Outcome = { files: string[]; open: string[]; backups: string[]; undo: string };

/**
 * Writes the files of `result`.
 * @throws UsageError if files cannot be written; nothing is then, or the message says which files are.
 */
export async function writeFixes(
  result: ChangedFiles,
  cwd: string,
  backup: boolean,
  signal: AbortSignal,
): Promise<Outcome> {
  const { root } = result;
  const changes = result.files.map(
    ({ file, before, after }): FileChange => ({
      file,
      path: join(root, file),
      before: before && encodeSource(before.text, before.encoding),
      after: encodeSource(after.text, after.encoding),
    }),
  );
  const folder = projectFolder(root);
  const undo = undoCommand(folder, cwd);
  const { name, version } = toolInfo();
  try {
    const { files, backups } = await writeChanges(new Journal(folder), changes, {
      tool: `${name} ${version}`,
      backup,
      signal,
    });
    return { files, open: [], backups: backups.map((b) => relative(cwd, b)), undo };
  } catch (error) {
    if (error instanceof WriteStopped && signal.aborted && error.done.length > 0) {
      return { files: [...error.done], open: [...error.open], backups: [], undo };
    }
    throw signal.aborted ? error : usageErrorOf(error, undo);
  }
}

/** What went wrong with writing, for people. Other errors stay as they are. */
export function usageErrorOf(error: unknown, goOn: string): unknown {
  if (error instanceof LockHeld) {
    return new UsageError(error.message, `Wait for it; if it is gone for good, remove ${visible(error.path)}.`);
  }
  if (error instanceof WriteRefused) {
    const files = error.files.map(({ file, reason }) => `  ${visible(file)}: ${reason}`);
    return new UsageError([error.message, ...files].join("\n"));
  }
  if (error instanceof WriteStopped) {
    const done = error.done.length > 0 ? `Written: ${error.done.map(visible).join(", ")}. ` : "";
    return new UsageError(error.message, `${done}\`${goOn}\` takes it back.`);
  }
  return error;
}

/** The command that finds the journal of `folder` from where the user is. */
function undoCommand(folder: string, cwd: string): string {
  for (let at = cwd; ; at = dirname(at)) {
    if (at === folder) return "ungil undo";
    if (dirname(at) === at) return `ungil undo ${quoted(relative(cwd, folder))}`;
  }
}
