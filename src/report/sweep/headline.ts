/** What a ranking amounts to, in a sentence. */
import type { Group, Ranking } from "../../audit/sweep/ranking/rank.ts";
import { plural } from "../totals.ts";
import { groupsOf } from "./columns.ts";

/** The groups as they read behind a number. */
const COUNTED: Record<Group, [one: string, more: string]> = {
  urgent: ["urgent", "urgent"],
  "quick-win": ["quick win", "quick wins"],
  "needs-work": ["needs work", "need work"],
  "nothing-to-do": ["has nothing to do", "have nothing to do"],
  "no-extension": ["without extension code", "without extension code"],
  "not-audited": ["not audited", "not audited"],
  missing: ["missing", "missing"],
};

export function headlineOf(ranking: Ranking): string {
  const groups = groupsOf(ranking).map(
    ({ group, packages: { length } }) => `${length} ${COUNTED[group][length === 1 ? 0 : 1]}`,
  );
  return groups.length === 0 ? "No packages." : `${plural(ranking.packages.length, "package")}: ${groups.join(", ")}.`;
}
