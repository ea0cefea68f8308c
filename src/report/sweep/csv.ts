/** The ranking as CSV, for spreadsheets. */
import { stringify } from "csv-stringify/sync";
import type { Ranking } from "../../audit/sweep/ranking/rank.ts";
import { visible } from "../visible.ts";
import { columnsOf } from "./columns.ts";

/** A heading, then one row a package; RFC 4180 with LF. Hidden characters are written out, and what a spreadsheet would take for a formula begins with an apostrophe. */
export function renderCsv(ranking: Ranking): string {
  const columns = columnsOf(ranking);
  const rows = ranking.packages.map((p) => [p.rank, p.group, ...columns.map((c) => shown(c.value(p)))]);
  return stringify([["rank", "group", ...columns.map((c) => c.key)], ...rows], { escape_formulas: true });
}

function shown(value: string | number | null): string | number | null {
  return typeof value === "string" ? visible(value) : value;
}
