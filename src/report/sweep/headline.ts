/** What a ranking amounts to, in a sentence. */
import type { Ranking } from "../../audit/sweep/ranking/rank.ts";
import { plural } from "../totals.ts";
import { groupsOf } from "./columns.ts";

export function headlineOf(ranking: Ranking): string {
  const groups = groupsOf(ranking).map(({ title, packages }) => `${packages.length} ${lowerFirst(title)}`);
  return groups.length === 0 ? "No packages." : `${plural(ranking.packages.length, "package")}: ${groups.join("; ")}.`;
}

function lowerFirst(text: string): string {
  return text[0].toLowerCase() + text.slice(1);
}
