/** Tidying up after runs that were killed. */
import { existsSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Journal } from "./journal.ts";

/**
 * Removes the temporary files of runs that did not come to their end, and folders that they made for nothing. Only while the lock is held:
 * nobody else is writing then.
 */
export function clearRemains(journal: Journal): void {
  for (const run of journal.runs().filter((r) => !r.complete)) {
    for (const { path, temporary } of run.entries) {
      rmSync(join(dirname(journal.pathOf(path)), temporary), { force: true });
    }
    removeEmptyFolders(run.folders.map((f) => journal.pathOf(f)));
  }
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
