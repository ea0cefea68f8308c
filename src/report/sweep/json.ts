/** The ranking as JSON, described by schema/ungil-ranking-1.schema.json. */
import { GROUPS, type Ranking } from "../../audit/sweep/ranking/rank.ts";
import { SCORE_IN_WORDS } from "../../audit/sweep/ranking/score.ts";
import type { Sort } from "../../audit/sweep/ranking/sorts.ts";

export const RANKING_VERSION = 1;

export function renderRankingJson({ packages, remarks }: Ranking, sort: Sort): string {
  const report = { schemaVersion: RANKING_VERSION, sort, groups: GROUPS, formula: SCORE_IN_WORDS, remarks, packages };
  return `${JSON.stringify(report, null, 2)}\n`;
}
