/** The ranking as one page that works offline, and without scripts as a plain table. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GROUPS, type RankedPackage, type Ranking } from "../../audit/sweep/ranking/rank.ts";
import { SCORE_IN_WORDS } from "../../audit/sweep/ranking/score.ts";
import { escapeHtml } from "../html/escape.ts";
import { contentPolicy } from "../html/policy.ts";
import { plural } from "../totals.ts";
import { type Column, columnsOf, groupsOf } from "./columns.ts";
import { headlineOf } from "./headline.ts";

export interface Tool {
  name: string;
  version: string;
}

export function renderHtml(ranking: Ranking, tool: Tool): string {
  return rankingPage(ranking, tool, {
    script: readFileSync(join(import.meta.dirname, "../html/assets/ranking.js"), "utf8"),
    style: readFileSync(join(import.meta.dirname, "../html/assets/ranking-page.css"), "utf8"),
  });
}

/** The page around the table; nothing runs in it but `script`. */
export function rankingPage(
  ranking: Ranking,
  tool: Tool,
  { script, style }: { script: string; style: string },
): string {
  const paragraph = (text: string) => `<p class="muted">${escapeHtml(text)}</p>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy([script], [style])}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="${escapeHtml(`${tool.name} ${tool.version}`)}">
<title>Sweep: ${plural(ranking.packages.length, "package")}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Sweep</h1>
<p>${escapeHtml(headlineOf(ranking))}</p>
${ranking.remarks.map(paragraph).join("\n")}
<div class="tools">
<input id="search" type="search" aria-label="Filter the packages" placeholder="Filter: name, rule, reason  ( / )">
${groupsOf(ranking).map(groupButton).join("\n")}
<span id="shown" class="muted" role="status"></span>
</div>
<div class="frame">
${table(ranking)}
</div>
${SCORE_IN_WORDS.map(paragraph).join("\n")}
</main>
<script>${script}</script>
</body>
</html>
`;
}

function groupButton({ group, title, packages }: ReturnType<typeof groupsOf>[number]): string {
  return `<button type="button" aria-pressed="false" data-group-filter="${group}">${escapeHtml(title)} ${packages.length}</button>`;
}

function table(ranking: Ranking): string {
  const columns = columnsOf(ranking);
  const [name, ...others] = columns;
  const heads = [
    head({ title: "#", help: "rank", numeric: true }),
    head(name),
    head({ title: "Group", help: "what kind of work it is", numeric: true, isText: true }),
    ...others.map(head),
  ];
  const rows = ranking.packages.map((p) => {
    const rank = `<td class="number" data-value="${p.rank}">${p.rank}</td>`;
    const label = `<span class="group ${p.group}">${escapeHtml(GROUPS[p.group])}</span>`;
    const group = `<td data-value="${GROUP_ORDER.indexOf(p.group)}">${label}</td>`;
    const cells = [rank, cell(name, p), group, ...others.map((c) => cell(c, p))];
    return `<tr data-group="${p.group}">${cells.join("")}</tr>\n`;
  });
  return `<table>\n<thead><tr>${heads.join("")}</tr></thead>\n<tbody>\n${rows.join("")}</tbody>\n</table>`;
}

const GROUP_ORDER = Object.keys(GROUPS);

/** Sorted by numbers, the most comes first; but little effort does, and the first ranks and groups. */
function head({ key, title, help, numeric, isText }: Partial<Column> & { isText?: boolean }): string {
  const first = numeric && key !== undefined && key !== "effort" ? "descending" : "ascending";
  const attributes = `${numeric && !isText ? ' class="number"' : ""}${numeric ? " data-numeric" : ""} data-first="${first}"`;
  return `<th scope="col"${attributes} title="${escapeHtml(help ?? "")}"><button type="button">${escapeHtml(title ?? "")}</button></th>`;
}

function cell(column: Column, row: RankedPackage): string {
  const value = column.value(row);
  const text = value === null ? "" : escapeHtml(String(value));
  if (column.key === "name") return `<th scope="row" data-value="${text}">${text}</th>`;
  if (column.key === "remark") return `<td class="remark" data-value="${text}">${text}${details(row)}</td>`;
  return `<td${column.numeric ? ' class="number"' : ""} data-value="${text}">${text}</td>`;
}

/** Every rule with its findings; the remark has the most frequent ones only. */
function details({ rules, path }: RankedPackage): string {
  if (rules.length === 0) return "";
  const items = rules.map(([rule, n]) => `<li>${escapeHtml(`${n} ${rule}`)}</li>`).join("");
  return `<details><summary>${escapeHtml(path)}</summary><ul>${items}</ul></details>`;
}
