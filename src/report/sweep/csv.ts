/** The ranking as CSV, for spreadsheets. */
import { stringify } from "csv-stringify/sync";
import type { Ranking } from "../../audit/sweep/ranking/rank.ts";
import { columnsOf } from "./columns.ts";

/** A heading, then one row a package; RFC 4180 with LF. What a spreadsheet would take for a formula begins with an apostrophe. */
export function renderCsv(ranking: Ranking): string {
  const columns = columnsOf(ranking);
  const rows = ranking.packages.map((p) => [p.rank, p.group, ...columns.map((c) => c.value(p))]);
  return stringify([["rank", "group", ...columns.map((c) => c.key)], ...rows], { escape_formulas: true });
}
