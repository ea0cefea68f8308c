/** The HTML report: one file that works offline and asks no network for anything. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Reporter, ReportInput } from "../reporter.ts";
import { pageData } from "./build-data.ts";
import { escapeHtml, scriptJson } from "./escape.ts";
import type { PageData } from "./page-data.ts";
import { plainPage } from "./plain-page.ts";
import { contentPolicy } from "./policy.ts";

export const reporter: Reporter = { defaultRisk: "info", showsFixes: true, render };

/**
 * Runs before anything is drawn: the plain report is hidden where the script will take over, and shown again should that fail. The
 * colours that a reader chose are there from the start.
 */
const EARLY =
  'var e=document.documentElement;e.className="scripted";' +
  'addEventListener("error",function(){if(!document.getElementById("app").firstChild)e.className=""});' +
  'try{var t=localStorage.getItem("ungil-theme");if(t)e.dataset.theme=t}catch(_){}';

function render(input: ReportInput): string {
  return page(pageData(input), {
    script: readFileSync(join(import.meta.dirname, "assets/client.js"), "utf8"),
    style: readFileSync(join(import.meta.dirname, "assets/page.css"), "utf8"),
  });
}

/** The page around `data`. Scripts and styles run by their hashes alone; whatever else gets into the file does not run. */
export function page(data: PageData, { script, style }: { script: string; style: string }): string {
  const policy = contentPolicy([EARLY, script], [style]);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="${escapeHtml(`${data.tool.name} ${data.tool.version}`)}">
<title>${escapeHtml(data.project)}: ${escapeHtml(data.tool.name)} report</title>
<style>${style}</style>
<script>${EARLY}</script>
</head>
<body>
<div id="app"></div>
<main id="plain">
${plainPage(data)}
</main>
<script type="application/json" id="data">${scriptJson(data)}</script>
<script>${script}</script>
</body>
</html>
`;
}
