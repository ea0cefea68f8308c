/** What the commands that write a baseline say. */
import type { Update } from "../audit/baseline/update.ts";
import { plural } from "./totals.ts";
import { visible } from "./visible.ts";

/** `file` is how the user gets at the baseline from where they are. */
export function createdText(file: string, entries: number): string {
  return `${visible(file)}: ${plural(entries, "finding")} recorded. Commit it; \`ungil\` shows what is new from now on.\n`;
}

/** `before` is the target of the baseline before the update. */
export function updatedText(file: string, update: Update, before: string): string {
  const { baseline, added, removed, moved, changed, unseen, left } = update;
  const { target, entries } = baseline;
  const changes = [
    ...count(added, "added"),
    ...count(removed, "gone"),
    ...count(moved, "in another file now"),
    ...count(changed, "with another risk now"),
  ];
  const lines = [
    `${visible(file)}: ${changes.join(", ") || "nothing to change"}. It has ${plural(entries.length, "finding")}.`,
  ];
  if (before !== target) lines.push(`It was for Python ${before} and is for ${target} now.`);
  if (unseen > 0) lines.push(`${plural(unseen, "entry", "entries")} kept: this audit did not look there.`);
  if (left > 0) lines.push(`${plural(left, "new finding")} not added (--prune).`);
  return `${lines.join("\n")}\n`;
}

function count(n: number, what: string): string[] {
  return n === 0 ? [] : [`${n} ${what}`];
}

/** A word of warning for a baseline that git would not take. */
export function ignoredText(file: string): string {
  return `git ignores ${visible(file)}: take it out of .gitignore, or nobody else will have it.\n`;
}
