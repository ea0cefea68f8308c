/** Tidying up after runs that were killed. */
import { existsSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Journal, JournalEntry } from "./journal.ts";

/**
 * Settles runs that did not come to their end: notes which files they had not written, whose new contents still wait, and removes these.
 * A run that had written nothing is forgotten. Only while the lock is held: nobody else is writing then.
 */
export function settleRuns(journal: Journal): void {
  for (const run of journal.runs().filter((r) => !r.complete)) {
    const waiting = new Set(run.entries.filter((e) => e.unwritten || existsSync(temporaryOf(journal, e))));
    const wroteNone = !run.ready || waiting.size === run.entries.length;
    if (!wroteNone && waiting.size > 0) journal.setUnwritten(run, waiting);
    for (const entry of run.entries) rmSync(temporaryOf(journal, entry), { force: true });
    removeEmptyFolders(run.folders.map((f) => journal.pathOf(f)));
    if (wroteNone) journal.forget(run.number);
  }
}

function temporaryOf(journal: Journal, { path, temporary }: JournalEntry): string {
  return join(dirname(journal.pathOf(path)), temporary);
}

/** Innermost first; one with something in it stays. */
export function removeEmptyFolders(folders: readonly string[]): void {
  for (const folder of [...folders].reverse()) {
    if (!existsSync(folder)) continue;
    try {
      rmdirSync(folder);
    } catch {
      return;
    }
  }
}
