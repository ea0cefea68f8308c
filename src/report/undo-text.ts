/** What `ungil undo` says. */
import type { StoredRun } from "../fix/write/journal.ts";
import type { Undone } from "../fix/write/undo.ts";
import { plural } from "./totals.ts";
import { visible } from "./visible.ts";

/** What a run that was taken back had changed. */
export function renderUndone({ run, restored, removed, untouched, left }: Undone): string {
  const lines = [...restored.map((f) => `restored ${visible(f)}`), ...removed.map((f) => `removed  ${visible(f)}`)];
  if (untouched.length > 0)
    lines.push(`${plural(untouched.length, "file")} had not been changed, or was restored already.`);
  lines.push(
    `Took back the run of ${timeOf(run)}. ${left === 0 ? "No more runs." : `${plural(left, "older run")} can be taken back.`}`,
  );
  return `${lines.join("\n")}\n`;
}

/** The runs of a journal, the last one, which is undone first, at the top. */
export function renderRuns(folder: string | undefined, runs: readonly StoredRun[]): string {
  if (folder === undefined || runs.length === 0) return "There is nothing to undo here.\n";
  const rows = [...runs].reverse().map((run) => {
    const made = run.entries.filter((e) => e.before === null).length;
    const changed = run.entries.length - made;
    const parts = [
      changed > 0 ? `${plural(changed, "file")} changed` : "",
      made > 0 ? `${plural(made, "file")} made` : "",
    ];
    return `  ${timeOf(run)}  ${parts.filter((p) => p !== "").join(", ")}${run.complete ? "" : " (not to its end)"}`;
  });
  return `${visible(folder)}\n${rows.join("\n")}\n`;
}

/** `2026-03-01 12:30:00 UTC` */
function timeOf({ started }: StoredRun): string {
  return `${visible(started).slice(0, 19).replace("T", " ")} UTC`;
}
