/** `ungil undo`: take back what `ungil fix` wrote. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Command } from "commander";
import { UsageError } from "../../src/audit/types.ts";
import { findJournal, type Journal } from "../../src/fix/write/journal.ts";
import { WriteRefused, WriteStopped } from "../../src/fix/write/refused.ts";
import { undoLast } from "../../src/fix/write/undo.ts";
import { renderRuns, renderUndone } from "../../src/report/undo-text.ts";
import { interruptible } from "../interruptible.ts";
import { EXIT, emit } from "../output.ts";
import { usageErrorOf } from "../write-fixes.ts";

interface UndoFlags {
  list?: boolean;
  force?: boolean;
  quiet?: boolean;
}

export function undoCommand(): Command {
  return new Command("undo")
    .description("Take back what the last `ungil fix` wrote; once more: the one before")
    .argument("[PATH]", "folder that was fixed (default: the current one; folders above it are looked at too)")
    .option("--list", "list the runs that can be taken back")
    .option("--force", "also files that changed since: what they hold now is lost")
    .option("-q, --quiet", "say nothing if all goes well")
    .action(undo);
}

async function undo(path: string | undefined, { list, force = false, quiet = false }: UndoFlags): Promise<void> {
  const start = resolve(path ?? ".");
  if (!existsSync(start)) throw new UsageError(`no such file or folder: ${path}`);
  const journal = findJournal(start);
  if (list) {
    emit(renderRuns(journal?.folder, journal?.runs() ?? []));
    return;
  }
  if (journal === undefined) {
    throw new UsageError("there is nothing to undo here", "Give the folder that was fixed: ungil undo PATH");
  }
  await interruptible(true, (run) => undoIn(journal, force, quiet, run.signal));
}

async function undoIn(journal: Journal, force: boolean, quiet: boolean, signal: AbortSignal): Promise<void> {
  try {
    const undone = await undoLast(journal, { force, signal });
    if (quiet) return;
    emit(undone === undefined ? "The last run had written nothing.\n" : renderUndone(undone));
  } catch (error) {
    if (error instanceof WriteStopped && signal.aborted) {
      process.stderr.write("ungil: interrupted; `ungil undo` goes on\n");
      process.exitCode = EXIT.interrupted;
      return;
    }
    const shown = usageErrorOf(error, "ungil undo");
    if (error instanceof WriteRefused && shown instanceof UsageError && error.files.length > 0) {
      throw new UsageError(shown.message, "`ungil undo --force` overwrites them.");
    }
    throw shown;
  }
}
