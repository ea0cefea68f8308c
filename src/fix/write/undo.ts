/** Brings back what the last run changed. */
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { moveInto, syncFolder, writeThrough } from "./atomic.ts";
import { type Journal, type JournalEntry, type StoredRun, sha256 } from "./journal.ts";
import { type RefusedFile, reasonOf, WriteRefused, WriteStopped } from "./refused.ts";
import { removeEmptyFolders, settleRuns } from "./remains.ts";

export interface UndoOptions {
  /** Also files that changed since the run: what they hold now is lost. */
  force: boolean;
  signal?: AbortSignal;
}

export interface Undone {
  run: StoredRun;
  /** Names as in the journal. */
  restored: string[];
  /** Files that the run had made. */
  removed: string[];
  /** Files that were as before already. */
  untouched: string[];
  /** Runs that can still be undone. */
  left: number;
}

/** What has to happen to a file: `nothing` if it is as before the run. */
type Step = "nothing" | "restore" | "remove" | { refused: string };

/**
 * Undoes the last run of the journal, also one that was interrupted: all of its files are as before then, byte for byte, with their
 * mode. Undefined if there is no run.
 * @throws WriteRefused if files changed since, unless forced; LockHeld; WriteStopped if it ended in the middle (undoing again goes on).
 */
export async function undoLast(journal: Journal, options: UndoOptions): Promise<Undone | undefined> {
  return journal.locked(async () => {
    settleRuns(journal);
    const runs = journal.runs();
    const run = runs.at(-1);
    if (run === undefined) return undefined;
    const steps = run.entries.map((entry) => stepFor(journal, run, entry, options.force));
    const refused = run.entries.flatMap(({ path }, i): RefusedFile[] => {
      const step = steps[i];
      return typeof step === "object" ? [{ file: path, reason: step.refused }] : [];
    });
    if (refused.length > 0) throw new WriteRefused("nothing was undone", refused);
    await takeBack(journal, run, steps, options.signal);
    removeEmptyFolders(run.folders.map((f) => journal.pathOf(f)));
    journal.forget(run.number);
    const pathsOf = (what: Step) => run.entries.filter((_, i) => steps[i] === what).map((e) => e.path);
    const left = runs.length - 1;
    return { run, restored: pathsOf("restore"), removed: pathsOf("remove"), untouched: pathsOf("nothing"), left };
  });
}

function stepFor(journal: Journal, run: StoredRun, entry: JournalEntry, force: boolean): Step {
  const path = journal.pathOf(entry.path);
  try {
    if (entry.unwritten) return "nothing";
    const now = stateOf(path);
    if (now === entry.before?.sha256 || (entry.before === null && now === undefined)) return "nothing";
    if (now !== entry.after.sha256 && !force) {
      return { refused: now === undefined ? "it is gone" : "it changed since the run" };
    }
    if (entry.before === null) return "remove";
    journal.before(run.number, entry);
    return "restore";
  } catch (error) {
    return { refused: error instanceof Error && !("code" in error) ? error.message : reasonOf(error) };
  }
}

/** Hash of the file; undefined if there is none. */
function stateOf(path: string): string | undefined {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
  return sha256(readFileSync(path));
}

async function takeBack(
  journal: Journal,
  run: StoredRun,
  steps: readonly Step[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const done: string[] = [];
  // Another name than that of the run: what waits under that one tells which files were not written.
  const temporaryOf = (e: JournalEntry) => join(dirname(journal.pathOf(e.path)), `${e.temporary}.undo`);
  try {
    for (const [i, entry] of run.entries.entries()) {
      if (steps[i] !== "restore") continue;
      await pause(signal);
      mkdirSync(dirname(journal.pathOf(entry.path)), { recursive: true });
      writeThrough(temporaryOf(entry), journal.before(run.number, entry), entry.before!);
    }
    // Backups are the first entries of a run: they go last.
    for (const [i, entry] of [...run.entries.entries()].reverse()) {
      if (steps[i] === "nothing") continue;
      await pause(signal);
      const path = journal.pathOf(entry.path);
      if (steps[i] === "restore") moveInto(temporaryOf(entry), path);
      else rmSync(path);
      done.push(entry.path);
    }
  } catch (error) {
    const open = run.entries.map((e) => e.path).filter((p, i) => steps[i] !== "nothing" && !done.includes(p));
    throw new WriteStopped(signal?.aborted ? "interrupted" : reasonOf(error), done, open);
  } finally {
    for (const entry of run.entries) rmSync(temporaryOf(entry), { force: true });
    const folders = new Set(run.entries.map((e) => dirname(journal.pathOf(e.path))));
    for (const folder of folders) if (existsSync(folder)) syncFolder(folder);
  }
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal?.throwIfAborted();
}
