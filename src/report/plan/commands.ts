/** Commands that a reader of the plan can run, from the top of the repository. */

import type { PlanTask } from "../../audit/plan/types.ts";
import { quoted } from "../../fix/check/shell-words.ts";

/** More files than this make no command that anybody reads. */
const MOST_FILES = 4;

/** `ungil fix` for the findings of rules or families in `paths`, the paths of the audit; none for the current folder. */
export function fixCommand(paths: readonly string[], select: readonly string[], only: readonly string[] = []): string {
  const words = ["ungil", "fix", ...paths.map((p) => quoted(p, "linux"))];
  if (select.length > 0) words.push("--select", select.join(","));
  for (const file of only) words.push("--only", quoted(file, "linux"));
  return words.join(" ");
}

/** The command that lists findings of rules. */
export function listCommand(paths: readonly string[], select: readonly string[]): string {
  return ["ungil", ...paths.map((p) => quoted(p, "linux")), "--select", select.join(",")].join(" ");
}

/** The command for one task; undefined if it would name too many files. */
export function taskCommand(
  paths: readonly string[],
  task: PlanTask,
  name: (file: string) => string,
): string | undefined {
  if (task.files.length > MOST_FILES) return undefined;
  return fixCommand(
    paths,
    task.rules.map(([rule]) => rule),
    task.files.map(name),
  );
}
