/** The ranking as Markdown, for issues and notes of a sprint. */
import type { RankedPackage, Ranking } from "../../audit/sweep/ranking/rank.ts";
import { SCORE_IN_WORDS } from "../../audit/sweep/ranking/score.ts";
import type { Sort } from "../../audit/sweep/ranking/sorts.ts";
import { code, prose } from "../markdown-text.ts";
import { type Column, columnsOf, groupsOf } from "./columns.ts";
import { headlineOf } from "./headline.ts";

/** One table a group if the groups stand together, else one for all. */
export function renderMarkdown(ranking: Ranking, sort: Sort): string {
  const columns = columnsOf(ranking);
  const tables =
    sort === "score"
      ? groupsOf(ranking).flatMap(({ title, packages }) => [
          `### ${title} (${packages.length})`,
          "",
          ...table(columns, packages),
          "",
        ])
      : [...table(columns, ranking.packages), ""];
  const lines = ["## Sweep", "", headlineOf(ranking), "", ...ranking.remarks.flatMap((r) => [r, ""]), ...tables];
  return [...lines, ...SCORE_IN_WORDS.flatMap((text) => [text, ""])].join("\n").replace(/\n+$/, "\n");
}

function table(columns: readonly Column[], packages: readonly RankedPackage[]): string[] {
  const used = columns.filter((c) => packages.some((p) => (c.value(p) ?? "") !== ""));
  return [
    `| # | ${used.map((c) => c.title).join(" | ")} |`,
    `| ---: |${used.map((c) => (c.numeric ? " ---: |" : " --- |")).join("")}`,
    ...packages.map((p) => `| ${p.rank} | ${used.map((c) => cell(c, p)).join(" | ")} |`),
  ];
}

/** A bar would end the cell, also inside of code. */
function cell(column: Column, row: RankedPackage): string {
  const value = column.value(row);
  if (typeof value !== "string") return value === null ? "" : String(value);
  const text = column.key === "remark" ? prose(value) : column.key === "modules" ? value : code(value);
  return text.replaceAll("|", "\\|");
}
