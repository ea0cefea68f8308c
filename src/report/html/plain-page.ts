/** The report without scripts: totals, modules, every finding with its evidence, and what could not be audited. */
import { FAMILIES, RISKS, type Risk } from "../../rule-api/risks.ts";
import { escapeHtml } from "./escape.ts";
import type { PageData, PageFinding } from "./page-data.ts";
import { DECLARED, excludedText, FIX_LEVELS, initText, leftOutNotes, plural } from "./words.ts";

/** HTML for the body; the page shows it until its script takes over, and for good where scripts do not run. */
export function plainPage(data: PageData): string {
  const { totals, findings } = data;
  const counts = RISKS.map((r) => `${findings.filter((f) => f.risk === r).length} ${r}`).join(", ");
  return [
    `<h1>${escapeHtml(data.project)}</h1>`,
    `<p>${plural(findings.length, "finding")} (${counts}) in ${plural(totals.files, "file")}, for free-threaded CPython ${data.target}.`,
    ...leftOutNotes(totals).map((note) => ` ${escapeHtml(note)}`),
    "</p>\n",
    families(data),
    modules(data),
    fileList(data),
    problems(data),
    `<p>Made by ${escapeHtml(data.tool.name)} ${escapeHtml(data.tool.version)}.</p>`,
  ].join("");
}

function table(caption: string, heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  if (rows.length === 0) return "";
  const head = heads.map((h) => `<th scope="col">${escapeHtml(h)}</th>`).join("");
  const body = rows.map(([first, ...rest]) => {
    const cells = rest.map((c) => `<td>${escapeHtml(String(c))}</td>`).join("");
    return `<tr><th scope="row">${escapeHtml(String(first))}</th>${cells}</tr>\n`;
  });
  return `<table><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>\n${body.join("")}</tbody></table>\n`;
}

function riskCounts(findings: readonly PageFinding[]): number[] {
  return RISKS.map((risk: Risk) => findings.filter((f) => f.risk === risk).length);
}

function families({ findings, rules }: PageData): string {
  const rows = FAMILIES.map((family) => findings.filter((f) => rules[f.rule].family === family))
    .filter((own) => own.length > 0)
    .map((own) => [rules[own[0].rule].family, ...riskCounts(own)]);
  return table("Findings by family", ["Family", ...RISKS], rows);
}

function modules({ modules, findings }: PageData): string {
  const rows = modules.map((m) => [
    m.name,
    initText(m),
    DECLARED[m.declared] ?? m.declared,
    ...riskCounts(findings.filter((f) => f.module === m.name)),
  ]);
  return table("Modules", ["Module", "Initialised", "Without the GIL", ...RISKS], rows);
}

function fileList({ files, findings, rules, fixes }: PageData): string {
  const byFile = new Map<number, PageFinding[]>();
  for (const f of findings) byFile.set(f.file, [...(byFile.get(f.file) ?? []), f]);
  const sections = [...byFile].map(([file, own]) => {
    const items = own.map((f) => {
      const steps = f.evidence.map((e) => `<li>${place(files[e.file].name, e.line)} ${escapeHtml(e.text)}</li>`);
      const evidence = steps.length > 0 ? `<ol>${steps.join("")}</ol>` : "";
      const fix = f.fix ? `<p>Fix (${fixWord(f.fix.level, fixes.proven)}): ${escapeHtml(f.fix.title)}</p>` : "";
      const where = f.function ? ` in ${escapeHtml(f.function)}` : "";
      return (
        `<li><p><b class="risk-${f.risk}">${f.risk}</b> <b>${escapeHtml(rules[f.rule].name)}</b> ` +
        `${place(files[f.file].name, f.line, f.column)}${where}</p><p>${escapeHtml(f.message)}</p>${evidence}${fix}</li>\n`
      );
    });
    return `<h3>${escapeHtml(files[file].name)}</h3>\n<ul>\n${items.join("")}</ul>\n`;
  });
  return sections.length > 0 ? `<h2>Findings</h2>\n${sections.join("")}` : "";
}

function fixWord(level: keyof typeof FIX_LEVELS, proven: boolean): string {
  return proven ? FIX_LEVELS[level] : `${FIX_LEVELS[level]}, not proven`;
}

function place(file: string, line: number, column?: number): string {
  return `<code>${escapeHtml(file)}:${line}${column === undefined ? "" : `:${column}`}</code>`;
}

function problems({ problems: all, excluded }: PageData): string {
  const items = all.map(({ file, line, kind, message, skipped }) => {
    const where = file === "" ? kind : `${file}${line === undefined ? "" : `:${line}`}`;
    return `<li><code>${escapeHtml(where)}</code> ${escapeHtml(message)}${skipped ? " (skipped)" : ""}</li>\n`;
  });
  const left = excluded.map((e) => `<li>${escapeHtml(`${e.reason}: ${excludedText(e)}`)}</li>\n`);
  return [
    items.length > 0 ? `<h2>Not audited, or in doubt</h2>\n<ul>\n${items.join("")}</ul>\n` : "",
    left.length > 0 ? `<h2>Left out</h2>\n<ul>\n${left.join("")}</ul>\n` : "",
  ].join("");
}
