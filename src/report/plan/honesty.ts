/** The end of the plan: what it does not know. */
import type { Plan } from "../../audit/plan/types.ts";
import { code } from "../markdown-text.ts";
import type { ReportPaths } from "../paths.ts";
import { plural } from "../totals.ts";

/** Files that are named for each kind of problem. */
const NAMED = 3;

export function honestyLines(plan: Plan, paths: ReportPaths): string[] {
  const { problems, excluded, informing, readiness } = plan;
  const lines = ["## What this plan does not know", ""];
  const kinds = new Map<string, string[]>();
  for (const p of problems) {
    const key = `${p.kind}${p.skipped ? ", skipped" : ""}`;
    kinds.set(key, [...(kinds.get(key) ?? []), p.file]);
  }
  for (const [kind, files] of [...kinds].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const names = [...new Set(files)].filter((f) => f !== "");
    const shown = names.slice(0, NAMED).map((f) => code(paths.inRepository(f)));
    const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
    const where = shown.length > 0 ? ` in ${shown.join(", ")}${more}` : "";
    lines.push(`- ${plural(files.length, "place")} not audited or in doubt (${kind})${where}`);
  }
  const unread = readiness.modules.filter((m) => m.verdict === "not audited");
  if (unread.length > 0) {
    lines.push(
      `- the code of ${plural(unread.length, "module")} that other tools generate (Cython, Rust, ...): ungil reads C and C++ and looks only at what these declare`,
    );
  }
  const left = excluded.filter((e) => e.files > 0 && e.reason !== "tests");
  if (left.length > 0) {
    const reasons = left.map((e) => `${e.reason} ${e.files}`).join(", ");
    lines.push(`- C and C++ files that were left out: ${reasons}`);
  }
  if (informing.length > 0) {
    const rules = informing.map(({ rule, count }) => `\`${rule}\` ${count}`).join(", ");
    lines.push(`- remarks that are no tasks: ${rules} (\`ungil --risk info\`)`);
  }
  lines.push(
    "- whether what was fixed is right: run multi-threaded tests with the GIL off, and under Thread Sanitizer",
    "- libraries that the extension calls: ask whether they may be called from several threads at once",
    "",
  );
  return lines;
}
